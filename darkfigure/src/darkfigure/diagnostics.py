"""What the lists say about each other: odds ratios, one left out, two merged, a known list hidden, planted errors."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import combinations

import numpy as np

from darkfigure.engine import Floats
from darkfigure.errors import DarkfigureError
from darkfigure.fitting import Fit, fit_counts
from darkfigure.quick import chapman, pair_table
from darkfigure.selection import select
from darkfigure.table import OverlapTable


@dataclass(frozen=True)
class PairDependence:
    """Two lists compared inside the observed tables.

    Attributes:
        first, second: names. overlap: people on both. odds_ratio: Mantel-Haenszel odds ratio over the histories of
            the other lists (the unobserved history left out), with 1/2 added; above 1: positive dependence.
        chapman: population size from these two lists alone, in people.

    Example:
        >>> from darkfigure import example
        >>> pair_dependence(example("korea_3"))[0].overlap
        66
    """

    first: str
    second: str
    overlap: int
    odds_ratio: float
    chapman: float


def pair_dependence(table: OverlapTable) -> list[PairDependence]:
    """Odds ratio and two-list estimate of every pair of lists.

    Args:
        table: an overlap table: counts of people, shape (2^k,).

    Returns:
        One PairDependence per pair: overlap in people, odds ratio, Chapman's estimate in people.

    Raises: nothing of its own.

    Source: Chapman 1951.

    Example:
        >>> from darkfigure import example
        >>> [round(p.odds_ratio, 2) for p in pair_dependence(example("spina_bifida_3"))]
        [1.51, 1.01, 0.2]
    """
    found = []
    for i, j in combinations(range(table.k), 2):
        two = pair_table(table, i, j)
        found.append(
            PairDependence(
                table.lists[i],
                table.lists[j],
                int(two.overlaps[3]),
                _mantel_haenszel(table, i, j),
                chapman(two).estimate,
            )
        )
    return found


def _mantel_haenszel(table: OverlapTable, i: int, j: int) -> float:
    """Over the other lists' histories except the empty one, where the cell on neither list is unobserved."""
    others = [m for m in range(1 << table.k) if not m & (1 << i | 1 << j)]
    top = bottom = 0.5
    for rest in others:
        if rest == 0:
            continue
        neither, first, second, both = (
            float(table.counts[rest | extra]) for extra in (0, 1 << i, 1 << j, 1 << i | 1 << j)
        )
        total = neither + first + second + both
        if total > 0:
            top += both * neither / total
            bottom += first * second / total
    return top / bottom


@dataclass(frozen=True)
class Variant:
    """The same question asked of other lists.

    Attributes:
        what: such as "without police". estimate: in people; NaN when there is none. model: chosen by BIC.

    Example:
        >>> from darkfigure import example
        >>> leave_one_out(example("korea_3"))[0].what
        'without b'
    """

    what: str
    estimate: float
    model: str


def leave_one_out(table: OverlapTable) -> list[Variant]:
    """Population size by BIC without each list in turn (Chapman when two lists remain); empty for two lists.

    Args:
        table: an overlap table: counts of people, shape (2^k,).

    Returns:
        One Variant per list: estimate in people.

    Raises: nothing of its own.

    Source: Sharifi Far, King, Bird et al. 2021.

    Example:
        >>> from darkfigure import example
        >>> len(leave_one_out(example("uk_2013_5")))
        5
    """
    if table.k < 3:
        return []
    return [_variant(f"without {name}", partial(table.omit_lists, [name])) for name in table.lists]


def merge_pairs(table: OverlapTable) -> list[Variant]:
    """Population size by BIC with each pair of lists merged into one; empty for two lists.

    Args:
        table: an overlap table: counts of people, shape (2^k,).

    Returns:
        One Variant per pair of lists: estimate in people.

    Raises: nothing of its own.

    Source: Sharifi Far, King, Bird et al. 2021.

    Example:
        >>> from darkfigure import example
        >>> len(merge_pairs(example("kosovo_4")))
        6
    """
    if table.k < 3:
        return []
    return [
        _variant(f"{a} and {b} merged", partial(table.merge_lists, [a, b])) for a, b in combinations(table.lists, 2)
    ]


def _variant(what: str, make: Callable[[], OverlapTable]) -> Variant:
    try:
        value, model = _simple(make())
    except DarkfigureError:
        return Variant(what, math.nan, "")
    return Variant(what, value, model)


def _simple(table: OverlapTable) -> tuple[float, str]:
    if table.k == 2:
        return chapman(table).estimate, "[1,2]"
    best = _best(table)
    return best.estimate, best.model.name


def _best(table: OverlapTable) -> Fit:
    """By BIC over all models up to 6 lists, over pairs up to 8, by the stepwise rule above."""
    if table.k > 8:
        return select(table, "stepwise").best
    return select(table, max_order=2 if table.k > 6 else None).best


@dataclass(frozen=True)
class HiddenList:
    """Internal consistency: the people of one list as a population of known size, estimated from the other lists.

    Attributes:
        name: the hidden list. size: how many people are really on it. estimate, lower, upper: what the other lists say.
        covered: whether the interval holds the known size. possible: whether there was anything to estimate from.

    Example:
        >>> from darkfigure import example
        >>> [h.size for h in hide_lists(example("korea_3"))]
        [77, 71, 59]
    """

    name: str
    size: int
    estimate: float
    lower: float
    upper: float
    covered: bool
    possible: bool


