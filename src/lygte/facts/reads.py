"""Reading totals. Only sums come out; whoever shows them passes them through `disclosure.protect` first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from datetime import date

from django.db.models import Sum

from lygte.core.problems import Problem

from .models import Entry, Record, Total
from .register import KINDS, Kind

Where = Mapping[str, Collection[str]]


def kind_named(name: str) -> Kind:
    """Return a registered kind, or Problem 404.400."""
    if name not in KINDS:
        raise Problem("404.400", name=name)
    return KINDS[name]


def _read(dimensions: str) -> dict[str, str]:
    return dict(part.split("=", 1) for part in dimensions.split("|")) if dimensions else {}


def _cells(
    kind: str,
    months: tuple[str, str],
    areas: Collection[str] | None,
    organisations: Collection[int] | None,
    column: str | None = None,
) -> Iterator[tuple[str, str, int]]:
    """Yield (column value, dimensions, sum), summed by the database."""
    rows = Total.objects.filter(kind=kind, month__gte=months[0], month__lte=months[1])
    if areas is not None:
        rows = rows.filter(area__in=list(areas))
    if organisations is not None:
        rows = rows.filter(organisation__in=list(organisations))
    by = [column] if column else []
    for row in rows.order_by().values_list(*by, "dimensions").annotate(Sum("value")):
        yield (str(row[0]) if column else "", row[-2], row[-1])


def totals(
    kind: str,
    *,
    months: tuple[str, str],
    areas: Collection[str] | None = None,
    organisations: Collection[int] | None = None,
    where: Where | None = None,
    by: str | None = None,
) -> dict[str | None, int]:
    """Return sums of a kind between two months (“2016-07”, both included).

    `where` keeps facts whose dimension has one of the codes; `by` splits by a dimension, or by "month", "area" or
    "organisation"; without `by` the one key is None. Codes that never occur are absent.
    """
    column = {"month": "month", "area": "area", "organisation": "organisation"}.get(by or "")
    found: Counter[str | None] = Counter()
    for key, written, value in _cells(kind, months, areas, organisations, column):
        dimensions = _read(written)
        if where and any(dimensions.get(name) not in codes for name, codes in where.items()):
            continue
        found[key if column else (dimensions.get(by) if by else None)] += value
    return {} if not found and by else dict(found) or {None: 0}


def cross_table(
    kind: str,
    *,
    months: tuple[str, str],
    dimension: str,
    areas: Collection[str] | None = None,
    organisations: Collection[int] | None = None,
) -> dict[tuple[str, str], int]:
    """Return sums by (municipality, code of one dimension) between two months, both included; one question for the whole table."""
    found: Counter[tuple[str, str]] = Counter()
    for area, written, value in _cells(kind, months, areas, organisations, "area"):
        found[(area, _read(written)[dimension])] += value
    return dict(found)


Day = tuple[int, str, date]  # organisation, area, day


def by_day(
    kind: str, *, days: tuple[date, date], organisations: Collection[int], where: Where | None = None
) -> dict[Day, int]:
    """Return sums of a kind for every organisation, area and day between two days (both included).

    For calculations that end in few large numbers, such as a method trial; single days are never shown to anybody.
    """
    rows = Entry.objects.filter(
        kind=kind, record__organisation__in=list(organisations), record__day__gte=days[0], record__day__lte=days[1]
    )
    columns = ("record__organisation", "record__area", "record__day", "dimensions")
    found: Counter[Day] = Counter()
    for organisation, area, day, written, value in rows.order_by().values_list(*columns).annotate(Sum("value")):
        dimensions = _read(written)
        if where and any(dimensions.get(name) not in codes for name, codes in where.items()):
            continue
        found[(organisation, area, day)] += value
    return dict(found)


def recorded_days(*, days: tuple[date, date], organisations: Collection[int]) -> set[Day]:
    """Return on which days an organisation recorded anything at all in an area: silence is not the same as nought."""
    rows = Record.objects.filter(organisation__in=list(organisations), day__gte=days[0], day__lte=days[1])
    return set(rows.order_by().values_list("organisation", "area", "day").distinct())
