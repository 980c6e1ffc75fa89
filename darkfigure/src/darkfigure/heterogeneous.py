"""Log-linear models in which people differ: columns of |s| beside the list effects (Rivest & Baillargeon 2007).

Darroch, Poisson and Gamma columns fit equally well and extrapolate very differently: their spread is the message.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from darkfigure.engine import Floats
from darkfigure.errors import OptionError, TableError
from darkfigure.fitting import Interval, ProfileLikelihood
from darkfigure.table import OverlapTable, list_counts

MOST_LISTS = 11

COLUMNS: dict[str, Callable[[Floats], Floats]] = {
    "darroch": lambda s: s * s / 2.0,
    "poisson2": lambda s: 2.0**s - 1.0,
    "gamma3.5": lambda s: -np.log(3.5 + s) + math.log(3.5),
}


@dataclass(frozen=True, eq=False)
class HeterogeneityFit:
    """A log-linear fit with heterogeneity columns.

    Attributes:
        kind: "none", "chao", "darroch", "poisson2" or "gamma3.5". list_effects: whether lists differ (Mth) or not (Mh).
        estimate: population size in people; for "chao" a lower bound. standard_error: asymptotic, in people.
        deviance, loglik, aic, bic: as for Fit, with the number of columns as parameters.
        parameters: shape (columns,), the intercept (log dark figure) first.
        converged: False when the maximum was not reached; then the estimate is NaN.

    Example:
        >>> from darkfigure import example
        >>> print(heterogeneity(example("uk_2013_5"), "darroch"))
        Mth darroch: 14,650
    """

    table: OverlapTable
    kind: str
    list_effects: bool
    estimate: float
    standard_error: float
    deviance: float
    loglik: float
    parameters: Floats
    converged: bool
    design: Floats

    @property
    def aic(self) -> float:
        """2 (number of columns) - 2 loglik."""
        return 2.0 * self.parameters.size - 2.0 * self.loglik

    @property
    def bic(self) -> float:
        """(number of columns) log n - 2 loglik."""
        return self.parameters.size * math.log(self.table.n) - 2.0 * self.loglik

    def interval(self, level: float = 0.95) -> Interval:
        """Multinomial profile likelihood interval.

        Args:
            level: nominal coverage, between 0 and 1.

        Returns:
            Interval: limits in people, level, and how it was made.

        Raises: nothing.

        Source: Rivest & Baillargeon 2007.

        Example:
            >>> from darkfigure import example
            >>> print(heterogeneity(example("kosovo_4"), "chao").interval())
            8,189 to 9,027 (95 %, profile)
        """
        if not self.converged:
            return Interval(math.nan, math.nan, level, "profile")
        return Interval(*self.profile.limits(level), level, "profile")

    @property
    def profile(self) -> ProfileLikelihood:
        """The profile log-likelihood of the population size, with the same columns."""
        size = 1 << self.table.k
        complete = np.vstack([_row_zero(self.design), self.design])

        def fitted(x: float) -> Floats:
            y = self.table.counts.astype(np.float64)
            y[0] = x
            solved = poisson_regression(complete, y)
            return np.asarray(np.exp(np.minimum(complete @ solved[0], 700.0))).reshape(size)

        return ProfileLikelihood(self.table, fitted)

    def __str__(self) -> str:
        name = f"{'Mth' if self.list_effects else 'Mh'} {self.kind}"
        return f"{name}: {self.estimate:,.0f}" if self.converged else f"{name}: no estimate"


def _row_zero(design: Floats) -> Floats:
    """The design row of the history on no list: every column but the intercept is 0 there."""
    row = np.zeros((1, design.shape[1]))
    row[0, 0] = 1.0
    return row


def heterogeneity(table: OverlapTable, kind: str = "chao", list_effects: bool = True) -> HeterogeneityFit:
    """Fit list effects with columns for differences between people.

    Args:
        kind: "none", "darroch" (|s|^2/2), "poisson2" (2^|s| - 1), "gamma3.5" (-log(3.5 + |s|) + log 3.5), or "chao":
            the lower bound with columns (|s| - j + 1)+ for j = 3..k and coefficients >= 0 (negative ones leave).
        list_effects: one capture probability per list (Mth), or the same for all (Mh).
        table: an overlap table: counts of people, shape (2^k,).

    Estimand: the population under an untestable shape of heterogeneity; for "chao" a lower bound.

    Returns:
        HeterogeneityFit: estimate in people.

    Raises:
        OptionError: 401 for an unknown kind, 402 for more than 11 lists. TableError: 216 for censored cells.

    Source: Rivest & Baillargeon 2007.

    Example:
        >>> from darkfigure import example
        >>> [round(heterogeneity(example("kosovo_4"), kind).estimate) for kind in ("chao", "darroch")]
        [8591, 12797]
    """
    if kind not in ("none", "chao", *COLUMNS):
        raise OptionError(401, method=kind, methods=", ".join(("none", "chao", *COLUMNS)))
    if table.is_censored:
        raise TableError(216)
    if table.k > MOST_LISTS:
        raise OptionError(402, method="Heterogeneity", need=f"at most {MOST_LISTS} lists", have=f"{table.k}")
    y = table.counts[1:].astype(np.float64)
    return _fit_columns(table, kind, list_effects, y, table.n)


def _fit_columns(table: OverlapTable, kind: str, list_effects: bool, y: Floats, n: int) -> HeterogeneityFit:
    base, extra = design_columns(table.k, kind, list_effects)
    while True:
        design = np.hstack([base, extra])
        beta, covariance, deviance, loglik, converged = poisson_regression(design, y)
        coefficients = beta[base.shape[1] :]
        if kind != "chao" or not (coefficients < 0).any():
            break
        extra = extra[:, coefficients >= 0]
    converged = converged and has_maximum(design, y)
    dark = math.exp(min(float(beta[0]), 700.0))
    variance = dark + dark * dark * float(covariance[0, 0])
    return HeterogeneityFit(
        table=table,
        kind=kind,
        list_effects=list_effects,
        estimate=n + dark if converged else math.nan,
        standard_error=math.sqrt(variance) if converged and variance >= 0 else math.nan,
        deviance=deviance,
        loglik=loglik,
        parameters=beta,
        converged=converged,
        design=design,
    )


def design_columns(k: int, kind: str, list_effects: bool) -> tuple[Floats, Floats]:
    """Columns for the 2^k - 1 observable histories: (intercept and capture effects, heterogeneity columns).

    Example:
        >>> [part.shape for part in design_columns(4, "chao", True)]
        [(15, 5), (15, 2)]
    """
    masks = np.arange(1, 1 << k)
    seen = list_counts(k)[1:].astype(np.float64)
    if list_effects:
        effects = [((masks >> j) & 1).astype(np.float64) for j in range(k)]
    else:
        effects = [seen]
    base = np.column_stack([np.ones(len(masks)), *effects])
    if kind == "chao":
        extra = [np.maximum(seen - j + 1, 0.0) for j in range(3, k + 1)]
    elif kind == "none":
        extra = []
    else:
        extra = [COLUMNS[kind](seen)]
    return base, np.column_stack(extra) if extra else np.empty((len(masks), 0))


def poisson_regression(x: Floats, y: Floats) -> tuple[Floats, Floats, float, float, bool]:
    """Poisson regression with log link by Newton steps.

    Args:
        x: design, shape (cells, columns). y: counts, shape (cells,).

    Returns:
        Coefficients (columns,), covariance (columns, columns), deviance, log-likelihood, whether it converged.

    Example:
        >>> beta, *_ = poisson_regression(np.ones((3, 1)), np.array([1.0, 2.0, 3.0]))
        >>> round(float(np.exp(beta[0])), 6)
        2.0
    """
    mu = y + 0.1
    beta = np.linalg.lstsq(x * np.sqrt(mu)[:, None], np.sqrt(mu) * (np.log(mu) + (y - mu) / mu), rcond=None)[0]
    loglik, converged = -math.inf, False
    step = np.zeros_like(beta)
    for _ in range(200):
        eta = np.minimum(x @ beta, 700.0)
        mu = np.exp(eta)
        now = float(y @ eta - mu.sum())
        if now < loglik - 1e-9 * (1 + abs(loglik)):
            step = step / 2
            beta = beta - step
            continue
        loglik = now
        information = x.T @ (mu[:, None] * x)
        gradient = x.T @ (y - mu)
        step = np.linalg.lstsq(information, gradient, rcond=1e-14)[0]
        if float(np.abs(x @ step).max()) < 1e-8:
            converged = True
            break
        step = step * min(1.0, 3.0 / float(np.abs(x @ step).max()))
        beta = beta + step
    positive = y > 0
    saturated = float(y[positive] @ np.log(y[positive]) - y.sum())
    constant = float(sum(math.lgamma(value + 1.0) for value in y))
    return (
        np.asarray(beta, dtype=np.float64),
        np.asarray(np.linalg.pinv(information, rcond=1e-14), dtype=np.float64),
        2 * (saturated - loglik),
        loglik - constant,
        converged,
    )


def has_maximum(x: Floats, y: Floats) -> bool:
    """Whether the likelihood of a Poisson regression has a unique finite maximum (columns independent, and some
    strictly positive cell values share the margins of y: linear programming, floating point).

    Example:
        >>> has_maximum(np.array([[1.0, 0.0], [1.0, 1.0]]), np.array([3.0, 0.0]))
        False
    """
    from scipy.optimize import linprog

    if np.linalg.matrix_rank(x) < x.shape[1]:
        return False
    if (y > 0).all():
        return True
    scale = np.abs(x).max(axis=0)
    scaled = (x / scale).T
    with_slack = np.hstack([scaled, scaled.sum(axis=1, keepdims=True)])
    cost = np.zeros(len(y) + 1)
    cost[-1] = -1.0
    found = linprog(cost, A_eq=with_slack, b_eq=scaled @ y, method="highs")
    return found.x is not None and float(found.x[-1]) > 1e-9 * max(1.0, float(y.sum()))


def bias_corrected(table: OverlapTable, kind: str = "none") -> HeterogeneityFit:
    """List effects with Rivest & Levesque's (2001) bias correction: (k-2)/(2k) more people seen on each single list
    and 2/(k(k-1)) more on each exact pair; for two lists this is Chapman's estimate.

    Args:
        table: an overlap table: counts of people, shape (2^k,).
        kind: as for ``heterogeneity``.

    Returns:
        HeterogeneityFit: estimate in people.

    Raises:
        OptionError: 401, 402; TableError: 216, as ``heterogeneity``.

    Source: Rivest & Levesque 2001.

    Example:
        >>> from darkfigure import example
        >>> round(bias_corrected(example("uk_2013_5")).estimate, 4)
        13416.383
    """
    k = table.k
    seen = list_counts(k)[1:]
    y = table.counts[1:] + np.where(seen == 1, (k - 2) / (2 * k), 0.0) + np.where(seen == 2, 2 / (k * (k - 1)), 0.0)
    return _fit_columns(table, kind, True, np.asarray(y, dtype=np.float64), table.n)
