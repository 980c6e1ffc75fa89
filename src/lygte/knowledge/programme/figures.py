"""Figures: a declared indicator, counted from facts, with what may be shown of it.

The counting asks the ledger; everything after it is pure, and always treats a whole report together, since a number
that is safe alone may give another one away.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from math import sqrt

from django.utils.translation import override

from lygte.facts import reads
from lygte.facts.disclosure import HIDDEN, Cell
from lygte.facts.register import Kind

from .formats import LANGUAGES, month
from .hiding import Numbers, Table, hidden_numbers
from .months import Months, month_before, months_between, next_month, overlap
from .planfile.schema import Indicator

Text = dict[str, str]
BY_MONTH = "month"

# Kinds that count some of the people whom another kind counts.
SOME_OF: Mapping[str, tuple[str, ...]] = {
    "people_spoken_to": ("people_present",),
    "people_new": ("people_spoken_to", "people_present"),
    "people_by_gender": ("people_spoken_to", "people_present"),
    "people_by_nationality": ("people_spoken_to", "people_present"),
}

Constraints = tuple[tuple[str, tuple[str, ...]], ...]
Key = tuple[str, Constraints]


@dataclass(frozen=True)
class Segment:
    """A stretch of months in which the same organisations deliver in the same municipalities."""

    months: Months
    areas: frozenset[str]
    organisations: frozenset[int]


@dataclass(frozen=True)
class Scope:
    """What of the ledger counts for an initiative up to a month."""

    months: Months
    segments: tuple[Segment, ...]
    place_kinds: tuple[str, ...]
    organisations: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Delivered:
    """Who delivered where, from when to when: a delivery, cut to the initiative."""

    organisation_id: int
    areas: frozenset[str]
    months: Months


@dataclass(frozen=True)
class Counted:
    """What the ledger said about one indicator, nothing hidden yet. Never leaves this file but for tests."""

    indicator: Indicator
    kind: Kind
    where: Constraints
    total: int
    base_where: Constraints = ()
    base: int | None = None
    rows: Mapping[str, int] = field(default_factory=dict)
    reporters: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Row:
    """One line of a table."""

    code: str
    label: Text
    cell: Cell


@dataclass(frozen=True)
class Goal:
    """What the plan set out to reach."""

    value: float
    by: str
    source: str


@dataclass(frozen=True)
class Figure:
    """A figure with everything it must never stand without."""

    key: str
    title: Text
    definition: Text
    counts: Text
    counting_rule: Text
    unit: Text
    aggregation: str
    months: Months
    value: Cell
    base: Cell | None
    interval: tuple[float, float] | None
    target: Goal | None
    dimension: Text | None
    by_month: bool
    rows: tuple[Row, ...]
    unlisted_are_zero: bool
    reporter_mix: tuple[Row, ...]

    @property
    def share(self) -> float | None:
        """Return the share where both its numbers may be shown."""
        if self.base is None or self.value.value is None or not self.base.value:
            return None
        return self.value.value / self.base.value


def segments_of(delivered: Iterable[Delivered]) -> tuple[Segment, ...]:
    """Cut deliveries into stretches that never overlap, so that no visit counts twice."""
    delivered = list(delivered)
    edges = sorted({d.months[0] for d in delivered} | {next_month(d.months[1]) for d in delivered})
    grouped: dict[tuple[Months, frozenset[str]], set[int]] = {}
    for first, following in pairwise(edges):
        stretch = (first, month_before(following))
        for organisation in sorted({d.organisation_id for d in delivered}):
            areas = frozenset[str]().union(
                *(d.areas for d in delivered if d.organisation_id == organisation and overlap(d.months, stretch))
            )
            if areas:
                grouped.setdefault((stretch, areas), set()).add(organisation)
    return tuple(Segment(months, areas, frozenset(who)) for (months, areas), who in grouped.items())


def count(indicator: Indicator, scope: Scope) -> Counted:
    """Ask the ledger for one indicator."""
    kind = reads.kind_named(indicator.fact)
    base_where = _narrowed({}, kind, scope)
    where = _narrowed(indicator.where, kind, scope)
    share = indicator.aggregation == "share"
    reporters = _summed(kind.name, base_where if share else where, "organisation", scope)
    return Counted(
        indicator=indicator,
        kind=kind,
        where=where,
        total=sum(_summed(kind.name, where, None, scope).values()),
        base_where=base_where,
        base=sum(_summed(kind.name, base_where, None, scope).values()) if share else None,
        rows=_rows(indicator, kind, where, scope),
        reporters={pk: reporters.get(str(pk), 0) for pk in scope.organisations},
    )


def _narrowed(where: Mapping[str, Sequence[str]], kind: Kind, scope: Scope) -> Constraints:
    """Add the initiative's kinds of place to a filter, in one canonical form."""
    full = {name: set(codes) for name, codes in where.items()}
    if scope.place_kinds and any(d.name == "place_kind" for d in kind.dimensions):
        full["place_kind"] = full.get("place_kind", set(scope.place_kinds)) & set(scope.place_kinds)
    return tuple((name, tuple(sorted(codes))) for name, codes in sorted(full.items()))


