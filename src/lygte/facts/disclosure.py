"""Small cells: nobody may be found in a table by being one of a few.

A cell from 1 to 4 is hidden, and then as many others as it takes that it cannot be found by subtraction.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

Code = TypeVar("Code")


@dataclass(frozen=True)
class Cell:
    """A number that may be shown, or the fact that it may not."""

    value: int | None
    hidden: bool = False


HIDDEN = Cell(value=None, hidden=True)


def show(value: int, *, smallest: int = 5) -> Cell:
    """Return a single number as a cell: hidden from 1 to `smallest` - 1."""
    return HIDDEN if 0 < value < smallest else Cell(value)


def protect(counts: Mapping[Code, int], *, smallest: int = 5) -> dict[Code, Cell]:
    """Return the cells of one table whose total is shown beside it.

    Hidden are all cells from 1 to `smallest` - 1 and then the next smallest ones, until at least two cells are
    hidden that together reach `smallest`: then no hidden cell follows from the total, and the hidden part as a
    whole is no small cell either. Zeros stay, unless hiding all else would give a lone cell away.
    """
    hidden = {code for code, count in counts.items() if 0 < count < smallest}
    others = sorted((code for code in counts if code not in hidden and counts[code] > 0), key=lambda c: counts[c])
    while hidden and others and (len(hidden) < 2 or sum(counts[c] for c in hidden) < smallest):
        hidden.add(others.pop(0))
    if len(hidden) == 1 or (hidden and sum(counts[c] for c in hidden) < smallest):
        hidden = set(counts)  # no company left among the filled cells: the empty ones must keep the secret
    return {code: HIDDEN if code in hidden else Cell(count) for code, count in counts.items()}
