"""What people fill in: a plan file, a delivery, a report's month and words."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from lygte.core.models import Organisation
from lygte.core.personal_signs import refuse_signs
from lygte.core.problems import Problem
from lygte.directory.areas import AREAS, areas_within, regions_of

from . import reads
from .content import SECTIONS, area_label
from .models import Initiative, StatusReport
from .months import MONTH, months_between
from .sheet import section_title

LANGUAGES = (("en", "English"), ("da", "Dansk"), ("nl", "Nederlands"))


class MonthField(forms.CharField):
    """A month such as 2017-06; every browser can fill it in."""

    default_error_messages = {"month": _("“%(value)s” is not a month. Write it like 2017-06.")}

    def __init__(self, **options: Any) -> None:
        options.setdefault("max_length", 7)
        options.setdefault("help_text", _("Year and month, like 2017-06"))
        super().__init__(**options)

    def clean(self, value: Any) -> str:
        text = str(super().clean(value))
        if text and not MONTH.fullmatch(text):
            raise forms.ValidationError(self.error_messages["month"], params={"value": text}, code="month")
        return text


class ImportForm(forms.Form):
    file = forms.FileField(
        label=_("Plan file"),
        help_text=_(
            "A text file in YAML. Importing the same plan again updates it; deliveries and issued reports stay."
        ),
        error_messages={"required": _("Choose a plan file."), "empty": _("The file is empty. Choose a plan file.")},
        widget=forms.ClearableFileInput(attrs={"accept": ".yaml,.yml"}),
    )


class DeliveryForm(forms.Form):
    organisation = forms.ModelChoiceField(
        queryset=Organisation.objects.none(), to_field_name="ref", label=_("Who delivers it")
    )
    areas = forms.MultipleChoiceField(label=_("Where"), widget=forms.CheckboxSelectMultiple)
    from_month = MonthField(label=_("From"))
    to_month = MonthField(label=_("To"), required=False, help_text=_("Empty: until the initiative ends"))

    def __init__(self, initiative: Initiative, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initiative = initiative
        self.fields["organisation"].queryset = reads.possible_deliverers(initiative.plan)  # type: ignore[attr-defined]
        self.fields["areas"].choices = area_choices_of(initiative)  # type: ignore[attr-defined]
        self.fields["from_month"].initial = initiative.first_month

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        first, last = data.get("from_month", ""), data.get("to_month", "")
        if first and last and last < first:
            self.add_error("to_month", _("The delivery ends before it begins."))
        for name, month in (("from_month", first), ("to_month", last)):
            if month and not self.initiative.first_month <= month <= self.initiative.last_month:
                self.add_error(name, _("The month lies outside the period of the initiative."))
        return data


def area_choices_of(initiative: Initiative) -> list[tuple[str, str]]:
    """Return the initiative's areas; for a whole country its regions too."""
    codes = list(initiative.spec["areas"])
    for code in list(codes):
        if AREAS[code].level == "country":
            codes += [region.code for region in regions_of(code) if areas_within(region.code)]
    return [(code, area_label(code)) for code in codes]


class EndForm(forms.Form):
    to_month = MonthField(label=_("Last month"))


class ReportForm(forms.Form):
    as_at = forms.ChoiceField(label=_("Report up to and including"))

    def __init__(self, initiative: Initiative, latest: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        months = months_between((initiative.first_month, max(initiative.first_month, latest)))[::-1]
        self.fields["as_at"].choices = [(month, reads.month_name(month)) for month in months]  # type: ignore[attr-defined]


class NarrativeForm(forms.Form):
    """The words of the programme officer. A text that seems to point at a person is asked about once."""

    language = forms.ChoiceField(label=_("Language you write in"), choices=LANGUAGES)
    done = forms.CharField(required=False, max_length=8000)
    learned = forms.CharField(required=False, max_length=8000)
    hindered = forms.CharField(required=False, max_length=8000)
    next = forms.CharField(required=False, max_length=8000)
    checked = forms.BooleanField(
        required=False, label=_("I have looked: nothing in the text tells who or where somebody is")
    )

    def __init__(self, report: StatusReport, *args: Any, **kwargs: Any) -> None:
        begun = any(report.narrative.values())
        language = report.narrative_language if begun else (get_language() or "en")[:2]
        kwargs.setdefault("initial", {**report.narrative, "language": language})
        super().__init__(*args, **kwargs)
        for name in SECTIONS:
            self.fields[name].label = section_title(name)
            self.fields[name].widget = forms.Textarea(attrs={"rows": 6})

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for name in SECTIONS:
            try:
                refuse_signs(data.get(name, ""), looked=bool(data.get("checked")))
            except Problem as problem:
                self.add_error(name, f"{problem.sentence} {problem.next_step}")
        return data
