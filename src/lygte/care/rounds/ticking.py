"""Places tick themselves off: a visit there on the day of the round, by anybody who went along, reaches the place."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from lygte.care.outreach.handover import visits_there
from lygte.core.lookups import Lookup
from lygte.core.models import Organisation
from lygte.facts.ledger import record_facts, remove_facts

from . import codes
from .facts import sources_of
from .models import JointControl, Round

DAYS = (date(1, 1, 1), date(1, 1, 2))
GOING_THERE = Lookup(
    lambda **named: Round.objects.filter(**named).exclude(state=codes.CALLED_OFF).only("organisation"),
    organisation=(-1, -2),
    day=DAYS,
    stops__place=("a?", "b?"),
)
CONTROLS = Lookup(
    lambda **named: JointControl.objects.filter(withdrawn=False, **named).only("organisation")[:1],
    organisation=(-1, -2),
    day=DAYS,
    place=("a?", "b?"),
)


def tick_off(organisation: Organisation, place: str, day: date) -> None:
    """Look again at every round that goes to a place on a day; called in the transaction that changed a visit."""
    found = GOING_THERE.rows(organisation=organisation.pk, day=day, stops__place=place)
    for pk in sorted(one.pk for one in found):
        look_again(Round.objects.select_for_update().get(pk=pk))


def look_again(one: Round) -> None:
    """Tick the places of a round, which the caller holds locked, and let its facts follow.

    The visits are read after the lock was given: of two that come at once the second sees both.
    """
    stops = list(one.stops.all())
    team = set(one.members.values_list("pk", flat=True))
    there = visits_there(one.organisation, [stop.place for stop in stops], one.day)
    first: dict[str, tuple[str, str]] = {}
    for visit in there:
        if visit.member_id in team:
            first.setdefault(visit.place, (visit.ref, visit.outcome))
    for stop in stops:
        now = first.get(stop.place, ("", ""))
        if (stop.visit, stop.outcome) != now:
            stop.visit, stop.outcome = now
            stop.save(update_fields=["visit", "outcome"])
    if one.state == codes.PLANNED and any(stop.visit for stop in stops):
        one.state = codes.UNDER_WAY
        one.save(update_fields=["state"])
    write_facts(one)


def write_facts(one: Round) -> None:
    """Let the ledger say what the round says now."""
    for source, facts in sources_of(one, one.stops.all()):
        remove_facts(source)
        record_facts(source=source, facts=facts)


def no_visit_on_a_control(organisation: Organisation, place: str, day: date) -> tuple[str, Mapping[str, Any]] | None:
    """Refuse a visit to a place where a joint control was recorded for that day."""
    if CONTROLS.one(organisation=organisation.pk, place=place, day=day) is not None:
        return "409.663", {"day": day.isoformat()}
    return None
