"""The figures agree with what others have published or built, and the intervals hold a known truth."""

from __future__ import annotations

import os
import subprocess
import sys

import numpy as np
import pytest
from scipy import stats

from lygte.knowledge.trials.engine.allocation import Frame, allocate
from lygte.knowledge.trials.engine.apart import answer, ask
from lygte.knowledge.trials.engine.effects import CannotTell, _variance, carry_over, effects
from lygte.knowledge.trials.engine.shuffle import shuffled
from lygte.knowledge.trials.engine.worlds import WORLDS, coverage, draw

from .test_allocation import SEED, frame

NAMES = {world.name: world for world in WORLDS}


def drawn(name: str, ratio: float = 1.5) -> tuple[Frame, list[list[int]], np.ndarray, np.ndarray]:
    world = NAMES[name]
    schedule, y, e = draw(world, np.random.default_rng(7), SEED, ratio)
    return world.frame, schedule, y, e


def test_whole_sites_give_what_gee_with_the_correction_of_mancl_and_derouen_gives() -> None:
    from statsmodels.genmod.cov_struct import Independence
    from statsmodels.genmod.families import Poisson
    from statsmodels.genmod.generalized_estimating_equations import GEE

    of, schedule, y, e = drawn("whole sites, 12")
    ours = effects(of, schedule, y, e)[0]
    arm = np.array([row[0] for row in schedule])
    model = GEE(
        y.sum(1), np.column_stack([np.ones(12), arm]), groups=np.arange(12), family=Poisson(),
        cov_struct=Independence(), offset=np.log(e.sum(1)),
    )  # fmt: skip
    theirs = model.fit(cov_type="bias_reduced")
    assert ours.log_ratio == pytest.approx(theirs.params[1], abs=1e-6)
    assert ours.error == pytest.approx(theirs.bse[1], rel=1e-5)


def test_pairs_give_the_paired_t_test() -> None:
    """With a level for each pair, HC2 is the variance of the mean difference, and its freedom is pairs less one."""
    random = np.random.default_rng(3)
    pairs = random.normal(10, 1, (9, 2))
    design = np.column_stack([np.repeat(np.eye(9), 2, axis=0), np.tile([0.0, 1.0], 9)])
    y = pairs.ravel()
    fitted = design @ np.linalg.lstsq(design, y, rcond=None)[0]
    # The working scale of a regression with equal variances: all weights one.
    variance, freedom = _variance(design, y - fitted + 1, np.ones(18), np.arange(18), 9, "CR2")
    difference = pairs[:, 1] - pairs[:, 0]
    assert variance == pytest.approx(difference.var(ddof=1) / 9)
    assert freedom == pytest.approx(8)


def test_a_group_by_group_covariance_is_unbiased_where_its_model_holds() -> None:
    """The expectation of CR2 under the working model is the variance itself: the definition of Bell and McCaffrey."""
    random = np.random.default_rng(5)
    groups = np.repeat(np.arange(5), 4)
    design = np.column_stack([np.eye(5).repeat(4, axis=0), random.normal(size=20)])
    bread = np.linalg.inv(design.T @ design)
    left = np.eye(20) - design @ bread @ design.T
    # The variance is a quadratic form in the residuals: its expectation is the sum over residuals of single noises.
    expected = sum(_variance(design, left[:, n] + 1, np.ones(20), groups, 5, "CR2")[0] for n in range(20))
    crossed = expected  # noises are independent, so cross terms vanish
    assert crossed == pytest.approx(bread[5, 5])


@pytest.mark.parametrize("name", [
    "parallel, one team by day, few counts", "whole sites, 12", "stepped wedge, 12 sites, 4 steps",
    "alternation, 8 sites, turns of 2 weeks",
])  # fmt: skip
def test_intervals_hold_the_known_truth_about_as_often_as_they_say(name: str) -> None:
    """A short run of what `./lygte trials coverage` does a thousand times; the truth is 1.5 times as many."""
    found = coverage(NAMES[name], runs=60, seed=11)
    assert found["told"] == 60
    assert 54 <= found["held"] <= 60 and found["mean"] == pytest.approx(1.5, rel=0.1)


