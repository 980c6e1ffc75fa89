"""Bayesian averaging over decomposable graphs in closed form (Madigan & York 1997).

With a hyper-Dirichlet prior every graph's marginal likelihood is a product over cliques and separators, and only the
all-zero cell of each margin depends on the dark figure x: 2^k - 1 rows over the grid of x serve every graph.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln

from darkfigure.engine import Floats
from darkfigure.errors import OptionError, TableError
from darkfigure.fitting import Interval
from darkfigure.special import log_sum_exp
from darkfigure.table import OverlapTable

if TYPE_CHECKING:
    import pandas as pd

NEGLIGIBLE = 1e-10
MOST_VALUES = 4 * 10**7  # of dark figures on the grid: a gigabyte, half a minute


@dataclass(frozen=True)
class Graph:
    """A decomposable graph: bit masks of its cliques and of its separators (repeated as often as they separate).

    Example:
        >>> decomposable_graphs(3)[0]
        Graph(cliques=(1, 2, 4), separators=(0, 0))
    """

    cliques: tuple[int, ...]
    separators: tuple[int, ...]

    def name(self, k: int) -> str:
        """The cliques, lists numbered from 1, such as "[12,3]"."""
        terms = sorted(
            ([j + 1 for j in range(k) if clique >> j & 1] for clique in self.cliques),
            key=lambda t: (-len(t), t),
        )
        return "[" + ",".join("".join(map(str, term)) for term in terms) + "]"


@lru_cache(maxsize=8)
def decomposable_graphs(k: int) -> tuple[Graph, ...]:
    """All decomposable graphs on k lists: 2, 8, 61, 822, 18 154 for k = 2..6, the complete one last.

    Raises:
        OptionError: 402 above 6 lists.

    Example:
        >>> [len(decomposable_graphs(k)) for k in (2, 3, 4)]
        [2, 8, 61]
    """
    if not 2 <= k <= 6:
        raise OptionError(402, method="Graph averaging", need="2 to 6 lists", have=f"{k}")
    pairs = [(i, j) for i in range(k) for j in range(i + 1, k)]
    found = []
    for edges in range(1 << len(pairs)):
        around = [0] * k
        for at, (i, j) in enumerate(pairs):
            if edges >> at & 1:
                around[i] |= 1 << j
                around[j] |= 1 << i
        graph = _junction(around, k)
        if graph is not None:
            found.append(graph)
    return tuple(found)


def _junction(around: list[int], k: int) -> Graph | None:
    """Cliques and separators by maximum cardinality search; None when the graph is not decomposable."""
    numbered, cliques, separators = 0, [], []
    clique, last = 0, -1
    for _ in range(k):
        vertex = max((v for v in range(k) if not numbered >> v & 1), key=lambda v: (around[v] & numbered).bit_count())
        earlier = around[vertex] & numbered
        if any(earlier & ~around[v] & ~(1 << v) for v in range(k) if earlier >> v & 1):
            return None
        if earlier.bit_count() <= last:
            cliques.append(clique)
            separators.append(earlier)
        clique = earlier | 1 << vertex
        last = earlier.bit_count()
        numbered |= 1 << vertex
    return Graph((*cliques, clique), tuple(separators))


@dataclass(frozen=True, eq=False)
class GraphAveraging:
    """Posterior of the population size, averaged over decomposable graphs.

    Attributes:
        dark: the grid of dark figures, in people; shape (g,). mass: their posterior probabilities; shape (g,).
        graphs: graphs with noticeable probability, most probable first; probabilities: theirs, same order.
        delta: prior count per cell. tail_mass: posterior mass in the last hundredth of the grid: if it is not tiny,
            the end of the grid is a prior, too. complete_graph: probability of the complete graph, whose dark figure
            is decided by the prior alone. without_complete: the same posterior with that graph left out.

    Example:
        >>> from darkfigure import example
        >>> print(average_graphs(example("kosovo_4")))
        61 graphs, delta 0.0625: median 12,595, 95 % 9,827 to 16,544; without the complete graph 12,595
    """

    table: OverlapTable
    dark: NDArray[np.int64]
    mass: Floats
    graphs: tuple[str, ...]
    probabilities: Floats
    n_graphs: int
    delta: float
    tail_mass: float
    complete_graph: float
    without_complete: GraphAveraging | None

    @property
    def estimate(self) -> float:
        """Posterior median, in people."""
        return self.quantile(0.5)

    @property
    def mean(self) -> float:
        """Posterior mean, in people."""
        return float(self.table.n + self.dark @ self.mass)

    @property
    def mode(self) -> int:
        """Most probable population size."""
        return int(self.table.n + self.dark[int(np.argmax(self.mass))])

    def quantile(self, p: float) -> float:
        """Smallest population size whose posterior distribution function reaches p.

        Returns:
            A population size in people.

        Raises: nothing.

        Source: Madigan & York 1997.

        Example:
            >>> from darkfigure import example
            >>> average_graphs(example("korea_3")).quantile(0.5)
            159.0
        """
        at = int(np.searchsorted(np.cumsum(self.mass), p * (1 - 1e-12)))
        return float(self.table.n + self.dark[min(at, len(self.dark) - 1)])

    def interval(self, level: float = 0.95) -> Interval:
        """Central credible interval.

        Args:
            level: nominal coverage, between 0 and 1.

        Returns:
            Interval: limits in people, level, and how it was made.

        Raises: nothing.

        Source: Madigan & York 1997.

        Example:
            >>> from darkfigure import example
            >>> average_graphs(example("korea_3")).interval().method
            'posterior over graphs'
        """
        tail = (1 - level) / 2
        return Interval(self.quantile(tail), self.quantile(1 - tail), level, "posterior over graphs")

    def to_frame(self) -> pd.DataFrame:
        """One row per noticeable graph: graph, probability; needs pandas.

        Returns:
            One row per graph, with its probability.

        Raises:
            OptionError: 405 without pandas.

        Source: own bookkeeping.

        Example:
            >>> from darkfigure import example
            >>> list(average_graphs(example("korea_3")).to_frame())
            ['graph', 'probability']
        """
        from darkfigure.frames import frame_of

        return frame_of({"graph": list(self.graphs), "probability": self.probabilities})

    def __str__(self) -> str:
        limits = self.interval()
        text = (
            f"{self.n_graphs} graphs, delta {self.delta:g}: median {self.estimate:,.0f}, "
            f"95 % {limits.lower:,.0f} to {limits.upper:,.0f}"
        )
        if self.without_complete is not None:
            text += f"; without the complete graph {self.without_complete.estimate:,.0f}"
        return text


def average_graphs(
    table: OverlapTable, delta: float | None = None, smallest: int = 0, largest: int | None = None
) -> GraphAveraging:
    """Average over all decomposable graphs; prior p(N) ~ 1/N, graphs equally likely.

    Args:
        table: 2 to 6 lists. delta: prior count in each of the 2^k cells (default 2^-k: one person in all; larger values
            swamp sparse tables). smallest, largest: range of dark figures looked at (default 0 to 20 n).

    Estimand: the population, if the lists depend on each other as one of the decomposable graphs says.

    Returns:
        GraphAveraging: posterior of the population size, in people.

    Raises:
        OptionError: 402 for more than 6 lists or two million people, 403 for a delta that is not positive.
        TableError: 216 for censored cells.

    Source: Madigan & York 1997.

    Example:
        >>> from darkfigure import example
        >>> average_graphs(example("spina_bifida_3")).graphs[0]
        '[23,1]'
    """
    if table.is_censored:
        raise TableError(216)
    k, n = table.k, table.n
    graphs = decomposable_graphs(k)
    delta = 2.0**-k if delta is None else delta
    if delta <= 0:
        raise OptionError(403, option="delta", value=delta, need="positive")
    largest = 20 * n if largest is None else largest
    if largest - smallest > MOST_VALUES:
        have = f"{n:,}"
        raise OptionError(402, method="Graph averaging", need="at most two million people in all", have=have)
    dark = np.arange(smallest, largest + 1)
    kept, scale = _noticeable(table, graphs, delta, dark)
    rows = _clique_rows(table, delta, dark)
    prior = _log_prior(table, dark) - scale
    mass, rest_mass = np.zeros(len(dark)), np.zeros(len(dark))
    shares = np.empty(len(kept))
    for at, i in enumerate(kept):
        part = np.exp(_log_evidence(graphs[i], rows) + prior)
        shares[at] = part.sum()
        mass += part
        if i != len(graphs) - 1:
            rest_mass += part
    names = [graphs[i].name(k) for i in kept]
    complete = shares[-1] / shares.sum()
    rest = None
    if len(kept) > 1:
        rest = _posterior(table, dark, rest_mass, shares[:-1], names[:-1], len(graphs) - 1, delta, 0.0, None)
    return _posterior(table, dark, mass, shares, names, len(graphs), delta, float(complete), rest)


def _posterior(
    table: OverlapTable,
    dark: NDArray[np.int64],
    mass: Floats,
    shares: Floats,
    names: list[str],
    n_graphs: int,
    delta: float,
    complete: float,
    rest: GraphAveraging | None,
) -> GraphAveraging:
    mass = mass / mass.sum()
    order = np.argsort(-shares, kind="stable")
    tail = float(mass[-max(1, len(mass) // 100) :].sum())
    probabilities = shares[order] / shares.sum()
    return GraphAveraging(
        table,
        dark,
        mass,
        tuple(names[i] for i in order),
        probabilities,
        n_graphs,
        delta,
        tail,
        complete,
        rest,
    )


def _noticeable(
    table: OverlapTable, graphs: tuple[Graph, ...], delta: float, dark: NDArray[np.int64]
) -> tuple[list[int], float]:
    """Graphs whose share is not negligible (1e-10), judged on a coarse grid, and the log of the total there."""
    if len(dark) < 2000:
        coarse = dark
    else:
        steps = np.unique(np.geomspace(1, len(dark) - 1, 400).astype(np.int64))
        coarse = dark[np.unique(np.concatenate([np.arange(60), steps, [len(dark) - 1]]))]
    width = np.log(np.gradient(coarse.astype(np.float64))) if len(coarse) > 1 else np.zeros(1)
    rows = _clique_rows(table, delta, coarse)
    weight = _log_prior(table, coarse) + width
    totals = np.array([log_sum_exp(_log_evidence(graph, rows) + weight) for graph in graphs])
    whole = log_sum_exp(totals)
    complete = len(graphs) - 1
    return [i for i in range(len(graphs)) if totals[i] > whole + np.log(NEGLIGIBLE) or i == complete], whole


def _log_prior(table: OverlapTable, dark: NDArray[np.int64]) -> Floats:
    total = table.n + dark.astype(np.float64)
    return np.asarray(gammaln(total + 1) - gammaln(dark + 1.0) - np.log(np.maximum(total, 1)))


def _log_evidence(graph: Graph, rows: dict[int, Floats]) -> Floats:
    total = sum((rows[clique] for clique in graph.cliques), np.zeros_like(rows[0]))
    for separator in graph.separators:
        total = total - rows[separator]
    return total


def _clique_rows(table: OverlapTable, delta: float, dark: NDArray[np.int64]) -> dict[int, Floats]:
    """log h(C) over the grid for every set of lists C (the empty set counts 0)."""
    k, n = table.k, table.n
    masks = np.arange(1 << k)
    common = gammaln(2.0**k * delta) - gammaln(2.0**k * delta + n + dark)
    rows: dict[int, Floats] = {0: np.zeros(len(dark))}
    for clique in range(1, 1 << k):
        prior = delta * 2.0 ** (k - clique.bit_count())
        margin = np.bincount(masks & clique, weights=table.counts, minlength=1 << k)
        cells = [s for s in range(1, 1 << k) if s & clique == s]
        fixed = float(np.sum(gammaln(prior + margin[cells]) - gammaln(prior)))
        rows[clique] = common + fixed + gammaln(prior + margin[0] + dark) - gammaln(prior)
    return rows
