"""The verdict: it refuses where it must, gives a range where it can, and says why in words."""

import json
import math

import numpy as np
import pytest
import reference as ref

import darkfigure as dk
from darkfigure.assessing import SIDE_BY_SIDE
from darkfigure.diagnostics import restricted_to
from darkfigure.simulating import SCENARIOS, simulate
from darkfigure.standing import FEWEST_TABLES, Standing, measured, standing_of


@pytest.fixture(scope="module")
def kosovo():
    return dk.assess(ref.table("kosovo_4"), replicates=60, seed=1, threads=1)


def test_a_table_of_denmarks_size_ends_in_refusal():
    """About 100 people on four lists, every overlap under 5."""
    counts = np.zeros(16, dtype=int)
    counts[[1, 2, 4, 8]] = 38, 27, 19, 12
    counts[[3, 5, 6, 9, 12, 7]] = 3, 2, 1, 2, 1, 1
    found = dk.assess(dk.OverlapTable(counts, ["centre", "police", "union", "shelter"]), replicates=40, threads=1)
    assert not found.verdict.supported
    assert found.verdict.headline == "These lists cannot support an estimate."
    assert any("two or more lists" in reason for reason in found.verdict.reasons)
    assert math.isnan(found.verdict.lower)


@pytest.mark.parametrize("dataset", ["artificial_3", "new_orleans_5"])
def test_nearly_empty_overlaps_are_refused(dataset):
    found = dk.assess(ref.table(dataset), replicates=30, threads=1)
    assert not found.verdict.supported
    assert any("share fewer than 5" in reason for reason in found.verdict.reasons)


def test_two_lists_are_refused():
    found = dk.assess(dk.OverlapTable([0, 400, 300, 160], "AB"), replicates=30, threads=1)
    assert not found.verdict.supported
    assert "two lists" in found.verdict.reasons[0]


def test_a_rich_table_gets_a_range_that_spans_its_parts(kosovo):
    verdict = kosovo.verdict
    assert verdict.supported
    limits = kosovo.boot.interval()
    assert verdict.lower <= limits.lower <= limits.upper <= verdict.upper
    assert verdict.lower <= kosovo.selection.spread[0]
    assert verdict.lower >= kosovo.table.n


def test_every_estimator_stands_side_by_side(kosovo):
    assert [one.method for one in kosovo.estimates] == list(SIDE_BY_SIDE)
    assert "latent-class" in str(kosovo)


def test_the_json_of_an_assessment_is_plain(kosovo):
    document = json.loads(kosovo.to_json())
    assert document["supported"] is True
    assert len(document["estimates"]) == len(SIDE_BY_SIDE)
    assert len(document["left_out"]) == 4
    assert len(document["merged"]) == 6
    assert len(document["hidden"]) == 4


def test_the_untestable_interaction_scales_the_dark_figure(kosovo):
    dark = kosovo.selection.best.dark_figure
    assert kosovo.sensitivity[2] == pytest.approx(kosovo.selection.estimate)
    assert kosovo.sensitivity[4] == pytest.approx(kosovo.table.n + dark * math.e)


def test_the_critics_are_heard(kosovo):
    text = str(kosovo.verdict)
    assert "Link 2003" in text
    assert "Positive dependence" in text


@pytest.mark.parametrize("scenario", ["missed links", "hard to reach", "uneven, dependent"])
def test_no_interval_is_called_supported_where_nothing_in_the_table_shows_that_it_fails(scenario):
    """Populations for which every nominal interval misses, and whose tables look like harmless ones."""
    found = dk.assess(simulate(SCENARIOS[scenario], 5), replicates=40, threads=1)
    assert not found.verdict.interval_supported
    assert {one.method for one in found.standings if one.supported} <= {"lower limit of the range"}
    if found.verdict.supported:
        assert "at least" in found.verdict.headline and "no upper limit" in found.verdict.headline
        assert found.verdict.lower <= SCENARIOS[scenario].population
        assert any("not supported as a 95 % interval" in reason for reason in found.verdict.reasons)
        assert found.verdict.lower < min(one.lower for one in found.estimates if one.method == "bic")
    document = json.loads(found.to_json())
    assert document["interval_supported"] is False
    assert {one["method"] for one in document["standings"]} >= {*SIDE_BY_SIDE, "range", "bic, BCa bootstrap"}
    assert not found.to_frame()["interval_supported"].any()


@pytest.mark.parametrize("looks", ["independent", "dependent"])
def test_a_standing_is_the_worst_that_was_measured(looks):
    for method in (*SIDE_BY_SIDE, "stepwise, BCa bootstrap", "bic, BCa bootstrap", "range"):
        rows = [one for one in measured() if (one.method, one.looks) == (method, looks) and one.tables >= FEWEST_TABLES]
        fails = [one for one in rows if one.covered / one.tables < 0.95 - 2 * math.sqrt(0.95 * 0.05 / one.tables)]
        standing = standing_of(method, looks)
        assert standing.lowest == min(one.covered / one.tables for one in rows)
        assert not (fails and standing.supported)


def test_an_interval_that_was_never_measured_or_comes_from_a_sparse_table_is_not_supported():
    assert not standing_of("no such method", "independent").supported
    assert "never measured" in standing_of("no such method", "independent").remark
    assert not standing_of("bic", "sparse").supported
    assert "too few people" in standing_of("bic", "sparse").remark


def test_an_interval_that_held_up_everywhere_would_be_supported():
    assert Standing("bic", "independent", 0.93, "independent", 100).supported
    assert not Standing("bic", "independent", 0.89, "independent", 100).supported
    assert Standing("bic", "independent", 0.93, "independent", 100).remark.startswith("held the truth in at least 93 %")


