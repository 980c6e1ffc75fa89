"""What may follow what, which places to suggest, and when a season begins. Pure: nothing is looked up here."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from lygte.care.outreach.handover import KnownPlace
from lygte.directory.areas import areas_within

from .codes import CALLED_OFF, DONE, PLANNED, UNDER_WAY

MOST_PLACES = 40  # a round is a day's work
SUGGESTED = 8
FURTHEST = timedelta(days=366)

# State now: the states one may go to. Every step has one that leads back.
STEPS: dict[str, tuple[str, ...]] = {
    PLANNED: (UNDER_WAY, DONE, CALLED_OFF),
    UNDER_WAY: (DONE, CALLED_OFF, PLANNED),
    DONE: (UNDER_WAY, PLANNED),
    CALLED_OFF: (PLANNED, UNDER_WAY),
}


def may_become(now: str, then: str) -> bool:
    return then in STEPS[now]


def may_be_planned_for(day: date, today: date) -> bool:
    return today <= day <= today + FURTHEST


def outside(region: str, places: Iterable[KnownPlace]) -> list[KnownPlace]:
    """Return the places that lie in another region than the round."""
    within = areas_within(region)
    return [place for place in places if place.area not in within]


def waiting_since(place: KnownPlace) -> date:
    """Return since when a place waits for a visit: its last one, or the day it became known."""
    return place.last_day or place.known_since


def days_waiting(place: KnownPlace, on: date) -> int:
    return max(0, (on - waiting_since(place)).days)


def longest_unvisited(places: Iterable[KnownPlace]) -> list[KnownPlace]:
    """Order places by how long nobody came: never visited ones first, those known longest before the others."""
    return sorted(places, key=lambda p: (p.last_day is not None, waiting_since(p), p.code_name))


def neighbours_together(places: Iterable[KnownPlace]) -> list[KnownPlace]:
    """Order places so that who waits longest comes first, and the others of its municipality follow it directly."""
    by_area: dict[str, list[KnownPlace]] = {}
    for place in longest_unvisited(places):
        by_area.setdefault(place.area, []).append(place)
    return [place for together in by_area.values() for place in together]


def suggest(
    places: Iterable[KnownPlace], *, taken: Collection[str], today: date, number: int = SUGGESTED
) -> list[KnownPlace]:
    """Choose the places that wait longest, are on no open round and were not visited today; neighbours follow each other."""
    free = (p for p in longest_unvisited(places) if p.ref not in taken and p.last_day != today)
    return neighbours_together([place for place, _n in zip(free, range(number), strict=False)])


# Seasons --------------------------------------------------------------------------------------------------------------
SEASONS = ("winter", "spring", "summer", "autumn")


@dataclass(frozen=True)
class Season:
    """Three whole months; winter is named after the year in which it ends, and begins in the December before."""

    year: int
    name: str

    @property
    def months(self) -> tuple[str, str]:
        """Return the first and the last month, both included, as 2026-09."""
        first = SEASONS.index(self.name) * 3
        start = f"{self.year - 1}-12" if first == 0 else f"{self.year}-{first:02}"
        return start, f"{self.year}-{first + 2:02}"

    @property
    def days(self) -> tuple[date, date]:
        """Return the first and the last day."""
        return first_day(self.months[0]), last_day(self.months[1])

    @property
    def code(self) -> str:
        return f"{self.year}-{self.name}"

    def moved(self, by: int) -> Season:
        number = self.year * 4 + SEASONS.index(self.name) + by
        return Season(number // 4, SEASONS[number % 4])


def season_of(day: date) -> Season:
    year = day.year + (day.month == 12)
    return Season(year, SEASONS[day.month % 12 // 3])


def season_named(code: str) -> Season | None:
    """Return the season with a code such as 2026-autumn, or None."""
    year, _dash, name = code.partition("-")
    if not (year.isascii() and year.isdigit() and 2000 <= int(year[:5]) <= 2100 and name in SEASONS):
        return None
    return Season(int(year), name)


def first_day(month: str) -> date:
    return date.fromisoformat(f"{month}-01")


def last_day(month: str) -> date:
    return (first_day(month) + timedelta(days=32)).replace(day=1) - timedelta(days=1)


def month_before(month: str, by: int) -> str:
    number = int(month[:4]) * 12 + int(month[5:]) - 1 - by
    return f"{number // 12}-{number % 12 + 1:02}"
