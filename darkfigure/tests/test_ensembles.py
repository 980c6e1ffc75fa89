"""Ensembles, strata, ranges, simulation and planning."""

import math

import numpy as np
import pytest
import reference as ref

import darkfigure as dk
from darkfigure.censoring import expected_counts
from darkfigure.ensembles import rubin_degrees, student_quantile


def test_equal_tables_combine_to_the_table_itself():
    table = ref.table("kosovo_4")
    found = dk.combine_tables([table] * 5, "stepwise")
    assert found.estimate == pytest.approx(dk.select(table, "stepwise").estimate)
    assert found.between == 0.0


def test_different_tables_widen_the_interval():
    scenario = dk.Scenario("even", 1500, (0.3, 0.25, 0.2))
    tables = [dk.simulate(scenario, 1, replicate) for replicate in range(8)]
    one, many = dk.combine_tables(tables[:1], "main"), dk.combine_tables(tables, "main")
    width = [math.log(c.interval.upper / c.interval.lower) for c in (one, many)]
    assert width[1] > width[0]
    assert many.interval.lower < 1500 < many.interval.upper


def test_rubin_by_hand():
    assert rubin_degrees(10, 2.0, 0.5) == pytest.approx(9 * (1 + 2.0 / (1.1 * 0.5)) ** 2)
    assert student_quantile(0.975, math.inf) == pytest.approx(1.959964, abs=1e-6)


def test_pooled_bootstrap_of_an_ensemble():
    found = dk.combine_tables([ref.table("korea_3")] * 2, "main", replicates=100, threads=1)
    assert found.interval.method == "pooled bootstrap"
    assert found.interval.lower < found.estimate < found.interval.upper


def test_tables_without_estimate_are_counted_not_hidden():
    good = dk.OverlapTable([0, 30, 25, 5], "AB")
    none = dk.OverlapTable([0, 30, 25, 0], "AB")
    assert dk.combine_tables([good, none], "main").dropped == 1
    with pytest.raises(dk.OptionError, match="403"):
        dk.combine_tables([none], "main")


def test_strata_add():
    table = ref.table("spina_bifida_3")
    one = dk.fit(table, "[1,2,3]")
    both = dk.add_strata([table, table], "main")
    assert both.estimate == pytest.approx(2 * one.estimate)
    relative = math.log(both.interval.upper - both.estimate) - math.log(
        one.interval(method="wald").upper - one.estimate
    )
    assert relative == pytest.approx(0.5 * math.log(2), abs=0.15)


def test_an_uncensored_table_gives_the_ordinary_fit():
    table = ref.table("kosovo_4")
    assert dk.fit_censored(table, "[123,14,34]").estimate == pytest.approx(10356.5189573, rel=1e-7)


def test_a_range_gives_an_estimate_between_its_ends():
    counts = ref.table("kosovo_4").counts
    low, high = counts.copy(), counts.copy()
    low[0b1001] = 90
    high[0b1001] = 120
    found = dk.fit_censored(dk.OverlapTable(low, "ABCD", high), "[12,13,14,23,34]")
    ends = sorted([found.lowest, found.highest])
    assert ends[0] <= found.estimate <= ends[1]


def test_the_maximum_with_ranges_is_where_the_likelihood_is_flat():
    """EM's answer against the observed-data likelihood on both sides of the fitted overlap."""
    from darkfigure.censoring import range_loglik

    table = dk.OverlapTable([0, 40, 30, 4], "AB", [0, 40, 30, 8])
    found = dk.fit_censored(table, "[1,2]")
    low, high = table.counts.astype(float), table.upper.astype(float)
    best = found.expected.copy()
    value = range_loglik(best, low, high)
    assert value == pytest.approx(found.loglik, abs=1e-6)
    for change in (0.97, 1.03):
        moved = best.copy()
        moved[3] *= change
        assert range_loglik(moved, low, high) < value


def test_expected_counts_stay_in_their_range():
    low, high = np.array([0.0, 1.0, 3.0]), np.array([0.0, 4.0, 3.0])
    for mean in (0.01, 2.0, 500.0):
        y = expected_counts(np.array([5.0, mean, mean]), low, high)
        assert 1.0 <= y[1] <= 4.0
        assert y[2] == 3.0


def test_simulated_tables_have_the_expected_counts():
    scenario = dk.Scenario("tied", 50_000, (0.3, 0.2, 0.1), {(0, 1): 0.8}, classes=((0.6, 1.0), (0.4, 0.5)))
    expected = 50_000 * scenario.probabilities()
    counts = dk.simulate(scenario, 3).counts
    assert (np.abs(counts - expected)[1:] < 5 * np.sqrt(expected[1:])).all()


def test_missed_links_make_more_people_than_there_are():
    plain = dk.Scenario("plain", 20_000, (0.3, 0.3, 0.3))
    split = dk.Scenario("split", 20_000, (0.3, 0.3, 0.3), missed_links=0.2)
    a, b = dk.simulate(plain, 1), dk.simulate(split, 1)
    assert b.n > a.n
    assert dk.fit(b, "[1,2,3]").estimate > 1.1 * dk.fit(a, "[1,2,3]").estimate


def test_main_effects_cover_the_truth_when_lists_are_independent():
    study = dk.coverage_study(dk.Scenario("even", 1000, (0.3, 0.25, 0.2)), ["main"], tables=60, seed=4)[0]
    assert study.covered >= 0.95 - 4 * 0.028
    assert study.bias == pytest.approx(1.0, abs=0.05)


def test_main_effects_fail_when_lists_depend():
    scenario = dk.Scenario("tied", 2000, (0.25, 0.2, 0.15, 0.1), {(0, 1): 1.5})
    main, bic = dk.coverage_study(scenario, ["main", "bic"], tables=25, seed=4)
    assert main.covered < 0.5
    assert bic.covered > 0.7


def test_planned_intervals_are_those_that_come_out():
    """The planned width of independent lists against the median width over simulated tables."""
    planned = dk.plan(1500, [0.3, 0.3, 0.3])
    widths = []
    for replicate in range(20):
        table = dk.simulate(dk.Scenario("even", 1500, (0.3, 0.3, 0.3)), 6, replicate)
        limits = dk.fit(table, "[1,2,3]").interval(method="log")
        widths.append(limits.upper / limits.lower)
    assert np.median(widths) == pytest.approx(planned.width, rel=0.05)


def test_more_lists_need_less_coverage_each():
    plans = dk.plan_lists(3000, 1.6, most_lists=5)
    assert [p.lists for p in plans] == [3, 4, 5]
    assert plans[0].coverage > plans[1].coverage > plans[2].coverage
    assert all(p.width <= 1.6 for p in plans)


@pytest.mark.parametrize("width", [1.0, 0.5])
def test_impossible_widths_are_numbered_errors(width):
    with pytest.raises(dk.OptionError, match="403"):
        dk.plan_lists(1000, width)


def test_wrong_scenarios_are_numbered_errors():
    with pytest.raises(dk.OptionError, match="403"):
        dk.Scenario("bad", 100, (0.3, 1.2))
    with pytest.raises(dk.OptionError, match="403"):
        dk.Scenario("bad", 100, (0.3, 0.2), classes=((0.5, 1.0),))
