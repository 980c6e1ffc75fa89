"""The kinds of records that one page each adds and changes: their form, their words, the action behind."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lygte.core.consent import gate
from lygte.core.consent.models import LockedModel, Person
from lygte.core.models import Member
from lygte.core.problems import Problem

from . import actions, forms, reads
from .measures import INSTRUMENTS
from .models import (
    Case,
    Deadline,
    Goal,
    Health,
    Identification,
    Measure,
    Name,
    Note,
    Phase,
    Reach,
    Situation,
    Step,
)

Text = str | Promise


@dataclass(frozen=True)
class About:
    """Whom a form is about, and what is known when it is shown."""

    member: Member
    person: Person
    hints: Mapping[str, str]  # what stands behind the question mark: an instrument, a goal
    values: Mapping[str, Any]  # what was opened of the record; empty for a new one


@dataclass(frozen=True)
class Kind:
    """One kind of record. `tab` is the page of the case that shows it."""

    model: type[LockedModel]
    new: Text
    change: Text
    save_new: Text
    tab: str
    form: Callable[..., forms.RecordForm]
    columns: tuple[str, ...]
    add: Callable[[Member, Person, forms.RecordForm], LockedModel]
    save: Callable[[Member, Any, forms.RecordForm], LockedModel]
    removable: bool = True
    new_form: Callable[..., forms.RecordForm] | None = None

    def initial(self, record: Any, values: Mapping[str, Any]) -> dict[str, Any]:
        """Return what the form of an existing record begins with."""
        return {**values, **{name: getattr(record, name) for name in self.columns}, "based_on": record.version}


def _plain(form: type[forms.RecordForm]) -> Callable[..., forms.RecordForm]:
    def make(about: About, *args: Any, **kwargs: Any) -> forms.RecordForm:
        return form(*args, **kwargs)

    return make


# Steps need to know the team and the goals -------------------------------------------------------------------------------
def _step_form(about: About, *args: Any, **kwargs: Any) -> forms.RecordForm:
    team = [(seat.member.ref, seat.member.user.name) for seat in reads.team(about.person)]
    goals = list(Goal.objects.filter(person=about.person, state="open").select_related("person"))
    opened = gate.read(member=about.member, records=goals) if goals else gate.Opened()
    named = [(goal.ref, str(opened.get(goal).get("words", ""))[:80]) for goal in goals if opened.get(goal)]
    initial = {
        "colleague": about.member.ref,
        "goal": about.hints.get("goal", ""),
        **(kwargs.pop("initial", None) or {}),
    }
    return forms.StepForm(*args, team=team, goals=named, initial=initial, **kwargs)


def _step_values(member: Member, person: Person, form: forms.RecordForm) -> dict[str, Any]:
    values = form.values()
    goal, colleague = values.pop("goal", ""), values.pop("colleague", "")
    return {
        **values,
        "goal": Goal.objects.filter(person=person, ref=goal).first() if goal else None,
        "colleague": Member.objects.filter(organisation=member.organisation, ref=colleague).first()
        if colleague
        else None,
    }


def _based_on(form: forms.RecordForm) -> int | None:
    found: int | None = form.cleaned_data.get("based_on")
    return found


# Measures need to know the instrument ------------------------------------------------------------------------------------
def _measure_form(about: About, *args: Any, **kwargs: Any) -> forms.RecordForm:
    key = str(about.values.get("instrument") or about.hints.get("instrument") or "who5")
    if key not in INSTRUMENTS:
        raise Problem("404.1")
    initial = {**(kwargs.pop("initial", None) or {}), **about.values.get("answers", {})}
    return forms.MeasureForm(INSTRUMENTS[key], *args, initial=initial, **kwargs)


def _cannot_add(member: Member, person: Person, form: forms.RecordForm) -> LockedModel:
    """A case is opened, never added to a case."""
    raise Problem("404.1")


def _about_kind(model: Any, new: Text, change: Text) -> Kind:
    def add(member: Member, person: Person, form: forms.RecordForm) -> LockedModel:
        written: LockedModel = actions.write_about(
            member=member, person=person, kind=model, values=form.values(), based_on=_based_on(form) or 0
        )
        return written

    def save(member: Member, record: Any, form: forms.RecordForm) -> LockedModel:
        return add(member, record.person, form)

    return Kind(model, new, change, _("Save"), "cases:about", _plain(forms.about_form(model)), (), add, save)


KINDS: dict[str, Kind] = {
    "goal": Kind(
        Goal, _("Set a goal"), _("Change the goal"), _("Set the goal"), "cases:case", _plain(forms.GoalForm), (),
        lambda member, person, form: actions.add_goal(member=member, person=person, **form.values()),
        lambda member, goal, form: actions.change_goal(
            member=member, goal=goal, based_on=_based_on(form), **form.values()
        ),
    ),
    "step": Kind(
        Step, _("Add a step"), _("Change the step"), _("Add the step"), "cases:case", _step_form, ("due", "doer"),
        lambda member, person, form: actions.add_step(
            member=member, person=person, **_step_values(member, person, form)
        ),
        lambda member, step, form: actions.change_step(
            member=member, step=step, based_on=_based_on(form), **_step_values(member, step.person, form)
        ),
    ),
    "note": Kind(
        Note, _("Write a note"), _("Change the note"), _("Save the note"), "cases:notes", _plain(forms.NoteForm), ("day",),
        lambda member, person, form: actions.add_note(member=member, person=person, **form.values()),
        lambda member, note, form: actions.change_note(
            member=member, note=note, based_on=_based_on(form), **form.values()
        ),
    ),
    "measure": Kind(
        Measure, _("Write down a measure"), _("Correct the measure"), _("Save the answers"), "cases:measures",
        _measure_form, ("day",),
        lambda member, person, form: actions.add_measure(member=member, person=person, **form.values()),
        lambda member, measure, form: actions.change_measure(
            member=member, measure=measure, based_on=_based_on(form), **form.values()
        ),
    ),
    "phase": Kind(
        Phase, _("Start three phases"), _("Change the phase"), _("Start the phases"), "cases:case",
        _plain(forms.PhaseForm), ("starts_on", "ends_on"),
        lambda member, person, form: actions.start_phases(member=member, person=person, **form.values()),
        lambda member, phase, form: actions.change_phase(
            member=member, phase=phase, based_on=_based_on(form), **form.values()
        ),
        new_form=_plain(forms.PhasesForm),
    ),
    "asked": Kind(
        Case, "", _("What they ask for"), "", "cases:case", _plain(forms.AskedForm), (), _cannot_add,
        lambda member, case, form: actions.write_asked(
            member=member, case=case, based_on=_based_on(form), **form.values()
        ),
        removable=False,
    ),
    "deadline": Kind(
        Deadline, _("Add a date that must not pass"), _("Correct the date"), _("Add the date"), "cases:dates",
        _plain(forms.DeadlineForm), ("starts_on", "due"),
        lambda member, person, form: actions.add_deadline(member=member, person=person, **form.values()),
        lambda member, deadline, form: actions.change_deadline(
            member=member, deadline=deadline, based_on=_based_on(form), **form.values()
        ),
    ),
    "identification": Kind(
        Identification, _("Write down a state of the identification"), _("Correct the state"), _("Save the state"),
        "cases:dates", _plain(forms.IdentificationForm), ("day",),
        lambda member, person, form: actions.add_identification(member=member, person=person, **form.values()),
        lambda member, identification, form: actions.change_identification(
            member=member, identification=identification, based_on=_based_on(form), **form.values()
        ),
    ),
    "name": _about_kind(Name, _("Write down a name"), _("Change the name")),
    "reach": _about_kind(Reach, _("Write down how to reach them"), _("Change how to reach them")),
    "situation": _about_kind(Situation, _("Write down the situation"), _("Change the situation")),
    "health": _about_kind(Health, _("Write down about health"), _("Change what is written about health")),
}  # fmt: skip


def kind_named(name: str) -> Kind:
    """Return a kind, or Problem 404.1."""
    if name not in KINDS:
        raise Problem("404.1")
    return KINDS[name]
