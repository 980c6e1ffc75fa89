"""Made-up trials with a known truth: how often do the intervals hold it? The figures in the documentation come from here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .allocation import Frame, allocate
from .effects import CannotTell, effects

if TYPE_CHECKING:
    import numpy as np

    from .rows import Numbers

RATIO = 1.5


@dataclass(frozen=True)
class World:
    """How counts come about: `level` a period, sites differ by `between`, stretches of a site by `within` (both on
    the log scale), and single counts scatter more than Poisson, the more the smaller `shape` is."""

    name: str
    frame: Frame
    level: float = 4.0
    between: float = 0.4
    within: float = 0.15
    shape: float = 3.0


def _frame(design: Any, sites: int, periods: int, *, arms: int = 2, turn: int = 1, washout: int = 0) -> Frame:
    names = tuple(f"site {n}" for n in range(sites))
    return Frame(design, arms, names, tuple(f"team {n % 4}" for n in range(sites)), periods, turn, washout)


WORLDS: tuple[World, ...] = (
    World("parallel, 6 sites by week", _frame("parallel", 6, 10)),
    World("parallel, one team by day, few counts", _frame("parallel", 1, 60), level=0.8),
    World("parallel, three methods, 8 sites", _frame("parallel", 8, 12, arms=3)),
    World("whole sites, 12", _frame("clusters", 12, 8)),
    World("whole sites, 12, that differ a lot", _frame("clusters", 12, 8), between=0.7),
    World("whole sites, 24", _frame("clusters", 24, 8)),
    World("stepped wedge, 12 sites, 4 steps", _frame("stepped", 12, 15, turn=3)),
    World(
        "stepped wedge, 12 sites, restless, 1 week left out", _frame("stepped", 12, 15, turn=3, washout=1), within=0.3
    ),
    World("stepped wedge, 24 sites, few counts", _frame("stepped", 24, 14, turn=2), level=1.0),
    World("alternation, 8 sites, turns of 2 weeks", _frame("alternation", 8, 16, turn=2)),
    World("alternation, 12 sites, 1 week of 3 left out", _frame("alternation", 12, 12, turn=3, washout=1)),
)


def draw(world: World, random: np.random.Generator, seed: str, ratio: float) -> tuple[Any, Numbers, Numbers]:
    """Return a schedule, counts and exposures of one made-up trial; the second method brings `ratio` times as many."""
    import numpy as np

    frame = world.frame
    schedule = allocate(frame, seed)
    shape = (len(frame.sites), frame.periods)
    stretches = random.normal(0, world.within, (shape[0], frame.periods // 4 + 1)).repeat(4, axis=1)[:, : shape[1]]
    season = np.cumsum(random.normal(0, 0.05, shape[1]))
    level = random.normal(np.log(world.level), world.between, (shape[0], 1)) + stretches + season
    mean = np.exp(level) * np.where(np.array(schedule) == 1, ratio, 1.0)
    return schedule, random.poisson(mean * random.gamma(world.shape, 1 / world.shape, shape)), np.ones(shape)


def coverage(
    world: World, *, runs: int, seed: int = 2026, ratio: float = RATIO, advance: Callable[[int], None] = lambda n: None
) -> dict[str, Any]:
    """Return in how many of so many trials the interval held the truth, and how wide it was, as a ratio."""
    import numpy as np

    random = np.random.default_rng(seed)
    held, told, widths, points = 0, 0, [], []
    for number in range(runs):
        schedule, y, e = draw(world, random, f"{seed}/{number}", ratio)
        advance(1)
        try:
            # What is tested is the interval of one comparison, so the level is that of one.
            found = effects(world.frame, schedule, y, e, alpha=0.05 * (world.frame.arms - 1))[0]
        except CannotTell:
            continue
        told += 1
        held += found.low <= np.log(ratio) <= found.high
        widths.append(found.high - found.low)
        points.append(found.log_ratio)
    return {
        "world": world.name,
        "runs": runs,
        "told": told,
        "held": int(held),
        "coverage": held / max(told, 1),
        "width": float(np.exp(np.median(widths))),
        "mean": float(np.exp(np.mean(points))),
    }
