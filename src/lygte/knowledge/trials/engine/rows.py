"""From counts by site and period to the rows that are compared: one for each thing that was drawn.

What is drawn is what varies by chance. Rows follow the drawing, so that many counts of one site are never taken for
many independent observations.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .allocation import Frame, Schedule, counted

if TYPE_CHECKING:
    import numpy as np

    Numbers = np.ndarray[Any, np.dtype[Any]]


@dataclass(frozen=True)
class Rows:
    """`y` things counted over `e` (periods, or what they are counted per), with a method, in a group and a block."""

    y: Numbers
    e: Numbers
    arm: Numbers
    group: Numbers  # clusters: the site; turns: the site's block; stepped: the site
    block: Numbers  # stepped: the step; else 0
    before: Numbers  # the method of the turn before, or -1


def rows_of(frame: Frame, schedule: Schedule, y: Numbers, e: Numbers) -> Rows:
    """Add up what counts, for each site and turn. A period with `e` nought is one that nothing is known of."""
    import numpy as np

    use = np.array(counted(frame, schedule)) & (e > 0)
    found = []
    for site, arms in enumerate(schedule):
        for turn, (first, last) in enumerate(_turns(frame)):
            inside = use[site, first:last]
            if not inside.any():
                continue
            whole = site * (frame.blocks + 1) + turn // frame.arms
            found.append(
                (
                    y[site, first:last][inside].sum(),
                    e[site, first:last][inside].sum(),
                    arms[first],
                    site if frame.design in ("clusters", "stepped") else whole,
                    turn if frame.design == "stepped" else 0,
                    arms[first - 1] if first else -1,
                )
            )
    table = np.array(found, dtype=float).reshape(-1, 6)
    whole_numbers = table[:, 2:].astype(int)
    return Rows(table[:, 0], table[:, 1], *whole_numbers.T)


def _turns(frame: Frame) -> list[tuple[int, int]]:
    if frame.design == "clusters":
        return [(0, frame.periods)]
    return [(first, min(first + frame.turn, frame.periods)) for first in range(0, frame.periods, frame.turn)]


def kept(rows: Rows, which: Numbers) -> Rows:
    """Return some of the rows."""
    return Rows(*(getattr(rows, name)[which] for name in ("y", "e", "arm", "group", "block", "before")))


def telling(frame: Frame, rows: Rows) -> Rows:
    """Leave out what cannot tell anything: groups without any count, and blocks in which only one method is left."""
    import numpy as np

    if frame.design == "clusters":
        return rows
    keep = np.ones(len(rows.y), dtype=bool)
    for group in np.unique(rows.group):
        here = rows.group == group
        alone = frame.design != "stepped" and len(np.unique(rows.arm[here])) < 2
        if alone or rows.y[here].sum() == 0:
            keep &= ~here
    rows = kept(rows, keep)
    if frame.design == "stepped":
        filled = [block for block in np.unique(rows.block) if rows.y[rows.block == block].sum() > 0]
        rows = kept(rows, np.isin(rows.block, filled))
    return rows
