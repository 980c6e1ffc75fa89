"""Named questions about rounds. Each takes the member first and stays within their organisation."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lygte.care.intake.handover import Listed
from lygte.care.outreach.handover import (
    PARTS_OF_DAY,
    PLACE_KINDS,
    KnownPlace,
    known_places,
    places_by_area,
    places_named,
)
from lygte.core.access import Verb, fetch, may
from lygte.core.models import Member
from lygte.core.today import Need, needs
from lygte.directory.areas import Area, area_name, areas_within, region_of, regions_of

from . import codes
from .models import JointControl, Round, Stop
from .rules import days_waiting, longest_unvisited

SHOWN = 60  # places that a page offers at once; the filters narrow them down
AHEAD = timedelta(days=2)  # how far a phone sees: it may have no network on the morning of a round
MOST_CONTROLS = 50


def who_may_go(member: Member) -> list[Member]:
    """Return who can be on a round: members of the organisation who may record visits, and nobody else."""
    found = Member.objects.filter(organisation=member.organisation, active=True, user__is_active=True)
    return [one for one in found.select_related("user", "organisation") if may(one, Verb.VISIT_RECORD)]


# Regions and places ---------------------------------------------------------------------------------------------------
def regions(member: Member) -> list[Area]:
    """Return the regions or provinces of the organisation's country: the same list for everybody there."""
    return regions_of(member.organisation.country)


def home_region(member: Member) -> str:
    """Return the region where the organisation has most of its places; the first one where it has none."""
    counted: dict[str, int] = {}
    for area, places in places_by_area(member.organisation).items():
        region = region_of(area)
        if region:
            counted[region.code] = counted.get(region.code, 0) + places
    return max(counted, key=lambda code: (counted[code], code)) if counted else regions(member)[0].code


@dataclass(frozen=True)
class PlaceWish:
    """Which places of a region are asked for: of a kind, never visited (0) or not for so many weeks."""

    region: str
    kind: str = ""
    language: str = ""
    open_at: str = ""
    weeks: int | None = None
    never: bool = False


def places_of(member: Member, wish: PlaceWish, *, today: date | None = None) -> list[KnownPlace]:
    """Return the open places of a region that match, those that wait longest first."""
    today = today or timezone.localdate()
    found = known_places(member.organisation, areas=areas_within(wish.region))
    return longest_unvisited(place for place in found if _matches(place, wish, today))


def _matches(place: KnownPlace, wish: PlaceWish, today: date) -> bool:
    return (
        (not wish.kind or place.kind == wish.kind)
        and (not wish.language or wish.language in place.languages)
        and (not wish.open_at or wish.open_at in place.open_at)
        and (not wish.never or place.last_day is None)
        and (wish.weeks is None or days_waiting(place, today) >= 7 * wish.weeks)
    )


def on_open_rounds(member: Member, *, but: Round | None = None) -> set[str]:
    """Return the places that are on a round which is planned or under way; the others are in the pool."""
    stops = Stop.objects.filter(round__organisation=member.organisation, round__state__in=codes.OPEN, visit="")
    if but is not None:
        stops = stops.exclude(round=but)
    return set(stops.values_list("place", flat=True))


# Rounds ---------------------------------------------------------------------------------------------------------------
COUNTS: dict[str, Any] = {"places": Count("stops"), "reached": Count("stops", filter=~Q(stops__visit=""))}


def _counted(found: QuerySet[Round]) -> QuerySet[Round]:
    return found.annotate(**COUNTS)


def rounds_between(member: Member, first: date, last: date) -> QuerySet[Round]:
    """Return the rounds of a time, by day, with how many places they have and how many were reached."""
    found = Round.objects.filter(organisation=member.organisation, day__gte=first, day__lte=last)
    return _counted(found).order_by("day", "pk")


def next_rounds(member: Member, number: int = 3) -> list[Round]:
    """Return the next open rounds from today."""
    found = Round.objects.filter(organisation=member.organisation, day__gte=timezone.localdate(), state__in=codes.OPEN)
    return list(_counted(found).order_by("day", "pk")[:number])


def one_round(member: Member, ref: str) -> Round:
    """Return one round, or Problem 404.1."""
    return fetch(member, Round, ref)


def stop_of(member: Member, one: Round, ref: str) -> Stop | None:
    return one.stops.filter(ref=ref).first()


def others_open(member: Member, one: Round) -> list[Round]:
    """Return the open rounds of the same region to which a place can be moved."""
    found = Round.objects.filter(organisation=member.organisation, region=one.region, state__in=codes.OPEN)
    return list(found.exclude(pk=one.pk).order_by("day", "pk")[:20])


@dataclass(frozen=True)
class Shown:
    """A place on a round as it is shown; `place` is absent only where the place itself is gone."""

    stop: Stop
    place: KnownPlace | None


def stops_shown(one: Round) -> list[Shown]:
    """Return the places of a round in order, each with its last visit before the round."""
    stops = list(one.stops.all())
    refs = [stop.place for stop in stops]
    before = one.day - timedelta(days=1)
    found = {p.ref: p for p in known_places(one.organisation, refs=refs, until=before, closed=True)}
    return [Shown(stop, found.get(stop.place)) for stop in stops]


Numbers = dict[int, str]
UNBROKEN = "\N{NO-BREAK SPACE}"  # a number alone on the next line of a phone says nothing


def numbers_of_day(member: Member, rounds: Iterable[Round]) -> Numbers:
    """Return which of the rounds of its day each one is, as “2 of 3”, or nothing where it is the only one.

    Two rounds of one day can have the same region and part of the day; a number tells them apart without naming anybody.
    """
    listed = list(rounds)
    found = Round.objects.filter(organisation=member.organisation, day__in={one.day for one in listed})
    days: dict[date, list[int]] = {}
    for pk, day in found.order_by("pk").values_list("pk", "day"):
        days.setdefault(day, []).append(pk)
    return {one.pk: _number(one, days[one.day]) for one in listed}


