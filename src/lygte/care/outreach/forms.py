"""What people fill in about places and visits, and the filters of the two lists."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lygte.core.models import Member
from lygte.directory.areas import AREAS, area_choices, area_name, regions_of
from lygte.directory.industries import industry_choices
from lygte.directory.languages import LANGUAGES, OWN_LANGUAGE

from . import codes
from .models import Place
from .problems import CODE_NAME_ADVICE
from .reads import PlaceFilter, VisitFilter, place_label
from .rules import LARGEST, LARGEST_COUNT, PREFIXES, Fault, code_name_is_safe
from .words import QUESTIONS

Choices = list[tuple[str, Any]]
ANY: Choices = [("", _("All"))]


def _by_name(labels: codes.Labels) -> Choices:
    return sorted(codes.choices(labels), key=lambda choice: (choice[0] == "other", str(choice[1])))


class PlaceForm(forms.Form):
    """A place, new or changed. There is no field for an address, a person or a remark."""

    code_name = forms.CharField(label=QUESTIONS["code_name"], max_length=40, help_text=CODE_NAME_ADVICE)
    kind = forms.ChoiceField(
        label=QUESTIONS["kind"], choices=codes.choices(codes.PLACE_KINDS), widget=forms.RadioSelect
    )
    industry = forms.ChoiceField(
        label=QUESTIONS["industry"], required=False, help_text=_("For a workplace: farm, building site, kitchen, ship.")
    )
    area = forms.ChoiceField(label=QUESTIONS["area"], help_text=_("Lygte knows no place closer than this."))
    source = forms.ChoiceField(
        label=QUESTIONS["source"], choices=codes.choices(codes.SOURCES), widget=forms.RadioSelect
    )
    languages = forms.MultipleChoiceField(
        label=QUESTIONS["languages"], required=False, widget=forms.CheckboxSelectMultiple
    )
    open_at = forms.MultipleChoiceField(
        label=QUESTIONS["open_at"],
        required=False,
        choices=codes.choices(codes.PARTS_OF_DAY),
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, member: Member, *args: Any, area_fixed: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choose(self, "area", [("", _("Choose a municipality")), *area_choices(member.organisation.country)])
        _choose(self, "languages", _by_name(LANGUAGES))
        _choose(self, "industry", [("", _("Not known, or no workplace")), *industry_choices()])
        if area_fixed:
            self.fields["area"].disabled = True
            self.fields["area"].help_text = _("A place that moved is a new place: close this one and add another.")

    def clean_code_name(self) -> str:
        name = " ".join(str(self.cleaned_data["code_name"]).split())
        if not code_name_is_safe(name):
            raise forms.ValidationError(_("Choose one to three plain words that are no address, number or contact."))
        return name


class PlaceFilterForm(forms.Form):
    """The filters of the list of places; the address holds them."""

    q = forms.CharField(label=_("Search"), required=False, widget=forms.SearchInput)
    kind = forms.ChoiceField(label=QUESTIONS["kind"], required=False, choices=ANY + codes.choices(codes.PLACE_KINDS))
    area = forms.ChoiceField(label=_("Area"), required=False)
    industry = forms.ChoiceField(label=QUESTIONS["industry"], required=False)
    unvisited = forms.TypedChoiceField(
        label=_("Not visited for"),
        required=False,
        coerce=int,
        empty_value=None,
    )
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[("", _("Active")), ("closed", _("Closed")), ("all", _("Active and closed"))],
    )
    order = forms.ChoiceField(
        label=_("Order"), required=False, choices=[("", _("By code name")), ("visit", _("Longest unvisited first"))]
    )

    def __init__(self, member: Member, used: Iterable[str], *args: Any, unvisited_days: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choose(self, "area", area_filter_choices(member, used))
        _choose(self, "industry", [*ANY, *industry_choices()])
        days = sorted({14, 30, 90, 180, unvisited_days})
        _choose(self, "unvisited", [*ANY, *((number, _("%d days") % number) for number in days)])

    def wanted(self) -> PlaceFilter:
        """Return the filter; what cannot be understood is left out."""
        self.is_valid()
        given = {name: value for name, value in self.cleaned_data.items() if value not in ("", None)}
        if given.get("state") == "all":
            given["state"] = ""
        return PlaceFilter(**given)


class VisitFilterForm(forms.Form):
    """The filters of the list of visits; the address holds them."""

    kind = forms.ChoiceField(label=QUESTIONS["kind"], required=False, choices=ANY + codes.choices(codes.PLACE_KINDS))
    area = forms.ChoiceField(label=_("Area"), required=False)
    outcome = forms.ChoiceField(label=_("Outcome"), required=False, choices=ANY + codes.choices(codes.OUTCOMES))
    since = forms.DateField(label=_("From"), required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))
    until = forms.DateField(label=_("To"), required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))
    mine = forms.BooleanField(label=_("Recorded by me"), required=False)
    withdrawn = forms.BooleanField(label=_("Withdrawn"), required=False)

    def __init__(self, member: Member, used: Iterable[str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choose(self, "area", area_filter_choices(member, used))

    def wanted(self) -> VisitFilter:
        """Return the filter; what cannot be understood is left out."""
        self.is_valid()
        return VisitFilter(**{name: value for name, value in self.cleaned_data.items() if value not in ("", None)})


def area_filter_choices(member: Member, used: Iterable[str]) -> Choices:
    """Return the regions of the organisation's country and the municipalities where it has places."""
    regions = [(region.code, region.name) for region in regions_of(member.organisation.country)]
    municipalities = [(code, area_name(code)) for code in used]
    groups: list[Any] = [(_("Regions"), regions), (_("Municipalities"), municipalities)]
    return ANY + [group for group in groups if group[1]]


