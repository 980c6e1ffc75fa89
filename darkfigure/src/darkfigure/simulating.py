"""Tables with known truth, how often intervals hold it, and what lists a wished precision would take."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from darkfigure.engine import Floats
from darkfigure.errors import DarkfigureError, OptionError, check_seed
from darkfigure.estimation import estimate
from darkfigure.fitting import fit_counts
from darkfigure.models import interactions_up_to, main_effects, model_of
from darkfigure.special import normal_quantile
from darkfigure.strata import StratifiedTable
from darkfigure.table import OverlapTable, superset_sums

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Scenario:
    """A population whose size is known, and the lists that see it.

    Args:
        name: what it is called. population: true number of people.
        coverage: probability of being on each list, for a person of the first class without dependence; length k.
        dependence: for pairs of list positions (0, 1), the log odds ratio between them; 0 elsewhere.
        classes: (share, factor on the odds of every list) of each class of people; shares sum to 1.
        missed_links: probability that a person on two or more lists is split: one record stays unlinked.
        false_links: probability that a person on one list only is taken for a person on another list only.

    Raises:
        OptionError: 403 for shares that do not sum to 1 or probabilities outside (0, 1).

    Example:
        >>> Scenario("plain", 1000, (0.3, 0.2, 0.1)).probabilities().round(3).tolist()[0]
        0.504
    """

    name: str
    population: int
    coverage: tuple[float, ...]
    dependence: Mapping[tuple[int, int], float] = field(default_factory=dict)
    classes: tuple[tuple[float, float], ...] = ((1.0, 1.0),)
    missed_links: float = 0.0
    false_links: float = 0.0

    def __post_init__(self) -> None:
        if not math.isclose(sum(share for share, _ in self.classes), 1.0):
            raise OptionError(403, option="classes", value=self.classes, need="shares that sum to 1")
        if self.population < 1:
            raise OptionError(403, option="population", value=self.population, need="1 or more")
        for option, share in (("missed_links", self.missed_links), ("false_links", self.false_links)):
            if not 0.0 <= share < 1.0:
                raise OptionError(403, option=option, value=share, need="from 0 to below 1")
        for i, j in self.dependence:
            if not 0 <= i < j < len(self.coverage):
                raise OptionError(403, option="dependence", value=(i, j), need="two positions of lists, in order")
        for value in self.coverage:
            if not 0.0 < value < 1.0:
                raise OptionError(403, option="coverage", value=value, need="between 0 and 1")

    def probabilities(self) -> Floats:
        """Probability of every history, the unseen one first; shape (2^k,), sum 1.

        Returns:
            Probability of every history, shape (2^k,).

        Raises: nothing.

        Source: own.

        Example:
            >>> float(Scenario("plain", 1000, (0.3, 0.2)).probabilities().sum().round(12))
            1.0
        """
        k = len(self.coverage)
        masks = np.arange(1 << k)
        total = np.zeros(1 << k)
        for share, factor in self.classes:
            logs = np.zeros(1 << k)
            for j, p in enumerate(self.coverage):
                logs += ((masks >> j) & 1) * math.log(factor * p / (1 - p))
            for (i, j), effect in self.dependence.items():
                logs += ((masks >> i) & (masks >> j) & 1) * effect
            weights = np.exp(logs)
            total += share * weights / weights.sum()
        return total


def simulate(scenario: Scenario, seed: int = 0, replicate: int = 0) -> OverlapTable:
    """Draw one overlap table; the same (seed, replicate) gives the same table.

    Args:
        scenario: population and lists.

    Returns:
        An overlap table of the people seen.

    Raises:
        TableError: 207, 210 when nobody is seen, or a list stays empty.

    Source: Salmon et al. 2011 (generator).

    Example:
        >>> simulate(Scenario("plain", 1000, (0.3, 0.2, 0.1)), seed=1).k
        3
    """
    check_seed(seed)
    generator = np.random.Generator(np.random.Philox(key=[seed, replicate]))
    counts = generator.multinomial(scenario.population, scenario.probabilities())
    k = len(scenario.coverage)
    if scenario.missed_links > 0:
        counts = _split_people(counts, k, scenario.missed_links, generator)
    if scenario.false_links > 0:
        counts = _join_people(counts, k, scenario.false_links, generator)
    counts[0] = 0
    return OverlapTable(counts, [f"list {j + 1}" for j in range(k)])


def _join_people(
    counts: np.ndarray[tuple[int], np.dtype[np.int64]], k: int, share: float, generator: np.random.Generator
) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Of the people on one list only, a share meets its false double on another list, at random."""
    result = counts.copy()
    alone = np.array([counts[1 << j] for j in range(k)])
    people = generator.permutation(np.repeat(np.arange(k), alone))
    chosen = people[: int(generator.binomial(len(people), share)) // 2 * 2].reshape(-1, 2)
    for first, second in chosen:
        if first != second:
            result[1 << first] -= 1
            result[1 << second] -= 1
            result[1 << first | 1 << second] += 1
    return result


def _split_people(
    counts: np.ndarray[tuple[int], np.dtype[np.int64]], k: int, share: float, generator: np.random.Generator
) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    result = counts.copy()
    for mask in range(1 << k):
        members = [j for j in range(k) if mask >> j & 1]
        if len(members) < 2 or counts[mask] == 0:
            continue
        split = int(generator.binomial(counts[mask], share))
        result[mask] -= split
        for j, number in zip(members, generator.multinomial(split, [1 / len(members)] * len(members)), strict=True):
            result[1 << j] += number
            result[mask & ~(1 << j)] += number
    return result


@dataclass(frozen=True)
class Coverage:
    """How a method did on simulated tables.

    Attributes:
        scenario, method: names. tables: how many had an estimate, of ``drawn``. covered: share of those whose interval
            holds the truth. bias: median of estimate / truth. width: median of upper / lower.
        error: Monte Carlo standard error of ``covered``.

    Example:
        >>> Coverage("plain", "main", 100, 100, 0.95, 1.0, 1.2).error < 0.03
        True
    """

    scenario: str
    method: str
    tables: int
    drawn: int
    covered: float
    bias: float
    width: float

    @property
    def error(self) -> float:
        """Standard error of the covered share."""
        return math.sqrt(max(self.covered * (1 - self.covered), 1e-9) / max(self.tables, 1))


def coverage_study(
    scenario: Scenario,
    methods: Sequence[str] = ("main", "stepwise", "bic"),
    tables: int = 100,
    seed: int = 0,
    level: float = 0.95,
    bootstrap_replicates: int = 0,
) -> list[Coverage]:
    """Measure how often the interval of each method holds the truth.

    Args:
        scenario: population and lists.
        methods: of ``estimate``.
        tables: number of tables to draw.
        seed: of the counter-based generator, 0 to 2^63 - 1.
        level: nominal coverage, between 0 and 1.
        bootstrap_replicates: for the methods that take them.

    Returns:
        One Coverage per method: shares of tables, 0 to 1.

    Raises:
        OptionError: 401 for an unknown method, 403.

    Source: own.

    Example:
        >>> study = coverage_study(Scenario("plain", 500, (0.4, 0.3, 0.3)), ["main"], tables=20, seed=1)
        >>> study[0].covered >= 0.75
        True
    """
    results = []
    for method in methods:
        hits, ratios, widths = [], [], []
        for replicate in range(tables):
            try:
                table = simulate(scenario, seed, replicate)
                found = estimate(
                    table, method, level, bootstrap_replicates=bootstrap_replicates, seed=replicate, threads=1
                )
            except DarkfigureError as error:
                if error.number == 401:
                    raise
                continue
            if math.isfinite(found.estimate) and not math.isnan(found.upper):
                hits.append(found.lower <= scenario.population <= found.upper)
                ratios.append(found.estimate / scenario.population)
                widths.append(found.upper / found.lower)
        good = len(hits) > 0
        results.append(
            Coverage(
                scenario.name,
                method,
                len(hits),
                tables,
                float(np.mean(hits)) if good else math.nan,
                float(np.median(ratios)) if good else math.nan,
                float(np.median(widths)) if good else math.nan,
            )
        )
    return results


@dataclass(frozen=True)
class Plan:
    """What a design of lists would give.

    Attributes:
        lists: number of lists. coverage: probability of being on each. observed: expected people on at least one list.
        on_two: expected people on two or more. lower, upper: expected interval, in people.
        width: upper / lower.

    Example:
        >>> print(plan(1000, [0.3, 0.3, 0.3]))
        3 lists reaching 30 %: 657 seen, 216 on two or more, interval about 937 to 1,077
    """

    lists: int
    coverage: float
    observed: float
    on_two: float
    lower: float
    upper: float

    @property
    def width(self) -> float:
        """Upper limit divided by lower limit."""
        return self.upper / self.lower

    def __str__(self) -> str:
        return (
            f"{self.lists} lists reaching {100 * self.coverage:.0f} %: {self.observed:,.0f} seen, "
            f"{self.on_two:,.0f} on two or more, interval about {self.lower:,.0f} to {self.upper:,.0f}"
        )


def plan(population: int, coverage: Sequence[float], pairs: bool = False, level: float = 0.95) -> Plan:
    """Expected interval if lists with these coverages saw a population of this size independently.

    Args:
        population: supposed size, people. coverage: probability of being on each list, length k.
        pairs: allow for dependence between every two lists (as any honest analysis must): much wider.
        level: nominal coverage, between 0 and 1.

    Returns:
        Plan: people seen, and limits in people.

    Raises:
        OptionError: 402 for pairs with two lists, 403 for probabilities outside (0, 1).

    Source: own (large-sample variance of the fit at expected counts).

    Example:
        >>> plan(1000, [0.3, 0.3, 0.3, 0.3], pairs=True).width > plan(1000, [0.3, 0.3, 0.3, 0.3]).width
        True
    """
    scenario = Scenario("plan", population, tuple(coverage))
    k = len(scenario.coverage)
    if pairs and k < 3:
        raise OptionError(402, method="Allowing for dependence", need="three or more lists", have=f"{k}")
    y = population * scenario.probabilities()
    y[0] = 0.0
    model = model_of(k, interactions_up_to(k, 2)) if pairs else main_effects(k)
    table = OverlapTable(np.r_[0, np.ceil(y[1:])].astype(np.int64), [f"list {j + 1}" for j in range(k)])
    found = fit_counts(table, model, y)
    dark = found.dark_figure
    half = normal_quantile(0.5 + level / 2) * math.sqrt(found.variance_of_log_dark)
    alone = sum(float(y[1 << j]) for j in range(k))
    seen = float(y.sum())
    return Plan(
        lists=k,
        coverage=float(np.mean(scenario.coverage)),
        observed=seen,
        on_two=seen - alone,
        lower=seen + dark * math.exp(-half),
        upper=seen + dark * math.exp(half),
    )


def plan_lists(
    population: int, width: float, most_lists: int = 8, pairs: bool = True, level: float = 0.95
) -> list[Plan]:
    """For each number of lists, the smallest equal coverage whose expected interval has upper/lower <= width.

    Args:
        population: supposed size, people. width: wished ratio of the limits, above 1. most_lists: up to 10.
        pairs: whether the model allows all pairs to depend.
        level: nominal coverage, between 0 and 1.

    Returns:
        One Plan per possible number of lists; numbers of lists that cannot reach the width below 95 % are left out.

    Raises:
        OptionError: 403 for a width of 1 or less.

    Source: own (large-sample variance of the fit at expected counts).

    Example:
        >>> [p.lists for p in plan_lists(2000, 1.5, most_lists=5)]
        [3, 4, 5]
    """
    if width <= 1:
        raise OptionError(403, option="width", value=width, need="above 1")
    found = []
    for k in range(3 if pairs else 2, most_lists + 1):
        low, high = 0.005, 0.95
        if plan(population, [high] * k, pairs, level).width > width:
            continue
        for _ in range(30):
            middle = (low + high) / 2
            if plan(population, [middle] * k, pairs, level).width > width:
                low = middle
            else:
                high = middle
        found.append(plan(population, [high] * k, pairs, level))
    return found


@dataclass(frozen=True)
class StrataScenario:
    """Strata whose sizes are known; inside each, lists are independent.

    Args:
        name: what it is called. populations: true number of people in each stratum. coverage: probability of each
            list in a stratum like the mean. between: standard deviation of every list's log-odds between strata, list
            by list. reach: standard deviation of a shift that all lists of a stratum share.

    Example:
        >>> StrataScenario("plain", (100, 200), (0.3, 0.2)).truth
        300
    """

    name: str
    populations: tuple[int, ...]
    coverage: tuple[float, ...]
    between: float = 0.0
    reach: float = 0.0

    @property
    def truth(self) -> int:
        """People in all strata together."""
        return sum(self.populations)


def simulate_strata(scenario: StrataScenario, seed: int = 0, replicate: int = 0) -> StratifiedTable:
    """Draw strata; the same (seed, replicate) gives the same tables. Every replicate draws its own list effects.

    Args:
        scenario: populations and lists.

    Returns:
        A table of strata.

    Raises:
        TableError: 207, 210 when a stratum stays empty, or a list everywhere.

    Source: Salmon et al. 2011 (generator).

    Example:
        >>> simulate_strata(StrataScenario("plain", (100, 200), (0.3, 0.2))).names
        ('stratum 1', 'stratum 2')
    """
    check_seed(seed)
    generator = np.random.Generator(np.random.Philox(key=[seed, replicate]))
    k = len(scenario.coverage)
    masks = np.arange(1 << k)
    centre = np.log(np.array(scenario.coverage) / (1 - np.array(scenario.coverage)))
    tables = {}
    for at, people in enumerate(scenario.populations, start=1):
        odds = centre + generator.normal(0.0, scenario.between, k) + generator.normal(0.0, scenario.reach)
        chance = np.exp(odds) / (1 + np.exp(odds))
        cells = np.prod([np.where(masks >> j & 1, chance[j], 1 - chance[j]) for j in range(k)], axis=0)
        counts = generator.multinomial(people, cells)
        counts[0] = 0
        tables[f"stratum {at}"] = counts
    return StratifiedTable(tables, [f"list {j + 1}" for j in range(k)])


SCENARIOS = {
    "independent": Scenario("independent", 2000, (0.25, 0.2, 0.15, 0.1)),
    "dependent": Scenario("dependent", 2000, (0.25, 0.2, 0.15, 0.1), {(0, 1): 1.0, (2, 3): -0.7}),
    "two classes": Scenario("two classes", 2000, (0.3, 0.25, 0.2, 0.15), classes=((0.5, 1.0), (0.5, 0.2))),
    "missed links": Scenario("missed links", 2000, (0.25, 0.2, 0.15, 0.1), missed_links=0.15),
    "few people": Scenario("few people", 400, (0.1, 0.07, 0.05, 0.04)),
    "uneven, dependent": Scenario(
        "uneven, dependent", 2000, (0.3, 0.25, 0.2, 0.15), {(0, 1): 1.0}, ((0.5, 1.0), (0.5, 0.3))
    ),
    "hard to reach": Scenario("hard to reach", 2000, (0.35, 0.3, 0.25, 0.2), classes=((0.5, 1.0), (0.5, 0.08))),
    "out of reach": Scenario("out of reach", 2000, (0.25, 0.2, 0.15, 0.1), classes=((0.7, 1.0), (0.3, 1e-6))),
    "false links": Scenario("false links", 2000, (0.25, 0.2, 0.15, 0.1), false_links=0.1),
}
"""Truth scenarios of the documentation: names to Scenario."""


def table_summary(table: OverlapTable) -> pd.DataFrame:
    """Lists, sizes and how many of each list are also on another; needs pandas.

    Example:
        >>> from darkfigure import example
        >>> table_summary(example("korea_3"))["size"].tolist()
        [77, 71, 59]
    """
    from darkfigure.frames import frame_of

    sums = superset_sums(table.counts, table.k)
    alone = [int(table.counts[1 << j]) for j in range(table.k)]
    sizes = [int(sums[1 << j]) for j in range(table.k)]
    shared = [size - one for size, one in zip(sizes, alone, strict=True)]
    return frame_of({"list": list(table.lists), "size": sizes, "also elsewhere": shared})
