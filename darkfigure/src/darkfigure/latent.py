"""The Bayesian latent class model (Manrique-Vallier 2016) with many chains, no hidden cap, and honest diagnostics."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from darkfigure.convergence import bulk_ess, split_r_hat, tail_ess
from darkfigure.engine import Floats
from darkfigure.errors import OptionError, TableError, check_seed
from darkfigure.fitting import Interval
from darkfigure.latent_kernel import run_chain
from darkfigure.resampling import thread_count
from darkfigure.special import quantile
from darkfigure.table import OverlapTable

if TYPE_CHECKING:
    import pandas as pd

NO_CAP = 1e12


@dataclass(frozen=True, eq=False)
class LatentClass:
    """Posterior of the population size under a mixture of classes with independent lists.

    Attributes:
        dark: draws of the dark figure, in people; shape (chains, draws).
        cap: largest dark figure allowed (None: no cap). share_at_cap: share of draws that had to be redrawn for it.
        accepted: share of Hamiltonian moves accepted, per chain. mean_alpha: posterior mean of alpha, per chain.

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

    @property
    def estimate(self) -> float:
        """Posterior median of the population size, in people."""
        return self.quantile(0.5)

    def quantile(self, p: float) -> float:
        """Posterior quantile of the population size, all chains pooled.

        Example:
            >>> from darkfigure import example
            >>> result = latent_class(example("korea_3"), chains=2, draws=200, seed=1, threads=1)
            >>> result.quantile(0.025) >= 123
            True
        """
        return self.table.n + quantile(self.dark, p)

    def interval(self, level: float = 0.95) -> Interval:
        """Central credible interval.

        Example:
            >>> from darkfigure import example
            >>> latent_class(example("korea_3"), chains=2, draws=200, seed=1, threads=1).interval().level
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
        return self.r_hat <= 1.05 and min(self.bulk_ess, self.tail_ess) >= 100

    def to_frame(self) -> pd.DataFrame:
        """One row per chain: median, 2.5 % and 97.5 % quantile of the population size; needs pandas.

        Example:
            >>> from darkfigure import example
            >>> latent_class(example("korea_3"), chains=2, draws=200, seed=1, threads=1).to_frame().shape
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
        return (
            f"Latent classes (at most {self.classes}): {self.estimate:,.0f}, 95 % {limits.lower:,.0f} to "
            f"{limits.upper:,.0f}; {len(self.dark)} chains, R-hat {self.r_hat:.3f}, effective draws "
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
) -> LatentClass:
    """Sample the latent class model.

    Each person belongs to a class; inside a class lists are independent with probabilities uniform on (0, 1); class
    weights by stick breaking with alpha ~ Gamma(alpha_prior: shape, rate); p(N) ~ 1/N.

    Args:
        classes: largest number of classes. chains, warmup, draws: per chain, after warm-up.
        cap: largest dark figure (people), None for none. The R package caps silently at 20 n.
        seed: same seed, same numbers, on any number of threads.

    Estimand: the population, if dependence between lists comes from classes of people, and every class is seen by
    some list.

    Raises:
        OptionError: 402 for two lists, 403 for fewer than 2 classes or chains. TableError: 216 for censored cells.

    Example:
        >>> from darkfigure import example
        >>> one = latent_class(example("korea_3"), chains=2, draws=50, warmup=100, seed=3, threads=1)
        >>> two = latent_class(example("korea_3"), chains=2, draws=50, warmup=100, seed=3, threads=2)
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
    masks = np.flatnonzero(table.counts)
    y = table.counts[masks].astype(np.float64)
    dark, info = np.empty((chains, draws)), np.empty((chains, 4))

    def work(chain: int) -> None:
        start = (seed * 1_000_003 + chain * 7919 + 1) % (1 << 32)
        limit = NO_CAP if cap is None else cap
        run_chain(start, classes, table.k, masks, y, *alpha_prior, warmup, draws, limit, dark[chain], info[chain])

    with ThreadPoolExecutor(thread_count(threads)) as pool:
        list(pool.map(work, range(chains)))
    share = float(info[:, 3].sum() / dark.size)
    return LatentClass(table, dark, classes, cap, share, info[:, 0], info[:, 2], seed)