def shown_filters(form: forms.Form) -> dict[str, str]:
    """Return what each filter in use is called on its chip, by field."""
    shown = {}
    for name, value in form.cleaned_data.items():
        field = form.fields[name]
        if value in ("", None, False):
            continue
        if isinstance(field, forms.BooleanField):
            shown[name] = str(field.label)
        elif isinstance(field, forms.ChoiceField):
            text = area_name(str(value)) if value in AREAS else dict(field.choices).get(value, value)  # type: ignore[arg-type]
            shown[name] = f"{field.label}: {text}"
        else:
            shown[name] = f"{field.label}: {form.data.get(name)}"
    return shown


class WithdrawForm(forms.Form):
    """Why a visit is taken back: one of a closed list."""

    reason = forms.ChoiceField(
        label=QUESTIONS["reason"], choices=codes.choices(codes.WITHDRAWAL_REASONS), widget=forms.RadioSelect
    )


# Recording ------------------------------------------------------------------------------------------------------------
MOST_PLACES_TO_CHOOSE = 300  # beyond that the short code is typed: a list of thousands is no help on a phone
OFTEN = ("th", "ro", "es", "en", "hu", "pcm", "uk", "bg")
FIRST_OF = {"gender": "gender_woman", "nationality_group": "nationality_denmark"}


class Answer(forms.CharField):
    """An answer as typed. The rules say what is missing or wrong, so that phone and browser hear the same sentence."""

    def validate(self, value: object) -> None:
        """Leave it to the rules."""


