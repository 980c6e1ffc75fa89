"""Estimators that are a formula: two lists, Chao, Zelterman, sample coverage; with bootstrap intervals."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from darkfigure.engine import Floats
from darkfigure.errors import OptionError, TableError, check_seed
from darkfigure.fitting import Interval
from darkfigure.special import normal_quantile
from darkfigure.table import OverlapTable, list_counts, superset_sums

if TYPE_CHECKING:
    import pandas as pd

HIGH_COVERAGE = 0.55

Formula = Callable[[Floats, int], float]


@dataclass(frozen=True, eq=False)
class Quick:
    """An estimate by formula.

    Attributes:
        method: name of the formula. estimate: population size in people; infinite or NaN when the formula has none.
        estimand: "population" or "lower bound".
        note: what a reader must know about this number.

    Example:
        >>> from darkfigure import example
        >>> print(chao(example("uk_2013_5")))
        Chao's lower bound: at least 14,642
    """

    table: OverlapTable
    method: str
    estimate: float
    estimand: str
    note: str
    formula: Formula

    def interval(self, level: float = 0.95, replicates: int = 400, seed: int = 0) -> Interval:
        """Bootstrap interval, symmetric on log(estimate - n); the number of observed people varies too.

        Args:
            level: coverage, 0 to 1. replicates: bootstrap samples. seed: of the counter-based generator.

        Returns:
            Interval: limits in people, level, and how it was made.

        Raises:
            OptionError: 403 for a level outside (0, 1).

        Source: Chao 1987 (limits on the log of the unseen).

        Example:
            >>> from darkfigure import example
            >>> found = chao(example("korea_3")).interval()
            >>> found.lower < 136 < found.upper
            True
        """
        if not 0.0 < level < 1.0:
            raise OptionError(403, option="level", value=level, need="between 0 and 1")
        check_seed(seed)
        n = self.table.n
        missing = self.estimate - n
        method = "bootstrap on the log of the dark figure"
        if not math.isfinite(missing):
            return Interval(math.nan, math.nan, level, method)
        if missing <= 0:
            return Interval(self.estimate, self.estimate, level, method)
        logs = []
        for y in resampled_tables(self.table, self.estimate, replicates, seed):
            value = self.formula(y, self.table.k) - float(y.sum())
            if math.isfinite(value) and value > 0:
                logs.append(math.log(value))
        if len(logs) < 0.9 * replicates:
            return Interval(float(n), math.inf, level, method)
        half = normal_quantile(0.5 + level / 2) * float(np.std(logs, ddof=1))
        return Interval(n + missing * math.exp(-half), n + missing * math.exp(half), level, method)

    def __str__(self) -> str:
        if not math.isfinite(self.estimate):
            return f"{self.method}: no estimate ({self.note})"
        at_least = "at least " if self.estimand == "lower bound" else ""
        return f"{self.method}: {at_least}{self.estimate:,.0f}"


def resampled_tables(table: OverlapTable, size: float, replicates: int, seed: int) -> Floats:
    """Tables drawn from a population of ``size`` people, the unseen included; shape (replicates, 2^k), entry 0 is 0.

    Example:
        >>> from darkfigure import example
        >>> resampled_tables(example("korea_3"), 160.0, 3, 1).shape
        (3, 8)
    """
    people = table.counts.astype(np.float64)
    people[0] = min(max(size - table.n, 0.0), 1e15)
    total = round(float(people.sum()))
    tables = np.empty((replicates, 1 << table.k))
    for b in range(replicates):
        generator = np.random.Generator(np.random.Philox(key=[seed, b]))
        tables[b] = generator.multinomial(total, people / people.sum())
    tables[:, 0] = 0.0
    return tables


def _checked(table: OverlapTable) -> OverlapTable:
    if table.is_censored:
        raise TableError(216)
    return table


def _quick(table: OverlapTable, method: str, estimand: str, note: str, formula: Formula) -> Quick:
    value = formula(_checked(table).counts.astype(np.float64), table.k)
    return Quick(table, method, value, estimand, note, formula)


def lincoln_petersen(table: OverlapTable) -> Quick:
    """Two lists: n1 n2 / m; infinite when nobody is on both.

    Estimand: the population, if the lists are independent and everyone is equally likely to be on a list.
    Source: Petersen 1896, Lincoln 1930.

    Args:
        table: an overlap table: counts of people, shape (2^k,). Two lists.

    Returns:
        Quick: estimate in people.

    Raises:
        OptionError: 402 when there are more than two lists.

    Example:
        >>> lincoln_petersen(OverlapTable([0, 40, 30, 6], "AB")).estimate
        276.0
    """
    _need_two(table, "Lincoln-Petersen")
    return _quick(table, "Lincoln-Petersen", "population", "nobody is on both lists", _petersen)


def chapman(table: OverlapTable) -> Quick:
    """Two lists: (n1 + 1)(n2 + 1)/(m + 1) - 1, nearly unbiased and always finite (Chapman 1951).

    Args:
        table: an overlap table: counts of people, shape (2^k,). Two lists.

    Returns:
        Quick: estimate in people.

    Raises:
        OptionError: 402 when there are more than two lists.

    Source: Chapman 1951.

    Example:
        >>> round(chapman(OverlapTable([0, 40, 30, 6], "AB")).estimate, 2)
        247.43
    """
    _need_two(table, "Chapman")
    return _quick(table, "Chapman", "population", "assumes independent lists", _chapman)


def _need_two(table: OverlapTable, method: str) -> None:
    if table.k != 2:
        raise OptionError(402, method=method, need="exactly two lists", have=f"{table.k}")


def _petersen(y: Floats, k: int) -> float:
    return float((y[1] + y[3]) * (y[2] + y[3]) / y[3]) if y[3] > 0 else math.inf


def _chapman(y: Floats, k: int) -> float:
    return float((y[1] + y[3] + 1) * (y[2] + y[3] + 1) / (y[3] + 1) - 1)


def _frequencies(y: Floats, k: int) -> Floats:
    return np.asarray(np.bincount(list_counts(k), weights=y, minlength=k + 1), dtype=np.float64)


def chao(table: OverlapTable, bias_corrected: bool = False) -> Quick:
    """Chao's lower bound: n + ((k-1)/k) f1^2 / (2 f2), f_i the number of people seen exactly i times.

    Args:
        bias_corrected: use f1 (f1 - 1) / (2 (f2 + 1)) instead, which is finite when f2 = 0.
        table: an overlap table: counts of people, shape (2^k,).

    Estimand: a lower bound of the population when people differ in how easily they are seen; lists are taken to be
    exchangeable. Not a bound when lists depend negatively.

    Returns:
        Quick: a lower bound in people.

    Raises:
        TableError: 216 for censored cells.

    Source: Chao 1987, Chao 1989 for k occasions.

    Example:
        >>> from darkfigure import example
        >>> round(chao(example("uk_2013_5"), bias_corrected=True).estimate, 4)
        14582.1507
    """
    formula = _chao_corrected if bias_corrected else _chao
    name = "Chao's lower bound" + (" (bias-corrected)" if bias_corrected else "")
    return _quick(table, name, "lower bound", "nobody was seen exactly twice", formula)


def _chao(y: Floats, k: int) -> float:
    f = _frequencies(y, k)
    return float(y.sum() + (k - 1) / k * f[1] ** 2 / (2 * f[2])) if f[2] > 0 else math.inf


def _chao_corrected(y: Floats, k: int) -> float:
    f = _frequencies(y, k)
    return float(y.sum() + (k - 1) / k * f[1] * (f[1] - 1) / (2 * (f[2] + 1)))


def zelterman(table: OverlapTable) -> Quick:
    """Zelterman's estimate: n / (1 - exp(-2 f2 / f1)), from those seen once and twice only (Zelterman 1988).

    Args:
        table: an overlap table: counts of people, shape (2^k,).

    Returns:
        Quick: estimate in people.

    Raises:
        TableError: 216 for censored cells.

    Source: Zelterman 1988.

    Example:
        >>> from darkfigure import example
        >>> round(zelterman(example("uk_2013_5")).estimate)
        17586
    """
    return _quick(table, "Zelterman", "population", "nobody was seen exactly twice", _zelterman)


def _zelterman(y: Floats, k: int) -> float:
    f = _frequencies(y, k)
    return float(y.sum() / -math.expm1(-2 * f[2] / f[1])) if f[1] > 0 and f[2] > 0 else math.inf


@dataclass(frozen=True)
class CoverageParts:
    """The parts of the sample coverage approach; see sample_coverage().

    Attributes:
        coverage: estimated share of the population's listings that overlap, 0 to 1.
        independent, high, low: the three estimates in people.
        dependence: coefficients of covariation B_ij N - 1, by pair of list positions; N is the estimate that
            the coverage chooses.

    Example:
        >>> from darkfigure import example
        >>> round(coverage_parts(example("uk_2013_5")).coverage, 6)
        0.191222
    """

    coverage: float
    independent: float
    high: float
    low: float
    dependence: dict[tuple[int, int], float]


def coverage_parts(table: OverlapTable) -> CoverageParts:
    """All quantities of the sample coverage approach (Chao & Tsay 1998).

    Example:
        >>> from darkfigure import example
        >>> round(coverage_parts(example("kosovo_4")).high, 3)
        15045.882
    """
    return _coverage(_checked(table).counts.astype(np.float64), table.k)


def _coverage(y: Floats, k: int) -> CoverageParts:
    n = float(y.sum())
    t = superset_sums(y.astype(np.int64), k).astype(np.float64)
    alone = np.array([y[1 << j] for j in range(k)])
    sizes = np.array([t[1 << j] for j in range(k)])
    if np.any(sizes == 0):
        return CoverageParts(math.nan, math.nan, math.nan, math.nan, {})
    coverage = 1.0 - float(np.mean(alone / sizes))
    d = n - float(alone.mean())
    if coverage <= 0:
        return CoverageParts(coverage, math.inf, math.inf, math.inf, {})
    independent = d / coverage
    pairs = [(i, j) for i in range(k) for j in range(i + 1, k)]
    a = {(i, j): alone[i] + alone[j] + 2 * y[1 << i | 1 << j] for i, j in pairs}
    b = {(i, j): t[1 << i | 1 << j] / (sizes[i] * sizes[j]) for i, j in pairs}
    upper = k * d - sum(a.values())
    lower = k * coverage - sum(a[p] * b[p] for p in pairs)
    high = float(upper / lower) if lower != 0 else math.inf
    if upper <= 0 or high < n:
        high = n
    inner = independent + sum(a[p] * (independent * b[p] - 1) for p in pairs) / (k * coverage)
    r = {p: float(b[p] * inner - 1) for p in pairs}
    low = independent + sum(a[p] * r[p] for p in pairs) / (k * coverage)
    chosen = high if coverage >= HIGH_COVERAGE else low
    dependence = {p: float(b[p] * chosen - 1) if math.isfinite(chosen) else math.nan for p in pairs}
    return CoverageParts(coverage, float(independent), float(high), float(low), dependence)


def sample_coverage(table: OverlapTable, variant: str = "auto") -> Quick:
    """Sample coverage estimate (Chao & Tsay 1998): uses overlap to correct for dependence between lists.

    Args:
        variant: "independent", "high", "low", or "auto" (high when the coverage is 0.55 or more, else low).
        table: an overlap table: counts of people, shape (2^k,).

    Returns:
        Quick: estimate in people.

    Raises:
        OptionError: 401 for an unknown variant, 402 for two lists with a variant other than "independent".

    Source: Chao & Tsay 1998.

    Example:
        >>> from darkfigure import example
        >>> round(sample_coverage(example("uk_2013_5")).estimate, 3)
        11745.859
    """
    if variant not in ("independent", "high", "low", "auto"):
        raise OptionError(401, method=variant, methods="independent, high, low, auto")
    if table.k == 2 and variant != "independent":
        raise OptionError(402, method="Sample coverage", need="three or more lists", have="two")
    coverage = coverage_parts(table).coverage
    if variant == "auto":
        variant = "high" if coverage >= HIGH_COVERAGE else "low"

    def formula(y: Floats, k: int) -> float:
        value = float(getattr(_coverage(y, k), variant))
        return value if value > float(y.sum()) else math.nan

    note = f"estimated coverage {100 * coverage:.0f} %" if math.isfinite(coverage) else "a list is empty"
    if coverage < HIGH_COVERAGE:
        note += ", below 55 %: too little overlap to correct for dependence well"
    return _quick(table, f"Sample coverage ({variant})", "population", note, formula)


def quick_estimates(table: OverlapTable) -> list[Quick]:
    """Every formula that applies to the table.

    Returns:
        One Quick per formula that applies to the table: estimates in people.

    Raises: nothing of its own.

    Source: those of the formulas (docs/methods/formulas.md).

    Example:
        >>> from darkfigure import example
        >>> [q.method for q in quick_estimates(OverlapTable([0, 40, 30, 6], "AB"))]
        ['Lincoln-Petersen', 'Chapman', "Chao's lower bound", 'Zelterman']
    """
    bounds = [chao(table), zelterman(table)]
    if table.k == 2:
        return [lincoln_petersen(table), chapman(table), *bounds]
    return [*bounds, sample_coverage(table, "independent"), sample_coverage(table)]


def pairwise_table(table: OverlapTable) -> pd.DataFrame:
    """Every two-list estimate side by side: a large spread speaks of dependence; needs pandas.

    Args:
        table: an overlap table: counts of people, shape (2^k,).

    Returns:
        One row per pair of lists; sizes in people.

    Raises:
        OptionError: 405 without pandas.

    Source: Chapman 1951.

    Example:
        >>> from darkfigure import example
        >>> pairwise_table(example("korea_3"))["overlap"].tolist()
        [66, 18, 12]
    """
    from darkfigure.frames import frame_of

    rows = []
    for i in range(table.k):
        for j in range(i + 1, table.k):
            two = pair_table(table, i, j)
            rows.append(
                {
                    "first": table.lists[i],
                    "second": table.lists[j],
                    "overlap": int(two.overlaps[3]),
                    "petersen": _petersen(two.counts.astype(np.float64), 2),
                    "chapman": _chapman(two.counts.astype(np.float64), 2),
                }
            )
    return frame_of(rows)


def pair_table(table: OverlapTable, i: int, j: int) -> OverlapTable:
    """The table of two lists only, by position.

    Example:
        >>> from darkfigure import example
        >>> pair_table(example("korea_3"), 0, 1).counts.tolist()
        [0, 11, 5, 66]
    """
    return table.omit_lists([name for at, name in enumerate(table.lists) if at not in (i, j)])
