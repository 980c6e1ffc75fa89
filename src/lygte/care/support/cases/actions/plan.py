"""Goals, steps and phases."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lygte.core.access import Verb
from lygte.core.actions import action
from lygte.core.consent.models import Person
from lygte.core.models import Member
from lygte.core.problems import Problem

from .. import codes, reads
from ..counting import count_again
from ..models import Case, Goal, Phase, Step
from ..rules import MONTHS_OF_SUPPORT, phases_of
from .shared import (
    chosen,
    fresh,
    near_day,
    past_day,
    put_changed,
    put_new,
    require_agreed,
    require_open,
    require_seat,
)


@action(Verb.CASE_CHANGE)
def write_asked(*, member: Member, case: Case, asked: str, based_on: int | None = None) -> Case:
    """Write down what the person asks for, in their own words."""
    return put_changed(member, case, {"asked": asked}, based_on)


# Goals -----------------------------------------------------------------------------------------------------------------
def _goal_values(words: str, life_area: str) -> Mapping[str, Any]:
    if not words.strip():
        raise Problem("422.500", what=_("The goal, in the person's words"))
    return {"words": words, "life_area": chosen(life_area, codes.LIFE_AREAS, _("Life area")) if life_area else ""}


@action(Verb.CASE_CHANGE)
def add_goal(*, member: Member, person: Person, words: str, life_area: str = "") -> Goal:
    """Set a goal in the person's words."""
    goal = Goal(organisation=member.organisation, person=person, set_on=timezone.localdate())
    return put_new(member, goal, _goal_values(words, life_area))


@action(Verb.CASE_CHANGE)
def change_goal(*, member: Member, goal: Goal, words: str, life_area: str = "", based_on: int | None = None) -> Goal:
    """Write a goal anew."""
    return put_changed(member, goal, _goal_values(words, life_area), based_on)


@action(Verb.CASE_CHANGE, details=lambda goal: {"state": goal.state})
def set_goal_state(*, member: Member, goal: Goal, state: str, on: date | None = None) -> Goal:
    """Say that a goal is reached, changed or let go (today, or on a day before), or is worked on again."""
    require_agreed(member, goal)
    require_open(goal.person)
    now = fresh(goal)
    now.state = chosen(state, codes.GOAL_STATES, _("State"))
    now.ended_on = None if state == "open" else past_day(on or timezone.localdate())
    now.save(update_fields=["state", "ended_on"])
    _count(now.person)
    return now


# Steps -----------------------------------------------------------------------------------------------------------------
def _step_columns(
    member: Member, person: Person, goal: Goal | None, due: date | None, doer: str, colleague: Member | None
) -> dict[str, Any]:
    if goal is not None and goal.person_id not in {one.pk for one in reads.family(person)}:
        raise Problem("404.1")
    if colleague is not None and not reads.on_team(colleague, person):
        raise Problem("422.500", what=_("Which colleague"))
    doer = chosen(doer, codes.DOERS, _("Who does it"))
    return {
        "goal": goal,
        "due": near_day(due) if due else None,
        "doer": doer,
        "member": (colleague or member) if doer in ("worker", "together") else colleague,
    }


@action(Verb.CASE_CHANGE)
def add_step(
    *,
    member: Member,
    person: Person,
    what: str,
    due: date | None = None,
    doer: str = "worker",
    goal: Goal | None = None,
    colleague: Member | None = None,
) -> Step:
    """Write down something to do: with a day, with somebody who does it. Without a colleague it is the writer's."""
    require_seat(member, person)
    columns = _step_columns(member, person, goal, due, doer, colleague)
    step = Step(organisation=member.organisation, person=person, set_on=timezone.localdate(), **columns)
    return put_new(member, step, _step_values(what))


def _step_values(what: str) -> Mapping[str, Any]:
    if not what.strip():
        raise Problem("422.500", what=_("What to do"))
    return {"what": what}


@action(Verb.CASE_CHANGE)
def change_step(
    *,
    member: Member,
    step: Step,
    what: str,
    due: date | None,
    doer: str,
    goal: Goal | None = None,
    colleague: Member | None = None,
    based_on: int | None = None,
) -> Step:
    """Write a step anew, or move its day."""
    require_seat(member, step.person)
    columns = _step_columns(member, step.person, goal, due, doer, colleague)
    return put_changed(member, step, _step_values(what), based_on, columns)


@action(Verb.CASE_CHANGE, details=lambda step: {"state": step.state})
def set_step_state(*, member: Member, step: Step, state: str, on: date | None = None) -> Step:
    """Say that a step is done (today, or on a day before) or let go, or is to be done again."""
    require_agreed(member, step)
    require_open(step.person)
    now = fresh(step)
    now.state = chosen(state, codes.STEP_STATES, _("State"))
    now.done_on = past_day(on or timezone.localdate()) if state == "done" else None
    now.save(update_fields=["state", "done_on"])
    _count(now.person)
    return now


def _count(person: Person) -> None:
    """Write down the day of the first step done, and count again what may be counted."""
    found = Case.objects.select_for_update(of=("self",)).select_related("person").filter(person=person).first()
    if found is None:
        return
    first = Step.objects.filter(person=person, state="done", done_on__isnull=False).order_by("done_on").first()
    found.first_step_on = first.done_on if first else None
    found.save(update_fields=["first_step_on"])
    count_again(found)


# Phases ----------------------------------------------------------------------------------------------------------------
@action(Verb.CASE_CHANGE)
def start_phases(*, member: Member, person: Person, starts_on: date, months: int = MONTHS_OF_SUPPORT) -> Phase:
    """Start a time-limited support: three phases of equal length, or the same again from another day. Returns the first."""
    require_seat(member, person)
    near_day(starts_on)
    if not 3 <= months <= 24:
        raise Problem("422.500", what=_("How many months"))
    known = {phase.number: phase for phase in Phase.objects.filter(person=person).select_related("person")}
    made = []
    for number, (first, last) in enumerate(phases_of(starts_on, months), start=1):
        phase = known.get(number) or Phase(organisation=member.organisation, person=person, number=number)
        phase.starts_on, phase.ends_on = first, last
        if phase.pk is None:
            put_new(member, phase, {})
        else:
            require_agreed(member, phase)
            phase.save(update_fields=["starts_on", "ends_on"])
        made.append(phase)
    return made[0]


@action(Verb.CASE_CHANGE)
def change_phase(
    *,
    member: Member,
    phase: Phase,
    plan: str,
    handover: str,
    starts_on: date,
    ends_on: date,
    based_on: int | None = None,
) -> Phase:
    """Write what a phase is for and who takes over what; move its days."""
    if ends_on <= starts_on:
        raise Problem("422.501", day=ends_on.isoformat())
    columns = {"starts_on": near_day(starts_on), "ends_on": near_day(ends_on)}
    return put_changed(member, phase, {"plan": plan, "handover": handover}, based_on, columns)
