"""What people fill in about rounds, and the filters of the places of a region."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from lygte.care.outreach.handover import INTERPRETERS, PARTS_OF_DAY, PLACE_KINDS, choices, open_place
from lygte.core.models import Member
from lygte.directory.areas import area_choices
from lygte.directory.languages import LANGUAGES

from . import codes, reads
from .models import Round
from .reads import PlaceWish

Choices = list[tuple[str, Any]]
ANY: Choices = [("", _("All"))]
WEEKS = (2, 4, 8, 13, 26, 52)
NEVER = "never"


def languages_by_name() -> Choices:
    return sorted(choices(LANGUAGES), key=lambda choice: (choice[0] == "other", str(choice[1])))


class PlacesForm(forms.Form):
    """Which places of which region: the filters of the region's page, and of planning."""

    region = forms.ChoiceField(label=_("Region"))
    kind = forms.ChoiceField(label=_("Kind of place"), required=False, choices=ANY + choices(PLACE_KINDS))
    waiting = forms.ChoiceField(label=_("Not visited for"), required=False)
    language = forms.ChoiceField(label=_("Language spoken there"), required=False)
    open_at = forms.ChoiceField(label=_("Usually open"), required=False, choices=ANY + choices(PARTS_OF_DAY))

    def __init__(self, member: Member, data: Any, *, home: str) -> None:
        given = {name: data.get(name, "") for name in ("region", "kind", "waiting", "language", "open_at")}
        regions = [(area.code, area.name) for area in reads.regions(member)]
        if given["region"] not in dict(regions):
            given["region"] = home
        super().__init__(given)
        _choose(self, "region", regions)
        _choose(self, "language", ANY + languages_by_name())
        weeks = [(str(n), ngettext_lazy("%d week", "%d weeks", n) % n) for n in WEEKS]
        _choose(self, "waiting", [*ANY, (NEVER, _("Never visited")), *weeks])

    def wish(self) -> PlaceWish:
        """Return what is asked for; what cannot be understood is left out."""
        self.is_valid()
        got = self.cleaned_data
        waiting = got.get("waiting", "")
        return PlaceWish(
            region=got["region"],
            kind=got.get("kind", ""),
            language=got.get("language", ""),
            open_at=got.get("open_at", ""),
            weeks=int(waiting) if waiting.isdigit() else None,
            never=waiting == NEVER,
        )


LENGTHS = (3, 6, 12)


class CoverageForm(forms.Form):
    """Which region is looked at closely, and how many months one period has."""

    region = forms.ChoiceField(label=_("Region"))
    months = forms.ChoiceField(label=_("Period"))

    def __init__(self, member: Member, data: Any, *, home: str) -> None:
        regions = [(area.code, area.name) for area in reads.regions(member)]
        lengths = [(str(n), ngettext_lazy("The last %d month", "The last %d months", n) % n) for n in LENGTHS]
        given = {"region": data.get("region", ""), "months": data.get("months", "")}
        if given["region"] not in dict(regions):
            given["region"] = home
        if given["months"] not in dict(lengths):
            given["months"] = str(LENGTHS[0])
        super().__init__(given)
        _choose(self, "region", regions)
        _choose(self, "months", lengths)

    def wanted(self) -> tuple[str, int]:
        self.is_valid()
        return self.cleaned_data["region"], int(self.cleaned_data["months"])


class RoundForm(forms.Form):
    """When, who and with which languages; the places stand in a table beside it. There is no seat for an authority."""

    day = forms.DateField(label=_("Day"), widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))
    part_of_day = forms.ChoiceField(label=_("Part of the day"), required=False)
    going = forms.MultipleChoiceField(
        label=_("Who goes"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("The places appear on their phones."),
    )
    languages = forms.MultipleChoiceField(
        label=_("Languages needed"), required=False, widget=forms.CheckboxSelectMultiple
    )
    interpreter = forms.ChoiceField(label=_("Interpreter"), required=False)
    with_authority = forms.BooleanField(
        label=_("Somebody of the police, tax, immigration or another authority comes along"),
        required=False,
        help_text=_("Then it is no outreach, and Lygte tells you where it belongs."),
    )

    def __init__(self, member: Member, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choose(self, "part_of_day", [("", _("Any time")), *choices(PARTS_OF_DAY)])
        _choose(self, "interpreter", [("", _("Not decided")), *choices(INTERPRETERS)])
        _choose(self, "languages", languages_by_name())
        _choose(self, "going", [(one.ref, one.user.name) for one in reads.who_may_go(member)])
        self.fields["day"].widget.attrs["min"] = timezone.localdate().isoformat()


def as_filled(one: Round) -> dict[str, Any]:
    """Return a round as its form shows it."""
    return {
        "day": one.day,
        "part_of_day": one.part_of_day,
        "going": [member.ref for member in one.members.all()],
        "languages": one.languages,
        "interpreter": one.interpreter,
    }


class MoveForm(forms.Form):
    """Which place goes to which other round."""

    stop = forms.ChoiceField(label=_("Place"))
    to = forms.ChoiceField(label=_("To the round"))

    def __init__(self, stops: Iterable[tuple[str, str]], rounds: Iterable[tuple[str, str]], *args: Any) -> None:
        super().__init__(*args)
        _choose(self, "stop", list(stops))
        _choose(self, "to", list(rounds))


class ControlForm(forms.Form):
    """A joint control. At a place of ours its short code is enough; elsewhere the municipality and the kind of place."""

    day = forms.DateField(label=_("Day"), widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))
    led_by = forms.ChoiceField(label=_("Led by"), choices=[("", _("Choose an authority")), *choices(codes.AUTHORITIES)])
    place = forms.CharField(
        label=_("Short code of the place"),
        required=False,
        max_length=6,
        help_text=_("If it was a place of yours. Then no visit can be recorded there for that day."),
    )
    area = forms.ChoiceField(label=_("Municipality"), required=False)
    kind = forms.ChoiceField(label=_("Kind of place"), required=False, choices=[("", "–"), *choices(PLACE_KINDS)])

    def __init__(self, member: Member, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.member = member
        _choose(self, "area", [("", "–"), *area_choices(member.organisation.country)])
        self.fields["day"].widget.attrs["max"] = timezone.localdate().isoformat()

    def clean_place(self) -> str:
        code = str(self.cleaned_data["place"]).strip()
        if not code:
            return ""
        ref = open_place(self.member.organisation, code.upper())
        if not ref:
            raise forms.ValidationError(_("No open place of yours has this short code. Leave it empty, or look it up."))
        return ref

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if not data.get("place") and "place" not in self.errors:
            for name in ("area", "kind"):
                if not data.get(name):
                    self.add_error(name, _("Needed where no place of yours is named."))
        return data


def _choose(form: forms.Form, name: str, offered: Any) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = offered
