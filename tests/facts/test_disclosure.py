"""Small cells stay hidden, also from somebody who can subtract."""

from itertools import product

from hypothesis import example, given
from hypothesis import strategies as st

from lygte.facts.disclosure import protect, show

TABLES = st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 40), max_size=8)


def hidden_cells(counts: dict[str, int]) -> set[str]:
    return {code for code, cell in protect(counts).items() if cell.hidden}


def test_a_single_small_number_is_hidden() -> None:
    assert [show(n).hidden for n in (0, 1, 4, 5, 400)] == [False, True, True, False, False]


def test_a_lone_small_cell_takes_its_smallest_neighbour_along() -> None:
    assert hidden_cells({"a": 3, "b": 12, "c": 7, "d": 0}) == {"a", "c"}


def test_two_cells_that_are_small_together_take_a_third_along() -> None:
    assert hidden_cells({"a": 1, "b": 2, "c": 30, "d": 9}) == {"a", "b", "d"}


def test_a_table_without_small_cells_stays_open() -> None:
    assert hidden_cells({"a": 5, "b": 12, "c": 0}) == set()


def test_a_small_cell_without_company_closes_the_whole_table() -> None:
    assert hidden_cells({"a": 3, "b": 0}) == {"a", "b"}


@given(TABLES)
def test_every_small_cell_is_hidden_and_values_shown_are_true(counts: dict[str, int]) -> None:
    for code, cell in protect(counts).items():
        assert cell.hidden or cell.value == counts[code]
        assert cell.hidden or not 0 < counts[code] < 5


@given(TABLES)
@example({"a": 3})
@example({"a": 3, "b": 0})
@example({"a": 1, "b": 2, "c": 30})
def test_no_hidden_cell_follows_from_the_total(counts: dict[str, int]) -> None:
    """An attacker who knows the total and the shown cells finds at least two values for every hidden one."""
    hidden = sorted(hidden_cells(counts))
    total = show(sum(counts.values()))
    if not hidden or total.hidden:
        return  # nothing to work with: a table of few people has no total to subtract from
    assert len(hidden) > 1
    rest = sum(counts.values()) - sum(counts[code] for code in counts if code not in hidden)
    if rest < 12 and len(hidden) < 5:
        answers = [values for values in product(range(rest + 1), repeat=len(hidden)) if sum(values) == rest]
        assert all(len({values[position] for values in answers}) > 1 for position in range(len(hidden)))
