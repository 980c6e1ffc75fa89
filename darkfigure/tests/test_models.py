"""Models: names, closure, numbers of them."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import darkfigure as dk
from darkfigure.models import model_of, neighbours, subsets
from darkfigure.selection import check_exhaustive, models_covered


def test_numbers_of_hierarchical_models_are_those_of_oeis_a006126_less_one():
    assert [len(dk.all_models(k)) for k in (2, 3, 4, 5)] == [1, 8, 113, 6893]
    assert [dk.number_of_models(k) for k in (2, 3, 4, 5, 6)] == [1, 8, 113, 6893, 7785061]


def test_numbers_of_pairwise_models():
    assert [len(dk.all_models(k, 2)) for k in (3, 4, 5)] == [8, 64, 1024]
    assert [dk.number_of_models(k, 2) for k in (6, 7, 8)] == [32768, 2097152, 268435456]


@given(st.integers(3, 6).flatmap(lambda k: st.tuples(st.just(k), st.lists(st.integers(1, 2**k - 2), max_size=8))))
def test_a_model_is_closed_downward_and_its_name_reads_back(drawn):
    k, interactions = drawn
    model = model_of(k, interactions)
    assert all(part in model for effect in model.effects for part in subsets(effect))
    assert dk.parse_model(model.name, k) == model


def test_names_with_more_than_nine_lists_use_dots():
    model = model_of(11, [0b10000000001])
    assert model.name.startswith("[1.11,")
    assert dk.parse_model(model.name, 11) == model


def test_neighbours_are_one_effect_away_and_hierarchical():
    model = dk.parse_model("[123,34]", 4)
    for other in neighbours(model):
        assert len(set(other.effects) ^ set(model.effects)) == 1
        assert all(part in other for effect in other.effects for part in subsets(effect))


@pytest.mark.parametrize(
    ("name", "number"), [("[12", None), ("abc", 301), ("", 301), ("[15]", 302), ("[123]", 303), ("[0]", 302)]
)
def test_bad_names_are_numbered_errors(name, number):
    if number is None:
        assert dk.parse_model(name, 3).name == "[12,3]"
        return
    with pytest.raises(dk.ModelError, match=str(number)):
        dk.parse_model(name, 3)


@pytest.mark.parametrize("order", [0, 3, 7, -1])
def test_wrong_orders_are_numbered_errors(order):
    with pytest.raises(dk.OptionError, match="403"):
        dk.select(dk.example("korea_3"), max_order=order)


def complexes_up_to_three(k):
    """Hierarchical models with interactions of at most three lists: every set of pairs, and any of the triples whose
    three pairs are in, so 2^(triangles) for each graph."""
    at = {pair: i for i, pair in enumerate(combinations(range(k), 2))}
    graphs = np.arange(1 << len(at), dtype=np.int64)
    triangles = np.zeros(graphs.size, dtype=np.int64)
    for a, b, c in combinations(range(k), 3):
        needed = 1 << at[a, b] | 1 << at[a, c] | 1 << at[b, c]
        triangles += (graphs & needed) == needed
    return sum(int(number) << t for t, number in enumerate(np.bincount(triangles)))


def complexes_up_to_four(k):
    """The same from the triples: pairs below one are forced, the others free; four lists need all four triples."""
    at = {triple: i for i, triple in enumerate(combinations(range(k), 3))}
    families = np.arange(1 << len(at), dtype=np.int64)
    free, full = np.zeros(families.size, dtype=np.int64), np.zeros(families.size, dtype=np.int64)
    for pair in combinations(range(k), 2):
        free += (families & sum(1 << i for t, i in at.items() if set(pair) <= set(t))) == 0
    for four in combinations(range(k), 4):
        needed = sum(1 << at[t] for t in combinations(four, 3))
        full += (families & needed) == needed
    return sum(int(number) << power for power, number in enumerate(np.bincount(free + full)))


@pytest.mark.parametrize("k", [4, 5, 6, 7])
def test_the_number_of_models_with_three_list_interactions_is_counted(k):
    assert dk.number_of_models(k, 3) == complexes_up_to_three(k)


@pytest.mark.parametrize("k", [5, 6])
def test_the_number_of_models_with_four_list_interactions_is_counted(k):
    assert dk.number_of_models(k, 4) == complexes_up_to_four(k)


def test_every_search_that_is_possible_knows_how_many_models_it_covers():
    for k in range(2, 12):
        for order in (None, *range(1, max(k, 2))):
            try:
                check_exhaustive(k, order)
            except dk.OptionError:
                continue
            assert models_covered(k, order) is not None, (k, order)
