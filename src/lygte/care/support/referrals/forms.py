"""What people fill in when they refer, answer a referral, or tell an authority something."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lygte.core.consent.codes import Manner
from lygte.core.consent.ledger import Said
from lygte.core.models import Member
from lygte.core.problems import Problem
from lygte.directory.areas import AREAS, area_name, regions_of
from lygte.directory.languages import LANGUAGES
from lygte.directory.services import codes as service_codes
from lygte.directory.services.codes import ASKS, AUTHORITY_KINDS, HELP_KINDS
from lygte.directory.services.models import Service
from lygte.directory.services.reads import ServiceFilter

from . import codes
from .actions.disclosures import LONGEST, Order
from .models import TOLD, Disclosure
from .rules import LONGEST_DAYS, USUAL_DAYS, fault_of, groups_of

Choices = list[tuple[str, Any]]
LONG = 100  # beyond so many characters a value gets several lines


def _by_name(labels: Mapping[str, Any]) -> Choices:
    return sorted(labels.items(), key=lambda choice: (choice[0] == "other", str(choice[1])))


def _choose(form: forms.Form, name: str, choices: Any) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = choices


def _day(label: Any, **more: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"), **more)


class ChooseForm(forms.Form):
    """The filters of the services one can refer to."""

    q = forms.CharField(label=_("Search"), required=False, widget=forms.SearchInput)
    kind = forms.ChoiceField(label=_("Kind"), required=False)
    area = forms.ChoiceField(label=_("Area"), required=False)
    language = forms.ChoiceField(label=_("Language"), required=False)

    def __init__(self, member: Member, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        any_one: Choices = [("", _("All"))]
        _choose(self, "kind", any_one + service_codes.choices(HELP_KINDS))
        country = member.organisation.country
        regions = [(region.code, region.name) for region in regions_of(country)]
        small = [
            (code, area_name(code)) for code in AREAS if AREAS[code].level == "municipality" and code[:2] == country
        ]
        _choose(self, "area", [*any_one, (_("Regions"), regions), (_("Municipalities"), small)])
        _choose(self, "language", any_one + _by_name(LANGUAGES))

    def wanted(self) -> ServiceFilter:
        """Return the filter; what cannot be understood is left out."""
        self.is_valid()
        return ServiceFilter(**{name: value for name, value in self.cleaned_data.items() if value})


class ValuesForm(forms.Form):
    """What a service asks for, and nothing else. Its names begin with `is-`: the next form asks for a language as well."""

    prefix = "is"

    def __init__(self, needs: Mapping[str, str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.codes = list(needs)
        for code, why in needs.items():
            ask = ASKS[code]
            self.fields[code] = _field_of(ask.label, ask.hint, why, ask.longest, ask.choices)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        for code in self.codes:
            if fault := fault_of(code, str(data.get(code, ""))):
                self.add_error(code, Problem(fault, what=ASKS[code].label).sentence)
        if not self.errors and not any(data.get(code) for code in self.codes):
            raise forms.ValidationError(Problem("422.540").sentence)
        return data

    def chosen(self) -> dict[str, str]:
        """Return what was filled in, by what it is."""
        return {code: str(self.cleaned_data[code]) for code in self.codes if self.cleaned_data.get(code)}


def _field_of(label: Any, hint: Any, why: str, longest: int, choices: Any) -> forms.Field:
    text = _("%(hint)s They ask because: %(why)s") % {"hint": hint, "why": why} if why else hint
    if choices is not None:
        return forms.ChoiceField(
            label=label, help_text=text, required=False, choices=[("", _("Say nothing")), *_by_name(choices)]
        )
    widget = forms.Textarea(attrs={"rows": 3}) if longest > LONG else forms.TextInput()
    return forms.CharField(label=label, help_text=text, required=False, max_length=longest, widget=widget)


class SaidForm(forms.Form):
    """How the person agreed: in which language, spoken or written."""

    language = forms.ChoiceField(label=_("Spoken in"))
    manner = forms.ChoiceField(
        label=_("How they agreed"),
        choices=[(Manner.SPOKEN.value, Manner.SPOKEN.label), (Manner.WRITTEN.value, Manner.WRITTEN.label)],
        initial=Manner.SPOKEN.value,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choose(self, "language", _by_name(LANGUAGES))

    def said(self) -> Said:
        """Return how it was said."""
        return Said(language=self.cleaned_data["language"], manner=self.cleaned_data["manner"])


class AgreeForm(SaidForm):
    """Yes or no to each group of what would leave; a no just leaves it out."""

    until = _day(_("Until"), help_text=_("After this day nobody can open it any more, without anybody doing anything."))
    looked = forms.BooleanField(
        label=_("I have looked at what was pointed out, and it should stay"), required=False, widget=forms.HiddenInput
    )

    def __init__(self, fields: list[str], *args: Any, warned: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields(["language", "manner", "until", "looked"])
        today = timezone.localdate()
        self.fields["until"].initial = today + timedelta(days=USUAL_DAYS)
        self.fields["until"].widget.attrs.update(
            {"min": f"{today:%Y-%m-%d}", "max": f"{today + timedelta(days=LONGEST_DAYS):%Y-%m-%d}"}
        )
        self.groups = groups_of(fields)
        for group in self.groups:
            labels = ", ".join(str(ASKS[code].label) for code in fields if ASKS[code].group == group)
            self.fields[f"agree_{group}"] = forms.BooleanField(
                label=_("Yes: %(what)s") % {"what": labels}, required=False
            )
        if warned:
            self.fields["looked"].widget = forms.CheckboxInput()

    def agreements(self) -> list[forms.BoundField]:
        """Return the questions, one for each group."""
        return [self[f"agree_{group}"] for group in self.groups]

    def agreed(self) -> list[str]:
        """Return the groups that the person said yes to."""
        return [group for group in self.groups if self.cleaned_data.get(f"agree_{group}")]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if not any(data.get(f"agree_{group}") for group in self.groups):
            raise forms.ValidationError(Problem("422.540").sentence)
        return data


class AnswerForm(forms.Form):
    """The answer of a service. Only those that may follow are offered."""

    answer = forms.ChoiceField(label=_("Your answer"), widget=forms.RadioSelect)
    refusal = forms.ChoiceField(
        label=_("If no, why"),
        required=False,
        widget=forms.RadioSelect,
        choices=codes.choices(codes.REFUSALS),
        help_text=_("It helps to see what is missing. It is counted without anything about the person."),
    )
    note = forms.CharField(
        label=_("A few words for those who sent it"),
        required=False,
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("When and where they can come, or what to bring. Only they can read it."),
    )

    def __init__(self, offered: Mapping[str, Any], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = {
            "accepted": _("Yes, they can come"),
            "refused": _("No, we cannot help with this"),
            "done": _("It is done"),
        }
        _choose(self, "answer", [(code, words[code]) for code in ("accepted", "done", "refused") if code in offered])
        if "refused" not in offered:
            del self.fields["refusal"]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("answer") == "refused" and not data.get("refusal"):
            self.add_error("refusal", _("Say why, so that somebody else can be found."))
        return data


class WordsForm(forms.Form):
    """The twelve words of a sealed link."""

    words = forms.CharField(
        label=_("The twelve words"),
        max_length=400,
        widget=forms.Textarea(
            attrs={"rows": 3, "autocomplete": "off", "spellcheck": "false", "autocapitalize": "none"}
        ),
        help_text=_("They came another way than the link: by phone, or on paper."),
    )


# Authorities ----------------------------------------------------------------------------------------------------------
class DiscloseForm(forms.Form):
    """What is told to an authority, piece by piece, and on which ground. What is left empty is not told."""

    authority = forms.ChoiceField(label=_("Authority"))
    received_on = _day(_("Asked on"), help_text=_("The day on which they asked, or the person said that they want it."))
    ground = forms.ChoiceField(label=_("Ground"), choices=codes.choices(codes.GROUNDS), widget=forms.RadioSelect)
    language = forms.ChoiceField(label=_("Spoken in"), required=False)
    manner = forms.ChoiceField(
        label=_("How they agreed"),
        required=False,
        choices=[(Manner.SPOKEN.value, Manner.SPOKEN.label), (Manner.WRITTEN.value, Manner.WRITTEN.label)],
        widget=forms.RadioSelect,
    )
    court = forms.CharField(label=_("Court"), required=False, max_length=120)
    number = forms.CharField(label=_("Reference number of the order"), required=False, max_length=60)
    day = _day(_("Date of the order"), required=False)

    def __init__(self, authorities: list[Service], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.authorities = {one.ref: one for one in authorities}
        _choose(self, "authority", [("", _("Choose"))] + [(one.ref, str(one)) for one in authorities])
        _choose(self, "language", _by_name(LANGUAGES))
        self.fields["received_on"].initial = timezone.localdate()
        for code in TOLD:
            label = Disclosure.PERSONAL[code].label
            longest = LONGEST[code] if code in LONGEST else ASKS[code].longest
            options = None if code in LONGEST else ASKS[code].choices
            self.fields[f"tell_{code}"] = _field_of(label, "", "", longest, options)

    def pieces(self) -> list[forms.BoundField]:
        """Return what can be told, one by one."""
        return [self[f"tell_{code}"] for code in TOLD]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("ground") == "order" and not (data.get("court") and data.get("number") and data.get("day")):
            self.add_error("court", Problem("422.544").sentence)
        if data.get("ground") == "consent" and not (data.get("language") and data.get("manner")):
            self.add_error("manner", _("Say in which language and how they agreed."))
        return data

    def asked(self) -> dict[str, Any]:
        """Return the arguments of the action."""
        data = self.cleaned_data
        order = data["ground"] == "order"
        return {
            "authority": self.authorities[data["authority"]],
            "received_on": data["received_on"],
            "values": {code: data[f"tell_{code}"] for code in TOLD if data.get(f"tell_{code}")},
            "order": Order(data["court"], data["number"], data["day"]) if order else None,
            "said": None if order else Said(language=data["language"], manner=data["manner"]),
        }


class RefusedForm(forms.Form):
    """An authority wanted something and was told no."""

    authority = forms.ChoiceField(
        label=_("Authority"), choices=codes.choices(AUTHORITY_KINDS), widget=forms.RadioSelect
    )
    received_on = _day(_("Asked on"))
    reason = forms.ChoiceField(
        label=_("Why it was refused"),
        choices=[(code, label) for code, label in codes.NOT_HANDED_OVER.items() if code not in ("said_no", "mistake")],
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["received_on"].initial = timezone.localdate()

    def clean_received_on(self) -> date:
        day: date = self.cleaned_data["received_on"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("This day has not come yet."))
        return day


class ReasonForm(forms.Form):
    """Why nothing is handed over after all."""

    reason = forms.ChoiceField(label=_("Why"), choices=codes.choices(codes.NOT_HANDED_OVER), widget=forms.RadioSelect)
