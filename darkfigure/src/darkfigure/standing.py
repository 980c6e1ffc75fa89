"""Which interval may be believed for a table that looks like this one: what was measured, worst case first.

Populations that differ in what no table shows (people who differ, missed links, people out of reach) give tables that
look alike. An interval is supported only if it held the truth often enough in every measured population whose tables
look like the one at hand (docs/simulation.md; the numbers come from benchmarks/interval_coverage.py).
"""

from __future__ import annotations

import csv
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

LEVEL = 0.95
FEWEST_TABLES = 3
"""Tables of a population that must look alike before their coverage counts; few, so that no failure is overlooked."""

SPARSE, INDEPENDENT, DEPENDENT = "sparse", "independent", "dependent"
RANGE = "range"
RANGE_LOWER = "lower limit of the range"
BOOTSTRAP = "bic, BCa bootstrap"


@dataclass(frozen=True)
class Standing:
    """What the nominal 95 % interval of a method was worth on tables that look like this one.

    Attributes:
        method: name, "bic, BCa bootstrap", "range" (of the verdict) or "lower limit of the range". looks: "sparse",
            "independent" or "dependent". lowest: smallest share of intervals that held the truth, over the measured
            populations; NaN when not measured. population: the one it was smallest for. tables: how many tables that
            share comes from.

    Example:
        >>> Standing("bic", "independent", 0.0, "two classes", 95).supported
        False
    """

    method: str
    looks: str
    lowest: float
    population: str
    tables: int

    @property
    def supported(self) -> bool:
        """Whether coverage is nowhere below 95 % by more than two Monte Carlo standard errors."""
        if self.looks == SPARSE or math.isnan(self.lowest):
            return False
        return self.lowest >= LEVEL - 2.0 * math.sqrt(LEVEL * (1.0 - LEVEL) / self.tables)

    @property
    def remark(self) -> str:
        """The standing in words.

        Example:
            >>> Standing("bic", "independent", 0.0, "two classes", 95).remark
            'not supported as a 95 % interval: held the truth in 0 % of 95 tables like this one ("two classes")'
        """
        if self.looks == SPARSE:
            return "not supported as a 95 % interval: too few people on two lists"
        if math.isnan(self.lowest):
            return "not supported as a 95 % interval: never measured"
        measured = f'{100 * self.lowest:.0f} % of {self.tables} tables like this one ("{self.population}")'
        if self.supported:
            return f"held the truth in at least {measured}"
        return f"not supported as a 95 % interval: held the truth in {measured}"


@dataclass(frozen=True)
class Measured:
    """How often one interval held the truth on the tables of one population that looked alike.

    Example:
        >>> measured()[0].population
        'independent'
    """

    population: str
    looks: str
    method: str
    tables: int
    covered: int


@lru_cache(maxsize=1)
def measured() -> tuple[Measured, ...]:
    """Every measured coverage that comes with the package.

    Example:
        >>> len({one.population for one in measured()}) >= 9
        True
    """
    file = resources.files("darkfigure") / "data" / "measured_coverage.csv"
    rows = csv.DictReader(file.read_text(encoding="utf-8").splitlines())
    return tuple(
        Measured(row["population"], row["looks"], row["method"], int(row["tables"]), int(row["covered"]))
        for row in rows
    )


def looks_of(sparse: bool, interactions: Sequence[int]) -> str:
    """What a table looks like: too sparse, or by the model of lowest BIC independent or dependent lists.

    Example:
        >>> looks_of(False, [3]), looks_of(False, []), looks_of(True, [3])
        ('dependent', 'independent', 'sparse')
    """
    if sparse:
        return SPARSE
    return DEPENDENT if interactions else INDEPENDENT


def standing_of(method: str, looks: str) -> Standing:
    """The worst that was measured for a method on tables that look like this.

    Args:
        looks: "sparse", "independent" or "dependent".

    Returns:
        Standing: share of tables, 0 to 1, that held the truth.

    Raises: nothing.

    Source: own measurement (docs/simulation.md).

    Example:
        >>> standing_of("bic", "independent").supported
        False
    """
    found = [one for one in measured() if (one.method, one.looks) == (method, looks) and one.tables >= FEWEST_TABLES]
    if not found:
        return Standing(method, looks, math.nan, "", 0)
    worst = min(found, key=lambda one: one.covered / one.tables)
    return Standing(method, looks, worst.covered / worst.tables, worst.population, worst.tables)
