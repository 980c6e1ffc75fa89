"""Anyone can deal the methods again; every design keeps its promise of balance."""

from __future__ import annotations

import hashlib
from collections import Counter

import pytest

from lygte.knowledge.trials.engine.allocation import Frame, allocate, counted, fingerprint

SEED = "0123456789abcdef0123456789abcdef"


def frame(design: str, sites: int = 6, periods: int = 12, **more: int) -> Frame:
    names = tuple(f"s{n}" for n in range(sites))
    return Frame(design, more.pop("arms", 2), names, tuple(f"t{n % 2}" for n in range(sites)), periods, **more)


def test_the_rule_in_the_documentation_gives_the_same_schedule() -> None:
    """Dealt by hand, as docs/field/method-trials.md tells it, with nothing of ours."""

    def number(*words: object) -> str:
        return hashlib.sha256("|".join([SEED, *map(str, words)]).encode()).hexdigest()

    by_hand = []
    for site in ("s0", "s1"):
        row: list[int] = []
        for block in range(3):
            first, second = sorted((0, 1), key=lambda arm: number(f"{site}, block {block}", arm))
            row += [first, first, second, second]
        by_hand.append(row)
    assert allocate(frame("alternation", sites=2, turn=2), SEED) == by_hand


def test_rule_version_one_never_changes() -> None:
    schedules = [allocate(frame(d, turn=2), SEED) for d in ("parallel", "clusters", "stepped", "alternation")]
    assert fingerprint([row for one in schedules for row in one])[:16] == "51268d830d152cd5"


@pytest.mark.parametrize("arms", [2, 3])
@pytest.mark.parametrize("design", ["parallel", "alternation"])
def test_every_site_has_every_method_once_in_each_block(design: str, arms: int) -> None:
    turn = 2 if design == "alternation" else 1
    for row in allocate(frame(design, arms=arms, turn=turn), SEED):
        for start in range(0, 12, arms * turn):
            block = row[start : start + arms * turn]
            assert set(Counter(block).values()) == {turn} and len(set(block)) == arms


def test_whole_sites_are_shared_out_evenly_over_all_and_within_teams() -> None:
    of = frame("clusters", sites=12)
    arms = [row[0] for row in allocate(of, SEED)]
    assert all(len(set(row)) == 1 for row in allocate(of, SEED)) and arms.count(1) == 6
    assert [arm for arm, team in zip(arms, of.strata, strict=True) if team == "t0"].count(1) == 3


def test_in_a_stepped_wedge_everybody_changes_once_and_not_all_at_the_same_time() -> None:
    rows = allocate(frame("stepped", sites=6, periods=8, turn=2), SEED)
    changes = [row.index(1) for row in rows]
    assert all(row == sorted(row) and row[0] == 0 and row[-1] == 1 for row in rows)
    assert Counter(changes) == {2: 2, 4: 2, 6: 2}


def test_what_follows_a_change_and_what_makes_no_whole_block_does_not_count() -> None:
    of = frame("alternation", sites=1, periods=14, turn=3, washout=1)
    assert counted(of, allocate(of, SEED))[0] == [False, True, True] * 4 + [False, False]
    wedge = frame("stepped", sites=3, periods=6, turn=2, washout=1)
    rows = allocate(wedge, SEED)
    left_out = [row.index(False) for row in counted(wedge, rows) if not all(row)]
    assert left_out == [row.index(1) for row in rows]
    assert sum(not counts for row in counted(wedge, rows) for counts in row) == 3


def test_another_seed_deals_otherwise() -> None:
    assert allocate(frame("parallel"), SEED) != allocate(frame("parallel"), SEED[::-1])
