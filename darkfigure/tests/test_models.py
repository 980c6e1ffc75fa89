"""Models: names, closure, numbers of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

import darkfigure as dk
from darkfigure.models import model_of, neighbours, subsets


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
