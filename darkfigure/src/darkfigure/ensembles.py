"""One answer from many possible tables: linkage draws, imputed cells, strata.

Rubin's rules on the log of the dark figure (Rubin 1987), or pooled bootstrap replicates, which need no normality.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from darkfigure.engine import Floats
from darkfigure.errors import OptionError
from darkfigure.fitting import Interval, fit
from darkfigure.resampling import bootstrap
from darkfigure.selection import select
from darkfigure.special import quantile
from darkfigure.table import OverlapTable


@dataclass(frozen=True, eq=False)
class Combined:
    """A population size combined over tables.

    Attributes:
        estimate: combined population size, in people. interval: its interval.
        estimates: the population size of each table that has one. dropped: tables without an estimate.
        within, between: variances of the log dark figure inside and between tables.

    Example:
        >>> from darkfigure import example
        >>> print(combine_tables([example("korea_3"), example("korea_3")], "main"))
        2 tables: 142, 133 to 159 (95 %, Rubin on the log of the dark figure)
    """

    estimate: float
    interval: Interval
    estimates: Floats
    dropped: int
    within: float
    between: float

    def __str__(self) -> str:
        dropped = f", {self.dropped} without an estimate left out" if self.dropped else ""
        return f"{len(self.estimates)} tables{dropped}: {self.estimate:,.0f}, {self.interval}"


def combine_tables(
    tables: Sequence[OverlapTable],
    method: str = "bic",
    level: float = 0.95,
    replicates: int = 0,
    seed: int = 0,
    max_order: int | None = None,
    threads: int | None = None,
) -> Combined:
    """Estimate on every table of an ensemble (draws of a linkage, imputations) and combine.

    Args:
        tables: possible versions of one table. method: "bic", "aic", "stepwise", "downhill", "main", or a
            model such as "[12,3]".
        replicates: bootstrap replicates per table, pooled; 0 for Rubin's rules:
            W = mean variance of log x, B = variance of the mean log x, T = W + (1 + 1/R) B, t-interval with
            (R - 1)(1 + W / ((1 + 1/R) B))^2 degrees of freedom, exponentiated, plus the mean number observed.
        level: nominal coverage, between 0 and 1.
        seed: of the counter-based generator, 0 to 2^63 - 1.
        max_order: largest number of lists in one interaction; None for no limit.
        threads: number of threads; None takes all cores.

    Returns:
        Combined: estimate and interval in people.

    Raises:
        OptionError: 401, 402, 403; 403 also when there is no table or none has an estimate. TableError: 216.

    Source: Rubin 1987.

    Example:
        >>> from darkfigure import example
        >>> combine_tables([example("kosovo_4")], "stepwise").estimate > 14_000
        True
    """
    fixed = method.startswith("[")
    found = [fit(table, method) if fixed else select(table, method, max_order).best for table in tables]
    good = [one for one in found if one.status == 0]
    if not good:
        raise OptionError(403, option="tables", value=len(tables), need="one table or more with an estimate")
    logs = np.log([one.dark_figure for one in good])
    variances = np.array([one.variance_of_log_dark + 1.0 / one.dark_figure for one in good])
    mean_n = float(np.mean([one.table.n for one in good]))
    count = len(good)
    within = float(variances.mean())
    between = float(logs.var(ddof=1)) if count > 1 else 0.0
    centre = float(logs.mean())
    estimates = np.array([one.estimate for one in good])
    if replicates:
        parts = [
            bootstrap(one.table, method, replicates, seed + i, max_order, threads=threads).replicates
            for i, one in enumerate(good)
        ]
        pooled = np.concatenate(parts)
        tail = (1 - level) / 2
        finite = pooled[np.isfinite(pooled)]
        upper = math.inf if np.mean(~np.isfinite(pooled)) > tail else quantile(finite, 1 - tail)
        interval = Interval(quantile(finite, tail), upper, level, "pooled bootstrap")
        return Combined(float(np.median(estimates)), interval, estimates, len(found) - count, within, between)
    total = within + (1 + 1 / count) * between
    half = student_quantile(0.5 + level / 2, rubin_degrees(count, within, between)) * math.sqrt(total)
    interval = Interval(
        mean_n + math.exp(centre - half),
        mean_n + math.exp(centre + half),
        level,
        "Rubin on the log of the dark figure",
    )
    return Combined(mean_n + math.exp(centre), interval, estimates, len(found) - count, within, between)


def rubin_degrees(count: int, within: float, between: float) -> float:
    """Degrees of freedom of Rubin's t-interval; infinite when the tables agree.

    Example:
        >>> round(rubin_degrees(5, 1.0, 1.0), 6)
        13.444444
    """
    if count < 2 or between <= 0:
        return math.inf
    return (count - 1) * (1 + within / ((1 + 1 / count) * between)) ** 2


def student_quantile(p: float, degrees: float) -> float:
    """Quantile of Student's t; the normal one for infinite degrees.

    Example:
        >>> round(student_quantile(0.975, 10.0), 4)
        2.2281
    """
    from scipy.stats import norm, t

    return float(norm.ppf(p) if math.isinf(degrees) else t.ppf(p, degrees))


def add_strata(
    tables: Sequence[OverlapTable], method: str = "bic", level: float = 0.95, max_order: int | None = None
) -> Combined:
    """Sum of separate estimates of disjoint strata, with the variance of the log of the total dark figure.

    Args:
        tables: one per stratum, of the same lists.
        method: of ``estimate``.
        level: nominal coverage, between 0 and 1.
        max_order: largest number of lists in one interaction; None for no limit.

    Returns:
        Combined: estimate and interval of the sum, in people.

    Raises:
        OptionError: 401 to 403; 403 when a stratum has no estimate (merge small strata first). TableError: 216.

    Source: own (variances of the log add up).

    Example:
        >>> from darkfigure import example
        >>> print(add_strata([example("korea_3"), example("korea_3")], "main"))
        2 tables: 284, 270 to 306 (95 %, sum of strata)
    """
    found = [select(table, method, max_order).best for table in tables]
    if not found or any(one.status != 0 for one in found):
        raise OptionError(403, option="tables", value=len(tables), need="strata that all have an estimate")
    dark = np.array([one.dark_figure for one in found])
    n = sum(one.table.n for one in found)
    variance = float(sum(one.standard_error**2 for one in found)) / dark.sum() ** 2
    half = student_quantile(0.5 + level / 2, math.inf) * math.sqrt(variance)
    total = float(dark.sum())
    interval = Interval(n + total * math.exp(-half), n + total * math.exp(half), level, "sum of strata")
    return Combined(n + total, interval, np.array([one.estimate for one in found]), 0, variance, 0.0)
