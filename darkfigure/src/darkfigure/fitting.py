"""One log-linear model on one overlap table: estimate, parameters, intervals, and whether any of it means something."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from darkfigure import engine
from darkfigure.engine import Floats
from darkfigure.errors import OptionError, TableError
from darkfigure.existence import Certificate, certify
from darkfigure.models import Model, parse_model
from darkfigure.special import bisect, chi2_quantile_1df, digamma, normal_quantile
from darkfigure.table import OverlapTable

if TYPE_CHECKING:
    import pandas as pd


MOST_LISTS_PROVEN = 8
"""Above this many lists a status other than 0 is that of the numerical fit; ``certificate`` proves it on demand."""


@dataclass(frozen=True)
class Interval:
    """An interval for the population size.

    Attributes:
        lower, upper: limits, in people; the upper one can be infinite.
        level: nominal coverage, between 0 and 1.
        method: how it was made.

    Example:
        >>> print(Interval(90.0, 120.5, 0.95, "profile"))
        90 to 120 (95 %, profile)
    """

    lower: float
    upper: float
    level: float
    method: str

    def __str__(self) -> str:
        return f"{self.lower:,.0f} to {self.upper:,.0f} ({100 * self.level:g} %, {self.method})"


@dataclass(frozen=True, eq=False)
class Fit:
    """A fitted log-linear model.

    Attributes:
        table, model: what was fitted.
        estimate: population size in people, n + dark figure; NaN when ``status`` is not 0.
        dark_figure: people on no list; NaN when ``status`` is not 0.
        loglik: Poisson log-likelihood of the observed cells (its supremum when no estimate exists).
        deviance: 2 (saturated log-likelihood - loglik), >= 0 up to rounding.
        parameters: log-linear parameter of each effect (bit mask); minus infinity above empty overlaps.
        fitted: expected counts of all 2^k cells; entry 0 is the dark figure.
        status: 0 admissible, 1 no estimate exists, 2 not identified, 3 both.
        iterations: Newton steps taken.

    Example:
        >>> from darkfigure import example
        >>> print(fit(example("korea_3"), "[12,23]"))
        [12,23] on 123 people: 157 (BIC 57.14, 6 parameters), 95 % profile 129 to 226
    """

    table: OverlapTable
    model: Model
    estimate: float
    dark_figure: float
    loglik: float
    deviance: float
    parameters: Mapping[int, float]
    fitted: Floats
    status: int
    iterations: int
    variance_of_log_dark: float

    @property
    def aic(self) -> float:
        """2 |M| - 2 loglik; |M| counts every parameter of the named model."""
        return 2.0 * self.model.size - 2.0 * self.loglik

    @property
    def bic(self) -> float:
        """|M| log n - 2 loglik; |M| counts every parameter, n the observed people."""
        return self.model.size * math.log(self.table.n) - 2.0 * self.loglik

    @property
    def standard_error(self) -> float:
        """Asymptotic standard error of the estimate, in people: sqrt(x + x^2 Var(log x))."""
        x = self.dark_figure
        return math.sqrt(x + x * x * self.variance_of_log_dark) if self.status == 0 else math.nan

    @cached_property
    def certificate(self) -> Certificate:
        """Exact proof of the status."""
        return certify(self.table, self.model)

    @property
    def reason(self) -> str:
        """The status in words."""
        return Certificate(self.status, (), (), (), None, None, None, True).reason

    def interval(self, level: float = 0.95, method: str = "profile") -> Interval:
        """Interval for the population size under this model, as if the model had been known beforehand.

        Args:
            level: coverage between 0 and 1.
            method: "profile" (multinomial profile likelihood, Cormack 1992), "wald" (estimate +- z s.e.) or
                "log" (symmetric on the log of the dark figure, without Poisson noise of the unseen).

        Returns:
            Interval: limits in people, level, and how it was made.

        Raises:
            OptionError: 401 for an unknown method, 403 for a level outside (0, 1).

        Source: Cormack 1992 (profile).

        Example:
            >>> from darkfigure import example
            >>> print(fit(example("uk_2013_5"), "[1,2,3,4,5]").interval())
            11,985 to 15,166 (95 %, profile)
        """
        if not 0.0 < level < 1.0:
            raise OptionError(403, option="level", value=level, need="between 0 and 1")
        methods = {"profile": self._profile_limits, "wald": self._wald_limits, "log": self._log_limits}
        if method not in methods:
            raise OptionError(401, method=method, methods=", ".join(methods))
        if self.status != 0:
            return Interval(math.nan, math.nan, level, method)
        return Interval(*methods[method](level), level, method)

    @cached_property
    def profile(self) -> ProfileLikelihood:
        """The profile log-likelihood of the population size."""
        return profile_of(self.table, self.model)

    def _profile_limits(self, level: float) -> tuple[float, float]:
        return self.profile.limits(level)

    def _wald_limits(self, level: float) -> tuple[float, float]:
        half = normal_quantile(0.5 + level / 2) * self.standard_error
        return max(self.estimate - half, float(self.table.n)), self.estimate + half

    def _log_limits(self, level: float) -> tuple[float, float]:
        half = normal_quantile(0.5 + level / 2) * math.sqrt(self.variance_of_log_dark)
        n = self.table.n
        return n + self.dark_figure * math.exp(-half), n + self.dark_figure * math.exp(half)

    def effect_name(self, effect: int) -> str:
        """An effect in the names of the lists, such as "police:shelter".

        Returns:
            Text: the names of its lists, joined.

        Raises: nothing.

        Source: own bookkeeping.

        Example:
            >>> from darkfigure import example
            >>> fit(example("korea_3"), "[12,3]").effect_name(3)
            'b:c'
        """
        if effect == 0:
            return "(intercept)"
        return ":".join(self.table.lists[j] for j in range(self.table.k) if effect >> j & 1)

    def to_frame(self) -> pd.DataFrame:
        """One row per parameter: effect, parameter; needs pandas.

        Returns:
            One row per parameter, on the log scale.

        Raises:
            OptionError: 405 without pandas.

        Source: own bookkeeping.

        Example:
            >>> from darkfigure import example
            >>> fit(example("korea_3"), "[12,3]").to_frame().shape
            (5, 2)
        """
        from darkfigure.frames import frame_of

        return frame_of(
            {
                "effect": [self.effect_name(e) for e in self.model.effects],
                "parameter": [self.parameters[e] for e in self.model.effects],
            }
        )

    def __str__(self) -> str:
        head = f"{self.model.name} on {self.table.n} people"
        if self.status != 0:
            return f"{head}: no estimate, {self.reason}"
        limits = self.interval()
        return (
            f"{head}: {self.estimate:,.0f} (BIC {self.bic:.2f}, {self.model.size} parameters), "
            f"95 % profile {limits.lower:,.0f} to {limits.upper:,.0f}"
        )


def fit(table: OverlapTable, model: str | Model) -> Fit:
    """Fit a hierarchical log-linear model by (extended) maximum likelihood.

    Args:
        table: overlap table of k lists. model: such as "[12,3]" (maximal effects, lists numbered from 1).

    Returns:
        A Fit; when no estimate exists or it is not identified, its ``status`` and ``reason`` say so.

    Raises:
        ModelError: 301 to 303. TableError: 216 for censored cells.

    Source: Fienberg 1972; Chan, Silverman & Vincent 2021 for empty overlaps.

    Example:
        >>> from darkfigure import example
        >>> round(fit(example("uk_2013_5"), "[12,13,25,35,45]").estimate, 4)
        12262.4124
    """
    if table.is_censored:
        raise TableError(216)
    model = parse_model(model, table.k)
    return fit_counts(table, model, table.counts.astype(np.float64))


def fit_counts(table: OverlapTable, model: Model, y: Floats) -> Fit:
    """Fit to expected (possibly fractional) counts y, shape (2^k,), in place of the table's counts.

    Example:
        >>> from darkfigure import example, main_effects
        >>> korea = example("korea_3")
        >>> round(fit_counts(korea, main_effects(3), 2.0 * korea.counts).dark_figure, 2)
        37.99
    """
    k = table.k
    solved = _solve(k, y, model)
    status = solved.status if solved.status in (0, engine.NO_MLE, engine.NOT_IDENTIFIED) else engine.NO_MLE
    if status != 0 and table.k <= MOST_LISTS_PROVEN:
        status = certify(table, model).status
    log_factorials = float(sum(math.lgamma(value + 1.0) for value in y[1:]))
    dark = float(solved.fitted[0]) if status == 0 else math.nan
    fitted = solved.fitted.copy()
    fitted[0] = dark
    return Fit(
        table=table,
        model=model,
        estimate=float(y.sum()) + dark,
        dark_figure=dark,
        loglik=solved.loglik - log_factorials,
        deviance=solved.deviance,
        parameters=solved.parameters,
        fitted=fitted,
        status=status,
        iterations=solved.iterations,
        variance_of_log_dark=solved.variance_of_intercept if status == 0 else math.nan,
    )


@dataclass(frozen=True)
class _Solved:
    status: int
    deviance: float
    loglik: float
    iterations: int
    parameters: dict[int, float]
    fitted: Floats
    variance_of_intercept: float


def _solve(k: int, y: Floats, model: Model, complete: bool = False) -> _Solved:
    """Run the kernel once; with ``complete`` cell 0 is data too."""
    size, p = 1 << k, model.size
    t = y.copy()
    engine.superset_sums_of(t, k)
    effects = np.array(model.effects, dtype=np.int64)
    kept, keep = np.empty(p, dtype=np.int64), np.empty(size, dtype=np.bool_)
    q = engine.extended_effects(k, t, effects, p, kept, keep)
    keep[0] = complete
    cells, factor, par, out = np.empty((6, size)), np.empty((p, p)), np.empty((4, p)), np.empty(5)
    status = engine.fit_kernel(k, y, keep, kept, q, np.inf, 0.0, cells, factor, par, out)
    values = {e: -math.inf for e in model.effects}
    values.update({int(e): float(b) for e, b in zip(kept[:q], par[0, :q], strict=True)})
    fitted = np.where(keep, cells[1], 0.0)
    fitted[0] = math.exp(min(float(par[0, 0]), 700.0))
    lower = np.tril(factor[:q, :q])
    unit = np.zeros(q)
    unit[0] = 1.0
    variance = math.nan
    if status == engine.CONVERGED and np.all(np.diag(lower) > 0):
        half = np.linalg.solve(lower, unit)
        variance = float(half @ half)
    return _Solved(status, float(out[0]), float(out[2]), int(out[3]), values, fitted, variance)


class ProfileLikelihood:
    """Multinomial profile log-likelihood of the population size (Cormack 1992).

    For a trial dark figure x the complete table, x included, is fitted by ``fitted(x)`` of shape (2^k,);
    value(x) = log N! - log x! + sum y_s log(mu_s / N) + x log(mu_0 / N), with N = n + x.

    Example:
        >>> from darkfigure import example, main_effects
        >>> round(profile_of(example("uk_2013_5"), main_effects(5)).maximum, 2)
        13437.92
    """

    def __init__(self, table: OverlapTable, fitted: Callable[[float], Floats]) -> None:
        self._fitted = fitted
        self._y = table.counts.astype(np.float64)
        self._n = table.n

    def value(self, x: float) -> float:
        """Profile log-likelihood at dark figure x > 0, up to a constant that does not depend on x."""
        total = self._n + x
        fitted = self._fitted(x)
        seen = self._y[1:] > 0
        fit_part = float(np.sum(self._y[1:][seen] * np.log(fitted[1:][seen] / total)))
        return math.lgamma(total + 1) - math.lgamma(x + 1) + fit_part + x * math.log(fitted[0] / total)

    def slope(self, x: float) -> float:
        """Derivative of the value by x (the fitted values move along the maximum and drop out)."""
        total = self._n + x
        return digamma(total + 1) - digamma(x + 1) + math.log(self._fitted(x)[0] / total)

    @property
    def maximum(self) -> float:
        """Population size with the highest profile likelihood, in people."""
        return self._n + self._best()

    def _best(self) -> float:
        low, high = 1e-8, 1.0
        if self.slope(low) <= 0:
            return 0.0
        while self.slope(high) > 0 and high < 1e12:
            high *= 2.0
        return bisect(self.slope, low, high)

    def limits(self, level: float) -> tuple[float, float]:
        """Where twice the drop from the maximum reaches the chi-square quantile; the upper limit may be infinite."""
        best = self._best()
        top = self.value(max(best, 1e-8))
        drop = chi2_quantile_1df(level) / 2.0

        def excess(x: float) -> float:
            return self.value(x) - top + drop

        if best <= 1e-8 or excess(1e-8) > 0:
            lower = 0.0
        else:
            lower = bisect(excess, 1e-8, best)
        high = max(2.0 * best, 1.0)
        while excess(high) > 0:
            high *= 2.0
            if high > 1e12:
                return self._n + lower, math.inf
        return self._n + lower, self._n + bisect(excess, best, high)


def profile_of(table: OverlapTable, model: Model) -> ProfileLikelihood:
    """Profile likelihood of the population size under a hierarchical model.

    Example:
        >>> from darkfigure import example, main_effects
        >>> round(profile_of(example("kosovo_4"), main_effects(4)).maximum)
        7393
    """

    def fitted(x: float) -> Floats:
        y = table.counts.astype(np.float64)
        y[0] = x
        return _solve(table.k, y, model, complete=True).fitted

    return ProfileLikelihood(table, fitted)
