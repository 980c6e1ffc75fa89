"""Which facts a case gives: that it was opened, how long somebody waited, what was reached, how it ended. Pure.

They are counted only while the person agrees to statistics, and taken away when they no longer do, or are erased.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from django.utils.translation import gettext_lazy as _

from lygte.facts.ledger import Fact
from lygte.facts.register import Dimension, Kind

from . import codes
from .models import Case, Goal
from .rules import WAITS, wait_of

KINDS = (
    Kind(
        name="case_opened",
        label=_("Cases opened"),
        definition=_(
            "A person asked for support over time and a case was opened, counted once on that day. Only people who agree "
            "to be counted are counted, so the true number is higher."
        ),
        unit=_("cases"),
        dimensions=(Dimension("way_in", _("Way in"), codes.WAYS_IN),),
    ),
    Kind(
        name="first_step",
        label=_("Waiting for the first step"),
        definition=_(
            "Days between the day on which a person asked for help and the day of the first step that was done for or with "
            "them, counted once on the day of that step. Cases without a step done yet are not in it."
        ),
        unit=_("cases"),
        dimensions=(Dimension("wait", _("Waiting days"), WAITS),),
    ),
    Kind(
        name="goal_reached",
        label=_("Goals reached"),
        definition=_(
            "A goal that a person set in their own words was reached, as the person and their worker see it, counted once on "
            "that day. One person can reach several. What the goals were is not counted."
        ),
        unit=_("goals"),
    ),
    Kind(
        name="case_closed",
        label=_("Cases closed"),
        definition=_(
            "Support ended, counted once on that day, by how it ended. No ending is better than another: to leave sex work or "
            "to stay in it is none of them."
        ),
        unit=_("cases"),
        dimensions=(Dimension("ending", _("How it ended"), codes.ENDINGS),),
    ),
)


def sources_of(case: Case, goals: Iterable[Goal]) -> list[str]:
    """Return every name under which the ledger may keep facts of a case."""
    return [f"{part}:{case.ref}" for part in ("case", "first", "end")] + [f"goal:{goal.ref}" for goal in goals]


def facts_of(case: Case, goals: Iterable[Goal]) -> Iterator[tuple[str, list[Fact]]]:
    """Yield (source, facts) of a case and its goals; whether they may be counted is for the caller to know."""
    yield f"case:{case.ref}", [_fact(case, "case_opened", case.opened_on, {"way_in": case.way_in})]
    if case.first_step_on:
        wait = wait_of(case.asked_on, case.first_step_on)
        yield f"first:{case.ref}", [_fact(case, "first_step", case.first_step_on, {"wait": wait})]
    if case.closed_on:
        yield f"end:{case.ref}", [_fact(case, "case_closed", case.closed_on, {"ending": case.ending})]
    for goal in goals:
        if goal.state == "reached" and goal.ended_on:
            yield f"goal:{goal.ref}", [_fact(case, "goal_reached", goal.ended_on, {})]


def _fact(case: Case, kind: str, day: date, dimensions: dict[str, str]) -> Fact:
    return Fact(
        kind=kind,
        day=day,
        area=case.area,
        organisation_id=case.organisation_id,
        value=1,
        dimensions=dimensions,
    )
