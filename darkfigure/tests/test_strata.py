"""Strata: the joint fit between its two ends (merged, separate), covariates, the choice of what varies, pooling."""

import math
from pathlib import Path

import numpy as np
import pytest
import reference as ref
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import darkfigure as dk
from darkfigure.strata_selection import _Search
from darkfigure.stratified import newton, terms_of

QUIET = settings(max_examples=25, deadline=None, database=None, derandomize=True)
EVEN = dk.StrataScenario("even", (400, 700, 900), (0.35, 0.3, 0.25), between=0.5)


@st.composite
def strata(draw, least=2, most=4, smallest=1):
    k = 3
    tables = {
        f"s{at}": np.array([0, *draw(st.lists(st.integers(smallest, 40), min_size=7, max_size=7))])
        for at in range(draw(st.integers(least, most)))
    }
    assume(all(table.sum() > 0 for table in tables.values()))
    merged = sum(tables.values())
    assume(all(merged[[s for s in range(8) if s >> j & 1]].sum() > 0 for j in range(k)))
    return dk.StratifiedTable(tables, ["A", "B", "C"])


@QUIET
@given(strata(smallest=0), st.sampled_from(["[1]", "[12,3]", "[12,13]", "[12,13,23]"]))
def test_when_nothing_varies_the_fit_is_that_of_the_merged_table(tables, model):
    joint, merged = dk.fit_strata(tables, model), dk.fit(tables.merged(), model)
    assert (joint.status == 0) == (merged.status == 0)
    if merged.status == 0:
        assert joint.estimate == pytest.approx(merged.estimate, rel=1e-6)
        assert joint.variance_of_log_dark == pytest.approx(merged.variance_of_log_dark, rel=1e-5)
        assert joint.parameters == merged.model.size + len(tables) - 1


def test_when_nothing_varies_the_profile_interval_is_that_of_the_merged_table():
    tables = dk.simulate_strata(EVEN, 4)
    joint, merged = dk.fit_strata(tables, "[12,3]").interval(), dk.fit(tables.merged(), "[12,3]").interval()
    assert joint.lower == pytest.approx(merged.lower, rel=1e-6)
    assert joint.upper == pytest.approx(merged.upper, rel=1e-6)


@QUIET
@given(strata(), st.sampled_from(["[1]", "[12,3]", "[12,13,23]"]))
def test_when_everything_varies_the_fit_is_that_of_separate_tables(tables, model):
    joint = dk.fit_strata(tables, model, "all")
    single = [dk.fit(tables.table(name), model) for name in tables.names]
    assert (joint.status == 0) == all(one.status == 0 for one in single)
    if joint.status == 0:
        assert joint.estimate == pytest.approx(sum(one.estimate for one in single), rel=1e-6)
        assert joint.dark == pytest.approx([one.dark_figure for one in single], rel=1e-5)
        assert joint.loglik == pytest.approx(sum(one.loglik for one in single), abs=1e-6)
        assert joint.parameters == sum(one.model.size for one in single)
        assert np.diag(joint.covariance) == pytest.approx([one.variance_of_log_dark for one in single], rel=1e-5)
        assert abs(joint.covariance - np.diag(np.diag(joint.covariance))).max() < 1e-8


@QUIET
@given(strata(least=3), st.permutations(range(3)), st.sampled_from(["none", "lists", "all"]))
def test_the_names_and_the_order_of_strata_change_nothing(tables, order, vary):
    chosen = [*order, *range(3, len(tables))]
    other = dk.StratifiedTable({f"x{at}": tables.counts[at] for at in chosen}, tables.lists)
    one, two = dk.fit_strata(tables, "[12,3]", vary), dk.fit_strata(other, "[12,3]", vary)
    assert one.status == two.status
    if one.status == 0:
        assert two.estimate == pytest.approx(one.estimate, rel=1e-7)
        assert two.dark == pytest.approx(one.dark[chosen], rel=1e-6)
    first, second = (dk.pool_strata(each, tau=0.4, omega=0.3) for each in (tables, other))
    assert second.list_effects == pytest.approx(first.list_effects[chosen], abs=1e-6)
    assert dk.select_strata(other).criterion[0] == pytest.approx(dk.select_strata(tables).criterion[0], abs=1e-6)


