"""Which numbers of a whole report must be hidden, so that no small one can be worked out from all the others.

A table can be safe by itself and still be undone by the table beside it: the same people split twice, a share and
its total, the organisations that reported. So the report is one system of sums, and this file attacks it as a
reader with patience would, hiding more until the attack finds nothing. Pure; the tests attack it again, by
integer programming.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import inf

Key = Hashable


@dataclass(frozen=True)
class Table:
    """A total and the parts that add up to it, all of them, zeros too."""

    total: Key
    parts: tuple[Key, ...]


@dataclass
class Numbers:
    """Everything one report would show if nothing were small.

    `within` holds pairs (whole, part) where the part is some of the whole: their difference is a number too.
    """

    values: dict[Key, int] = field(default_factory=dict)
    smallest: dict[Key, int] = field(default_factory=dict)
    tables: list[Table] = field(default_factory=list)
    within: set[tuple[Key, Key]] = field(default_factory=set)

    def small(self, key: Key) -> bool:
        return 0 < self.values[key] < self.smallest[key]


def hidden_numbers(numbers: Numbers) -> frozenset[Key]:
    """Return the keys to hide. Zeros are never hidden: a reader may know that, and so does the attack."""
    hidden = {key for key in numbers.values if numbers.small(key)}
    while exposed := _exposed(numbers, hidden):
        more = _one_more(numbers, hidden, exposed)
        if more is None:
            break
        hidden.add(more)
    return frozenset(hidden)


def _exposed(numbers: Numbers, hidden: set[Key]) -> list[Key]:
    """Return the places where something hidden can be worked out: keys of numbers to hide something near."""
    low, high = _ranges(numbers, hidden)
    found = [key for key in hidden if low[key] == high[key]]
    unknown = {key for key in hidden if low[key] < high[key]}
    found += [table.total for table in numbers.tables if _gives_away(table, numbers, unknown)]
    found += [part for whole, part in numbers.within if _difference_is_small(whole, part, numbers, unknown)]
    return sorted(found, key=lambda key: _cost(key, numbers))


def _gives_away(table: Table, numbers: Numbers, unknown: set[Key]) -> bool:
    """Tell whether the unknown part of a table, taken together, is itself small, or leaves its cells only one value."""
    parts = [part for part in table.parts if part in unknown]
    if table.total in unknown or not parts:
        return False
    rest = sum(numbers.values[part] for part in parts)
    smallest = max(numbers.smallest[part] for part in parts)
    all_small = all(numbers.small(part) for part in parts)
    return rest < smallest or (all_small and rest in (len(parts), len(parts) * (smallest - 1)))


def _difference_is_small(whole: Key, part: Key, numbers: Numbers, unknown: set[Key]) -> bool:
    if whole in unknown or part in unknown:
        return False
    return 0 < numbers.values[whole] - numbers.values[part] < numbers.smallest[whole]


def _ranges(numbers: Numbers, hidden: set[Key]) -> tuple[dict[Key, float], dict[Key, float]]:
    """Return the least and the most that each number can be for a reader who sees all that is not hidden."""
    low: dict[Key, float] = {key: 1 if key in hidden else value for key, value in numbers.values.items()}
    high: dict[Key, float] = {key: inf if key in hidden else value for key, value in numbers.values.items()}
    touching = [table for table in numbers.tables if hidden & {table.total, *table.parts}]
    pairs = [(whole, part) for whole, part in numbers.within if whole in hidden or part in hidden]
    for _round in range(60):
        before = (dict(low), dict(high))
        for table in touching:
            _narrow(table, low, high)
        for whole, part in pairs:
            low[whole] = max(low[whole], low[part])
            high[part] = min(high[part], high[whole])
        if before == (low, high):
            break
    return low, high


def _narrow(table: Table, low: dict[Key, float], high: dict[Key, float]) -> None:
    lows, highs = sum(low[part] for part in table.parts), sum(high[part] for part in table.parts)
    low[table.total] = max(low[table.total], lows)
    high[table.total] = min(high[table.total], highs)
    for part in table.parts:
        others_low, others_high = lows - low[part], _without(highs, high[part], part, table, high)
        high[part] = min(high[part], high[table.total] - others_low)
        low[part] = max(low[part], low[table.total] - others_high)


def _without(highs: float, own: float, part: Key, table: Table, high: Mapping[Key, float]) -> float:
    """Return the sum of the other parts' upper ends; infinity minus infinity must be summed afresh."""
    return highs - own if highs < inf else sum(high[other] for other in table.parts if other != part)


def _one_more(numbers: Numbers, hidden: set[Key], exposed: Sequence[Key]) -> Key | None:
    """Choose the next number to hide: the least loss near an exposed one, parts before totals."""
    for key in exposed:
        near = set(_near(key, numbers))
        choice = [other for other in near if other not in hidden and numbers.values[other] > 0]
        if choice:
            return min(choice, key=lambda other: _cost(other, numbers))
    open_keys = [key for key in numbers.values if key not in hidden and numbers.values[key] > 0]
    return min(open_keys, key=lambda other: _cost(other, numbers)) if open_keys else None


def _near(key: Key, numbers: Numbers) -> Iterable[Key]:
    yield key
    for table in numbers.tables:
        if key == table.total or key in table.parts:
            yield table.total
            yield from table.parts
    for whole, part in numbers.within:
        if key in (whole, part):
            yield part


def _cost(key: Key, numbers: Numbers) -> tuple[bool, int, str]:
    """Totals say most; of the parts the smallest say least. The name decides between equals, so that it never varies."""
    is_total = any(table.total == key for table in numbers.tables)
    return (is_total, numbers.values[key], str(key))
