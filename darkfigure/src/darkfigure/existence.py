"""Does the maximum likelihood estimate exist, and is it the only one? Answered with a proof in exact arithmetic.

Source: Fienberg & Rinaldo 2012 (existence), Chan, Silverman & Vincent 2021 (extended estimate with empty overlaps).
On the cells and effects that remain after empty overlaps, with the 0/1 matrix A (effect below cell) and margins t:
the estimate exists if and only if some strictly positive x has A x = t, and does not exist if and only if some
direction d has d'A_s = 0 on every cell with people, >= 0 on the others and > 0 on one. Whichever holds is returned
in whole numbers and checked in whole numbers; floating point is only used to guess it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

import numpy as np

from darkfigure.models import Model, parse_model
from darkfigure.table import OverlapTable

PRIME = (1 << 61) - 1


@dataclass(frozen=True)
class Certificate:
    """Proof that a model's estimate exists and is unique on a table, or that it is not.

    Attributes:
        status: 0 admissible; bit 1 set: no estimate exists; bit 2 set: not identified.
        effects: bit masks of the effects that stay in the model (positive overlaps), the rows of the matrix.
        cells: bit masks of the cells that stay in the likelihood, the columns of the matrix.
        minus_infinity: effects whose parameter is minus infinity because their overlap is empty.
        positive_point: strictly positive rational cell values with the observed margins (proof of existence).
        direction: integer direction in which the likelihood grows without end (proof of non-existence).
        null_direction: integer direction that no cell can see (proof that parameters are not identified).
        verified: whether every proof present was checked in whole numbers.

    Example:
        >>> from darkfigure import example
        >>> certify(example("artificial_3"), "[12,3]").direction
        (-1, 1, 1, -1, 1)
    """

    status: int
    effects: tuple[int, ...]
    cells: tuple[int, ...]
    minus_infinity: tuple[int, ...]
    positive_point: tuple[Fraction, ...] | None
    direction: tuple[int, ...] | None
    null_direction: tuple[int, ...] | None
    verified: bool

    @property
    def exists(self) -> bool:
        """Whether the (extended) maximum likelihood estimate exists."""
        return not self.status & 1

    @property
    def identified(self) -> bool:
        """Whether the parameters are determined by the cells that remain."""
        return not self.status & 2

    @property
    def reason(self) -> str:
        """The status in words."""
        if self.status == 0:
            return "the estimate exists and is unique"
        parts = []
        if not self.exists:
            parts.append("no maximum likelihood estimate exists: the likelihood keeps growing in one direction")
        if not self.identified:
            parts.append("the parameters are not identified: different dark figures fit equally well")
        return "; ".join(parts)


def certify(table: OverlapTable, model: str | Model) -> Certificate:
    """Existence and identifiability of a model on a table, proven in exact arithmetic.

    Args:
        table: overlap table of k lists. model: its name such as "[12,3]", or a Model.

    Returns:
        Certificate: status, and the proof in whole numbers.

    Raises:
        ModelError: 301 to 303. TableError: 216 for censored cells.

    Source: Fienberg & Rinaldo 2012; Chan, Silverman & Vincent 2021.

    Example:
        >>> from darkfigure import example
        >>> [certify(example("artificial_3"), name).status for name in ("[13,23]", "[12,3]", "[12,13,23]")]
        [0, 1, 2]
    """
    model = parse_model(model, table.k)
    overlaps = table.overlaps
    empty = [e for e in model.effects if overlaps[e] == 0]
    effects = [e for e in model.effects if overlaps[e] > 0]
    cells = [s for s in range(1, 1 << table.k) if not any(s & e == e for e in empty)]
    columns = {s: [int(s & e == e) for e in effects] for s in cells}
    seen = [s for s in cells if table.counts[s] > 0]
    unseen = [s for s in cells if table.counts[s] == 0]
    null = _null_direction(len(effects), [columns[s] for s in cells])
    direction = None
    point = None
    if rank_mod_prime([columns[s] for s in seen]) < len(effects):
        direction = _growing_direction(len(effects), [columns[s] for s in seen], [columns[s] for s in unseen])
    margins = [int(overlaps[e]) for e in effects]
    if direction is None:
        fitted = _float_point(table, cells, effects, margins, columns)
        point = _exact_point(cells, columns, margins, fitted)
    status = (1 if direction is not None else 0) | (2 if null is not None else 0)
    certificate = Certificate(
        status=status,
        effects=tuple(effects),
        cells=tuple(cells),
        minus_infinity=tuple(empty),
        positive_point=None if point is None else tuple(point),
        direction=None if direction is None else tuple(direction),
        null_direction=None if null is None else tuple(null),
        verified=False,
    )
    object.__setattr__(certificate, "verified", verify(certificate, table))
    return certificate


def verify(certificate: Certificate, table: OverlapTable) -> bool:
    """Check every proof of a certificate against the table, in whole numbers only.

    Returns:
        True if the certificate proves its status.

    Raises: nothing.

    Source: Fienberg & Rinaldo 2012.

    Example:
        >>> from darkfigure import example
        >>> verify(certify(example("korea_3"), "[12,23]"), example("korea_3"))
        True
    """
    overlaps = table.overlaps
    effects, cells = certificate.effects, certificate.cells
    if certificate.exists:
        point = certificate.positive_point
        if point is None or any(value <= 0 for value in point):
            return False
        for e in effects:
            if sum((x for s, x in zip(cells, point, strict=True) if s & e == e), Fraction(0)) != int(overlaps[e]):
                return False
    else:
        d = certificate.direction or ()
        along = [sum(v for e, v in zip(effects, d, strict=True) if s & e == e) for s in cells]
        if any(a != 0 for s, a in zip(cells, along, strict=True) if table.counts[s] > 0):
            return False
        if min(along) < 0 or max(along) == 0:
            return False
    if certificate.identified:
        columns = [[int(s & e == e) for e in effects] for s in cells]
        return rank_mod_prime(columns) == len(effects)
    null = certificate.null_direction or ()
    unseen = all(sum(v for e, v in zip(effects, null, strict=True) if s & e == e) == 0 for s in cells)
    return any(null) and unseen


def rank_mod_prime(rows: Sequence[Sequence[int]]) -> int:
    """Rank of an integer matrix modulo 2^61 - 1; never more than its true rank, so full rank is proven.

    Example:
        >>> rank_mod_prime([[1, 0, 1], [0, 1, 1], [1, 1, 2]])
        2
    """
    return len(_independent(rows))


def null_space(rows: Sequence[Sequence[int]], width: int) -> list[list[int]]:
    """Integer basis of all v with row . v = 0 for every row (exact elimination over the rationals).

    Example:
        >>> null_space([[1, 1, 0], [0, 1, 1]], 3)
        [[1, -1, 1]]
    """
    reduced: list[list[Fraction]] = []
    pivots: list[int] = []
    for row in rows:
        here = [Fraction(value) for value in row]
        for pivot, done in zip(pivots, reduced, strict=True):
            if here[pivot]:
                factor = here[pivot]
                here = [a - factor * b for a, b in zip(here, done, strict=True)]
        pivot = next((c for c, value in enumerate(here) if value), -1)
        if pivot < 0:
            continue
        here = [value / here[pivot] for value in here]
        for number, done in enumerate(reduced):
            if done[pivot]:
                factor = done[pivot]
                reduced[number] = [a - factor * b for a, b in zip(done, here, strict=True)]
        reduced.append(here)
        pivots.append(pivot)
    basis = []
    for free in (c for c in range(width) if c not in pivots):
        vector = [Fraction(0)] * width
        vector[free] = Fraction(1)
        for pivot, done in zip(pivots, reduced, strict=True):
            vector[pivot] = -done[free]
        basis.append(_whole(vector))
    return basis


def _whole(vector: Sequence[Fraction]) -> list[int]:
    scale = lcm(*(value.denominator for value in vector))
    return [int(value * scale) for value in vector]


def _null_direction(p: int, columns: list[list[int]]) -> list[int] | None:
    if rank_mod_prime(columns) == p:
        return None
    basis = null_space(columns, p)
    return basis[0] if basis else None


def _growing_direction(p: int, seen: list[list[int]], unseen: list[list[int]]) -> list[int] | None:
    """Integer d with d'a = 0 on seen cells, >= 0 on unseen cells, > 0 on one; None if there is none."""
    basis = null_space(seen, p)
    moves = [[sum(a * v for a, v in zip(cell, vector, strict=True)) for vector in basis] for cell in unseen]
    moves = [row for row in moves if any(row)]
    if not moves:
        return None
    if len(basis) == 1:
        values = [row[0] for row in moves]
        if min(values) < 0 < max(values):
            return None
        sign = 1 if max(values) > 0 else -1
        return [sign * v for v in basis[0]]
    weights = _nonnegative_combination(moves)
    if weights is None:
        return None
    return [sum(w * vector[i] for w, vector in zip(weights, basis, strict=True)) for i in range(p)]


