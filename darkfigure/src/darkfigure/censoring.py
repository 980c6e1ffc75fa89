"""Suppressed and rounded cells as data: a cell known as a range enters with the probability of its range."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from darkfigure.engine import Floats
from darkfigure.fitting import Fit, fit_counts
from darkfigure.models import Model, parse_model
from darkfigure.streams import uniforms
from darkfigure.table import OverlapTable


@dataclass(frozen=True, eq=False)
class CensoredFit:
    """Maximum likelihood with interval-censored cells.

    Attributes:
        estimate: population size, in people; NaN when there is none. expected: expected counts given the ranges and
            the fit; shape (2^k,), entry 0 is 0. loglik: log-likelihood of the ranges.
        lowest, highest: estimates when every range is put at its lower or upper end (the dark figure can move
            either way). status, reason: as for Fit. iterations: EM steps.

    Example:
        >>> table = OverlapTable([0, 40, 30, 4], "AB", [0, 40, 30, 8])
        >>> print(fit_censored(table, "[1,2]"))
        [1,2]: 282 (ranges at their lowest 374, at their highest 228)
    """

    model: Model
    estimate: float
    expected: Floats
    loglik: float
    lowest: float
    highest: float
    status: int
    reason: str
    iterations: int

    def __str__(self) -> str:
        if self.status != 0:
            return f"{self.model}: no estimate, {self.reason}"
        return (
            f"{self.model}: {self.estimate:,.0f} (ranges at their lowest {self.lowest:,.0f}, "
            f"at their highest {self.highest:,.0f})"
        )


def fit_censored(table: OverlapTable, model: str | Model, tolerance: float = 1e-10) -> CensoredFit:
    """Fit a model to a table with ranges by the EM algorithm (Poisson cells, expectation inside each range).

    Args:
        table: overlap table, some cells with ``upper`` above ``counts``. tolerance: relative change of the
            dark figure at which to stop.

    Returns:
        CensoredFit: estimate and expected counts in people.

    Raises:
        ModelError: 301 to 303.

    Source: Dempster, Laird & Rubin 1977.

    Example:
        >>> from darkfigure import example, fit
        >>> exact = example("korea_3")
        >>> abs(fit_censored(exact, "[12,3]").estimate - fit(exact, "[12,3]").estimate) < 1e-9
        True
    """
    model = parse_model(model, table.k)
    low, high = _bounds(table)
    at_low, at_high = _plain_fit(table, model, low), _plain_fit(table, model, high)
    y = (low + high) / 2.0
    previous, iterations = math.nan, 0
    current = fit_counts(_as_seen(table, y), model, y)
    while current.status == 0 and iterations < 5000:
        iterations += 1
        y = expected_counts(current.fitted, low, high)
        current = fit_counts(_as_seen(table, y), model, y)
        if abs(current.dark_figure - previous) <= tolerance * (1 + abs(previous)):
            break
        previous = current.dark_figure
    return CensoredFit(
        model=model,
        estimate=current.estimate,
        expected=y,
        loglik=range_loglik(current.fitted, low, high) if current.status == 0 else math.nan,
        lowest=at_low,
        highest=at_high,
        status=current.status,
        reason=current.reason,
        iterations=iterations,
    )


def _bounds(table: OverlapTable) -> tuple[Floats, Floats]:
    low = table.counts.astype(np.float64)
    return low, low if table.upper is None else table.upper.astype(np.float64)


def _as_seen(table: OverlapTable, y: Floats) -> OverlapTable:
    """The table whose zero pattern is that of y (only used to judge existence)."""
    return table.with_counts(np.ceil(y - 1e-12).astype(np.int64)) if table.is_censored else table


def _plain_fit(table: OverlapTable, model: Model, y: Floats) -> float:
    try:
        found: Fit = fit_counts(table.with_counts(y.astype(np.int64)), model, y)
    except ValueError:
        return math.nan
    return found.estimate


def expected_counts(fitted: Floats, low: Floats, high: Floats) -> Floats:
    """E[Y | low <= Y <= high] for Y ~ Poisson(fitted), cell by cell; all of shape (2^k,).

    Example:
        >>> expected_counts(np.array([9.0, 2.0]), np.array([0.0, 1.0]), np.array([0.0, 2.0])).round(9).tolist()
        [0.0, 1.5]
    """
    y = low.copy()
    for s in np.flatnonzero(high > low):
        values, logs = _range_terms(float(fitted[s]), int(low[s]), int(high[s]))
        weights = np.exp(logs - logs.max())
        y[s] = float(weights @ values / weights.sum())
    return y


def range_loglik(fitted: Floats, low: Floats, high: Floats) -> float:
    """Sum over cells of log P(low <= Y <= high), Y ~ Poisson(fitted); cell 0 left out.

    Example:
        >>> round(range_loglik(np.array([0.0, 1.0]), np.array([0.0, 0.0]), np.array([0.0, 50.0])), 12)
        0.0
    """
    total = 0.0
    for s in range(1, len(fitted)):
        if high[s] > 0 or fitted[s] > 0:
            _, logs = _range_terms(float(fitted[s]), int(low[s]), int(high[s]))
            total += float(logs.max()) + math.log(float(np.exp(logs - logs.max()).sum()))
    return total


def _range_terms(mean: float, low: int, high: int) -> tuple[Floats, Floats]:
    values = np.arange(low, high + 1, dtype=np.float64)
    log_mean = math.log(max(mean, 1e-300))
    return values, np.array([v * log_mean - mean - math.lgamma(v + 1) for v in values])


def impute_censored(table: OverlapTable, model: str | Model, draws: int = 20, seed: int = 0) -> list[OverlapTable]:
    """Complete tables with each range replaced by a draw given the fit; feed them to combine_tables().

    Args:
        draws: number of tables. seed: of the counter-based generator.
        table: an overlap table: counts of people, shape (2^k,).
        model: whose expected counts the draws follow.

    Returns:
        A list of tables without censored cells.

    Raises:
        ModelError: 301 to 303.

    Source: Rubin 1987.

    Example:
        >>> table = OverlapTable([0, 40, 30, 4], "AB", [0, 40, 30, 8])
        >>> sorted({int(one.counts[3]) for one in impute_censored(table, "[1,2]", 40)})
        [4, 5, 6, 7, 8]
    """
    low, high = _bounds(table)
    found = fit_censored(table, model)
    fitted = fit_counts(_as_seen(table, found.expected), found.model, found.expected).fitted
    ranges = np.flatnonzero(high > low)
    tables = []
    for draw in range(draws):
        y = low.copy()
        for s, u in zip(ranges, uniforms(seed, draw, max(len(ranges), 1)), strict=False):
            values, logs = _range_terms(float(fitted[s]), int(low[s]), int(high[s]))
            reached = np.cumsum(np.exp(logs - logs.max()))
            y[s] = values[min(int(np.searchsorted(reached, u * reached[-1])), len(values) - 1)]
        tables.append(table.with_counts(y.astype(np.int64)))
    return tables
