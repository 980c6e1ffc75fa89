"""Bayesian thresholding (Silverman 2020): fit all pairs, keep those that are clearly not zero, fit again.

The posterior is log-concave, so it is sampled by adaptive importance sampling from a multivariate t around its mode:
draws are independent, and their effective number is reported.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from darkfigure.engine import Floats
from darkfigure.errors import OptionError, TableError, check_seed
from darkfigure.existence import certify
from darkfigure.fitting import Interval
from darkfigure.models import Model, interactions_up_to, main_effects, model_of, subsets
from darkfigure.table import OverlapTable

if TYPE_CHECKING:
    import pandas as pd

FLAT_VARIANCE = 1e4
DEGREES = 6.0
NARROWEST = 0.5
REASONS = {
    0: "",
    1: "the model with all pairs has none under an improper prior",
    5: "the posterior has no width, and no lists can say for certain how many people they missed",
}


@dataclass(frozen=True, eq=False)
class Threshold:
    """Posterior of the population size after thresholding.

    Attributes:
        dark: draws of the expected dark figure exp(intercept), in people; shape (draws,). weights: theirs, sum 1.
        model: the interactions that were kept, with intercept and lists.
        statistics: |posterior mean| / s.d. of every interaction looked at, by name.
        minus_infinity: interactions above empty overlaps that an improper prior puts at minus infinity.
        effective_draws: effective number of independent draws behind the quantiles.
        status: 0; 1 when the improper prior has no proper posterior, 5 when the posterior has no width (half a person):
            then the estimate is NaN. ``reason`` says so in words.

    Example:
        >>> from darkfigure import example
        >>> result = bayes_threshold(example("uk_2013_5"), seed=1)
        >>> result.model.name, 12_000 < result.estimate < 12_900
        ('[12,13,25,35,45]', True)
    """

    table: OverlapTable
    dark: Floats
    weights: Floats
    model: Model
    statistics: dict[str, float]
    minus_infinity: tuple[str, ...]
    effective_draws: float
    prior: str
    status: int

    @property
    def estimate(self) -> float:
        """Posterior median, in people."""
        return self.quantile(0.5)

    @property
    def reason(self) -> str:
        """Why there is no estimate, in words; empty when there is one."""
        return REASONS[self.status]

    @property
    def close_calls(self) -> tuple[str, ...]:
        """Interactions whose statistic lies within 10 % of 2: keeping or dropping them is close to a coin toss."""
        return tuple(name for name, value in self.statistics.items() if abs(value - 2.0) < 0.2)

    def quantile(self, p: float) -> float:
        """Posterior quantile of n + expected dark figure.

        Args:
            p: probability, 0 to 1.

        Returns:
            A population size in people; NaN unless ``status`` is 0.

        Raises: nothing.

        Source: Silverman 2020.

        Example:
            >>> from darkfigure import example
            >>> result = bayes_threshold(example("korea_3"), seed=1)
            >>> result.quantile(0.1) < result.quantile(0.9)
            True
        """
        if self.status != 0:
            return math.nan
        order = np.argsort(self.dark)
        reached = np.cumsum(self.weights[order])
        return float(self.table.n + self.dark[order][min(int(np.searchsorted(reached, p)), len(order) - 1)])

    def interval(self, level: float = 0.95) -> Interval:
        """Central credible interval.

        Args:
            level: nominal coverage, between 0 and 1.

        Returns:
            Interval: limits in people, level, and how it was made.

        Raises: nothing.

        Source: Silverman 2020.

        Example:
            >>> from darkfigure import example
            >>> bayes_threshold(example("korea_3"), seed=1).interval(0.8).level
            0.8
        """
        tail = (1 - level) / 2
        return Interval(self.quantile(tail), self.quantile(1 - tail), level, "posterior after thresholding")

    def to_frame(self) -> pd.DataFrame:
        """One row per interaction looked at: interaction, statistic, kept; needs pandas.

        Returns:
            One row per interaction.

        Raises:
            OptionError: 405 without pandas.

        Source: own bookkeeping.

        Example:
            >>> from darkfigure import example
            >>> bayes_threshold(example("korea_3"), seed=1).to_frame().shape
            (3, 3)
        """
        from darkfigure.frames import frame_of

        kept = {_name(self.table, e) for e in self.model.interactions}
        return frame_of([{"interaction": k, "statistic": v, "kept": k in kept} for k, v in self.statistics.items()])

    def __str__(self) -> str:
        if self.status != 0:
            return f"Bayesian thresholding: no estimate, {self.reason}"
        limits = self.interval()
        return (
            f"Bayesian thresholding ({self.prior} prior): {self.model}, {self.estimate:,.0f}, "
            f"95 % {limits.lower:,.0f} to {limits.upper:,.0f}"
        )


def bayes_threshold(
    table: OverlapTable,
    prior: str = "proper",
    variance: float = 1.0,
    threshold: float = 2.0,
    max_order: int = 2,
    draws: int = 20_000,
    seed: int = 0,
) -> Threshold:
    """Bayesian thresholding.

    Args:
        prior: "proper" (interactions N(0, variance)) or "improper" (flat). Intercept and lists N(0, 10^4).
        threshold: keep an interaction when |posterior mean| / s.d. reaches it.
        max_order: 2, or 3 to look at triples whose three pairs were kept.
        draws: importance samples. seed: of the counter-based generator.
        table: an overlap table: counts of people, shape (2^k,).

    Estimand: the population, under the pairs (and triples) that survive.

    Returns:
        Threshold: posterior of the population size, in people.

    Raises:
        OptionError: 401 for another prior, 402 for fewer than 3 or more than 10 lists.
        OptionError: 403 for another max_order. TableError: 216 for censored cells.

    Source: Silverman 2020.

    Example:
        >>> from darkfigure import example
        >>> bayes_threshold(example("korea_3"), prior="improper").status
        1
    """
    check_seed(seed)
    if table.is_censored:
        raise TableError(216)
    if prior not in ("proper", "improper"):
        raise OptionError(401, method=prior, methods="proper, improper")
    if max_order not in (2, 3):
        raise OptionError(403, option="max_order", value=max_order, need="2 or 3")
    if not 3 <= table.k <= 10:
        raise OptionError(402, method="Bayesian thresholding", need="3 to 10 lists", have=f"{table.k}")
    pairs = list(interactions_up_to(table.k, 2))
    flat = prior == "improper"
    infinite = tuple(_name(table, e) for e in pairs if flat and table.overlaps[e] == 0)
    if flat and certify(table, model_of(table.k, pairs)).status != 0:
        none = np.array([math.nan])
        return Threshold(table, none, np.ones(1), main_effects(table.k), {}, infinite, 0.0, prior, 1)
    first = _posterior(table, pairs, flat, variance, draws, seed)
    statistics = first.statistics(table)
    kept = [e for e in pairs if statistics.get(_name(table, e), math.inf) >= threshold]
    last = _posterior(table, kept, flat, variance, draws, seed + 1)
    if max_order == 3 and table.k > 3:
        triples = [e for e in interactions_up_to(table.k, 3) if e.bit_count() == 3 and _pairs_in(e, kept)]
        if triples:
            middle = _posterior(table, kept + triples, flat, variance, draws, seed + 2)
            found = middle.statistics(table)
            good = [e for e in triples if found.get(_name(table, e), math.inf) >= threshold]
            statistics.update({_name(table, e): found.get(_name(table, e), math.inf) for e in triples})
            kept = kept + good
            last = _posterior(table, kept, flat, variance, draws, seed + 3)
    answer = Threshold(
        table=table,
        dark=np.exp(last.values[:, 0]),
        weights=last.weights,
        model=model_of(table.k, kept),
        statistics=statistics,
        minus_infinity=infinite,
        effective_draws=float(1.0 / np.sum(last.weights**2)),
        prior=prior,
        status=0,
    )
    limits = answer.interval()
    return answer if limits.upper - limits.lower >= NARROWEST else replace(answer, status=5)


def _pairs_in(triple: int, pairs: list[int]) -> bool:
    return all(part in pairs for part in subsets(triple) if part.bit_count() == 2)


def _name(table: OverlapTable, effect: int) -> str:
    return ":".join(table.lists[j] for j in range(table.k) if effect >> j & 1)


@dataclass(frozen=True)
class _Posterior:
    effects: list[int]
    values: Floats
    weights: Floats

    def statistics(self, table: OverlapTable) -> dict[str, float]:
        """|mean| / s.d. of every sampled interaction."""
        mean = self.weights @ self.values
        sd = np.sqrt(self.weights @ (self.values - mean) ** 2)
        return {_name(table, e): float(abs(mean[i]) / sd[i]) for i, e in enumerate(self.effects) if e.bit_count() > 1}


def _posterior(
    table: OverlapTable, interactions: list[int], flat: bool, variance: float, draws: int, seed: int
) -> _Posterior:
    overlaps = table.overlaps
    empty = [e for e in interactions if flat and overlaps[e] == 0]
    cells = [s for s in range(1, 1 << table.k) if not any(s & e == e for e in empty)]
    effects = [0, *(1 << j for j in range(table.k)), *(e for e in interactions if e not in empty)]
    x = np.array([[float(s & e == e) for e in effects] for s in cells])
    y = table.counts[cells].astype(np.float64)
    interaction = 0.0 if flat else 1.0 / variance
    precision = np.array([interaction if e.bit_count() > 1 else 1.0 / FLAT_VARIANCE for e in effects])
    mode, covariance = _mode(x, y, precision)
    generator = np.random.Generator(np.random.Philox(key=seed))
    mean = mode
    for stage in range(4):
        values, weights = _importance(x, y, precision, mean, covariance, draws, generator)
        effective = 1.0 / float(np.sum(weights**2))
        if stage == 3 or effective > 0.7 * draws:
            break
        mean = weights @ values
        centred = values - mean
        covariance = (centred * weights[:, None]).T @ centred + 1e-10 * np.eye(len(effects))
    return _Posterior(effects, values, weights)


def _mode(x: Floats, y: Floats, precision: Floats) -> tuple[Floats, Floats]:
    """Posterior mode and inverse curvature by damped Newton steps (the posterior is log-concave)."""
    mu = y + 0.1
    start = np.linalg.solve(x.T @ (mu[:, None] * x) + np.diag(precision), x.T @ (mu * np.log(mu) + y - mu))
    beta: Floats = np.asarray(start, dtype=np.float64)
    for _ in range(200):
        mu = np.exp(np.minimum(x @ beta, 700.0))
        curvature = x.T @ (mu[:, None] * x) + np.diag(precision)
        step = np.linalg.solve(curvature, x.T @ (y - mu) - precision * beta)
        largest = float(np.abs(x @ step).max())
        beta = np.asarray(beta + step * min(1.0, 2.0 / max(largest, 1e-300)), dtype=np.float64)
        if largest < 1e-9:
            break
    return beta, np.asarray(np.linalg.inv(curvature), dtype=np.float64)


def _importance(
    x: Floats,
    y: Floats,
    precision: Floats,
    mean: Floats,
    covariance: Floats,
    draws: int,
    generator: np.random.Generator,
) -> tuple[Floats, Floats]:
    """Independent draws from a multivariate t and their normalised importance weights."""
    p = len(mean)
    factor = np.linalg.cholesky(covariance)
    normal = generator.standard_normal((draws, p))
    spread = np.sqrt(DEGREES / generator.chisquare(DEGREES, draws))
    standard = normal * spread[:, None]
    values = mean + standard @ factor.T
    eta = values @ x.T
    log_target = eta @ y - np.exp(np.minimum(eta, 700.0)).sum(axis=1) - 0.5 * (values**2) @ precision
    log_proposal = -0.5 * (DEGREES + p) * np.log1p((standard**2).sum(axis=1) / DEGREES)
    logs = log_target - log_proposal
    weights = np.exp(logs - logs.max())
    return values, weights / weights.sum()
