"""Who tries what when: dealt from a seed by SHA-256 alone, so that anyone can deal again and compare.

No generator of random numbers of any language or library is used; those change. The rule is version 1 and never
changes: a better one gets another name.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import Any, Literal

ALGORITHM = "sha256-deal-1"
Design = Literal["parallel", "clusters", "stepped", "alternation"]
Schedule = list[list[int]]  # for each site, the method of each period


@dataclass(frozen=True)
class Frame:
    """The shape of a trial: how many methods, which sites, how many periods, how long a turn and its washing out."""

    design: Design
    arms: int
    sites: tuple[str, ...]
    strata: tuple[str, ...]
    periods: int
    turn: int = 1
    washout: int = 0

    @property
    def blocks(self) -> int:
        """How many whole blocks the periods make: one turn of every method, or one step of the wedge."""
        return self.periods // (self.turn if self.design == "stepped" else self.turn * self.arms)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def frame_of(said: dict[str, Any]) -> Frame:
    return Frame(**{**said, "sites": tuple(said["sites"]), "strata": tuple(said["strata"])})


def digest(seed: str, *words: object) -> str:
    """Return the number by which things are put in order: SHA-256 of the seed and the words, joined by “|”."""
    return sha256("|".join([seed, *(str(word) for word in words)]).encode()).hexdigest()


def order(seed: str, name: str, items: Sequence[Any]) -> list[Any]:
    """Return the items in the order of their digests."""
    return sorted(items, key=lambda item: digest(seed, name, item))


def allocate(frame: Frame, seed: str) -> Schedule:
    """Return the method, by number, of every site in every period."""
    deal = {"clusters": _whole_sites, "stepped": _steps}.get(frame.design, _turns)
    return deal(frame, seed)


def _whole_sites(frame: Frame, seed: str) -> Schedule:
    """Sites stand in line, stratum by stratum; of as many in a row as there are methods each gets another."""
    line = [
        site
        for stratum in order(seed, "strata", sorted(set(frame.strata)))
        for site in order(seed, stratum, [s for s, of in zip(frame.sites, frame.strata, strict=True) if of == stratum])
    ]
    given = {}
    for place, site in enumerate(line):
        row = place // frame.arms
        given[site] = order(seed, f"row {row}", range(frame.arms))[place % frame.arms]
    return [[given[site]] * frame.periods for site in frame.sites]


def _steps(frame: Frame, seed: str) -> Schedule:
    """Every site begins with the first method and changes to the second at its step; steps are shared out evenly."""
    steps = frame.blocks - 1
    at = order(seed, "steps", range(1, steps + 1))
    changes = {site: at[place % steps] for place, site in enumerate(order(seed, "sites", frame.sites))}
    return [[int(period // frame.turn >= changes[site]) for period in range(frame.periods)] for site in frame.sites]


def _turns(frame: Frame, seed: str) -> Schedule:
    """In each block of turns a site has every method once; in which order is drawn anew for each."""
    whole = frame.turn * frame.arms
    rows = []
    for site in frame.sites:
        row = []
        for period in range(frame.periods):
            turns = order(seed, f"{site}, block {period // whole}", range(frame.arms))
            row.append(turns[period % whole // frame.turn])
        rows.append(row)
    return rows


def counted(frame: Frame, schedule: Schedule) -> list[list[bool]]:
    """Tell which periods count: not those right after a change, where the method before can still be at work.

    A last block that is not whole does not count either, for there not every method had its turn.
    """
    return [[_counts(frame, row, period) for period in range(frame.periods)] for row in schedule]


def _counts(frame: Frame, row: list[int], period: int) -> bool:
    if frame.design == "clusters":
        return period >= frame.washout
    if frame.design == "stepped":
        since = period - row.index(1) if 1 in row[: period + 1] else frame.washout
        return period < frame.blocks * frame.turn and since >= frame.washout
    return period < frame.blocks * frame.turn * frame.arms and period % frame.turn >= frame.washout


def fingerprint(schedule: Schedule) -> str:
    """Return the SHA-256 of a schedule: its methods in order, one line a site."""
    return sha256("\n".join(",".join(str(arm) for arm in row) for row in schedule).encode()).hexdigest()