def test_a_clear_difference_is_found_and_none_is_not_made_up() -> None:
    of, schedule, y, e = drawn("alternation, 12 sites, 1 week of 3 left out", ratio=3.0)
    found = effects(of, schedule, y, e)[0]
    assert found.low > np.log(1.5)
    assert shuffled(of, SEED, y, e, times=199) == [pytest.approx(1 / 200)]
    of, schedule, y, e = drawn("alternation, 12 sites, 1 week of 3 left out", ratio=1.0)
    found = effects(of, schedule, y, e)[0]
    assert found.low < 0 < found.high and shuffled(of, SEED, y, e, times=199)[0] > 0.05


def test_drawing_again_is_fair_where_nothing_differs() -> None:
    """Under no difference the share is spread evenly: not more than about a tenth lies under a tenth."""
    world = NAMES["stepped wedge, 12 sites, restless, 1 week left out"]
    random = np.random.default_rng(2)
    under = 0
    for number in range(60):
        _schedule, y, e = draw(world, random, f"n{number}", 1.0)
        under += shuffled(world.frame, f"n{number}", y, e, times=39)[0] <= 0.1
    assert under <= 12


def test_a_method_still_at_work_in_the_next_week_is_noticed() -> None:
    of = frame("parallel", sites=8, periods=16)
    schedule = allocate(of, SEED)
    arms = np.array(schedule)
    before = np.column_stack([np.zeros(8), arms[:, :-1]])
    y = np.random.default_rng(4).poisson(12 * np.where(before == 1, 2.0, 1.0))
    after = carry_over(of, schedule, y, np.ones((8, 16)))[0]
    assert 0 < after.low < np.log(2) < after.high


def test_several_methods_share_the_error_between_them() -> None:
    of, schedule, y, e = drawn("parallel, three methods, 8 sites")
    both = effects(of, schedule, y, e, alpha=0.05)
    assert [one.arm for one in both] == [1, 2]
    # 32 blocks of three rows each; of 96 rows, 32 levels and two methods leave 62 degrees of freedom.
    reach = stats.t.ppf(1 - 0.05 / 2 / 2, 62)
    assert both[1].df == 62 and both[1].high - both[1].log_ratio == pytest.approx(reach * both[1].error)


@pytest.mark.parametrize(("y", "why"), [(np.zeros((6, 12)), "nothing"), (None, "one_empty")])
def test_what_cannot_be_told_is_said(y: np.ndarray | None, why: str) -> None:
    of = frame("parallel")
    schedule = allocate(of, SEED)
    y = np.array(schedule) if y is None else y
    with pytest.raises(CannotTell, match=why):
        effects(of, schedule, y, np.ones((6, 12)))


def test_a_process_of_its_own_gives_the_same_figures() -> None:
    of, _schedule, y, e = drawn("whole sites, 12")
    request = {
        "do": "analyse", "frame": of.as_json(), "seed": SEED, "alpha": 0.05,
        "outcomes": [{"y": y.tolist(), "e": e.tolist()}],
    }  # fmt: skip
    assert ask(request) == answer(request)


def test_the_smallest_effect_is_found_about_four_times_of_five() -> None:
    of = frame("parallel", sites=6, periods=12)
    past = np.random.default_rng(4).poisson(5, (6, 52))
    request = {
        "do": "power", "frame": of.as_json(), "seed": SEED, "alpha": 0.05,
        "y": past.tolist(), "e": np.ones((6, 52)).tolist(),
    }  # fmt: skip
    found = answer(request)
    # Of 180 expected counts on each side: 2.8 errors of sqrt(2/180) are a ratio of about 1.34.
    assert 1.25 < found["ratio"] < 1.45
    assert 65 <= found["found"] <= 95 and found["false"] <= 12
    assert answer(request) == found
    assert answer({**request, "y": np.zeros((6, 52)).tolist()})["cannot"] == "past_too_thin"


def test_a_server_does_not_carry_the_statistics_about() -> None:
    """Loading the whole site loads no statistics library: memory and start belong to those who only record a visit."""
    look = (
        "import sys, django; django.setup(); import lygte.site.urls; "
        "print([name for name in ('statsmodels', 'scipy') if name in sys.modules])"
    )
    where = {"PYTHONPATH": os.pathsep.join(sys.path), "DJANGO_SETTINGS_MODULE": "lygte.site.settings"}
    done = subprocess.run(
        [sys.executable, "-c", look], capture_output=True, text=True, check=True, env={**os.environ, **where}
    )
    assert done.stdout.strip() == "[]"
