"""Bootstrap: R's quantiles within Monte Carlo error, exact jackknife, same bits on any number of threads."""

import math

import numpy as np
import pytest
import reference as ref

import darkfigure as dk
from darkfigure.streams import philox, resample, uniforms

ACCELERATION = [(d, r) for d, r in ref.entries("stepwise_boot", "MultipleSystemsEstimation")]


@pytest.mark.parametrize(("dataset", "r"), ACCELERATION, ids=[d for d, _ in ACCELERATION])
def test_stepwise_bootstrap_agrees_with_r(dataset, r):
    """The acceleration is deterministic (1e-6); median and quartile-like quantiles within Monte Carlo error of 1000."""
    found = dk.bootstrap(ref.table(dataset), "stepwise", replicates=1000, seed=3, threads=1)
    assert found.acceleration == pytest.approx(r["ahat"], rel=1e-6)
    finite = np.sort(found.replicates[np.isfinite(found.replicates)])
    for level in ("16%", "50%", "84%"):
        p = float(level.strip("%")) / 100
        margin = 4 * math.sqrt(2 * p * (1 - p) / 1000)
        low, high = np.quantile(finite, [max(p - margin, 0), min(p + margin, 1)])
        assert low <= r["boot_plain_quantiles"][level] <= high


def test_exhaustive_bootstrap_of_kosovo_agrees_with_r_over_all_models():
    r = ref.one("kosovo_4", "bic_boot_all")["bca_by_ntop"][-1]["quantiles"]
    found = dk.bootstrap(ref.table("kosovo_4"), replicates=1000, seed=3, threads=1)
    for level in ("0.16", "0.5", "0.84"):
        p = float(level)
        margin = 4 * math.sqrt(2 * p * (1 - p) / 1000)
        assert found.quantile(p - margin) <= r[level] <= found.quantile(p + margin)


def test_same_seed_gives_same_bits_on_one_two_and_five_threads():
    runs = [dk.bootstrap(ref.table("uk_2013_5"), replicates=41, seed=11, threads=t).replicates for t in (1, 2, 5)]
    assert (runs[0] == runs[1]).all()
    assert (runs[0] == runs[2]).all()


def test_more_replicates_begin_with_the_same_replicates():
    few = dk.bootstrap(ref.table("korea_3"), replicates=30, seed=5, threads=1)
    many = dk.bootstrap(ref.table("korea_3"), replicates=60, seed=5, threads=1)
    assert (many.replicates[:30] == few.replicates).all()


def test_another_seed_gives_other_replicates():
    one = dk.bootstrap(ref.table("korea_3"), replicates=30, seed=5, threads=1)
    two = dk.bootstrap(ref.table("korea_3"), replicates=30, seed=6, threads=1)
    assert (one.replicates != two.replicates).any()


@pytest.mark.parametrize("dataset", ["uk_2013_5", "western_us_5"])
def test_every_replicate_has_the_winner_that_looking_at_all_models_finds(dataset):
    table = ref.table(dataset)
    owner = np.repeat(np.arange(32), table.counts)
    found = dk.bootstrap(table, replicates=4, seed=21, threads=1)
    for b in range(4):
        y = np.empty(32)
        resample(21, b, owner, y)
        everything = dk.fit_all(_table_allowing_empty_lists(y, table))
        bic = np.where(everything.admissible, everything.bic, np.inf)
        assert everything.estimates[int(np.argmin(bic))] == pytest.approx(found.replicates[b], rel=1e-9)


def _table_allowing_empty_lists(y, table):
    return table.with_counts(y.astype(int))


def test_resampling_keeps_the_number_of_people_and_zero_cells():
    table = ref.table("uk_2013_5")
    owner = np.repeat(np.arange(32), table.counts)
    y = np.empty(32)
    total = np.zeros(32)
    for b in range(200):
        resample(1, b, owner, y)
        assert y.sum() == table.n
        total += y
    assert (total[table.counts == 0] == 0).all()
    expected = 200 * table.counts
    assert (np.abs(total - expected) <= 5 * np.sqrt(expected) + 1e-9).all()


def test_philox_known_answer():
    """Known-answer test of Random123: counter and key all ones."""
    ones = np.full(4, 0xFFFFFFFF, dtype=np.uint32)
    out = np.empty(4, dtype=np.uint32)
    philox(ones, ones[:2], out)
    assert [hex(word) for word in out] == ["0x408f276d", "0x41c83b0e", "0xa20bc7c6", "0x6d5451fd"]


def test_uniforms_are_uniform():
    draws = uniforms(9, 0, 4000)
    assert draws.min() > 0
    assert draws.max() < 1
    assert abs(draws.mean() - 0.5) < 5 * math.sqrt(1 / 12 / 4000)


def test_fixed_model_bootstrap_keeps_the_model():
    found = dk.bootstrap(ref.table("kosovo_4"), "[123,14,34]", replicates=50, threads=1)
    assert found.wins == (("[123,14,34]", 50),)
    assert found.estimate == pytest.approx(10356.5189573)


def test_the_upper_limit_is_infinite_when_many_replicates_have_no_estimate():
    table = dk.OverlapTable([0, 30, 25, 1], "AB")
    found = dk.bootstrap(table, "main", replicates=200, seed=1, threads=1)
    assert found.share_infinite > 0.2
    assert found.interval().upper == math.inf


def test_a_table_of_two_people_gives_an_interval_without_a_traceback():
    found = dk.bootstrap(
        dk.OverlapTable([0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 1, 0, 1, 0, 0, 0], "ABCD"), "stepwise", 20, threads=1
    )
    assert found.acceleration == 0.0
    assert str(found)


def test_progress_reports_every_batch_and_ends_at_the_total():
    seen = []
    dk.bootstrap(ref.table("korea_3"), "main", replicates=20, threads=1, progress=lambda d, t: seen.append((d, t)))
    assert seen[-1] == (20, 20)


def test_unknown_method_is_a_numbered_error():
    with pytest.raises(dk.OptionError, match="404"):
        dk.bootstrap(ref.table("korea_3"), "chao")