def _summed(kind: str, where: Constraints, by: str | None, scope: Scope) -> Counter[str]:
    found: Counter[str] = Counter()
    for segment in scope.segments:
        part = reads.totals(
            kind,
            months=segment.months,
            areas=segment.areas,
            organisations=segment.organisations,
            where=dict(where),
            by=by,
        )
        found.update({str(code): value for code, value in part.items()})
    return found


def _rows(indicator: Indicator, kind: Kind, where: Constraints, scope: Scope) -> dict[str, int]:
    """Return a count for every code the dimension has, within the filter, zeros too."""
    if indicator.by is None:
        return {}
    found = _summed(kind.name, where, indicator.by, scope)
    if indicator.by == BY_MONTH:
        codes: Iterable[str] = months_between(scope.months)
    else:
        allowed = dict(where).get(indicator.by)
        codes = [code for code in kind.dimension(indicator.by).values if allowed is None or code in allowed]
    return {code: found.get(code, 0) for code in codes}


# What may be shown ------------------------------------------------------------------------------------------------------


def protected(counted: Sequence[Counted], scope: Scope, target_of: Callable[[Indicator], Goal | None]) -> list[Figure]:
    """Return the figures of one report, with every number hidden that must be."""
    hidden = hidden_numbers(numbers_of(counted))
    return [_figure(one, scope, hidden, target_of(one.indicator)) for one in counted]


def numbers_of(counted: Iterable[Counted]) -> Numbers:
    """Return everything the report would show as one system of sums."""
    numbers = Numbers()
    for one in counted:
        _add(one, numbers)
    parts = {(table.total, part) for table in numbers.tables for part in table.parts}
    keys = list(numbers.values)
    for whole in keys:
        for part in keys:
            if whole != part and (whole, part) not in parts and _is_some_of(part, whole):  # type: ignore[arg-type]
                numbers.within.add((whole, part))
    return numbers


def _add(one: Counted, numbers: Numbers) -> None:
    total = _key(one.kind, one.where)
    base = _key(one.kind, one.base_where)
    numbers.values[total] = one.total
    if one.base is not None:
        numbers.values[base] = one.base
    mixed = base if one.base is not None else total
    tables = [(mixed, {_key(one.kind, _with(mixed[1], "organisation", str(pk))): n for pk, n in one.reporters.items()})]
    if one.indicator.by:
        by = one.indicator.by
        tables.append((total, {_key(one.kind, _with(one.where, by, code)): n for code, n in one.rows.items()}))
    for whole, parts in tables:
        for key, value in parts.items():
            numbers.values[key] = value
        if parts and Table(whole, tuple(parts)) not in numbers.tables and set(parts) != {whole}:
            numbers.tables.append(Table(whole, tuple(parts)))
    numbers.smallest.update({key: one.kind.smallest_cell for key in numbers.values if key not in numbers.smallest})


