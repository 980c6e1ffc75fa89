"""Coverage as it is read: the places with their last visit, one index seek each, and the ledger's running totals by month."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from lygte.care.outreach.handover import KnownPlace, known_places
from lygte.core.models import Member
from lygte.directory.areas import areas_within, region_of
from lygte.facts.reads import cross_table, totals

from . import codes, reads
from .covering import Cover, Period, between, covered, last_months, rolled_up
from .rules import Season

EARLIER = 3  # how many periods of the same length are shown before the present one


def region_code(area: str, _kind: str = "") -> str | None:
    region = region_of(area)
    return region.code if region else None


def visits_by_cell(member: Member, period: Period, areas: Collection[str] | None = None) -> dict[tuple[str, str], int]:
    """Return the visits of the organisation by (municipality, kind of place), from the running totals."""
    return cross_table(
        "visit", months=period.months, dimension="place_kind", areas=areas, organisations=[member.organisation_id]
    )


def places_by(member: Member, period: Period, areas: Iterable[str] | None = None) -> list[KnownPlace]:
    return known_places(member.organisation, until=period.until, areas=areas, closed=True, described=False)


@dataclass(frozen=True)
class Regions:
    """Coverage of every region of the country, and of each region by kind of place."""

    period: Period
    whole: Cover
    by_region: dict[str, Cover]
    by_kind: dict[tuple[str, str], Cover]  # (region, kind)
    by_cell: dict[tuple[str, str], Cover]  # (municipality, kind)


def of_regions(member: Member, period: Period) -> Regions:
    """Ask the same of every region: one question for the places, one for the visits."""
    cells = covered(places_by(member, period), period, visits_by_cell(member, period))

    def region_and_kind(area: str, kind: str) -> tuple[str, str] | None:
        code = region_code(area)
        return (code, kind) if code else None

    by_region = rolled_up(cells, region_code)
    return Regions(
        period=period,
        whole=sum(by_region.values(), Cover()),
        by_region=by_region,
        by_kind=rolled_up(cells, region_and_kind),
        by_cell=cells,
    )


def over_time(member: Member, region: str, months: int, today: date) -> list[tuple[Period, Cover]]:
    """Return the coverage of one region in periods of one length, the oldest first, the present one last."""
    within = areas_within(region)
    found = []
    for back in range(EARLIER, -1, -1):
        period = last_months(months, today, back)
        cells = covered(places_by(member, period, within), period, visits_by_cell(member, period, within))
        found.append((period, sum(cells.values(), Cover())))
    return found


@dataclass(frozen=True)
class Glance:
    """A season in numbers."""

    season: Season
    states: dict[str, int]
    planned: int
    reached: int
    visits: int
    spoken_to: int
    controls: int
    cover: Cover


def at_a_glance(member: Member, season: Season, today: date) -> Glance:
    """Add a season up: rounds from their table, visits and contacts from the running totals, gaps by the rule."""
    own = [member.organisation_id]
    first, last = season.days
    rounds = list(reads.rounds_between(member, first, last))
    states = {state: sum(one.state == state for one in rounds) for state in codes.STATES}
    over = [one for one in rounds if one.state != codes.CALLED_OFF and (one.state == codes.DONE or one.day < today)]
    period = between(*season.months, max(today, first))
    cells = covered(places_by(member, period), period, visits_by_cell(member, period))

    def total(kind: str) -> int:
        return totals(kind, months=season.months, organisations=own).get(None, 0)

    return Glance(
        season=season,
        states=states,
        planned=sum(one.places for one in over),
        reached=sum(one.reached for one in over),
        visits=total("visit"),
        spoken_to=total("people_spoken_to"),
        controls=total("joint_control"),
        cover=sum(cells.values(), Cover()),
    )
