"""What others may have of this room: a quick way to bring rounds and joint controls in as they were, whatever their day."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from django_scopes import scope

from lygte.care.outreach.handover import places_named
from lygte.core.models import Member, Organisation
from lygte.core.transactions import writing
from lygte.facts.ledger import record_facts

from . import codes
from .facts import facts_of_control, source_of_control
from .models import JointControl, Round, Stop
from .rules import outside
from .ticking import look_again, write_facts

__all__ = ["load_control", "load_round"]


def load_round(
    organisation: Organisation,
    *,
    region: str,
    day: date,
    members: Iterable[Member],
    places: Sequence[str],
    part_of_day: str = "",
    languages: Sequence[str] = (),
    interpreter: str = "",
    state: str = codes.PLANNED,
) -> Round:
    """Add a round of any day, for demonstrations and moves from another system; the visits there are tick themselves off.

    Raises ValueError for a place that is unknown or of another region. One line in the log is the caller's to write.
    """
    with scope(organisation=organisation), writing():
        known = places_named(organisation, places)
        wrong = [ref for ref in places if ref not in known] or outside(region, known.values())
        if wrong or state not in codes.STATES:
            raise ValueError(f"not a round: {wrong or state}")
        new = Round.objects.create(
            organisation=organisation, region=region, day=day, part_of_day=part_of_day, languages=sorted(languages),
            interpreter=interpreter,
        )  # fmt: skip
        new.members.set(members)
        Stop.objects.bulk_create(
            Stop(round=new, position=number, place=ref, kind=known[ref].kind, area=known[ref].area)
            for number, ref in enumerate(places, 1)
        )
        look_again(new)
        if state != codes.PLANNED:
            new.state = state
            new.save(update_fields=["state"])
            write_facts(new)
    return new


def load_control(organisation: Organisation, *, day: date, led_by: str, area: str, kind: str) -> JointControl:
    """Add a joint control at no place of the organisation's own."""
    with scope(organisation=organisation), writing():
        new = JointControl.objects.create(organisation=organisation, day=day, led_by=led_by, area=area, kind=kind)
        record_facts(source=source_of_control(new), facts=facts_of_control(new))
    return new
