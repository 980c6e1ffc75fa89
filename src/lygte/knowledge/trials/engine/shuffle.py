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

    known = e > 0
    rest = np.where(known, y - _expected(frame, y, e), 0.0)
    seen = _distances(frame, allocate(frame, seed), rest, np.where(known, e, 0.0))
    at_least = np.ones(frame.arms - 1)
    for number in range(1, times + 1):
        drawn = _distances(frame, allocate(frame, f"{seed}/{number}"), rest, np.where(known, e, 0.0))
        at_least += drawn >= seen - 1e-12
    return [float(one) for one in at_least / (times + 1)]


def _distances(frame: Frame, schedule: Schedule, rest: Numbers, e: Numbers) -> Numbers:
    import numpy as np

    arms, use = np.array(schedule), np.array(counted(frame, schedule))

    def level(arm: int) -> float:
        here = use & (arms == arm)
        return float(rest[here].sum() / max(e[here].sum(), 1e-12))

    first = level(0)
    return np.array([abs(level(arm) - first) for arm in range(1, frame.arms)])


def _expected(frame: Frame, y: Numbers, e: Numbers) -> Numbers:
    """Return what would be expected if methods did not matter: by site, and by period where sites share the calendar."""
    import numpy as np

    e = np.where(e > 0, e, 0.0)
    y = np.where(e > 0, y, 0.0)
    if frame.design == "clusters":
        return np.asarray(e * y.sum() / max(e.sum(), 1e-12))
    site, period = np.ones(len(y)), np.ones(y.shape[1])
    for _round in range(60):
        site = y.sum(1) / np.maximum((e * period).sum(1), 1e-12)
        period = y.sum(0) / np.maximum((e * site[:, None]).sum(0), 1e-12)
    return np.asarray(e * site[:, None] * period)