def _key(kind: Kind, where: Constraints) -> Key:
    return (kind.name, where)


def _with(where: Constraints, name: str, code: str) -> Constraints:
    return tuple(sorted({**dict(where), name: (code,)}.items()))


def _is_some_of(part: Key, whole: Key) -> bool:
    """Tell whether everything counted in one number is counted in the other as well."""
    if part[0] != whole[0] and whole[0] not in SOME_OF.get(part[0], ()):
        return False
    narrower = dict(part[1])
    return all(name in narrower and set(narrower[name]) <= set(codes) for name, codes in whole[1])


def _figure(one: Counted, scope: Scope, hidden: frozenset[object], target: Goal | None) -> Figure:
    def cell(key: Key, value: int) -> Cell:
        return HIDDEN if key in hidden else Cell(value)

    indicator, kind = one.indicator, one.kind
    mixed = one.base_where if one.base is not None else one.where
    rows = [
        Row(code, _row_label(indicator, kind, code), cell(_key(kind, _with(one.where, indicator.by or "", code)), n))
        for code, n in one.rows.items()
    ]
    value = cell(_key(kind, one.where), one.total)
    base = cell(_key(kind, one.base_where), one.base) if one.base is not None else None
    shortened = len(rows) > 7 and indicator.by != BY_MONTH
    return Figure(
        key=indicator.key,
        title=indicator.title.model_dump(),
        definition=indicator.definition.model_dump(),
        counts=in_every_language(kind.label),
        counting_rule=in_every_language(kind.definition),
        unit=indicator.unit.model_dump() if indicator.unit else in_every_language(kind.unit),
        aggregation=indicator.aggregation,
        months=scope.months,
        value=value,
        base=base,
        interval=_interval(value, base),
        target=target,
        dimension=_dimension_label(indicator, kind),
        by_month=indicator.by == BY_MONTH,
        rows=tuple(row for row in rows if not (shortened and row.cell.value == 0)),
        unlisted_are_zero=shortened,
        reporter_mix=tuple(
            Row(str(pk), dict.fromkeys(LANGUAGES, name), cell(_key(kind, _with(mixed, "organisation", str(pk))), n))
            for (pk, name), n in ((item, one.reporters.get(item[0], 0)) for item in scope.organisations.items())
        ),
    )


def in_every_language(text: object) -> Text:
    """Return a translatable text in all three languages, so that a frozen report keeps its words."""
    found = {}
    for language in LANGUAGES:
        with override(language):
            found[language] = str(text)
    return found


def _row_label(indicator: Indicator, kind: Kind, code: str) -> Text:
    if indicator.by == BY_MONTH:
        return {language: month(code, language) for language in LANGUAGES}
    return in_every_language(kind.dimension(indicator.by or "").values[code])


def _dimension_label(indicator: Indicator, kind: Kind) -> Text | None:
    if indicator.by is None:
        return None
    if indicator.by == BY_MONTH:
        return {"en": "Month", "da": "Måned", "nl": "Maand"}
    return in_every_language(kind.dimension(indicator.by).label)


def _interval(value: Cell, base: Cell | None) -> tuple[float, float] | None:
    if base is None or value.value is None or not base.value:
        return None
    return wilson(value.value, base.value)


def wilson(hits: int, of: int, z: float = 1.959964) -> tuple[float, float]:
    """Return the 95 % interval of a share (Wilson 1927), which also holds for few and for extreme shares."""
    share = hits / of
    middle = (share + z * z / (2 * of)) / (1 + z * z / of)
    half = z * sqrt(share * (1 - share) / of + z * z / (4 * of * of)) / (1 + z * z / of)
    return (max(0.0, middle - half), min(1.0, middle + half))