def hide_lists(table: OverlapTable, level: float = 0.95) -> list[HiddenList]:
    """Hide the size of each list in turn and estimate it from the others (Binette & Steorts 2021).

    Args:
        table: an overlap table: counts of people, shape (2^k,).
        level: nominal coverage, between 0 and 1.

    Returns:
        One HiddenList per list: its size and its estimate, in people.

    Raises: nothing of its own.

    Source: Binette & Steorts 2021.

    Example:
        >>> from darkfigure import example
        >>> len(hide_lists(example("uk_2013_5")))
        5
    """
    return [_hide(table, j, level) for j in range(table.k)] if table.k >= 3 else []


def _hide(table: OverlapTable, j: int, level: float) -> HiddenList:
    name, size = table.lists[j], int(table.list_sizes[j])
    try:
        inside = restricted_to(table, j)
        if inside.k == 2:
            found = chapman(inside)
            limits = found.interval(level, replicates=200)
            value = found.estimate
        else:
            best = _best(inside)
            value, limits = best.estimate, best.interval(level)
    except DarkfigureError:
        return HiddenList(name, size, math.nan, math.nan, math.nan, False, False)
    if not math.isfinite(value):
        return HiddenList(name, size, math.nan, math.nan, math.nan, False, False)
    covered = limits.lower <= size <= limits.upper
    return HiddenList(name, size, value, limits.lower, limits.upper, covered, True)


def restricted_to(table: OverlapTable, j: int) -> OverlapTable:
    """The people of list j only, as seen by the other lists that saw any of them.

    Raises:
        TableError: 207, 208 when fewer than two other lists saw any of them.

    Example:
        >>> from darkfigure import example
        >>> restricted_to(example("korea_3"), 0)
        OverlapTable: 72 people on 2 lists (c 66, d 18), 3 histories seen
    """
    bit = 1 << j
    seen_by = [i for i in range(table.k) if i != j and table.overlaps[bit | 1 << i] > 0]
    counts = np.zeros(1 << len(seen_by), dtype=np.int64)
    for mask in range(1 << table.k):
        if mask & bit:
            target = sum(1 << new for new, old in enumerate(seen_by) if mask >> old & 1)
            counts[target] += table.counts[mask]
    counts[0] = 0
    return OverlapTable(counts, [table.lists[i] for i in seen_by])


def top_interaction_sensitivity(n: int, dark: float, shifts: tuple[float, ...] = (-1.0, -0.5, 0.0, 0.5, 1.0)) -> Floats:
    """Population size if the interaction of all lists, which no data can show, were xi: n + dark exp(xi).

    Args:
        n: observed people. dark: dark figure at xi = 0, people. shifts: values of xi.

    Returns:
        Array of shape (len(shifts),), in people.

    Raises: nothing.

    Source: Aleshin-Guendel, Sadinle & Wakefield 2024.

    Example:
        >>> top_interaction_sensitivity(100, 100.0, (0.0, 0.5)).round(1).tolist()
        [200.0, 264.9]
    """
    return np.asarray(n + dark * np.exp(np.array(shifts)))


@dataclass(frozen=True)
class LinkTrial:
    """Errors of linkage planted into the table on purpose, and what undoing as many would mean.

    Attributes:
        kind: "missed" (a person on several lists falls apart into two) or "false" (two people on one list each become
            one). share: of the people at risk. planted: the estimate with the errors planted, in people. undone: the
            estimate if the table already held that share of errors: estimate^2 / planted.

    Example:
        >>> LinkTrial("missed", 0.1, 1100.0, 909.1).kind
        'missed'
    """

    kind: str
    share: float
    planted: float
    undone: float


def plant_link_errors(fitted: Fit, shares: tuple[float, ...] = (0.05, 0.1, 0.2)) -> list[LinkTrial]:
    """Plant missed and false links, refit the same model, and extrapolate back (the idea of SIMEX, Cook & Stefanski
    1994, in one step on the log scale).

    Args:
        fitted: whose expected counts are spoilt.
        shares: of people with a wrong link, 0 to 1.

    Returns:
        One LinkTrial per kind and share: estimates as multiples of the fitted number of people.

    Raises: nothing of its own.

    Source: Ding & Fienberg 1994.

    Example:
        >>> from darkfigure import example
        >>> from darkfigure.fitting import fit
        >>> trials = plant_link_errors(fit(example("kosovo_4"), "[12,13,14,23,34]"))
        >>> trials[0].planted > trials[0].undone, trials[3].planted < trials[3].undone
        (True, True)
    """
    if fitted.status != 0:
        return []
    y = fitted.table.counts.astype(np.float64)
    found = []
    for kind, plant in (("missed", _with_missed_links), ("false", _with_false_links)):
        for share in shares:
            again = fit_counts(fitted.table, fitted.model, plant(y, fitted.table.k, share))
            if again.status == 0:
                undone = max(fitted.estimate**2 / again.estimate, 0.0)
                found.append(LinkTrial(kind, share, again.estimate, undone))
    return found


def _with_missed_links(y: Floats, k: int, share: float) -> Floats:
    """Expected counts when one record of a person on several lists, each as likely, is not linked."""
    result = y.copy()
    for mask in range(1, 1 << k):
        members = [1 << j for j in range(k) if mask >> j & 1]
        if len(members) > 1:
            result[mask] -= share * y[mask]
            for one in members:
                result[one] += share * y[mask] / len(members)
                result[mask & ~one] += share * y[mask] / len(members)
    return result


def _with_false_links(y: Floats, k: int, share: float) -> Floats:
    """Expected counts when a share of the people on one list only are paired at random, and taken for one if the
    lists differ."""
    result = y.copy()
    alone = np.array([y[1 << j] for j in range(k)])
    total = float(alone.sum())
    for i in range(k):
        for j in range(i + 1, k):
            pairs = share * alone[i] * alone[j] / max(total, 1.0)
            result[1 << i] -= pairs
            result[1 << j] -= pairs
            result[1 << i | 1 << j] += pairs
    return result