@QUIET
@given(strata(most=3), st.sampled_from(["none", "lists", "all"]))
def test_merging_identical_strata_changes_no_estimate(tables, vary):
    twice = {f"{name}{copy}": tables.counts[at] for at, name in enumerate(tables.names) for copy in "ab"}
    split = dk.StratifiedTable(twice, tables.lists)
    merged = split.merge_strata(lambda name: name[:-1])
    assert merged.names == tables.names
    one, two = dk.fit_strata(split, "[12,3]", vary), dk.fit_strata(merged, "[12,3]", vary)
    assert one.status == two.status
    if one.status == 0:
        assert one.estimate == pytest.approx(two.estimate, rel=1e-6)


@QUIET
@given(strata(), st.permutations(["A", "B", "C"]))
def test_the_order_of_the_lists_changes_nothing(tables, order):
    other = dk.StratifiedTable({name: tables.table(name).reorder_lists(order) for name in tables.names})
    one, two = dk.fit_strata(tables, "[1]", {"A": "stratum"}), dk.fit_strata(other, "[1]", {"A": "stratum"})
    assert two.estimate == pytest.approx(one.estimate, rel=1e-6)


def test_a_known_truth_is_recovered_where_the_merged_table_misses_it():
    """Strata that all lists reach well or badly look like dependence once they are added up."""
    scenario = dk.StrataScenario("reach", (3000,) * 8, (0.25, 0.2, 0.2), reach=0.9)
    tables = dk.simulate_strata(scenario, 2)
    merged = dk.fit(tables.merged(), "[1]").interval()
    assert merged.upper < scenario.truth
    joint = dk.fit_strata(tables, "[1]", "lists")
    limits = joint.interval()
    assert limits.lower < scenario.truth < limits.upper
    assert joint.bic < dk.fit_strata(tables, "[1]").bic
    assert dk.select_strata(tables).best.terms[1] == ("stratum",)


def test_a_number_as_covariate_is_a_line_and_its_slope_is_found():
    years = [2010.0, 2011.0, 2012.0, 2015.0]
    spread = np.std(years)
    masks = np.arange(8)
    tables = {}
    for year in years:
        odds = np.array([-1.0 + 0.5 * (year - np.mean(years)) / spread, -1.2, -0.8])
        weight = np.exp(sum((masks >> j & 1) * odds[j] for j in range(3)))
        tables[str(year)] = np.r_[0, np.round(4e6 * weight[1:]).astype(int)]
    strata = dk.StratifiedTable(tables, "ABC", {"year": years})
    found = dk.fit_strata(strata, "[1]", {"A": "year"})
    assert found.effects[4:6] == pytest.approx([-1.0, 0.5], abs=1e-5)
    assert found.dark == pytest.approx([4e6] * 4, rel=1e-4)
    assert dk.select_strata(strata).best.terms == {1: ("year",), 2: (), 4: ()}


def test_a_factor_with_one_level_a_stratum_is_the_same_as_by_stratum():
    tables = dk.simulate_strata(EVEN, 1)
    named = dk.StratifiedTable(
        dict(zip(tables.names, tables.counts, strict=True)), tables.lists, {"sex": ["f", "m", "x"]}
    )
    one, two = dk.fit_strata(named, "[1]", {"1": "sex"}), dk.fit_strata(named, "[1]", {"1": "stratum"})
    assert one.estimate == pytest.approx(two.estimate)
    assert one.parameters == two.parameters


def test_what_varies_in_an_interaction_varies_in_its_lists():
    tables = dk.simulate_strata(EVEN, 1)
    terms = terms_of(tables, dk.parse_model("[12,3]", 3), {"list 1:list 2": "stratum"})
    assert terms == {1: ("stratum",), 2: ("stratum",), 3: ("stratum",), 4: ()}


def test_the_profile_of_the_total_peaks_at_the_estimate_and_agrees_with_its_slope():
    found = dk.fit_strata(dk.simulate_strata(EVEN, 3), "[12,3]", "lists")
    profile = found.profile
    assert profile.maximum == pytest.approx(found.estimate, rel=2e-3)
    x = 0.8 * found.dark.sum()
    assert profile.slope(x) == pytest.approx((profile.value(x + 1) - profile.value(x - 1)) / 2, rel=1e-4)


