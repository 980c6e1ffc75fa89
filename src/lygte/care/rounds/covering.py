"""Coverage: of the places that are known, how many were visited in a time, and which were left out. Pure, one rule for all.

The rule, the same for every region, municipality and kind of place:
- known: in the book by the end of the time, and either open today or visited within the time;
- visited: with at least one visit within the time that counts, whatever came of it;
- never visited: open, known, and without any visit up to the end of the time;
- longest gap: the most days that an open place had waited at the end, since its last visit or since it became known.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from lygte.care.outreach.handover import KnownPlace
from lygte.facts.intervals import newcombe, wilson

from .rules import days_waiting, first_day, last_day, month_before

Key = TypeVar("Key")


@dataclass(frozen=True)
class Period:
    """Whole months; the last one goes up to today."""

    months: tuple[str, str]
    first: date
    until: date


def last_months(number: int, today: date, back: int = 0) -> Period:
    """Return so many months up to this one, or the same length so many times earlier."""
    end = month_before(f"{today:%Y-%m}", back * number)
    return between(month_before(end, number - 1), end, today)


def between(first: str, last: str, today: date) -> Period:
    return Period((first, last), first_day(first), min(last_day(last), today))


@dataclass(frozen=True)
class Cover:
    """What the rule gives for some places."""

    known: int = 0
    visited: int = 0
    visits: int = 0
    never: int = 0
    longest: int = 0

    @property
    def share(self) -> float | None:
        return self.visited / self.known if self.known else None

    @property
    def interval(self) -> tuple[float, float] | None:
        return wilson(self.visited, self.known) if self.known else None

    @property
    def per_place(self) -> float | None:
        return self.visits / self.known if self.known else None

    def __add__(self, other: Cover) -> Cover:
        return Cover(
            self.known + other.known,
            self.visited + other.visited,
            self.visits + other.visits,
            self.never + other.never,
            max(self.longest, other.longest),
        )


def cover_of(place: KnownPlace, period: Period) -> Cover:
    """Apply the rule to one place, whose last visit is that up to the end of the period."""
    visited = place.last_day is not None and place.last_day >= period.first
    if place.known_since > period.until and not visited:
        return Cover()
    if not place.active:
        return Cover(known=1, visited=1) if visited else Cover()
    return Cover(
        known=1,
        visited=int(visited),
        never=int(place.last_day is None),
        longest=days_waiting(place, period.until),
    )


Cells = Mapping[tuple[str, str], Cover]  # by municipality and kind of place


def covered(
    places: Iterable[KnownPlace], period: Period, visits: Mapping[tuple[str, str], int]
) -> dict[tuple[str, str], Cover]:
    """Apply the rule to places and add them up by municipality and kind, the finest that is ever shown."""
    known: dict[tuple[str, str], list[Cover]] = {}
    for place in places:
        known.setdefault((place.area, place.kind), []).append(cover_of(place, period))
    found = {
        cell: Cover(
            known=sum(cover.known for cover in known.get(cell, ())),
            visited=sum(cover.visited for cover in known.get(cell, ())),
            visits=visits.get(cell, 0),
            never=sum(cover.never for cover in known.get(cell, ())),
            longest=max((cover.longest for cover in known.get(cell, ())), default=0),
        )
        for cell in {*known, *visits}
    }
    return {cell: cover for cell, cover in found.items() if cover.known or cover.visits}


def rolled_up(cells: Cells, key: Callable[[str, str], Key | None]) -> dict[Key, Cover]:
    """Add cells up by `key(area, kind)`; a key of None leaves a cell out. The same as applying the rule again."""
    found: dict[Key, Cover] = {}
    for (area, kind), cover in cells.items():
        to = key(area, kind)
        if to is not None:
            found[to] = found.get(to, Cover()) + cover
    return found


def difference(one: Cover, whole: Cover) -> tuple[float, tuple[float, float]] | None:
    """Return how far a share lies from that of all the rest, with the interval of the difference."""
    others = whole.known - one.known
    if not one.known or not others:
        return None
    hits = whole.visited - one.visited
    return one.visited / one.known - hits / others, newcombe(one.visited, one.known, hits, others)
