"""The smallest difference that a plan can find, tried out on the past: its own counts, its own ups and downs.

Trials are made up from what the sites counted before: each site lives through a stretch of its own past, beginning
at a day drawn for each trial. No formula is asked to know how much weeks and towns differ.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from .allocation import Frame, allocate
from .effects import CannotTell, effects

if TYPE_CHECKING:
    from .rows import Numbers

RUNS, POWER = 100, 0.8


def smallest_effect(
    frame: Frame, past_y: Numbers, past_e: Numbers, *, seed: str, alpha: float, advance: Callable[[int], None]
) -> dict[str, Any]:
    """Return the rate ratio found four times of five, and how often it was found when tried out."""
    import numpy as np
    from scipy import stats

    random = np.random.default_rng(int.from_bytes(seed.encode()[:8].ljust(8, b"0"), "big"))
    still = [_try(frame, random, f"{seed}/{n}", past_y, past_e, 1.0, alpha, advance) for n in range(RUNS)]
    told = [one for one in still if one is not None]
    if len(told) < RUNS // 2:
        raise CannotTell("past_too_thin")
    error = float(np.median([one.error for one in told]))
    df = float(np.median([one.df for one in told]))
    share = alpha / (frame.arms - 1)
    ratio = float(np.exp((stats.t.ppf(1 - share / 2, df) + stats.t.ppf(POWER, df)) * error))
    tried = [_try(frame, random, f"{seed}/b{n}", past_y, past_e, ratio, alpha, advance) for n in range(RUNS)]
    found = sum(one is not None and one.low > 0 for one in tried)
    false = sum(one.low > 0 or one.high < 0 for one in told)
    return {"ratio": ratio, "found": found, "false": false, "told": len(told), "runs": RUNS}


def _try(
    frame: Frame,
    random: np.random.Generator,
    seed: str,
    past_y: Numbers,
    past_e: Numbers,
    ratio: float,
    alpha: float,
    advance: Callable[[int], None],
) -> Any:
    """Make one trial out of the past, in which the second method brings `ratio` times as many; return its effect."""
    import numpy as np

    length = past_y.shape[1]
    starts = random.integers(0, length, size=len(frame.sites))
    days = (starts[:, None] + np.arange(frame.periods)) % length
    y = np.take_along_axis(past_y, days, 1).astype(float)
    e = np.take_along_axis(past_e, days, 1).astype(float)
    schedule = allocate(frame, seed)
    y = y + np.where(np.array(schedule) == 1, random.poisson(y * (ratio - 1)), 0)
    advance(1)
    try:
        return effects(frame, schedule, y, e, alpha=alpha)[0]
    except CannotTell:
        return None


if TYPE_CHECKING:
    import numpy as np
