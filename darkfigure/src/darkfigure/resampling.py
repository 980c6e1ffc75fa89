"""Bootstrap with model selection inside every replicate, exhaustive by default, and BCa intervals.

Source: Efron 1987 (BCa), Silverman, Chan & Vincent 2024 (selection inside the bootstrap; their shortlist of models is
available, but not the default).
"""

from __future__ import annotations

import math
import os
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from darkfigure import replicates, search
from darkfigure.engine import Floats, Ints
from darkfigure.errors import OptionError, TableError, check_seed
from darkfigure.fitting import Interval
from darkfigure.models import Model, interactions_up_to, parse_model
from darkfigure.selection import check_exhaustive, family_of, model_of_family, select
from darkfigure.special import normal_cdf, normal_quantile, quantile
from darkfigure.table import OverlapTable

if TYPE_CHECKING:
    import pandas as pd

METHODS = ("bic", "aic", "stepwise", "main")
BATCH = 8
FIRST_SLACK = 1.0
"""How far from the best the models may be that replicates try first: on sparse tables thousands of models lie within a
few units, and finding them all took longer than the replicates."""


@dataclass(frozen=True, eq=False)
class Bootstrap:
    """Bootstrap replicates of a population size, with selection inside.

    Attributes:
        estimate: population size on the table itself.
        replicates: estimate of each replicate, in order; infinite where no model was admissible; shape (B,).
        jackknife: estimate with one person of each history removed; shape (2^k,), NaN for empty histories.
        method, seed: how it was made; the same seed gives the same bits on any number of threads.
        wins: how often each model was chosen, most often first.
        n_fits: model fits done inside the replicates (exhaustive methods; 0 otherwise).

    Example:
        >>> from darkfigure import example
        >>> result = bootstrap(example("korea_3"), replicates=200, seed=1, threads=1)
        >>> print(result)
        bic, 200 replicates, seed 1: 157, 95 % BCa 130 to 371; [12,23] won 60 %
    """

    table: OverlapTable
    estimate: float
    replicates: Floats
    jackknife: Floats
    method: str
    seed: int
    wins: tuple[tuple[str, int], ...]
    n_fits: int

    @property
    def share_infinite(self) -> float:
        """Share of replicates in which no estimate exists."""
        return float(np.mean(~np.isfinite(self.replicates)))

    @cached_property
    def acceleration(self) -> float:
        """Acceleration of BCa from the weighted jackknife: sum y d^3 / (6 (sum y d^2)^1.5); 0 when it is undefined."""
        good = np.isfinite(self.jackknife)
        if not good.any():
            return 0.0
        y, theta = self.table.counts[good], self.jackknife[good]
        d = float(y @ theta) / float(y.sum()) - theta
        spread = float(y @ d**2)
        return float(y @ d**3) / (6.0 * spread**1.5) if spread > 0 else 0.0

    @cached_property
    def bias_correction(self) -> float:
        """z0 of BCa: normal quantile of the share of replicates below the estimate, kept away from 0 and 1."""
        size = self.replicates.size
        share = float(np.mean(self.replicates < self.estimate))
        return normal_quantile(min(max(share, 0.5 / size), 1.0 - 0.5 / size))

    def quantile(self, p: float, method: str = "bca") -> float:
        """Bootstrap quantile at level p, 0 < p < 1, of the finite replicates; "bca" or "percentile".

        Args:
            method: "bca" or "percentile".

        Returns:
            A population size in people, infinite where replicates without an estimate reach it.

        Raises:
            OptionError: 401 for another method.

        Source: DiCiccio & Efron 1996.

        Example:
            >>> from darkfigure import example
            >>> result = bootstrap(example("korea_3"), "main", replicates=200, seed=1, threads=1)
            >>> result.quantile(0.1) < result.quantile(0.9)
            True
        """
        finite = self.replicates[np.isfinite(self.replicates)]
        if method == "percentile":
            return quantile(finite, p)
        if method != "bca":
            raise OptionError(401, method=method, methods="bca, percentile")
        z = self.bias_correction + normal_quantile(p)
        shrink = 1.0 - self.acceleration * z
        if shrink <= 0.0:
            return quantile(finite, 1.0 if z > 0 else 0.0)
        return quantile(finite, normal_cdf(self.bias_correction + z / shrink))

    def interval(self, level: float = 0.95, method: str = "bca") -> Interval:
        """Interval for the population size; its upper limit is infinite when too many replicates have no estimate.

        Returns:
            Interval: limits in people, level, and how it was made.

        Raises:
            OptionError: 401 for an unknown method, 403 for a level outside (0, 1).

        Source: DiCiccio & Efron 1996.

        Example:
            >>> from darkfigure import example
            >>> bootstrap(example("korea_3"), "main", replicates=200, seed=1, threads=1).interval().level
            0.95
        """
        if not 0.0 < level < 1.0:
            raise OptionError(403, option="level", value=level, need="between 0 and 1")
        tail = (1.0 - level) / 2.0
        lower, upper = self.quantile(tail, method), self.quantile(1.0 - tail, method)
        if self.share_infinite > tail:
            upper = math.inf
        return Interval(lower, upper, level, {"bca": "BCa bootstrap", "percentile": "percentile bootstrap"}[method])

    def to_frame(self) -> pd.DataFrame:
        """One row per model that won: model, wins, share; needs pandas.

        Returns:
            One row per replicate; sizes in people.

        Raises:
            OptionError: 405 without pandas.

        Source: own bookkeeping.

        Example:
            >>> from darkfigure import example
            >>> bootstrap(example("korea_3"), "main", replicates=20, threads=1).to_frame()["wins"].tolist()
            [20]
        """
        from darkfigure.frames import frame_of

        size = self.replicates.size
        return frame_of([{"model": name, "wins": count, "share": count / size} for name, count in self.wins])

    def plot(self) -> object:
        """Histogram of the replicates (matplotlib Figure).

        Returns:
            A matplotlib figure.

        Raises:
            OptionError: 405 without matplotlib.

        Source: own.

        Example:
            >>> from darkfigure import example
            >>> len(bootstrap(example("korea_3"), replicates=20, threads=1).plot().axes)
            1
        """
        from darkfigure.plots import plot_bootstrap

        return plot_bootstrap(self)

    def __str__(self) -> str:
        limits = self.interval()
        name, count = self.wins[0]
        return (
            f"{self.method}, {self.replicates.size} replicates, seed {self.seed}: {self.estimate:,.0f}, 95 % BCa "
            f"{limits.lower:,.0f} to {limits.upper:,.0f}; {name} won {100 * count / self.replicates.size:.0f} %"
        )


