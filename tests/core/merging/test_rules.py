"""Two edits of one record meet field by field, and nothing that anybody wrote gets lost."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from lygte.core.merging.rules import meet

VALUES = st.dictionaries(st.sampled_from("abcd"), st.integers(0, 2), max_size=4)


def test_changes_of_different_fields_are_both_kept() -> None:
    met = meet({"phone": "1", "times": "day"}, {"phone": "2", "times": "day"}, {"phone": "1", "times": "night"})
    assert met.values == {"phone": "2", "times": "night"} and met.undecided == {}


def test_changes_of_the_same_field_wait_for_a_choice() -> None:
    met = meet({"phone": "1"}, {"phone": "2"}, {"phone": "3"})
    assert met.values == {"phone": "2"} and met.undecided == {"phone": "3"}


def test_an_emptied_field_is_a_change_like_any_other() -> None:
    assert meet({"phone": "1"}, {"phone": "1"}, {}).values == {}
    assert meet({"phone": "1"}, {"phone": "2"}, {}).undecided == {"phone": None}


@given(VALUES, VALUES, VALUES)
def test_nothing_is_lost(base: dict[str, int], theirs: dict[str, int], mine: dict[str, int]) -> None:
    met = meet(base, theirs, mine)
    for name in {*base, *theirs, *mine}:
        before, now, wanted = base.get(name), theirs.get(name), mine.get(name)
        if wanted != before:
            assert met.values.get(name) == wanted or (name in met.undecided and met.undecided[name] == wanted)
        if now != before:
            assert met.values.get(name) == now


@given(VALUES, VALUES)
def test_without_a_second_edit_nothing_is_undecided(base: dict[str, int], mine: dict[str, int]) -> None:
    met = meet(base, base, mine)
    assert met.undecided == {} and met.values == mine


@given(VALUES, VALUES, VALUES)
def test_what_waits_is_the_same_whoever_came_first(
    base: dict[str, int], one: dict[str, int], other: dict[str, int]
) -> None:
    assert set(meet(base, one, other).undecided) == set(meet(base, other, one).undecided)
