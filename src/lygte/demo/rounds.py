"""Invented rounds of a season: past ones through places that were visited, one for today, one ahead, one called off."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta

from django_scopes import scope

from lygte.care.outreach.handover import KnownPlace, known_places, visits_there
from lygte.care.rounds.handover import load_control, load_round
from lygte.core.access import Verb
from lygte.core.audit import write_entry
from lygte.core.models import Member, Organisation
from lygte.core.transactions import writing
from lygte.directory.areas import region_of

WEEKS = 10
MOST_STOPS = 6
MISSED = 2  # places on a past round that nobody got to

# Which teams plan rounds, who goes today by name, and a joint control: led by whom, where, at what, days ago.
TODAY = {"road": ("Amina", "Jonas"), "round": ("Dagny",), "harbour": ("Fenna",)}
CONTROLS = {"road": ("police", "DK-561", "clinic", 23), "harbour": ("municipality", "NL-GM0518", "hotel", 31)}


def make_rounds(members: dict[str, list[Member]], today: date) -> None:
    """Add the rounds of the teams that plan them."""
    for party, names in TODAY.items():
        colleagues = members[party]
        organisation = colleagues[0].organisation
        with scope(organisation=organisation):
            number = _rounds_of(organisation, colleagues, names, today)
        if party in CONTROLS:
            led_by, area, kind, days = CONTROLS[party]
            load_control(organisation, day=today - timedelta(days=days), led_by=led_by, area=area, kind=kind)
        with writing():
            write_entry(
                organisation=organisation, member=None, verb=Verb.ROUND_PLAN, details={"loaded": True, "rounds": number}
            )


def _rounds_of(organisation: Organisation, colleagues: list[Member], names: Iterable[str], today: date) -> int:
    places = known_places(organisation)
    region = _home(places)
    here = [place for place in places if _region(place) == region]
    waiting = sorted(here, key=lambda place: (place.last_day or place.known_since, place.ref))
    by_pk = {member.pk: member for member in colleagues}
    count = 0
    for week in range(WEEKS, 0, -1):
        count += _past(organisation, here, waiting, by_pk, region, today - timedelta(days=7 * week))
    going = [member for member in colleagues if member.user.name.split()[0] in names]
    plans = (
        (today, "evening", waiting[:4], "planned"),
        (today + timedelta(days=3), "afternoon", waiting[4:7], "planned"),
        (today - timedelta(days=2), "evening", waiting[2:6], "called_off"),
    )
    for day, part, stops, state in plans:
        if stops:
            in_order = sorted(stops, key=lambda place: (place.area, place.code_name))
            spoken = sorted({code for place in in_order for code in place.languages})[:3]
            load_round(
                organisation, region=region, day=day, members=going, places=[place.ref for place in in_order],
                part_of_day=part, languages=spoken, interpreter="phone", state=state,
            )  # fmt: skip
            count += 1
    return count


def _past(
    organisation: Organisation,
    here: list[KnownPlace],
    waiting: list[KnownPlace],
    by_pk: dict[int, Member],
    region: str,
    monday: date,
) -> int:
    """Make a round of what one worker visited on one day of a week, the busiest; return how many were made."""
    refs = [place.ref for place in here]
    visited: Counter[tuple[int, date]] = Counter()
    days = {}
    for day in (monday + timedelta(days=n) for n in range(6)):
        days[day] = [visit for visit in visits_there(organisation, refs, day) if visit.member_id in by_pk]
        visited.update((visit.member_id or 0, day) for visit in days[day])
    if not visited:
        return 0
    who, day = max(visited, key=lambda key: (visited[key], key[1]))
    there = list(dict.fromkeys(visit.place for visit in days[day] if visit.member_id == who))[:MOST_STOPS]
    missed = [place.ref for place in waiting if place.ref not in there][: day.day % (MISSED + 1)]
    load_round(organisation, region=region, day=day, members=[by_pk[who]], places=[*there, *missed], state="done")
    return 1


def _region(place: KnownPlace) -> str:
    region = region_of(place.area)
    return region.code if region else ""


def _home(places: list[KnownPlace]) -> str:
    counted = Counter(_region(place) for place in places)
    return max(counted, key=lambda code: (counted[code], code))
