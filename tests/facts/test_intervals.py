"""The closed formulas for intervals give what a statistics library gives."""

from __future__ import annotations

import pytest
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from lygte.facts.intervals import newcombe, wilson

PAIRS = [(0, 1), (1, 1), (3, 10), (7, 19), (0, 40), (179, 179), (33, 1000)]


@pytest.mark.parametrize(("hits", "of"), PAIRS)
def test_a_share_has_the_interval_of_wilson(hits: int, of: int) -> None:
    assert wilson(hits, of) == pytest.approx(proportion_confint(hits, of, method="wilson"), abs=1e-12)


@pytest.mark.parametrize(("one", "two"), [(a, b) for a in PAIRS for b in PAIRS if a < b])
def test_a_difference_has_the_interval_of_newcombe(one: tuple[int, int], two: tuple[int, int]) -> None:
    assert newcombe(*one, *two) == pytest.approx(confint_proportions_2indep(*one, *two, method="newcomb"), abs=1e-9)


@pytest.mark.parametrize("of", range(1, 60))
def test_none_begins_at_nought_and_all_ends_at_one_exactly(of: int) -> None:
    assert wilson(0, of)[0] == 0
    assert wilson(of, of)[1] == 1
