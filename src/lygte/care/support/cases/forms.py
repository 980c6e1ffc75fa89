"""What people fill in about a case. Free text asks once about what could lead to somebody, and refuses personal numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lygte.core.consent import texts
from lygte.core.consent.codes import Group, Manner, Purpose
from lygte.core.models import Member
from lygte.core.personal_signs import refuse_signs
from lygte.core.problems import Problem
from lygte.directory.areas import AREAS, area_choices, area_name, regions_of
from lygte.directory.languages import LANGUAGES, language_name

from . import codes, reads
from .measures import Instrument, in_words

LOOKED = _("I have looked: save it anyway")
ANY: list[tuple[str, Any]] = [("", _("All"))]


class DayInput(forms.DateInput):
    """A day, as browsers ask for it."""

    def __init__(self, **attrs: Any) -> None:
        super().__init__({"type": "date", **attrs}, "%Y-%m-%d")


def _words(rows: int = 3) -> forms.Textarea:
    return forms.Textarea({"rows": rows})


class RecordForm(forms.Form):
    """A form about a person. `FREE` names the fields in which somebody writes freely."""

    FREE: tuple[str, ...] = ()
    use_required_attribute = False

    based_on = forms.IntegerField(required=False, widget=forms.HiddenInput)
    looked = forms.BooleanField(label=LOOKED, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asks = False

    def clean(self) -> dict[str, Any]:
        """Ask once about what seems to lead to a person; refuse a personal number."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        for name in self.FREE:
            try:
                refuse_signs(str(data.get(name) or ""), looked=bool(data.get("looked")))
            except Problem as problem:
                self.asks = self.asks or problem.number == "422.11"
                self.add_error(name, f"{problem.sentence} {problem.next_step}")
        return data

    def values(self) -> dict[str, Any]:
        """Return what was filled in about the person."""
        return {name: value for name, value in self.cleaned_data.items() if name not in ("based_on", "looked")}

    def shown_fields(self) -> list[forms.BoundField]:
        """Return the fields to show; the question whether somebody has looked only where there is something to look at."""
        return [field for field in self.visible_fields() if field.name != "looked" or self.asks]


def choose(form: forms.Form, name: str, choices: Any) -> None:
    """Fill the choices of a field that depend on who asks."""
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = choices


# Opening ----------------------------------------------------------------------------------------------------------------
USUAL_GROUPS = (Group.GOALS, Group.NOTES, Group.CONTACT, Group.IDENTITY, Group.REFERRALS)
OTHER_GROUPS = (Group.SITUATION, Group.HEALTH, Group.MEASURES, Group.IDENTIFICATION, Group.SCREENING, Group.ACCOUNT)
ASKED_APART = (Purpose.CONTACT, Purpose.STATISTICS, Purpose.FEEDBACK)


def languages_by_name() -> list[tuple[str, Any]]:
    """Return the languages in which people are met, by name."""
    return sorted(LANGUAGES.items(), key=lambda choice: (choice[0] == "other", str(choice[1])))