def _nonnegative_combination(moves: list[list[int]]) -> list[int] | None:
    """Integer w with moves w >= 0 and not all zero: guessed by linear programming, checked exactly."""
    from scipy.optimize import linprog

    matrix = np.array(moves, dtype=np.float64)
    result = linprog(-matrix.sum(axis=0), A_ub=-matrix, b_ub=np.zeros(len(moves)), bounds=(-1, 1), method="highs-ds")
    if result.fun > -1e-9:
        return None
    for largest in (12, 200, 5000):
        weights = _whole([Fraction(float(w)).limit_denominator(largest) for w in result.x])
        along = [sum(a * w for a, w in zip(row, weights, strict=True)) for row in moves]
        if min(along) >= 0 and max(along) > 0:
            return weights
    return None


def _float_point(
    table: OverlapTable,
    cells: list[int],
    effects: list[int],
    margins: list[int],
    columns: dict[int, list[int]],
) -> list[float]:
    """A strictly positive point with nearly the right margins: the most central one of a linear program."""
    from scipy.optimize import linprog

    if all(table.counts[s] > 0 for s in cells):
        return [float(table.counts[s]) for s in cells]
    a = np.array([[columns[s][i] for s in cells] for i in range(len(effects))], dtype=np.float64)
    with_slack = np.hstack([a, a.sum(axis=1, keepdims=True)])
    cost = np.zeros(len(cells) + 1)
    cost[-1] = -1.0
    result = linprog(cost, A_eq=with_slack, b_eq=np.array(margins, dtype=np.float64), method="highs")
    if result.x is None:
        return [float(table.counts[s]) for s in cells]
    return [float(value) for value in result.x[:-1] + result.x[-1]]


