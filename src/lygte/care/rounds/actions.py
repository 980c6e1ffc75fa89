"""What can be done with rounds and joint controls; each action is one transaction and leaves one line in the log."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.utils import timezone

from lygte.care.outreach.handover import INTERPRETERS, PARTS_OF_DAY, PLACE_KINDS, KnownPlace, places_named, visits_there
from lygte.core.access import Verb
from lygte.core.actions import action
from lygte.core.models import Member
from lygte.core.problems import Problem
from lygte.directory.areas import AREAS, area_name, region_of
from lygte.directory.languages import LANGUAGES
from lygte.facts.ledger import record_facts, remove_facts

from . import codes, reads
from .facts import facts_of_control, source_of_control
from .models import JointControl, Round, Stop
from .rules import MOST_PLACES, may_be_planned_for, may_become, outside
from .ticking import look_again, write_facts


@action(Verb.ROUND_PLAN, details=lambda one: {"places": one.stops.count()})
def plan_round(
    *,
    member: Member,
    region: str,
    day: date,
    going: Sequence[str],
    places: Sequence[str],
    part_of_day: str = "",
    languages: Sequence[str] = (),
    interpreter: str = "",
    with_authority: bool = False,
) -> Round:
    """Plan a round: `going` are references of members, `places` references of places in the order of the visits."""
    if not may_be_planned_for(day, timezone.localdate()):
        raise Problem("422.660")
    new = Round(organisation=member.organisation, region=_region(member, region))
    _describe(new, day, part_of_day, languages, interpreter, with_authority)
    stops = _stops(member, new.region, places)
    team = _team(member, going)
    new.save()
    new.members.set(team)
    Stop.objects.bulk_create(
        Stop(round=new, position=number, place=place.ref, kind=place.kind, area=place.area)
        for number, place in enumerate(stops, 1)
    )
    look_again(new)
    return new


@action(Verb.ROUND_CHANGE, details=lambda one: {"places": one.stops.count()})
def change_round(
    *,
    member: Member,
    round: Round,
    day: date,
    going: Sequence[str],
    places: Sequence[str],
    part_of_day: str = "",
    languages: Sequence[str] = (),
    interpreter: str = "",
    with_authority: bool = False,
) -> Round:
    """Plan an open round anew. Places that were visited stay on it, whatever is chosen."""
    _lock(round)
    if not round.open:
        raise Problem("409.660", state=codes.STATES[round.state])
    if day != round.day and not may_be_planned_for(day, timezone.localdate()):
        raise Problem("422.660")
    visited = [stop.place for stop in round.stops.all() if stop.visit]
    if visited and day != round.day:
        raise Problem("409.662")
    _describe(round, day, part_of_day, languages, interpreter, with_authority)
    wanted = [*dict.fromkeys([*places, *visited])]
    stops = _stops(member, round.region, wanted, known=set(round.stops.values_list("place", flat=True)))
    team = _team(member, going, known=round)
    round.save()
    round.members.set(team)
    there = {stop.place: stop for stop in round.stops.all()}
    round.stops.exclude(place__in=wanted).delete()
    for number, place in enumerate(stops, 1):
        stop = there.get(place.ref) or Stop(round=round, place=place.ref, kind=place.kind, area=place.area)
        stop.position = number
        stop.save()
    look_again(round)
    return round


@action(Verb.ROUND_CHANGE, details=lambda one: {"state": one.state})
def set_state(*, member: Member, round: Round, state: str) -> Round:
    """Begin a round, end it, call it off, or take such a step back."""
    _lock(round)
    if state not in codes.STATES:
        raise Problem("422.668")
    if not may_become(round.state, state) or (state == codes.CALLED_OFF and _visited(round)):
        raise Problem("409.660", state=codes.STATES[round.state])
    round.state = state
    round.save(update_fields=["state"])
    write_facts(round)
    return round


@action(Verb.ROUND_CHANGE, details=lambda stop: {"round": stop.round.ref})
def move_stop(*, member: Member, stop: Stop, to: Round) -> Stop:
    """Put a place that was not reached at the end of another open round of the same region."""
    here = stop.round
    for one in sorted((here, to), key=lambda one: one.pk):
        _lock(one)
    stop.refresh_from_db(fields=["visit"])
    if stop.visit:
        raise Problem("409.662")
    if not to.open or here.state == codes.DONE:
        raise Problem("409.660", state=codes.STATES[(here if to.open else to).state])
    if to.region != here.region:
        raise Problem("422.669", there=area_name(to.region), region=area_name(here.region))
    if to.stops.filter(place=stop.place).exists():
        raise Problem("409.661")
    if to.stops.count() >= MOST_PLACES:
        raise Problem("422.665", most=MOST_PLACES)
    stop.round = to
    stop.position = (to.stops.order_by("-position").values_list("position", flat=True).first() or 0) + 1
    stop.save(update_fields=["round", "position"])
    look_again(to)
    return stop


def _lock(one: Round) -> None:
    """Read a round again under a lock, so that two people who change it do so one after the other."""
    one.refresh_from_db(from_queryset=Round.objects.select_for_update())


def _visited(one: Round) -> bool:
    return one.stops.exclude(visit="").exists()


def _region(member: Member, code: str) -> str:
    area = AREAS.get(code)
    if area is None or area.level != "region" or area.country != member.organisation.country:
        raise Problem("422.668")
    return code


def _describe(
    one: Round, day: date, part_of_day: str, languages: Sequence[str], interpreter: str, with_authority: bool
) -> None:
    """Check what is said of a round and write it on the object, without saving."""
    if with_authority:
        raise Problem("422.662")
    on_lists = (part_of_day or "morning") in PARTS_OF_DAY and (interpreter or "none") in INTERPRETERS
    if not on_lists or not set(languages) <= set(LANGUAGES):
        raise Problem("422.668")
    one.day, one.part_of_day, one.interpreter, one.languages = day, part_of_day, interpreter, sorted(set(languages))


def _team(member: Member, going: Sequence[str], known: Round | None = None) -> list[Member]:
    """Return who goes: members who may record visits; who was on the round already may stay on it."""
    if not going:
        raise Problem("422.667")
    may_go = {one.ref: one for one in reads.who_may_go(member)}
    if known is not None:
        may_go |= {one.ref: one for one in known.members.all()}
    if not set(going) <= set(may_go):
        raise Problem("422.661")
    return [may_go[ref] for ref in dict.fromkeys(going)]


def _stops(
    member: Member, region: str, places: Sequence[str], known: set[str] | frozenset[str] = frozenset()
) -> list[KnownPlace]:
    """Return the places in order: of the organisation, of the region, open or on the round already."""
    order = list(dict.fromkeys(places))
    if not order:
        raise Problem("422.664")
    if len(order) > MOST_PLACES:
        raise Problem("422.665", most=MOST_PLACES)
    found = places_named(member.organisation, order)
    if any(ref not in found or not (found[ref].active or ref in known) for ref in order):
        raise Problem("422.666")
    for place in outside(region, (found[ref] for ref in order)):
        there = region_of(place.area)
        name = there.name if there else area_name(place.area)
        raise Problem("422.663", name=place.code_name, there=name, region=area_name(region))
    return [found[ref] for ref in order]


# Joint controls -------------------------------------------------------------------------------------------------------
@action(Verb.CONTROL_RECORD)
def record_joint_control(
    *, member: Member, day: date, led_by: str, area: str = "", kind: str = "", place: str = ""
) -> JointControl:
    """Count a control that an authority led. At a place of ours (`place` is its reference) no visit can stand that day."""
    if day > timezone.localdate():
        raise Problem("422.670")
    if place:
        known = places_named(member.organisation, [place]).get(place)
        if known is None:
            raise Problem("422.666")
        if visits_there(member.organisation, [place], day):
            raise Problem("409.664", day=day.isoformat())
        area, kind = known.area, known.kind
    if led_by not in codes.AUTHORITIES or kind not in PLACE_KINDS or area not in AREAS:
        raise Problem("422.668")
    if AREAS[area].level != "municipality":
        raise Problem("422.668")
    new = JointControl.objects.create(
        organisation=member.organisation, day=day, led_by=led_by, area=area, kind=kind, place=place
    )
    record_facts(source=source_of_control(new), facts=facts_of_control(new))
    return new


@action(Verb.CONTROL_RECORD, details=lambda control: {"withdrawn": control.withdrawn})
def withdraw_joint_control(*, member: Member, control: JointControl, withdrawn: bool = True) -> JointControl:
    """Take a joint control back, or let it count again; twice the same does it once."""
    control.refresh_from_db(from_queryset=JointControl.objects.select_for_update())
    if not withdrawn and control.place and visits_there(member.organisation, [control.place], control.day):
        raise Problem("409.664", day=control.day.isoformat())
    control.withdrawn = withdrawn
    control.save(update_fields=["withdrawn"])
    remove_facts(source_of_control(control))
    record_facts(source=source_of_control(control), facts=facts_of_control(control))
    return control