def test_dividing_a_trial_total_over_strata_maximises_the_likelihood():
    """Against expectation maximisation: share out the unseen, fit the complete table, again and again."""
    tables = dk.simulate_strata(EVEN, 5)
    found = dk.fit_strata(tables, "[1]", "lists")
    total = 700.0
    fitted = found.profile._fitted(total)
    k, groups = 3, len(tables)
    complete = np.array([[float(g == h) for h in range(groups)] for g in range(groups) for _ in range(8)])
    lists = np.array(
        [
            [float(g == h and s >> j & 1) for h in range(groups) for j in range(k)]
            for g in range(groups)
            for s in range(8)
        ]
    )
    share = np.full(groups, 1 / groups)
    for _ in range(400):
        y = tables.counts.astype(float).copy()
        y[:, 0] = total * share
        beta = newton(np.hstack([complete, lists]), y.ravel())[0]
        share = np.exp(beta[:groups]) / np.exp(beta[:groups]).sum()
    assert fitted[0] == pytest.approx(np.exp(beta[:groups]).sum(), rel=1e-5)


def test_a_stratum_with_an_empty_overlap_has_its_parameter_at_minus_infinity():
    tables = dk.StratifiedTable({"a": [0, 40, 30, 60, 20, 8, 9, 3], "b": [0, 9, 8, 0, 7, 3, 2, 0]}, "ABC")
    found = dk.fit_strata(tables, "[12,3]", "all")
    assert found.status == 0
    assert found.parameters == 10
    assert found.dark[1] == pytest.approx(dk.fit(tables.table("b"), "[12,3]").dark_figure, rel=1e-7)


def test_the_search_finds_what_enumeration_finds():
    """Three lists, two strata: every hierarchical choice of common or by stratum for main effects and one pair."""
    tables = dk.simulate_strata(EVEN, 6).merge_strata({"stratum 3": "stratum 2"})
    best = dk.select_strata(tables, "aic")
    scores = []
    for pairs in ([], [3], [5], [6], [3, 5], [3, 6], [5, 6], [3, 5, 6]):
        effects = [1, 2, 4, *pairs]
        for bits in range(1 << len(effects)):
            terms = {e: (("stratum",) if bits >> at & 1 else ()) for at, e in enumerate(effects)}
            if any(terms[e] and not terms[1 << j] for e in pairs for j in range(3) if e >> j & 1):
                continue
            found = dk.stratified.fit_terms(tables, dk.models.model_of(3, pairs), terms)
            scores.append(found.aic if found.status == 0 else math.inf)
    assert best.criterion[0] == pytest.approx(min(scores), abs=1e-6)


def test_the_search_looks_at_hierarchical_models_only():
    tables = dk.simulate_strata(dk.StrataScenario("reach", (900, 700, 800), (0.3, 0.25, 0.3), reach=0.8), 3)
    search = _Search(tables, "aic", 2)
    for start in search.starts():
        search.descend(start)
    assert len(search.known) > 20
    for one in search.known.values():
        for effect, varies in one.terms.items():
            below = [e for e in one.terms if e != effect and e & effect == e]
            assert all(one.terms[e] for e in below) or not varies


def test_pooling_ends_at_the_common_and_at_the_free_fit():
    tables = dk.simulate_strata(dk.StrataScenario("rich", (4000, 6000, 5000), (0.4, 0.35, 0.3), between=0.5), 1)
    tight, loose = (dk.pool_strata(tables, tau=value, omega=1e-3) for value in (1e-3, 100.0))
    assert tight.estimate == pytest.approx(dk.fit_strata(tables).estimate, rel=5e-3)
    assert loose.estimate == pytest.approx(dk.fit_strata(tables, "[1]", "lists").estimate, rel=5e-3)
    assert loose.interval().lower == pytest.approx(dk.fit_strata(tables, "[1]", "lists").interval().lower, rel=5e-3)


def test_pooling_learns_how_much_strata_differ():
    alike, lists, reach = (
        dk.pool_strata(dk.simulate_strata(dk.StrataScenario("s", (1500,) * 8, (0.3,) * 4, **how), 2))
        for how in ({}, {"between": 0.6}, {"reach": 0.6})
    )
    assert max(alike.tau, alike.omega) < 0.2
    assert 0.4 < lists.tau < 0.85
    assert lists.omega < 0.4
    assert 0.4 < reach.omega < 1.1
    assert reach.tau < 0.2


def test_pooling_gives_a_range_to_a_stratum_in_which_a_list_is_empty():
    tables = dk.simulate_strata(dk.StrataScenario("small", (900, 800, 700, 600), (0.3, 0.25, 0.2), between=0.3), 3)
    counts = dict(zip(tables.names, tables.counts, strict=True))
    counts["tiny"] = np.array([0, 4, 3, 1, 0, 0, 0, 0])
    found = dk.pool_strata(dk.StratifiedTable(counts, tables.lists))
    limits = found.stratum_interval("tiny")
    assert 8 <= limits.lower < 20 < limits.upper < 100


