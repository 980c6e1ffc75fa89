"""Fits against R: Rcapture and MultipleSystemsEstimation, all to 1e-7; and the formula decides where R is inexact."""

import math

import numpy as np
import pytest
import reference as ref

import darkfigure as dk
from darkfigure.fitting import profile_of
from darkfigure.selection import fit_batch

MAIN = ref.entries("fixed_main")


@pytest.mark.parametrize(("dataset", "r"), MAIN, ids=[d for d, _ in MAIN])
def test_main_effects_agree_with_r(dataset, r):
    table = ref.table(dataset)
    found = dk.fit(table, dk.main_effects(table.k))
    assert ref.same(found.estimate, r["estimate"])
    assert found.loglik == pytest.approx(r["loglik"], abs=1e-7)
    assert found.bic == pytest.approx(r["bic"], abs=1e-7)
    assert found.aic == pytest.approx(r["aic"], abs=1e-7)
    for effect in found.model.effects:
        name = found.effect_name(effect).replace("(intercept)", "(Intercept)")
        assert found.parameters[effect] == pytest.approx(r["coefficients"][name], rel=1e-6)


MODEL_TABLES = ("artificial_3", "korea_3", "spina_bifida_3", "australia_4", "kosovo_4", "netherlands_5",
                "new_orleans_5", "uk_2013_5", "western_us_5")  # fmt: skip


@pytest.mark.parametrize("dataset", MODEL_TABLES)
def test_every_model_of_the_r_tables_has_the_same_status_estimate_and_bic(dataset):
    table, rows = ref.table(dataset), ref.model_rows(dataset)
    models = [dk.parse_model(row["model"], table.k) for row in rows]
    results, statuses = fit_batch(table, models)
    constant = 2 * sum(math.lgamma(y + 1) for y in table.counts)
    for model, row, result, status in zip(models, rows, results, statuses, strict=True):
        assert (status == 0) == (row["status"] == "0"), row
        if status == 0:
            assert ref.same(table.n + math.exp(result[2]), row["abundance"]), row
            assert model.size * math.log(table.n) - 2 * result[1] + constant == pytest.approx(
                float(row["bic"]), abs=5e-8
            )
            assert result[0] == pytest.approx(float(row["deviance"]), abs=5e-8)


def test_fit_and_batch_are_the_same_numbers():
    table = ref.table("uk_2013_5")
    model = dk.parse_model("[123,25,34]", 5)
    results, _ = fit_batch(table, [model])
    assert dk.fit(table, model).dark_figure == pytest.approx(math.exp(results[0, 2]), rel=1e-14)


@pytest.mark.parametrize("dataset", ["korea_3", "kosovo_4", "uk_2013_5", "netherlands_6"])
def test_fitted_overlaps_equal_observed_overlaps_at_the_maximum(dataset):
    """The likelihood equations themselves, to rounding: superset sums of fitted and observed counts agree."""
    table = ref.table(dataset)
    found = dk.select(table, "stepwise").best
    fitted = found.fitted.copy()
    fitted[0] = 0.0
    for effect in found.model.effects:
        sums = sum(fitted[s] for s in range(1, 1 << table.k) if s & effect == effect)
        assert sums == pytest.approx(float(table.overlaps[effect]), rel=1e-9, abs=1e-9)


PROFILES = ref.entries("closedpCI_Mt")


@pytest.mark.parametrize(("dataset", "r"), PROFILES, ids=[d for d, _ in PROFILES])
def test_profile_interval_agrees_with_rcapture(dataset, r):
    """Rcapture stops its optimiser early (1e-4 relative at worst); our maximum has a likelihood at least as high."""
    table = ref.table(dataset)
    found = dk.fit(table, dk.main_effects(table.k))
    limits = found.interval()
    assert ref.same(limits.lower, r["CI"]["infCL"], 2e-4)
    assert ref.same(limits.upper, r["CI"]["supCL"], 2e-4)
    profile = found.profile
    assert profile.value(profile.maximum - table.n) >= profile.value(r["CI"]["abundance"] - table.n) - 1e-9
    assert ref.same(found.standard_error, r["results"]["stderr"], 5e-5)


def test_profile_limits_drop_by_half_the_chi_square_quantile():
    table = ref.table("kosovo_4")
    profile = profile_of(table, dk.parse_model("[12,13,14,23,34]", 4))
    lower, upper = profile.limits(0.95)
    top = profile.value(profile.maximum - table.n)
    for limit in (lower, upper):
        assert top - profile.value(limit - table.n) == pytest.approx(3.841458820694124 / 2, abs=1e-7)


SPARSE = ref.entries("stepwise", "SparseMSE")


@pytest.mark.parametrize(("dataset", "r"), SPARSE, ids=[d for d, _ in SPARSE])
def test_log_interval_of_the_stepwise_model_agrees_with_sparsemse(dataset, r):
    """2e-4 on the limits: R takes the information one iteration before convergence."""
    found = dk.select(ref.table(dataset), "stepwise").best
    limits = found.interval(method="log")
    assert ref.same(found.estimate, r["estimate"]["point est."])
    assert ref.same(limits.lower, r["estimate"]["2.5%"], 2e-4)
    assert ref.same(limits.upper, r["estimate"]["97.5%"], 2e-4)


def test_a_fit_that_does_not_exist_is_a_result_with_a_reason():
    found = dk.fit(ref.table("artificial_3"), "[12,3]")
    assert found.status == 1
    assert math.isnan(found.estimate)
    assert "no maximum likelihood estimate" in str(found)
    assert math.isnan(found.interval().upper)


def test_empty_overlaps_put_parameters_at_minus_infinity_and_cells_at_zero():
    found = dk.fit(ref.table("artificial_3"), "[13,23]")
    assert found.parameters[0b101] == found.parameters[0b110] == -math.inf
    assert found.fitted[0b101] == found.fitted[0b111] == 0.0
    assert found.estimate == pytest.approx(296)
    assert found.model.size == 6


def test_two_lists_give_lincoln_petersen():
    table = dk.OverlapTable([0, 40, 30, 6], "AB")
    assert dk.fit(table, "[1,2]").estimate == pytest.approx(46 * 36 / 6)


def test_intervals_widen_with_the_level():
    found = dk.fit(ref.table("kosovo_4"), "[123,14,34]")
    for method in ("profile", "wald", "log"):
        narrow, wide = found.interval(0.8, method), found.interval(0.95, method)
        assert wide.lower < narrow.lower < found.estimate < narrow.upper < wide.upper


def test_wrong_level_and_method_are_numbered_errors():
    found = dk.fit(ref.table("korea_3"), "[12,3]")
    with pytest.raises(dk.OptionError, match="403"):
        found.interval(1.5)
    with pytest.raises(dk.OptionError, match="401"):
        found.interval(method="guess")


def test_fitted_values_of_the_saturated_pairs_model_reproduce_three_lists():
    table = ref.table("spina_bifida_3")
    found = dk.fit(table, "[12,13,23]")
    assert np.allclose(found.fitted[1:], table.counts[1:], rtol=1e-8)
    y = table.counts
    dark = y[1] * y[2] * y[4] * y[7] / (y[3] * y[5] * y[6])
    assert found.dark_figure == pytest.approx(dark, rel=1e-9)