def bootstrap(
    table: OverlapTable,
    method: str | Model = "bic",
    replicates: int = 1000,
    seed: int = 0,
    max_order: int | None = None,
    threshold: float = 0.02,
    shortlist: int | None = None,
    threads: int | None = None,
    progress: bool | Callable[[int, int], None] = False,
) -> Bootstrap:
    """Resample people, redo the whole estimation, selection included, and make BCa intervals.

    Args:
        table: overlap table of k lists.
        method: "bic" or "aic" (all admissible hierarchical models in every replicate), "stepwise", "main", or the
            name of one fixed model such as "[12,3]".
        replicates: number of replicates. seed: any whole number from 0 to 2^63 - 1.
        max_order: as for select(). threshold: p-value of "stepwise".
        shortlist: let replicates choose only among this many best models of the table ("bic" and "aic"): quicker on
            huge searches, but an approximation; None for all.
        threads: number of threads (default: all cores, or NUMBA_NUM_THREADS).
        progress: True for a bar on standard error, or a function of (done, total).

    Returns:
        Bootstrap: estimates in people, shape (replicates,).

    Raises:
        OptionError: 402 to 404. ModelError: 301 to 303. TableError: 216 for censored cells.

    Source: Silverman, Chan & Vincent 2024; DiCiccio & Efron 1996.

    Example:
        >>> from darkfigure import example
        >>> one = bootstrap(example("korea_3"), replicates=50, seed=7, threads=1)
        >>> two = bootstrap(example("korea_3"), replicates=50, seed=7, threads=2)
        >>> bool((one.replicates == two.replicates).all())
        True
    """
    if table.is_censored:
        raise TableError(216)
    check_seed(seed)
    if replicates < 1:
        raise OptionError(403, option="replicates", value=replicates, need="1 or more")
    plan = _plan(table, method, max_order, threshold, shortlist)
    owner = np.repeat(np.arange(1 << table.k), table.counts)
    estimates, chosen = np.empty(replicates), np.empty(replicates, dtype=np.int64)
    nothing = np.empty((0, 1 << table.k))
    report = _reporter(progress)

    def work(span: tuple[int, int]) -> int:
        first, last = span
        return plan.run(nothing, owner, seed, first, estimates[first:last], chosen[first:last])

    spans = [(at, min(at + BATCH, replicates)) for at in range(0, replicates, BATCH)]
    fits = 0
    for done, part in enumerate(_in_threads(work, spans, threads), start=1):
        fits += part
        report(min(done * BATCH, replicates), replicates)
    return Bootstrap(
        table=table,
        estimate=plan.estimate,
        replicates=estimates,
        jackknife=_jackknife(table, plan),
        method=plan.label,
        seed=seed,
        wins=_wins(table.k, plan.inter, chosen),
        n_fits=fits,
    )