@pytest.mark.parametrize(("kind", "share"), [("missed", {"missed_links": 0.1}), ("false", {"false_links": 0.1})])
def test_undoing_planted_link_errors_leads_back_to_the_truth(kind, share):
    table = simulate(dk.Scenario("wrong links", 60_000, (0.25, 0.2, 0.15, 0.1), **share), 3)
    fitted = dk.fit(table, "[1]")
    trial = next(one for one in dk.plant_link_errors(fitted) if (one.kind, one.share) == (kind, 0.1))
    assert abs(fitted.estimate - 60_000) > 4_000
    assert trial.undone == pytest.approx(60_000, rel=0.035)


def test_false_links_join_people_who_were_on_one_list():
    plain = simulate(dk.Scenario("plain", 3000, (0.3, 0.25, 0.2)), 2)
    joined = simulate(dk.Scenario("joined", 3000, (0.3, 0.25, 0.2), false_links=0.3), 2)
    assert joined.n < plain.n
    assert joined.list_sizes.tolist() == plain.list_sizes.tolist()
    assert joined.counts[7] == plain.counts[7]


def test_hiding_a_list_keeps_only_its_people():
    table = ref.table("kosovo_4")
    inside = restricted_to(table, 0)
    on_list_and_elsewhere = int(table.overlaps[1]) - int(table.counts[1])
    assert inside.n == on_list_and_elsewhere
    assert inside.lists == ("ABA", "OSCE", "HRW")


def test_independent_lists_recover_each_other():
    table = dk.simulate(dk.Scenario("even", 4000, (0.3, 0.25, 0.3, 0.2)), seed=8)
    found = dk.hide_lists(table)
    assert sum(one.covered for one in found) >= 3
    odds = [pair.odds_ratio for pair in dk.pair_dependence(table)]
    assert all(0.4 < value < 2.5 for value in odds)


def test_dependence_shows_in_the_odds_ratio():
    table = dk.simulate(dk.Scenario("tied", 6000, (0.3, 0.25, 0.3), {(0, 1): 1.5}), seed=8)
    pairs = {(pair.first, pair.second): pair.odds_ratio for pair in dk.pair_dependence(table)}
    assert pairs["list 1", "list 2"] > 2


def test_counts_that_are_ranges_are_assessed_at_their_ends(kosovo):
    """The verdict holds whatever the counts are, so it is wider than with every one of them."""
    table = kosovo.table
    low, high = table.counts.copy(), table.counts.copy()
    few = (table.counts > 0) & (table.counts < 20)
    assert few.any()
    low[few], high[few] = 1, 20
    ranged = dk.assess(dk.OverlapTable(low, table.lists, high), replicates=60, seed=1, threads=1)
    assert ranged.verdict.supported
    assert ranged.verdict.lower < kosovo.verdict.lower < kosovo.verdict.upper < ranged.verdict.upper
    assert "ranges" in ranged.verdict.reasons[0]
    assert ranged.table.is_censored
    assert json.loads(ranged.to_json())["supported"] is True


def test_one_refusal_at_the_ends_of_ranges_refuses_all():
    low, high = [0, 400, 300, 29, 200, 0, 0, 0], [0, 400, 300, 120, 200, 100, 90, 40]
    assert any("With overlaps at their smallest" in reason for reason in _ranged(low, high).reasons)
    assert not _ranged(low, high).supported


def _ranged(low, high):
    return dk.assess(dk.OverlapTable(low, "ABC", high), replicates=30, threads=1).verdict


@pytest.mark.parametrize("ending", [".md", ".html", ".pdf"])
def test_reports_hold_data_versions_seed_and_verdict(kosovo, tmp_path, ending):
    file = dk.write_report(kosovo, tmp_path / f"report{ending}", source="Ball et al. 2002", seed=1)
    content = file.read_bytes()
    if ending == ".pdf":
        assert content.startswith(b"%PDF")
        return
    text = content.decode()
    for wanted in ("SHA-256", "seed=1", "darkfigure 0.1.0", "Ball et al. 2002", "critics", "[123,14,34]"):
        assert wanted in text
    assert kosovo.verdict.headline in text


def test_another_report_format_is_a_numbered_error(kosovo, tmp_path):
    with pytest.raises(dk.OptionError, match="403"):
        dk.write_report(kosovo, tmp_path / "report.docx")


def test_plots_are_figures(kosovo, tmp_path):
    for at, figure in enumerate([kosovo.plot(), kosovo.selection.plot(), kosovo.boot.plot(), kosovo.table.plot()]):
        file = tmp_path / f"{at}.png"
        figure.savefig(file)
        assert file.stat().st_size > 2000


@pytest.mark.parametrize(
    ("held", "said"),
    [
        ({"range": 1.0, "lower limit of the range": 1.0}, "support a range of about"),
        ({"range": 0.5, "lower limit of the range": 1.0}, "no upper limit"),
        ({"range": 0.5, "lower limit of the range": 0.5}, "cannot support an estimate"),
    ],
)
def test_the_verdict_refuses_what_failed_where_it_was_measured(monkeypatch, held, said):
    def as_measured(method, looks):
        return Standing(method, looks, held.get(method, 0.0), "measured", 100)

    monkeypatch.setattr("darkfigure.assessing.standing_of", as_measured)
    found = dk.assess(dk.example("kosovo_4"), replicates=40, threads=1)
    assert said in found.verdict.headline
    assert found.verdict.supported == (held["lower limit of the range"] == 1.0)
    assert found.verdict.interval_supported == (held["range"] == 1.0)
