"""From the ledger to the numbers that are compared: counts of each site in each period. They are never shown as such."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from lygte.core.models import Organisation
from lygte.facts.reads import by_day, recorded_days

from .periods import Span, places_of
from .plan import Measure, Outcome, Plan, Site, hash_of

Table = list[list[int]]


@dataclass(frozen=True)
class Collected:
    """For each outcome what was counted (`y`) and over what (`e`); for each site and period how it stands."""

    y: list[Table]
    e: list[Table]
    states: list[list[str]] = field(default_factory=list)  # "seen", "silent" or "gone"

    def fingerprint(self) -> str:
        """Return the SHA-256 of the numbers, by which somebody who recounts knows that they have the same."""
        return hash_of([self.y, self.e])

    def as_request(self) -> list[dict[str, Any]]:
        return [{"y": y, "e": e} for y, e in zip(self.y, self.e, strict=True)]


class Ledger:
    """What the ledger says of some sites in some periods, asked once for each measure."""

    def __init__(self, sites: list[Site], spans: list[Span]) -> None:
        refs = {site.organisation for site in sites}
        self._numbers = dict(Organisation.objects.filter(ref__in=refs).values_list("ref", "pk"))
        self._sites: dict[tuple[int, str], int] = {}
        for place, site in enumerate(sites):
            if site.organisation in self._numbers:
                self._sites[(self._numbers[site.organisation], site.area)] = place
        self._days, self._places = (spans[0][0], spans[-1][1]), places_of(spans)
        self._shape = (len(sites), len(spans))

    def _empty(self) -> Table:
        return [[0] * self._shape[1] for _site in range(self._shape[0])]

    def _place(self, organisation: int, area: str, day: date) -> tuple[int, int] | None:
        site = self._sites.get((organisation, area), self._sites.get((organisation, "")))
        period = self._places.get(day)
        return None if site is None or period is None else (site, period)

    def counts(self, measure: Measure) -> Table:
        """Return what was counted of a measure."""
        table = self._empty()
        found = by_day(measure.fact, days=self._days, organisations=self._numbers.values(), where=measure.where)
        for (organisation, area, day), value in found.items():
            place = self._place(organisation, area, day)
            if place is not None:
                table[place[0]][place[1]] += value
        return table

    def heard(self) -> Table:
        """Return 1 where anything at all was recorded."""
        table = self._empty()
        for organisation, area, day in recorded_days(days=self._days, organisations=self._numbers.values()):
            place = self._place(organisation, area, day)
            if place is not None:
                table[place[0]][place[1]] = 1
        return table


def collect(
    plan: Plan, outcomes: list[Outcome], sites: list[Site], spans: list[Span], gone: dict[str, date] | None = None
) -> Collected:
    """Return the numbers of a trial. `gone` says from which day an organisation (or "" for all) no longer counts."""
    ledger = Ledger(sites, spans)
    states = _states(ledger.heard(), sites, spans, gone or {})
    known = [[state == "seen" or (state == "silent" and plan.silent == "nought") for state in row] for row in states]
    y, e = [], []
    for outcome in outcomes:
        counted = ledger.counts(outcome.measure)
        over = ledger.counts(outcome.per) if outcome.per else [[1] * len(spans) for _site in sites]
        e.append(_where(over, known))
        # Something counted where there was nothing to count it over has no rate.
        y.append([[v if n else 0 for v, n in zip(*rows, strict=True)] for rows in zip(counted, e[-1], strict=True)])
    return Collected(y, e, states)


def _where(table: Table, known: list[list[bool]]) -> Table:
    return [[value if ok else 0 for value, ok in zip(*rows, strict=True)] for rows in zip(table, known, strict=True)]


def _states(heard: Table, sites: list[Site], spans: list[Span], gone: dict[str, date]) -> list[list[str]]:
    rows = []
    for site, row in zip(sites, heard, strict=True):
        ends = [day for day in (gone.get(site.organisation), gone.get("")) if day is not None]
        rows.append(
            [
                "gone" if any(last >= end for end in ends) else "seen" if value else "silent"
                for value, (_first, last) in zip(row, spans, strict=True)
            ]
        )
    return rows