@dataclass(frozen=True)
class _Plan:
    label: str
    k: int
    rule: int
    option: float
    inter: Ints
    below: Ints
    above: Ints
    first: Ints
    estimate: float

    def run(self, tables: Floats, owner: Ints, seed: int, start: int, estimates: Floats, chosen: Ints) -> int:
        return int(
            replicates.estimates_of_batch(
                self.k, self.rule, self.option, tables, owner, seed, start,
                self.inter, self.below, self.above, self.first, estimates, chosen,
            )
        )  # fmt: skip


def _plan(
    table: OverlapTable, method: str | Model, max_order: int | None, threshold: float, shortlist: int | None
) -> _Plan:
    k = table.k
    if isinstance(method, str) and method in ("bic", "aic"):
        check_exhaustive(k, max_order)
        lattice = search.lattice(k, max_order)
        chosen = select(table, method, max_order, slack=FIRST_SLACK if shortlist is None else 60.0)
        models = chosen.models[: 12 if shortlist is None else shortlist]
        first = np.array([family_of(model, lattice[0]) for model in models], dtype=np.int64)
        rule = replicates.EXHAUSTIVE if shortlist is None else replicates.SHORTLIST
        option = 0.0 if method == "bic" else 2.0
        return _Plan(method, k, rule, option, *lattice, first, chosen.estimate)
    if method == "stepwise":
        pairs = np.array(interactions_up_to(k, 2) if k > 2 else (), dtype=np.int64)
        none = np.zeros(len(pairs), dtype=np.int64)
        estimate = select(table, "stepwise", threshold=threshold).estimate
        return _Plan("stepwise", k, replicates.STEPWISE, threshold, pairs, none, none, none, estimate)
    if isinstance(method, str) and not method.startswith("[") and method != "main":
        raise OptionError(404, method=method, methods=", ".join((*METHODS, "a model such as [12,3]")))
    model = parse_model("[1]" if method == "main" else method, k)
    inter = np.array(model.interactions, dtype=np.int64)
    chosen_family = np.array([(1 << len(inter)) - 1], dtype=np.int64)
    none = np.zeros(len(inter), dtype=np.int64)
    plan = _Plan(model.name, k, replicates.FIXED, 0.0, inter, none, none, chosen_family, math.nan)
    estimates, families = np.empty(1), np.empty(1, dtype=np.int64)
    plan.run(table.counts[None, :].astype(np.float64), none, 0, 0, estimates, families)
    label = "main" if method == "main" else model.name
    return _Plan(label, k, replicates.FIXED, 0.0, inter, none, none, chosen_family, float(estimates[0]))


def _jackknife(table: OverlapTable, plan: _Plan) -> Floats:
    seen = np.flatnonzero(table.counts)
    tables = np.repeat(table.counts[None, :].astype(np.float64), len(seen), axis=0)
    tables[np.arange(len(seen)), seen] -= 1.0
    estimates, chosen = np.empty(len(seen)), np.empty(len(seen), dtype=np.int64)
    plan.run(tables, np.empty(0, dtype=np.int64), 0, 0, estimates, chosen)
    result = np.full(1 << table.k, np.nan)
    result[seen] = estimates
    return result


def _wins(k: int, inter: Ints, chosen: Ints) -> tuple[tuple[str, int], ...]:
    families, counts = np.unique(chosen, return_counts=True)
    order = np.lexsort((families, -counts))
    return tuple((model_of_family(k, inter, int(families[i])).name, int(counts[i])) for i in order)


def thread_count(threads: int | None) -> int:
    """Number of threads to use: as asked, else NUMBA_NUM_THREADS, else the cores of this process.

    Example:
        >>> thread_count(3)
        3
    """
    if threads is not None:
        return max(1, threads)
    asked = os.environ.get("NUMBA_NUM_THREADS", "")
    if asked.isdigit() and int(asked) > 0:
        return int(asked)
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _in_threads(
    work: Callable[[tuple[int, int]], int], spans: list[tuple[int, int]], threads: int | None
) -> Iterator[int]:
    count = thread_count(threads)
    if count == 1:
        yield from map(work, spans)
        return
    with ThreadPoolExecutor(count) as pool:
        yield from pool.map(work, spans)


def _reporter(progress: bool | Callable[[int, int], None]) -> Callable[[int, int], None]:
    if callable(progress):
        return progress
    return _print_bar if progress else lambda done, total: None


def _print_bar(done: int, total: int) -> None:
    filled = 40 * done // total
    end = "\n" if done == total else ""
    print(f"\r[{'#' * filled}{'.' * (40 - filled)}] {done}/{total}", end=end, file=sys.stderr, flush=True)
