"""The rule of concern as a truth table: what counts, who confirms, when it ends."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lygte.care.concern.rulefile import FOLDER, Rule, rule_of, rules
from lygte.care.concern.rules import Sign, State, may_be_noted, standing_of, to_forget

RULE = rules()[-1]
TODAY = date(2026, 11, 29)
NOBODY, WAITS, CONCERN = State.NONE, State.WAITING, State.CONCERN


def sign(
    by: int, ago: int = 0, sign: str = "threats", known: str = "seen", sure: str = "sure", contested: bool = False
) -> Sign:
    return Sign(by * 1000 + ago, sign, known, sure, TODAY - timedelta(days=ago), by, contested)


TABLE = {
    "nothing noted": ([], NOBODY),
    "one person": ([sign(1)], WAITS),
    "one person twice": ([sign(1), sign(1, 7)], WAITS),
    "two people, the same sign": ([sign(1, 7), sign(2)], CONCERN),
    "two people, different signs": ([sign(1), sign(2, sign="debt_worked_off")], WAITS),
    "hearsay alone": ([sign(1, known="told_elsewhere")], NOBODY),
    "hearsay confirms nothing": ([sign(1), sign(2, known="told_elsewhere")], WAITS),
    "told by somebody who works there": ([sign(1, known="told_there"), sign(2, known="told_there")], CONCERN),
    "not sure does not count": ([sign(1), sign(2, sure="unsure")], WAITS),
    "rather sure counts": ([sign(1, sure="rather"), sign(2)], CONCERN),
    "contested does not count": ([sign(1), sign(2, contested=True)], WAITS),
    "on its last day": ([sign(1, 90), sign(2, 90)], CONCERN),
    "a day later": ([sign(1, 91), sign(2, 91)], NOBODY),
    "kept up by one of the two": ([sign(1, 120), sign(2, 100), sign(1, 20)], CONCERN),
    "a gap ends it": ([sign(1, 130), sign(2, 120), sign(1, 20)], WAITS),
    "the second look came too late": ([sign(1, 100), sign(2)], WAITS),
    "from the future": ([sign(1, -1)], NOBODY),
}


@pytest.mark.parametrize("case", TABLE)
def test_the_first_rule(case: str) -> None:
    signs, expected = TABLE[case]
    assert standing_of(signs, RULE, TODAY).state is expected


def test_a_standing_names_its_reasons_and_its_last_day() -> None:
    first, second, other = sign(1, 30), sign(2, 10), sign(1, 3, sign="papers_held")
    found = standing_of([first, second, other], RULE, TODAY)
    assert found.confirmed == {first.key, second.key} and found.waiting == {other.key}
    assert found.until == second.day + timedelta(days=90)


def test_a_rule_that_asks_less_is_followed_too() -> None:
    loose = replace(RULE, another_person=False, same_sign=False, contested_counts=True, ends_after_days=10)
    assert standing_of([sign(1), sign(1, 5, sign="papers_held")], loose, TODAY).state is CONCERN
    assert standing_of([sign(1), sign(2, contested=True)], loose, TODAY).state is CONCERN
    assert standing_of([sign(1, 11)], loose, TODAY).state is NOBODY
    assert may_be_noted(TODAY - timedelta(days=10), loose, TODAY) and not may_be_noted(
        TODAY - timedelta(days=11), loose, TODAY
    )


drawn = st.lists(
    st.builds(
        sign, by=st.integers(1, 3), ago=st.integers(0, 200), sign=st.sampled_from(["threats", "papers_held"]),
        known=st.sampled_from(["seen", "told_elsewhere"]), contested=st.booleans(),
    ),
    max_size=8, unique_by=lambda one: one.key,
)  # fmt: skip


@settings(deadline=None)
@given(drawn)
def test_forgetting_what_has_ended_changes_no_standing(signs: list[Sign]) -> None:
    over = to_forget(signs, RULE, TODAY)
    left = [one for one in signs if one.key not in over]
    assert standing_of(left, RULE, TODAY) == standing_of(signs, RULE, TODAY)
    assert to_forget(left, RULE, TODAY) == frozenset()
    much_later = TODAY + timedelta(days=91)
    assert to_forget(signs, RULE, much_later) == {one.key for one in signs}


def test_a_rule_that_was_used_is_never_changed() -> None:
    prints = {file.name: hashlib.sha256(file.read_bytes()).hexdigest()[:16] for file in FOLDER.glob("v*.yaml")}
    assert prints == {"v1.yaml": "fc2716d64d693c32"}


@pytest.mark.parametrize(
    "wrong",
    [
        {"counts": {"known": ["guessed"], "sure": ["sure"]}},
        {"signs": {"x": {"en": "Only English"}}},
        {"signs": {}},
        {"ends_after_days": 0},
        {"score": 3},
    ],
)
def test_a_rule_file_that_is_not_whole_is_refused(wrong: dict[str, object]) -> None:
    whole: dict[str, object] = {
        "version": 2, "valid_from": TODAY, "source": "x", "counts": {"known": ["seen"], "sure": ["sure"]},
        "second_look": {"another_person": True, "same_sign": True}, "ends_after_days": 90, "contested_counts": False,
        "signs": {"x": {"en": "a", "da": "b", "nl": "c"}},
    }  # fmt: skip
    assert isinstance(rule_of(whole), Rule)
    with pytest.raises((ValueError, TypeError)):
        rule_of(whole | wrong)