class RecordForm(forms.Form):
    """The visit form in the browser. It checks nothing itself: the same rules check it that check what phones send."""

    use_required_attribute = False
    place = Answer(label=QUESTIONS["place"])
    day = Answer(label=QUESTIONS["day"], widget=forms.DateInput({"type": "date"}))
    part_of_day = Answer(
        label=QUESTIONS["part_of_day"],
        required=False,
        widget=forms.RadioSelect(choices=codes.choices(codes.PARTS_OF_DAY)),
    )
    outcome = Answer(label=QUESTIONS["outcome"], widget=forms.RadioSelect(choices=codes.choices(codes.OUTCOMES)))
    interpreter = Answer(
        label=QUESTIONS["interpreter"],
        required=False,
        initial="none",
        widget=forms.RadioSelect(choices=codes.choices(codes.INTERPRETERS)),
    )
    announced = Answer(
        label=QUESTIONS["announced"],
        required=False,
        widget=forms.RadioSelect(choices=codes.choices(codes.YES_NO)),
    )

    def __init__(self, member: Member, places: QuerySet[Place], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.member = member
        self._offer_places(list(places[: MOST_PLACES_TO_CHOOSE + 1]))
        self.fields["day"].initial = timezone.localdate().isoformat()
        self.fields["day"].widget.attrs["max"] = timezone.localdate().isoformat()
        for name, largest in LARGEST.items():
            self._add_counter(name, QUESTIONS[name], largest)
        self.fields["team_size"].initial = "1"
        for dimension, labels in codes.COUNTED.items():
            for code, label in labels.items():
                largest = LARGEST_COUNT.get(dimension, LARGEST["spoken_to"])
                self._add_counter(PREFIXES[dimension] + code, label, largest)

    def _offer_places(self, places: list[Place]) -> None:
        field = self.fields["place"]
        self.languages_on_site = {place.short_code: place.languages for place in places}
        if len(places) > MOST_PLACES_TO_CHOOSE:
            field.help_text = _("The short code of the place, as on its page: four signs such as K7Q2.")
            field.widget.attrs.update({"maxlength": 6, "autocapitalize": "characters", "autocomplete": "off"})
            return
        choices = [(place.short_code, f"{place.short_code} · {place_label(place)}") for place in places]
        field.widget = forms.Select(choices=[("", _("Choose a place")), *choices])

    def _add_counter(self, name: str, label: Any, largest: int) -> None:
        widget = forms.NumberInput({"min": 0, "max": largest, "inputmode": "numeric", "autocomplete": "off"})
        self.fields[name] = Answer(label=label, required=False, widget=widget)

    def answers(self) -> dict[str, str]:
        """Return what was filled in, by question."""
        given = {name: str(self.data.get(name, "")).strip() for name in self.fields}
        return {name: value for name, value in given.items() if value and not (value == "0" and name not in LARGEST)}

    def tell(self, faults: Iterable[Fault], sentences: list[str]) -> None:
        """Put what the rules found beside the questions it is about."""
        for number, fault in enumerate(faults):
            name = FIRST_OF.get(fault.question, fault.question)
            self.add_error(name if name in self.fields else None, sentences[number])

    def counters(self, dimension: str) -> list[forms.BoundField]:
        return [self[PREFIXES[dimension] + code] for code in codes.COUNTED[dimension]]

    def _near(self) -> set[str]:
        chosen = str(self["place"].value() or "")
        own = OWN_LANGUAGE.get(self.member.organisation.country, "en")
        return {*OFTEN, own, *self.languages_on_site.get(chosen, [])}

    def _languages(self, dimension: str, *, near: bool) -> list[forms.BoundField]:
        close = self._near()
        fields = [self[PREFIXES[dimension] + code] for code, _name in _by_name(LANGUAGES) if (code in close) == near]
        return fields

    def languages_near(self) -> list[forms.BoundField]:
        return self._languages("language", near=True)

    def languages_far(self) -> list[forms.BoundField]:
        return self._languages("language", near=False)

    def leaflets_near(self) -> list[forms.BoundField]:
        return self._languages("leaflet", near=True)

    def leaflets_far(self) -> list[forms.BoundField]:
        return self._languages("leaflet", near=False)

    def genders(self) -> list[forms.BoundField]:
        return self.counters("gender")

    def nationality_groups(self) -> list[forms.BoundField]:
        return self.counters("nationality_group")

    def health_items(self) -> list[forms.BoundField]:
        return self.counters("health_item")


def _choose(form: forms.Form, name: str, choices: Any) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = choices