def _exact_point(
    cells: list[int], columns: dict[int, list[int]], margins: list[int], fitted: list[float]
) -> list[Fraction] | None:
    """Round a positive point and repair its margins exactly on an independent set of the largest cells."""
    order = sorted(range(len(cells)), key=lambda i: -fitted[i])
    scale = 1 << 40
    smallest = min(value for value in fitted)
    while smallest > 0 and smallest * scale < 1 << 20:
        scale <<= 20
    values = [Fraction(max(round(value * scale), 0), scale) for value in fitted]
    chosen = _independent([columns[cells[i]] for i in order])
    basis = [order[i] for i in chosen]
    rest = [i for i in range(len(cells)) if i not in set(basis)]
    right = [
        Fraction(margins[r]) - sum((values[i] for i in rest if columns[cells[i]][r]), Fraction(0))
        for r in range(len(margins))
    ]
    solved = _solve([[columns[cells[i]][r] for i in basis] for r in range(len(margins))], right)
    if solved is None:
        return None
    for i, value in zip(basis, solved, strict=True):
        values[i] = value
    return values


def _independent(rows: Sequence[Sequence[int]]) -> list[int]:
    """Positions of rows that are independent of the rows before them (modulo the prime)."""
    work: list[list[int]] = []
    pivots: list[int] = []
    chosen = []
    for number, row in enumerate(rows):
        here = list(row)
        for pivot, reduced in zip(pivots, work, strict=True):
            factor = here[pivot]
            if factor:
                here = [(a - factor * b) % PRIME for a, b in zip(here, reduced, strict=True)]
        pivot = next((c for c, value in enumerate(here) if value), -1)
        if pivot >= 0:
            inverse = pow(here[pivot], PRIME - 2, PRIME)
            work.append([value * inverse % PRIME for value in here])
            pivots.append(pivot)
            chosen.append(number)
            if len(pivots) == len(row):
                break
    return chosen


def _solve(matrix: list[list[int]], right: list[Fraction]) -> list[Fraction] | None:
    """Exact solution of a consistent system with independent columns; None when it is inconsistent."""
    rows = [[Fraction(a) for a in row] + [b] for row, b in zip(matrix, right, strict=True)]
    width = len(matrix[0])
    at = 0
    for column in range(width):
        pivot = next((r for r in range(at, len(rows)) if rows[r][column]), None)
        if pivot is None:
            return None
        rows[at], rows[pivot] = rows[pivot], rows[at]
        head = rows[at][column]
        rows[at] = [value / head for value in rows[at]]
        for r in range(len(rows)):
            if r != at and rows[r][column]:
                factor = rows[r][column]
                rows[r] = [a - factor * b for a, b in zip(rows[r], rows[at], strict=True)]
        at += 1
    if any(row[-1] for row in rows[at:]):
        return None
    return [rows[i][-1] for i in range(width)]
