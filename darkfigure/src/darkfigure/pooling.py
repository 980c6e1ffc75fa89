"""Partial pooling of small strata: the log-odds of each list in a stratum are drawn towards those of the other strata.

log mu_gs = a_g + sum over lists j in s of (m_j + r_g + b_jg) + common interactions. r_g ~ Normal(0, omega^2) is what
all lists of a stratum share, b_jg ~ Normal(0, tau^2) what is special to a list in it; flat priors on a and m,
half-normal(1) on tau and omega (Gelman 2006). On a grid of (tau, omega) the posterior is expanded around its mode
(Laplace; Breslow & Clayton 1993), the marginal likelihood weighs the grid, and the normal posteriors are mixed over it
(the scheme of Rue, Martino & Chopin 2009). Both at 0 is the common fit, tau at infinity separate fits.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from darkfigure.engine import Floats
from darkfigure.errors import OptionError, check_seed
from darkfigure.fitting import Interval
from darkfigure.models import Model, parse_model
from darkfigure.special import quantile
from darkfigure.strata import StratifiedTable
from darkfigure.stratified import build_design, newton, terms_of

if TYPE_CHECKING:
    import pandas as pd

GRID = np.exp(np.linspace(math.log(0.03), math.log(2.5), 9))
DRAWS = 20_000


@dataclass(frozen=True, eq=False)
class PooledStrata:
    """Partially pooled strata.

    Attributes:
        strata, model: what was fitted. grid, weights: pairs (tau, omega) of standard deviations between strata
            (log-odds; of single lists, of what all lists share) and their weights; shape (grid, 2), (grid,).
        list_effects: posterior mean log-odds of each list in each stratum, shape (strata, k); centre: the common mean,
            shape (k,).
        unseen: draws of the dark figure of each stratum, shape (draws, strata).
        status: 0, or 1 when no point of the grid gives a finite mode.

    Example:
        >>> strata = StratifiedTable({"a": [0, 40, 30, 60], "b": [0, 10, 12, 15], "c": [0, 3, 1, 2]}, "AB")
        >>> found = pool_strata(strata)
        >>> 180 < found.estimate < 205, 0 < found.tau < 1
        (True, True)
    """

    strata: StratifiedTable
    model: Model
    grid: Floats
    weights: Floats
    list_effects: Floats
    centre: Floats
    unseen: Floats
    status: int

    @cached_property
    def _total(self) -> Floats:
        return np.asarray(self.strata.n + self.unseen.sum(axis=1))

    @property
    def estimate(self) -> float:
        """Posterior median of the population, all strata together."""
        return quantile(self._total, 0.5) if self.status == 0 else math.nan

    @property
    def tau(self) -> float:
        """Posterior mean of the standard deviation between strata that is special to single lists (log-odds)."""
        return float(self.weights @ self.grid[:, 0])

    @property
    def omega(self) -> float:
        """Posterior mean of the standard deviation between strata that all lists share (log-odds)."""
        return float(self.weights @ self.grid[:, 1])

    def interval(self, level: float = 0.95) -> Interval:
        """Central posterior interval, all strata together.

        Returns:
            Interval: limits in people, level, and how it was made.

        Raises:
            OptionError: 403 for a level outside (0, 1).

        Source: own.

        Example:
            >>> strata = StratifiedTable({"a": [0, 40, 30, 60], "b": [0, 10, 12, 15], "c": [0, 3, 1, 2]}, "AB")
            >>> pool_strata(strata).interval().method
            'posterior, pooled strata'
        """
        return self._limits(self._total, level)

    def stratum_interval(self, name: str, level: float = 0.95) -> Interval:
        """Central posterior interval of one stratum.

        Args:
            name: of the stratum.
            level: nominal coverage, between 0 and 1.

        Returns:
            Interval: limits in people, level, and how it was made.

        Raises: nothing.

        Source: own.

        Example:
            >>> strata = StratifiedTable({"a": [0, 40, 30, 60], "b": [0, 10, 12, 15], "c": [0, 3, 1, 2]}, "AB")
            >>> pool_strata(strata).stratum_interval("c").lower >= 6
            True
        """
        at = self.strata.names.index(name)
        return self._limits(self.strata.sizes[at] + self.unseen[:, at], level)

    def _limits(self, draws: Floats, level: float) -> Interval:
        if not 0.0 < level < 1.0:
            raise OptionError(403, option="level", value=level, need="between 0 and 1")
        how = "posterior, pooled strata"
        if self.status != 0:
            return Interval(math.nan, math.nan, level, how)
        tail = (1 - level) / 2
        return Interval(quantile(draws, tail), quantile(draws, 1 - tail), level, how)

    def to_frame(self) -> pd.DataFrame:
        """One row per stratum: people seen, median and limits; needs pandas.

        Returns:
            One row per stratum; sizes in people.

        Raises:
            OptionError: 405 without pandas.

        Source: own bookkeeping.

        Example:
            >>> strata = StratifiedTable({"a": [0, 40, 30, 60], "b": [0, 10, 12, 15], "c": [0, 3, 1, 2]}, "AB")
            >>> pool_strata(strata).to_frame().shape
            (3, 5)
        """
        from darkfigure.frames import frame_of

        rows = []
        for at, name in enumerate(self.strata.names):
            limits = self.stratum_interval(name)
            seen = int(self.strata.sizes[at])
            middle = seen + quantile(self.unseen[:, at], 0.5) if self.status == 0 else math.nan
            rows.append(
                {"stratum": name, "seen": seen, "estimate": middle, "lower": limits.lower, "upper": limits.upper}
            )
        return frame_of(rows)

    def __str__(self) -> str:
        if self.status != 0:
            return f"Pooled strata, {self.model.name}: no estimate"
        return (
            f"Pooled strata, {self.model.name}: {self.estimate:,.0f}, {self.interval()}; log-odds differ between "
            f"{len(self.strata)} strata with s.d. {self.tau:.2f} list by list, {self.omega:.2f} for all lists"
        )


def pool_strata(
    strata: StratifiedTable,
    model: str | Model = "[1]",
    tau: float | None = None,
    omega: float | None = None,
    seed: int = 0,
) -> PooledStrata:
    """Estimate every stratum with list effects that borrow strength from the other strata.

    Args:
        strata: three strata or more; small ones and empty lists in some of them are what this is for.
        model: interactions in it are common to all strata.
        tau, omega: fix a standard deviation between strata instead of learning it. seed: of the draws.

    Estimand: the population, if inside every stratum the model holds and the strata's list log-odds are alike in the
    sense of one normal distribution. A stratum known to be special does not belong in the pool.

    Returns:
        PooledStrata: posterior of each stratum and of their sum, in people.

    Raises:
        ModelError: 301 to 303. OptionError: 402 below three strata, 403 for a tau or omega not above 0.

    Source: own (hierarchical pooling of log odds).

    Example:
        >>> strata = StratifiedTable({"a": [0, 40, 30, 60], "b": [0, 10, 12, 15], "c": [0, 3, 1, 0]}, "AB")
        >>> pool_strata(strata, tau=0.03).status
        0
    """
    check_seed(seed)
    if len(strata) < 3:
        raise OptionError(402, method="Pooling", need="three or more strata", have=f"{len(strata)}")
    for option, value in (("tau", tau), ("omega", omega)):
        if value is not None and value <= 0:
            raise OptionError(403, option=option, value=value, need="above 0")
    found = parse_model(model, strata.k)
    grid = np.array([(t, o) for t in (GRID if tau is None else [tau]) for o in (GRID if omega is None else [omega])])
    modes = _modes(strata, found, grid)
    scores = np.array([one.score for one in modes])
    groups, k = len(strata), strata.k
    if not np.isfinite(scores).any():
        nothing = np.full((groups, k), math.nan)
        return PooledStrata(strata, found, grid, np.full(len(grid), math.nan), nothing, nothing[0], nothing.T[:1], 1)
    log_weights = scores - 0.5 * (grid**2).sum(axis=1) + np.log(grid).sum(axis=1)
    weights = np.exp(log_weights - log_weights.max())
    weights /= weights.sum()
    generator = np.random.Generator(np.random.Philox(key=seed))
    parts = generator.multinomial(DRAWS, weights)
    logs = np.vstack([one.draw(int(number), generator) for one, number in zip(modes, parts, strict=True) if number])
    means = np.minimum(np.exp(np.minimum(logs, 40.0)), 1e15)
    effects = sum(w * one.list_effects for w, one in zip(weights, modes, strict=True) if w > 0)
    centre = sum(w * one.centre for w, one in zip(weights, modes, strict=True) if w > 0)
    unseen = generator.poisson(means).astype(np.float64)
    return PooledStrata(strata, found, grid, weights, np.asarray(effects), np.asarray(centre), unseen, 0)


@dataclass(frozen=True)
class _Mode:
    score: float
    mean: Floats
    factor: Floats
    list_effects: Floats
    centre: Floats

    def draw(self, number: int, generator: np.random.Generator) -> Floats:
        """Logs of the dark figures of the strata, from the normal around the mode; shape (number, strata)."""
        return np.asarray(self.mean + generator.standard_normal((number, len(self.mean))) @ self.factor.T)


def _modes(strata: StratifiedTable, model: Model, grid: Floats) -> list[_Mode]:
    """The penalised mode at every point of the grid, each started from the one before."""
    design = build_design(strata, terms_of(strata, model, "none"))
    groups, k = len(strata), strata.k
    by_row = np.array([[float(g == row[0]) for g in range(groups)] for row in design.rows])
    on_list = np.array([[float(row[1] >> j & 1) for j in range(k)] for row in design.rows])
    shared = by_row * on_list.sum(axis=1, keepdims=True)
    x = np.hstack([design.x, *(by_row * on_list[:, [j]] for j in range(k)), shared])
    fixed, own = design.x.shape[1], k * groups
    at = [design.owner.index(1 << j) for j in range(k)]
    start: Floats | None = None
    found = []
    for tau, omega in grid:
        penalty = np.concatenate([np.zeros(fixed), np.full(own, tau**-2), np.full(groups, omega**-2)])
        beta, information, loglik, converged = newton(x, design.y, penalty, start)
        sign, log_determinant = np.linalg.slogdet(information)
        good = converged and sign > 0
        prior = -0.5 * float(penalty @ beta**2) - own * math.log(tau) - groups * math.log(omega)
        covariance = np.linalg.pinv(information, hermitian=True)[:groups, :groups]
        spread, vectors = np.linalg.eigh(covariance)
        found.append(
            _Mode(
                score=loglik + prior - 0.5 * float(log_determinant) if good else -math.inf,
                mean=beta[:groups],
                factor=vectors * np.sqrt(np.maximum(spread, 0.0)),
                list_effects=beta[at] + beta[fixed : fixed + own].reshape(k, groups).T + beta[fixed + own :, None],
                centre=beta[at],
            )
        )
        start = beta if good else None
    return found
