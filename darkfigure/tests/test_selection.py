"""Chosen models are R's chosen models; branch and bound finds what looking at every model finds."""

import numpy as np
import pytest
import reference as ref

import darkfigure as dk

BEST = ref.entries("all_models")
STEPWISE = ref.entries("stepwise", "MultipleSystemsEstimation")
OLD = ref.entries("MSEfit")


def terms(name):
    return set(name.strip("[]").split(","))


@pytest.mark.parametrize(("dataset", "r"), BEST, ids=[d for d, _ in BEST])
def test_the_bic_winner_is_that_of_r(dataset, r):
    found = dk.select(ref.table(dataset))
    assert terms(found.best.model.name) == terms(r["best"]["model"])
    assert ref.same(found.estimate, r["best"]["abundance"])
    assert found.best.bic == pytest.approx(float(r["best"]["bic"]), abs=5e-8)
    assert found.n_models == r["n_models"]
    assert found.best.certificate.status == 0
    assert found.best.certificate.verified


@pytest.mark.parametrize("dataset", ["artificial_3", "korea_3", "spina_bifida_3", "australia_4", "kosovo_4"])
@pytest.mark.parametrize("method", ["bic", "aic"])
def test_branch_and_bound_finds_exactly_the_good_models(dataset, method):
    everything = dk.fit_all(ref.table(dataset))
    criterion = np.where(everything.admissible, getattr(everything, method), np.inf)
    limit = criterion.min() + 6.0
    expected = {m.name for m, c in zip(everything.models, criterion, strict=True) if c <= limit}
    found = dk.select(ref.table(dataset), method, slack=6.0)
    names = {m.name for m in found.models}
    redundant = expected - names
    assert names <= expected
    # models left out hold an effect above an empty overlap: same fit, more parameters
    overlaps = ref.table(dataset).overlaps
    for name in redundant:
        model = dk.parse_model(name, found.best.table.k)
        assert any(
            overlaps[e] == 0 and any(e != f and e & f == f and f and overlaps[f] == 0 for f in model.effects)
            for e in model.effects
        )


@pytest.mark.parametrize("dataset", ["uk_2013_5", "netherlands_5", "western_us_5", "new_orleans_5"])
def test_five_lists_branch_and_bound_agrees_with_all_6893_models(dataset):
    everything = dk.fit_all(ref.table(dataset))
    bic = np.where(everything.admissible, everything.bic, np.inf)
    found = dk.select(ref.table(dataset), slack=3.0)
    assert found.criterion[0] == pytest.approx(bic.min(), abs=1e-9)
    good = {m.name for m, c in zip(everything.models, bic, strict=True) if c <= bic.min() + 3.0}
    assert {m.name for m in found.models} == good
    assert found.n_fits < 1000


@pytest.mark.parametrize(("dataset", "r"), STEPWISE, ids=[d for d, _ in STEPWISE])
def test_stepwise_chooses_the_model_of_r(dataset, r):
    found = dk.select(ref.table(dataset), "stepwise")
    assert found.best.model.name == r["model"]
    assert ref.same(found.estimate, r["estimate"])
    assert found.best.bic == pytest.approx(r["bic"], abs=1e-7)


@pytest.mark.parametrize(("dataset", "r"), OLD, ids=[d for d, _ in OLD])
def test_aic_stepwise_gives_the_2014_estimate_and_profile_interval(dataset, r):
    """R optimises the profile to about 1e-6 relative only."""
    best = dk.select(ref.table(dataset), "aic-stepwise").best
    limits = best.interval()
    assert ref.same(best.profile.maximum, r["value"]["point estimate"], 1e-5)
    assert ref.same(limits.lower, r["value"]["2.5%"], 1e-4)
    assert ref.same(limits.upper, r["value"]["97.5%"], 1e-4)


def test_downhill_stops_at_the_local_optimum_of_uk_2013():
    found = dk.select(ref.table("uk_2013_5"), "downhill")
    assert found.best.model.name == "[12,13,25,35,45]"
    assert found.estimate == pytest.approx(12262.4124205, rel=1e-9)


def test_pairs_only_on_uk_2013_agrees_with_rcapture():
    r = ref.one("uk_2013_5", "closedpMS_t_order2")
    found = dk.select(ref.table("uk_2013_5"), max_order=2, slack=9.0)
    names = [m.name for m in found.models]
    for name, estimate, bic in zip(r["results"]["model"], r["results"]["abundance"], r["results"]["BIC"], strict=True):
        if bic < found.criterion[0] + 8.9:
            at = names.index(name)
            assert ref.same(found.estimates[at], estimate)
            assert found.criterion[at] == pytest.approx(bic, abs=1e-6)


@pytest.mark.parametrize("dataset", ["uk_2013_6", "netherlands_6"])
def test_six_lists_exhaustive_is_at_least_as_good_as_every_neighbour(dataset):
    from darkfigure.models import neighbours
    from darkfigure.selection import score_models

    table = ref.table(dataset)
    found = dk.select(table)
    assert found.n_models == 7785061
    assert (score_models(table, neighbours(found.best.model)) > found.best.bic).all()
    assert found.best.bic <= dk.select(table, max_order=2).best.bic + 1e-9


def test_six_lists_pairs_only_agrees_with_all_32768_models():
    table = ref.table("uk_2013_6")
    everything = dk.fit_all(table, max_order=2)
    bic = np.where(everything.admissible, everything.bic, np.inf)
    found = dk.select(table, max_order=2)
    assert len(everything.models) == found.n_models == 32768
    assert found.criterion[0] == pytest.approx(bic.min(), abs=1e-9)
    assert found.best.model == everything.models[int(np.argmin(bic))]


@pytest.mark.parametrize("dataset", ["uk_2013_6", "netherlands_6"])
def test_six_lists_no_model_drawn_at_random_beats_the_winner(dataset):
    from darkfigure.models import model_of
    from darkfigure.selection import score_models

    table = ref.table(dataset)
    best = dk.select(table).best
    draws = np.random.Generator(np.random.Philox(key=6))
    models = [model_of(6, draws.integers(1, 63, size=draws.integers(1, 9))) for _ in range(1500)]
    near = [model_of(6, [*best.model.interactions, *draws.integers(1, 63, size=2)]) for _ in range(500)]
    assert score_models(table, models + near).min() >= best.bic - 1e-9


def test_eight_lists_with_pairs():
    found = dk.select(ref.table("new_orleans_8"), max_order=2)
    assert found.n_models == 2**28
    assert found.best.model.name == "[45,1,2,3,6,7,8]"


def test_weights_sum_to_one_and_the_average_lies_in_the_spread():
    found = dk.select(ref.table("uk_2013_5"))
    assert found.weights.sum() == pytest.approx(1.0)
    assert found.spread[0] <= found.average <= found.spread[1]


def test_too_many_lists_is_a_numbered_error():
    table = dk.OverlapTable(np.r_[0, np.ones(2**9 - 1, dtype=int)], [f"L{i}" for i in range(9)])
    with pytest.raises(dk.OptionError, match="402"):
        dk.select(table)


def test_unknown_method_is_a_numbered_error():
    with pytest.raises(dk.OptionError, match="401"):
        dk.select(ref.table("korea_3"), "magic")
