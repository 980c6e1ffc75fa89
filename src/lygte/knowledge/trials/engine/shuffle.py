"""The check that needs no model: deal the methods again and again, and see how often chance does as much as was seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .allocation import Frame, Schedule, allocate, counted

if TYPE_CHECKING:
    from .rows import Numbers

TIMES = 999


def shuffled(frame: Frame, seed: str, y: Numbers, e: Numbers, *, times: int = TIMES) -> list[float]:
    """Return for every method but the first: in what share of the dealings it is as far from the first as it was.

    The n-th dealing is the one that the seed “seed/n” gives: it follows the rules of the trial, blocks and all.
    """
    import numpy as np

    e = np.where(e > 0, e, 0.0)
    y = np.where(e > 0, y, 0.0)
    schedule = allocate(frame, seed)
    rest = y - _expected(frame, schedule, y, e)
    seen = _distances(frame, schedule, rest, e)
    at_least = np.ones(frame.arms - 1)
    for number in range(1, times + 1):
        drawn = _distances(frame, allocate(frame, f"{seed}/{number}"), rest, e)
        at_least += drawn >= seen - 1e-12
    return [float(one) for one in at_least / (times + 1)]


def _distances(frame: Frame, schedule: Schedule, rest: Numbers, e: Numbers) -> Numbers:
    """Return how far each method lies from the first: the sums of what is more or less than expected."""
    import numpy as np

    arms, use = np.array(schedule), np.array(counted(frame, schedule)) & (e > 0)
    sums = [rest[use & (arms == arm)].sum() for arm in range(frame.arms)]
    return np.array([abs(one - sums[0]) for one in sums[1:]])


def _expected(frame: Frame, schedule: Schedule, y: Numbers, e: Numbers) -> Numbers:
    """Return what would be expected if methods did not matter, as the regression has it: by what was drawn within."""
    import numpy as np

    if frame.design == "clusters":
        return np.asarray(e * y.sum() / max(e.sum(), 1e-12))
    if frame.design == "stepped":
        return _by_site_and_period(y, e)
    # Which periods of a block count is the same for every dealing, so the blocks stand still while methods move.
    use = np.array(counted(frame, schedule)) & (e > 0)
    found, whole = np.zeros(y.shape), frame.turn * frame.arms
    for first in range(0, frame.periods, whole):
        block = slice(first, first + whole)
        known = np.where(use[:, block], e[:, block], 0.0)
        rate = np.where(use[:, block], y[:, block], 0.0).sum(1) / np.maximum(known.sum(1), 1e-12)
        found[:, block] = e[:, block] * rate[:, None]
    return found


def _by_site_and_period(y: Numbers, e: Numbers) -> Numbers:
    import numpy as np

    site, period = np.ones(len(y)), np.ones(y.shape[1])
    for _round in range(60):
        site = y.sum(1) / np.maximum((e * period).sum(1), 1e-12)
        period = y.sum(0) / np.maximum((e * site[:, None]).sum(0), 1e-12)
    return np.asarray(e * site[:, None] * period)