class OpenForm(RecordForm):
    """Consent first, then what is needed to help, then, only if they want it, a name and how to reach them.

    Nothing is ticked beforehand: a tick is a yes that somebody said.
    """

    FREE = ("asked",)

    groups = forms.MultipleChoiceField(
        label=_("What may we keep?"),
        choices=[(group.value, group.label) for group in (*USUAL_GROUPS, *OTHER_GROUPS)],
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Tick what they said yes to. Everything left empty is a no, and a no changes no help."),
        error_messages={
            "required": _(
                "Nothing is ticked. Without a yes nothing can be kept: help them without a case, as far as they want."
            )
        },
    )
    purposes = forms.MultipleChoiceField(
        label=_("Asked apart, each by itself"),
        choices=[(purpose.value, purpose.label) for purpose in ASKED_APART],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    manner = forms.ChoiceField(
        label=_("How did they say it?"),
        choices=[(Manner.SPOKEN.value, Manner.SPOKEN.label), (Manner.WRITTEN.value, Manner.WRITTEN.label)],
        widget=forms.RadioSelect,
        initial=Manner.SPOKEN.value,
    )
    language = forms.ChoiceField(
        label=_("Language you speak together"), choices=lambda: [("", _("Choose a language")), *languages_by_name()]
    )
    asked = forms.CharField(
        label=_("What do they ask for, in their own words?"),
        widget=_words(),
        required=False,
        max_length=2000,
        help_text=_("Kept only if they agreed to goals and the plan."),
    )
    area = forms.ChoiceField(label=_("Municipality"))
    way_in = forms.ChoiceField(label=_("How they came to us"), choices=codes.choices(codes.WAYS_IN))
    asked_on = forms.DateField(label=_("Day on which they asked for help"), widget=DayInput())
    called = forms.CharField(label=_("What they want to be called"), required=False, max_length=80)
    phone = forms.CharField(label=_("Telephone"), required=False, max_length=40)
    ways = forms.CharField(
        label=_("How to reach them, best way first"), required=False, max_length=200,
        help_text=_("For example: text message, never a call."),
    )  # fmt: skip
    safe_times = forms.CharField(label=_("When it is safe"), required=False, max_length=200)
    cover_name = forms.CharField(
        label=_("Name that we use for ourselves"), required=False, max_length=80,
        help_text=_("What we say where others may listen or read."),
    )  # fmt: skip

    NAME = ("called",)
    REACH = ("phone", "ways", "safe_times", "cover_name")

    def __init__(self, member: Member, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "area", [("", _("Choose a municipality")), *area_choices(member.organisation.country)])
        self.fields["asked_on"].initial = timezone.localdate()

    def clean(self) -> dict[str, Any]:
        """What somebody did not agree to cannot be kept, so it is asked about and not thrown away."""
        data = super().clean()
        agreed = set(data.get("groups") or [])
        for group, names in ((Group.GOALS, ("asked",)), (Group.IDENTITY, self.NAME), (Group.CONTACT, self.REACH)):
            filled = [name for name in names if data.get(name)]
            if filled and agreed and group.value not in agreed:
                problem = Problem("422.502", group=group.label)
                self.add_error(filled[0], f"{problem.sentence} {problem.next_step}")
        if Purpose.CONTACT in (data.get("purposes") or []) and agreed and Group.CONTACT not in agreed:
            problem = Problem("422.502", group=Group.CONTACT.label)
            self.add_error("purposes", f"{problem.sentence} {problem.next_step}")
        return data


class CaseForm(RecordForm):
    """What stands in the open about a case."""

    area = forms.ChoiceField(label=_("Municipality"))
    language = forms.ChoiceField(label=_("Language you speak together"), choices=languages_by_name)
    way_in = forms.ChoiceField(label=_("How they came to us"), choices=codes.choices(codes.WAYS_IN))
    asked_on = forms.DateField(label=_("Day on which they asked for help"), widget=DayInput())

    def __init__(self, member: Member, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "area", area_choices(member.organisation.country))


class CloseForm(forms.Form):
    """How support ended: one of a closed list, none better than another."""

    ending = forms.ChoiceField(
        label=_("How did the support end?"), choices=codes.choices(codes.ENDINGS), widget=forms.RadioSelect
    )


# The list ---------------------------------------------------------------------------------------------------------------
class CaseFilterForm(forms.Form):
    """The filters of the list; the address holds them. There is none for anything that a person told."""

    q = forms.CharField(
        label=_("Code, whole name or telephone"), required=False, widget=forms.SearchInput
    )  # fmt: skip
    state = forms.ChoiceField(
        label=_("State"), required=False,
        choices=[("", _("Open")), ("closed", _("Closed")), ("both", _("Open and closed"))],
    )  # fmt: skip
    area = forms.ChoiceField(label=_("Area"), required=False)
    due = forms.ChoiceField(
        label=_("Due"), required=False,
        choices=[*ANY, ("overdue", _("The day has passed")), ("week", _("Within a week"))],
    )  # fmt: skip
    all = forms.BooleanField(label=_("Cases of the whole organisation"), required=False)
    worker = forms.ChoiceField(label=_("Worker"), required=False)

    def __init__(self, member: Member, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        used = sorted(reads.areas_in_use(member), key=area_name)
        regions = [(region.code, region.name) for region in regions_of(member.organisation.country)]
        groups = [(_("Regions"), regions), (_("Municipalities"), [(code, area_name(code)) for code in used])]
        choose(self, "area", [*ANY, *(group for group in groups if group[1])])
        if reads.may_see_all(member):
            choose(self, "worker", [*ANY, *((m.ref, m.user.name) for m in reads.colleagues(member))])
        else:
            del self.fields["worker"], self.fields["all"]

    def wanted(self) -> reads.CaseFilter:
        """Return the filter; what cannot be understood is left out."""
        self.is_valid()
        given = {name: value for name, value in self.cleaned_data.items() if value not in ("", None, False)}
        if given.get("state") == "both":
            given["state"] = ""
        if given.get("worker"):
            given["all"] = True
        return reads.CaseFilter(**given)

    def shown(self) -> dict[str, str]:
        """Return what each filter in use is called on its chip."""
        shown = {}
        for name, value in self.cleaned_data.items():
            field = self.fields[name]
            if value in ("", None, False):
                continue
            if isinstance(field, forms.BooleanField):
                shown[name] = str(field.label)
            elif isinstance(field, forms.ChoiceField):
                text = area_name(str(value)) if value in AREAS else dict(field.choices).get(value, value)  # type: ignore[arg-type]
                shown[name] = f"{field.label}: {text}"
            else:
                shown[name] = f"{field.label}: {value}"
        return shown


# The plan ---------------------------------------------------------------------------------------------------------------
class AskedForm(RecordForm):
    """What the person asks for."""

    FREE = ("asked",)

    asked = forms.CharField(
        label=_("What do they ask for, in their own words?"), widget=_words(), required=False, max_length=2000
    )


class GoalForm(RecordForm):
    """A goal."""

    FREE = ("words",)

    words = forms.CharField(
        label=_("The goal, in the person's words"), widget=_words(), max_length=1000,
        help_text=_("To stay as it is, with one's rights, is as good a goal as any."),
    )  # fmt: skip
    life_area = forms.ChoiceField(
        label=_("Life area"), required=False, choices=[("", _("None in particular")), *codes.choices(codes.LIFE_AREAS)]
    )


class StepForm(RecordForm):
    """Something to do."""

    FREE = ("what",)

    what = forms.CharField(label=_("What to do"), widget=_words(2), max_length=1000)
    due = forms.DateField(label=_("Due"), required=False, widget=DayInput())
    doer = forms.ChoiceField(
        label=_("Who does it"), choices=codes.choices(codes.DOERS), widget=forms.RadioSelect, initial="worker"
    )
    colleague = forms.ChoiceField(label=_("Which colleague"), required=False)
    goal = forms.ChoiceField(label=_("For which goal"), required=False)

    def __init__(
        self, *args: Any, team: Sequence[tuple[str, str]] = (), goals: Sequence[tuple[str, str]] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "colleague", list(team))
        choose(self, "goal", [("", _("None in particular")), *goals])
        if len(team) < 2:
            self.fields["colleague"].widget = forms.HiddenInput()
        if not goals:
            self.fields["goal"].widget = forms.HiddenInput()


class PhasesForm(RecordForm):
    """When a time-limited support starts and how long it is."""

    starts_on = forms.DateField(label=_("First day"), widget=DayInput())
    months = forms.IntegerField(
        label=_("How many months"), min_value=3, max_value=24, initial=9,
        help_text=_("In three phases of equal length. Nine months is usual."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["starts_on"].initial = timezone.localdate()


class PhaseForm(RecordForm):
    """One phase."""

    FREE = ("plan", "handover")

    plan = forms.CharField(label=_("What this phase is for"), widget=_words(), required=False, max_length=2000)
    handover = forms.CharField(
        label=_("Who takes over what"), widget=_words(), required=False, max_length=2000,
        help_text=_("Family, friends, services: who is there when we are not."),
    )  # fmt: skip
    starts_on = forms.DateField(label=_("First day"), widget=DayInput())
    ends_on = forms.DateField(label=_("Last day"), widget=DayInput())


# What is written down ---------------------------------------------------------------------------------------------------
class NoteForm(RecordForm):
    """A note. The person can read it."""

    FREE = ("text",)

    text = forms.CharField(
        label=_("Note"), widget=_words(5), max_length=8000,
        help_text=_("The person can read this. Write what they would recognise; no names of others, no numbers."),
    )  # fmt: skip
    day = forms.DateField(label=_("Day"), widget=DayInput())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["day"].initial = timezone.localdate()


class MeasureForm(RecordForm):
    """The answers to one instrument; each can be left out."""

    day = forms.DateField(label=_("Day"), widget=DayInput())

    def __init__(self, instrument: Instrument, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instrument = instrument
        self.about_text = f"{in_words(instrument.title)}. {in_words(instrument.about)}"
        self.sheet = instrument.source if instrument.source.startswith("https://") else ""
        self.fields["day"].initial = timezone.localdate()
        for item in instrument.items:
            self.fields[item.key] = forms.TypedChoiceField(
                label=in_words(item.words),
                choices=[("", _("Not answered")), *item.choices()],
                required=False,
                coerce=int,
                empty_value=None,
                initial="",
            )

    def answers(self) -> dict[str, int]:
        """Return what was answered."""
        given = {item.key: self.cleaned_data.get(item.key) for item in self.instrument.items}
        return {key: number for key, number in given.items() if number is not None}

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if not self.errors and not self.answers():
            self.add_error(None, _("Nothing is answered. Answer at least one question, or leave without saving."))
        return data

    def values(self) -> dict[str, Any]:
        return {"instrument": self.instrument.key, "answers": self.answers(), "day": self.cleaned_data["day"]}


# What they tell about themselves -----------------------------------------------------------------------------------------
def about_form(model: Any) -> type[RecordForm]:
    """Return the form of a group: one field for each thing that may be kept, with the words for why."""
    fields: dict[str, Any] = {
        name: forms.CharField(
            label=one.label, required=False, max_length=1000, widget=forms.TextInput() if short(name) else _words(2)
        )
        for name, one in model.PERSONAL.items()
    }
    free = tuple(name for name in fields if name not in CONTACTS)
    return type(f"{model.__name__}Form", (RecordForm,), {**fields, "FREE": free})


CONTACTS = frozenset({"phone", "mail", "other"})  # here such things belong
SHORT = CONTACTS | {"called", "name", "born", "gender", "safe_times", "cover_name", "citizenship"}


def short(name: str) -> bool:
    return name in SHORT


# Dates -------------------------------------------------------------------------------------------------------------------
class DeadlineForm(RecordForm):
    """A date that must not pass."""

    FREE = ("about",)

    kind = forms.ChoiceField(label=_("Which date"), choices=codes.choices(codes.DEADLINES), widget=forms.RadioSelect)
    starts_on = forms.DateField(label=_("From"), widget=DayInput())
    due = forms.DateField(
        label=_("Until"), required=False, widget=DayInput(),
        help_text=_("Leave it empty for the usual length: 30 days in Denmark, three months in the Netherlands."),
    )  # fmt: skip
    about = forms.CharField(label=_("What it is about"), widget=_words(2), required=False, max_length=1000)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["starts_on"].initial = timezone.localdate()


class ExtendForm(forms.Form):
    """The new last day of a period that was extended."""

    due = forms.DateField(label=_("Extended until"), widget=DayInput())


class OutcomeForm(forms.Form):
    """What came of a date."""

    outcome = forms.ChoiceField(
        label=_("What came of it"), choices=codes.choices(codes.DEADLINE_OUTCOMES), widget=forms.RadioSelect
    )


class IdentificationForm(RecordForm):
    """How far a formal identification has come, and who said so."""

    FREE = ("by", "remark")

    state = forms.ChoiceField(label=_("State"), choices=codes.choices(codes.IDENTIFICATIONS), widget=forms.RadioSelect)
    day = forms.DateField(label=_("Day"), widget=DayInput())
    by = forms.CharField(
        label=_("By whom"), required=False, max_length=120, help_text=_("The office, not the name of an official.")
    )
    remark = forms.CharField(label=_("Remark"), widget=_words(2), required=False, max_length=1000)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["day"].initial = timezone.localdate()


class ReadInForm(forms.Form):
    """In which language the text about consent is read."""

    read_in = forms.ChoiceField(label=_("Read it in"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = [(code, texts.OWN_NAMES.get(code, language_name(code))) for code in texts.written_in()]
        choose(self, "read_in", known)
