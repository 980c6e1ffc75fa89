"""What a plan needs before it can be registered, and when a trial is over. Pure; problems are found all at once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from django.utils.translation import get_language

from lygte.core.problems import Problem
from lygte.knowledge.programme import formats

from .plan import MOST_UNITS, Plan, Site, frame_for

LATE = timedelta(days=7)  # visits are typed in afterwards and phones send late: what comes so late still counts
FEWEST_SITES = {"clusters": 4, "stepped": 3}


def faults_of(plan: Plan, sites: list[Site], today: date) -> list[Problem]:
    """Return everything that keeps a plan from being registered."""
    return [*_words(plan), *_counts(plan), *_calendar(plan, today), *_size(plan, sites)]


def _words(plan: Plan) -> Iterator[Problem]:
    if not plan.question.strip():
        yield Problem("422.712")
    needed = "2" if plan.design == "stepped" else "2–4"
    most = 2 if plan.design == "stepped" else 4
    if not 2 <= len(set(plan.arms)) == len(plan.arms) <= most:
        yield Problem("422.713", needed=needed, found=len(set(plan.arms)))


def _counts(plan: Plan) -> Iterator[Problem]:
    if not plan.outcomes:
        yield Problem("422.711")
    for outcome in plan.outcomes:
        for measure in (outcome.measure, outcome.per):
            if measure is not None and not measure.known():
                yield Problem("422.714", found=measure.code)


def _calendar(plan: Plan, today: date) -> Iterator[Problem]:
    if plan.first_day is None or plan.first_day <= today:
        yield Problem("422.715", day=written(plan.first_day) if plan.first_day else "–")
    elif plan.unit != "team_day" and plan.first_day.weekday():
        monday = plan.first_day + timedelta(days=7 - plan.first_day.weekday())
        yield Problem("422.716", day=written(plan.first_day), monday=written(monday))
    if plan.design in ("stepped", "alternation") and plan.washout >= plan.turn:
        yield Problem("422.718", washout=plan.washout, turn=plan.turn)


def written(day: date) -> str:
    """Write a day as the reader does."""
    return formats.day(day, get_language() or "en")


def _size(plan: Plan, sites: list[Site]) -> Iterator[Problem]:
    fewest = fewest_sites(plan)
    if len(sites) < fewest:
        yield Problem("422.719", found=len(sites), needed=fewest)
    needed = fewest_periods(plan, len(sites))
    if plan.periods < needed:
        yield Problem("422.717", found=plan.periods, needed=needed)
    if len(sites) * plan.periods > MOST_UNITS:
        yield Problem("422.721", found=len(sites) * plan.periods, most=MOST_UNITS)


def fewest_sites(plan: Plan) -> int:
    """Return how many sites a design needs at the very least; more are nearly always wanted."""
    if plan.design == "clusters":
        return 2 * max(2, len(plan.arms))
    return FEWEST_SITES.get(plan.design, 1)


def fewest_periods(plan: Plan, sites: int) -> int:
    """Return how many periods a design needs: four blocks over all sites, or three steps of a wedge."""
    frame = frame_for(plan, [])
    if plan.design == "clusters":
        return plan.washout + 1
    if plan.design == "stepped":
        return 3 * frame.turn
    return -(-4 // max(sites, 1)) * frame.turn * max(frame.arms, 2)


def last_day_of(plan: Plan, stopped_on: date | None) -> date | None:
    """Return the last day that counts."""
    return min(plan.last_day, stopped_on) if plan.last_day and stopped_on else plan.last_day


def ready_on(plan: Plan, stopped_on: date | None) -> date:
    """Return the day from which the result can be worked out."""
    last = last_day_of(plan, stopped_on)
    assert last is not None
    return last + LATE + timedelta(days=1)
