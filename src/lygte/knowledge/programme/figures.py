"""Figures: what may be shown of what was counted. Pure.

A whole report is always treated together, since a number that is safe alone may give another one away.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import override

from lygte.facts.disclosure import HIDDEN, Cell
from lygte.facts.intervals import wilson
from lygte.facts.register import Kind

from .counting import BY_MONTH, Constraints, Counted, Scope
from .formats import LANGUAGES, month
from .hiding import Numbers, Table, hidden_numbers
from .months import Months
from .planfile.schema import Indicator

Text = dict[str, str]

# Kinds that count some of the people whom another kind counts.
SOME_OF: Mapping[str, tuple[str, ...]] = {
    "people_spoken_to": ("people_present",),
    "sector_visit": ("visit",),
    "sector_spoken_to": ("people_spoken_to", "people_present"),
    "people_new": ("people_spoken_to", "people_present"),
    "people_by_gender": ("people_spoken_to", "people_present"),
    "people_by_nationality": ("people_spoken_to", "people_present"),
}

Key = tuple[str, Constraints]


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
