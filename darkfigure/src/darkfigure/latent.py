"""The Bayesian latent class model (Manrique-Vallier 2016) with many chains, no hidden cap, and honest diagnostics."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal

import numpy as np

from darkfigure.convergence import bulk_ess, split_r_hat, tail_ess
from darkfigure.engine import Floats
from darkfigure.errors import OptionError, TableError, check_seed
from darkfigure.fitting import Interval
from darkfigure.latent_kernel import run_chain, run_tempered
from darkfigure.resampling import thread_count
from darkfigure.special import quantile
from darkfigure.table import OverlapTable

if TYPE_CHECKING:
    import pandas as pd

NO_CAP = 1e12
LARGEST_R_HAT = 1.05
FEWEST_EFFECTIVE = 100
NARROWEST = 0.5
RUNGS = 8
THINNEST = 0.01
TEMPERED_CHAINS = 4
"""Tempered chains cross between modes by themselves, so fewer of them say as much."""


@dataclass(frozen=True, eq=False)
class LatentClass:
    """Posterior of the population size under a mixture of classes with independent lists.

    Attributes:
        dark: draws of the dark figure, in people; shape (chains, draws).
        cap: largest dark figure allowed (None: no cap). share_at_cap: share of draws that had to be redrawn for it.
        accepted: share of Hamiltonian moves accepted, per chain. mean_alpha: posterior mean of alpha, per chain.
        rungs: 1 for plain chains; else the number of thinned tables each chain was tempered over.

    Example:
        >>> from darkfigure import example
        >>> result = latent_class(example("korea_3"), chains=4, draws=500, seed=1, threads=1)
        >>> 130 < result.estimate < 146, result.r_hat < 1.05
        (True, True)
    """

    table: OverlapTable
    dark: Floats
    classes: int
    cap: float | None
    share_at_cap: float
    accepted: Floats
    mean_alpha: Floats
    seed: int
    rungs: int = 1

    @property
    def estimate(self) -> float:
        """Posterior median of the population size, in people."""
        return self.quantile(0.5)

    def quantile(self, p: float) -> float:
        """Posterior quantile of the population size, all chains pooled.

        Args:
            p: probability, 0 to 1.

        Returns:
            A population size in people.

        Raises: nothing.

        Source: Manrique-Vallier 2016.

        Example:
            >>> from darkfigure import example
            >>> result = latent_class(example("korea_3"), chains=2, draws=200, seed=1, threads=1, tempering="never")
            >>> result.quantile(0.025) >= 123
            True
        """
        return self.table.n + quantile(self.dark, p)

    def interval(self, level: float = 0.95) -> Interval:
        """Central credible interval.

        Args:
            level: nominal coverage, between 0 and 1.

        Returns:
            Interval: limits in people, level, and how it was made.

        Raises: nothing.

        Source: Manrique-Vallier 2016.

        Example:
            >>> from darkfigure import example
            >>> latent_class(example("korea_3"), chains=2, draws=200, tempering="never").interval().level
            0.95
        """
        tail = (1 - level) / 2
        return Interval(self.quantile(tail), self.quantile(1 - tail), level, "posterior, latent classes")

    @cached_property
    def r_hat(self) -> float:
        """Rank-normalised split R-hat; above 1.01 the chains have not agreed (1.05 at most for a first look)."""
        return split_r_hat(self.dark)

    @cached_property
    def bulk_ess(self) -> float:
        """Effective number of draws for the median."""
        return bulk_ess(self.dark)

    @cached_property
    def tail_ess(self) -> float:
        """Effective number of draws for the limits."""
        return tail_ess(self.dark)

    @property
    def converged(self) -> bool:
        """R-hat at most 1.05 and at least 100 effective draws for centre and tails."""
        return self.r_hat <= LARGEST_R_HAT and min(self.bulk_ess, self.tail_ess) >= FEWEST_EFFECTIVE

    def to_frame(self) -> pd.DataFrame:
        """One row per chain: median, 2.5 % and 97.5 % quantile of the population size; needs pandas.

        Returns:
            One row per chain; sizes in people.

        Raises:
            OptionError: 405 without pandas.

        Source: own bookkeeping.

        Example:
            >>> from darkfigure import example
            >>> latent_class(example("korea_3"), chains=2, draws=200, tempering="never").to_frame().shape
            (2, 5)
        """
        from darkfigure.frames import frame_of

        rows = []
        for number, chain in enumerate(self.dark, start=1):
            lower, median, upper = (self.table.n + quantile(chain, p) for p in (0.025, 0.5, 0.975))
            rows.append(
                {"chain": number, "median": median, "lower": lower, "upper": upper,
                 "accepted": self.accepted[number - 1]}
            )  # fmt: skip
        return frame_of(rows)

    def __str__(self) -> str:
        limits = self.interval()
        warning = "" if self.converged else "; the chains have NOT agreed: do not use this number"
        if limits.upper - limits.lower < NARROWEST:
            warning += "; an interval without width: the table holds nothing that varies"
        tempered = "" if self.rungs == 1 else f" tempered over {self.rungs} rungs"
        return (
            f"Latent classes (at most {self.classes}): {self.estimate:,.0f}, 95 % {limits.lower:,.0f} to "
            f"{limits.upper:,.0f}; {len(self.dark)} chains{tempered}, R-hat {self.r_hat:.3f}, effective draws "
            f"{self.bulk_ess:,.0f} (tails {self.tail_ess:,.0f}){warning}"
        )


def latent_class(
    table: OverlapTable,
    classes: int = 10,
    chains: int = 8,
    warmup: int = 1000,
    draws: int = 2000,
    seed: int = 0,
    alpha_prior: tuple[float, float] = (0.25, 0.25),
    cap: float | None = None,
    threads: int | None = None,
    tempering: Literal["auto", "always", "never"] = "auto",
    most_draws: int = 4000,
) -> LatentClass:
    """Sample the latent class model.

    Each person belongs to a class; inside a class lists are independent with probabilities uniform on (0, 1); class
    weights by stick breaking with alpha ~ Gamma(alpha_prior: shape, rate); p(N) ~ 1/N.

    Plain chains come first. When they have not agreed (R-hat above 1.05, or fewer than 100 effective draws), four
    chains are tempered: each carries 7 helpers on thinner and thinner versions of the table, which cross between
    modes and swap states with it. Tempered runs double in length until they agree or ``most_draws`` is reached; then
    the result stands as it is, with its R-hat, and ``converged`` is False.

    Args:
        classes: largest number of classes. chains, warmup, draws: per chain, after warm-up.
        cap: largest dark figure (people), None for none. The R package caps silently at 20 n.
        seed: same seed, same numbers, on any number of threads.
        tempering: "auto" as above, "always" (no plain chains), "never" (plain chains only, whatever their R-hat).
        most_draws: longest tempered run, draws per chain.

    Estimand: the population, if dependence between lists comes from classes of people, and every class is seen by
    some list.

    Returns:
        LatentClass: draws in people, shape (chains, draws).

    Raises:
        OptionError: 402 for two lists, 403 for fewer than 2 classes or chains. TableError: 216 for censored cells.
        TableError: 216 for censored cells. OptionError: 401 for another ``tempering``.

    Source: Manrique-Vallier 2016; Papaspiliopoulos & Roberts 2008 (order of classes).

    Example:
        >>> from darkfigure import example
        >>> one = latent_class(example("korea_3"), chains=2, draws=50, seed=3, threads=1, tempering="never")
        >>> two = latent_class(example("korea_3"), chains=2, draws=50, seed=3, threads=2, tempering="never")
        >>> bool((one.dark == two.dark).all())
        True
    """
    check_seed(seed)
    if table.is_censored:
        raise TableError(216)
    if table.k < 3:
        raise OptionError(402, method="The latent class model", need="three or more lists", have="two")
    for option, value in (("classes", classes), ("chains", chains)):
        if value < 2:
            raise OptionError(403, option=option, value=value, need="2 or more")
    if tempering not in ("auto", "always", "never"):
        raise OptionError(401, method=tempering, methods="auto, always, never")
    run = _Sampler(table, classes, alpha_prior, cap, seed, threads)
    if tempering != "always":
        found = run.plain(chains, warmup, draws)
        if found.converged or tempering == "never":
            return found
    length = max(min(draws // 2, most_draws), 1)
    while True:
        found = run.tempered(TEMPERED_CHAINS, max(length // 2, min(warmup, 400)), length)
        if found.converged or 2 * length > most_draws:
            return found
        length *= 2


@dataclass(frozen=True)
class _Sampler:
    table: OverlapTable
    classes: int
    alpha_prior: tuple[float, float]
    cap: float | None
    seed: int
    threads: int | None

    def plain(self, chains: int, warmup: int, draws: int) -> LatentClass:
        return self._run(chains, warmup, draws, rungs=1)

    def tempered(self, chains: int, warmup: int, draws: int) -> LatentClass:
        return self._run(chains, warmup, draws, rungs=RUNGS)

    def _run(self, chains: int, warmup: int, draws: int, rungs: int) -> LatentClass:
        masks = np.flatnonzero(self.table.counts)
        y = self.table.counts[masks].astype(np.float64)
        lists = [[j for j in range(self.table.k) if mask >> j & 1] for mask in masks]
        members = np.array([j for ones in lists for j in ones], dtype=np.int64)
        starts = np.cumsum([0, *(len(ones) for ones in lists)])
        limit = NO_CAP if self.cap is None else self.cap
        dark, info = np.empty((chains, draws)), np.empty((chains, 5))
        common = (self.classes, self.table.k, members, starts, y, *self.alpha_prior)

        def work(chain: int) -> None:
            start = (self.seed * 1_000_003 + chain * 7919 + rungs) % (1 << 32)
            if rungs == 1:
                run_chain(start, *common, warmup, draws, limit, dark[chain], info[chain])
            else:
                run_tempered(start, *common, rungs, THINNEST, warmup, draws, limit, dark[chain], info[chain])

        with ThreadPoolExecutor(thread_count(self.threads)) as pool:
            list(pool.map(work, range(chains)))
        share = float(info[:, 3].sum() / dark.size)
        return LatentClass(self.table, dark, self.classes, self.cap, share, info[:, 0], info[:, 2], self.seed, rungs)