def test_pooled_intervals_hold_the_truth():
    """Twenty tables of eight small strata; docs/simulation.md has the larger measurement."""
    scenario = dk.StrataScenario(
        "small", (60, 80, 100, 120, 150, 200, 250, 300), (0.3, 0.25, 0.2), between=0.4, reach=0.4
    )
    hits, strata_hits = 0, 0
    for replicate in range(20):
        tables = dk.simulate_strata(scenario, 7, replicate)
        found = dk.pool_strata(tables)
        limits = found.interval()
        hits += limits.lower <= scenario.truth <= limits.upper
        for name, people in zip(tables.names, scenario.populations, strict=True):
            part = found.stratum_interval(name)
            strata_hits += part.lower <= people <= part.upper
    assert hits >= 16
    assert strata_hits >= 0.9 * 160


def test_published_strata_are_read_and_add_up_to_the_published_table():
    file = Path(dk.__file__).parent / "data" / "spina_bifida_3_by_ethnicity.csv"
    tables = dk.read_stratified(file, ["ethnicity"])
    assert len(tables) == 3
    assert tables.merged().counts.tolist() == ref.table("spina_bifida_3").reorder_lists(tables.lists).counts.tolist()


def test_strata_are_read_from_files_and_from_people(tmp_path):
    people = [
        {"A": a, "B": b, "sex": sex, "year": year}
        for a, b, sex, year in [
            (1, 0, "f", 2014),
            (1, 1, "f", 2015),
            (0, 1, "m", 2014),
            (1, 1, "m", 2014),
            (0, 0, "m", 2014),
        ]
    ]
    found = dk.stratify_records(people, ["A", "B"], ["sex", "year"])
    assert found.names == ("f, 2014", "f, 2015", "m, 2014")
    assert found.attributes == {"sex": ("f", "f", "m"), "year": (2014.0, 2015.0, 2014.0)}
    assert found.n == 4
    assert found.collapse_to("sex").sizes.tolist() == [2, 2]
    file = tmp_path / "strata.csv"
    found.to_frame().drop(columns="stratum").to_csv(file, index=False)
    again = dk.read_stratified(file, ["sex", "year"])
    assert (again.counts == found.counts).all()
    assert again.attributes == found.attributes


@pytest.mark.parametrize(
    ("wrong", "number"),
    [
        (lambda s: dk.StratifiedTable({}, "AB"), 403),
        (lambda s: dk.StratifiedTable({"a": [0, 0, 0, 0]}, "AB"), 207),
        (lambda s: dk.StratifiedTable({"a": [0, 1, 0, 0]}, "AB"), 210),
        (lambda s: dk.StratifiedTable({"a": [1, 1, 1, 1]}, "AB"), 206),
        (lambda s: dk.StratifiedTable({"a": [0, 1]}, "AB"), 212),
        (lambda s: dk.StratifiedTable({"a": [0, 1, 1, 1]}, "AB", {"sex": ["f", "m"]}), 403),
        (lambda s: dk.StratifiedTable({"a": s.table("stratum 1"), "b": dk.OverlapTable([0, 1, 1, 1], "AB")}), 215),
        (lambda s: s.table("nowhere"), 403),
        (lambda s: dk.fit_strata(s, "[1]", "some"), 401),
        (lambda s: dk.fit_strata(s, "[1]", {"1": "sex"}), 403),
        (lambda s: dk.fit_strata(s, "[1]", {"9": "stratum"}), 403),
        (lambda s: dk.fit_strata(s, "[1]", {"12": "stratum"}), 403),
        (lambda s: dk.fit_strata(s).interval(2.0), 403),
        (lambda s: dk.fit_strata(s).interval(0.9, "bayes"), 401),
        (lambda s: dk.select_strata(s, "dic"), 401),
        (lambda s: dk.pool_strata(s.merge_strata({"stratum 2": "stratum 1"})), 402),
        (lambda s: dk.pool_strata(s, tau=0.0), 403),
        (lambda s: dk.pool_strata(s).interval(0.0), 403),
    ],
)
def test_wrong_strata_and_options_are_numbered_errors(wrong, number):
    with pytest.raises(dk.DarkfigureError) as caught:
        wrong(dk.simulate_strata(EVEN, 1))
    assert caught.value.number == number