def _number(one: Round, of_day: list[int]) -> str:
    if len(of_day) == 1:
        return ""
    said = _("%(number)d of %(total)d") % {"number": of_day.index(one.pk) + 1, "total": len(of_day)}
    return said.replace(" ", UNBROKEN)


def told_apart(said: str, one: Round, numbers: Numbers) -> str:
    """Add to what is said of a round what tells it apart from others of its day."""
    part = str(PARTS_OF_DAY[one.part_of_day]) if one.part_of_day else ""
    return " · ".join(filter(None, (said, part, numbers[one.pk])))


def title_of(one: Round, numbers: Numbers) -> str:
    """Return what a round is called: its day and its region, and what tells it apart from others of that day."""
    said = _("Round of %(day)s, %(region)s") % {
        "day": date_format(one.day, "SHORT_DATE_FORMAT"),
        "region": area_name(one.region),
    }
    return told_apart(said, one, numbers)


def day_in_words(one: Round, today: date | None = None) -> str:
    """Return the day of a round: today, or its weekday and date."""
    if one.day == (today or timezone.localdate()):
        return _("Today")
    return f"{date_format(one.day, 'l')} {date_format(one.day, 'MONTH_DAY_FORMAT')}"


# For phones -----------------------------------------------------------------------------------------------------------
def _coming(member: Member) -> list[Round]:
    today = timezone.localdate()
    found = Round.objects.filter(
        organisation=member.organisation, members=member, day__gte=today, day__lte=today + AHEAD
    ).exclude(state=codes.CALLED_OFF)
    return list(found.order_by("day", "pk").prefetch_related("stops").distinct())


def rounds_for_phone(member: Member) -> list[dict[str, Any]]:
    """Return the rounds that this member goes on, today and the next two days, with their places in order.

    Pseudonyms, kinds and days; no address, and nobody's name.
    """
    if not may(member, Verb.ROUND_READ):
        return []
    rounds = _coming(member)
    known = places_named(member.organisation, {stop.place for one in rounds for stop in one.stops.all()})
    numbers = numbers_of_day(member, rounds)
    return [
        {
            "ref": one.ref,
            "title": told_apart(area_name(one.region), one, numbers),
            "day": one.day.isoformat(),
            "when": day_in_words(one),
            "languages": one.languages,
            "done": one.state == codes.DONE,
            "places": [stop.place for stop in one.stops.all()],
            "stops": [_for_phone(stop, known[stop.place]) for stop in one.stops.all() if stop.place in known],
        }
        for one in rounds
    ]


def _for_phone(stop: Stop, place: KnownPlace) -> dict[str, Any]:
    return {
        "ref": place.ref,
        "code": place.short_code,
        "name": place.code_name,
        "kind": str(PLACE_KINDS[place.kind]),
        "area": area_name(place.area),
        "languages": list(place.languages),
        "last_visit": place.last_day.isoformat() if place.last_day else None,
        "reached": bool(stop.visit),
    }


def places_on_todays_rounds(member: Member) -> list[Listed]:
    """Return the places of this member's rounds today, in order, as a list that any form may offer."""
    if not may(member, Verb.ROUND_READ):
        return []
    today = timezone.localdate()
    rounds = [one for one in _coming(member) if one.day == today]
    known = places_named(member.organisation, {stop.place for one in rounds for stop in one.stops.all()})
    stops = {stop.place: stop for one in reversed(rounds) for stop in reversed(one.stops.all())}
    ordered = [ref for ref in dict.fromkeys(s.place for one in rounds for s in one.stops.all()) if ref in known]
    return [
        Listed(
            known[ref].short_code,
            f"{number} · {known[ref].code_name}",
            {"position": str(number), "reached": "yes" if stops[ref].visit else "no"},
        )
        for number, ref in enumerate(ordered, 1)
    ]


# Joint controls -------------------------------------------------------------------------------------------------------
def joint_controls(member: Member) -> list[JointControl]:
    """Return the newest joint controls."""
    found = JointControl.objects.filter(organisation=member.organisation)
    return list(found.order_by("-day", "-pk")[:MOST_CONTROLS])


# Today ----------------------------------------------------------------------------------------------------------------
@needs
def rounds_that_wait(member: Member) -> list[Need]:
    """Tell who goes of the round of today, and the team of rounds that are over and were not ended."""
    if not may(member, Verb.ROUND_LIST):
        return []
    today = timezone.localdate()
    own = Round.objects.filter(organisation=member.organisation, members=member, day=today, state__in=codes.OPEN)
    mine = list(_counted(own).order_by("pk"))
    numbers = numbers_of_day(member, mine)
    found = [
        Need(
            title=told_apart(_("Your round today: %(region)s") % {"region": area_name(one.region)}, one, numbers),
            detail=ngettext(
                "%(reached)d of %(count)d place visited", "%(reached)d of %(count)d places visited", one.places
            )
            % {"count": one.places, "reached": one.reached},
            url=reverse("rounds:round", args=[one.ref]),
            due=one.day,
        )
        for one in mine
    ]
    over = Round.objects.filter(organisation=member.organisation, day__lt=today, state__in=codes.OPEN)
    late = list(over.order_by("day", "pk")[:MOST_CONTROLS])
    if late:
        count = len(late)
        found.append(
            Need(
                title=ngettext(
                    "%(count)d round is over and not ended", "%(count)d rounds are over and not ended", count
                )
                % {"count": count},
                detail=_("End it, and what was not reached goes back into the pool."),
                url=reverse("rounds:round", args=[late[0].ref]),
                count=count,
            )
        )
    return found
