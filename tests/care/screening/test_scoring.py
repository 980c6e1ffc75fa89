"""The Delphi rule by hand-made truth tables, and old answers that read the same for ever."""

from __future__ import annotations

import json
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lygte.care.screening.library import instruments
from lygte.care.screening.scoring import (
    SCALES,
    Answer,
    State,
    UnknownSign,
    delphi_positive,
    read_adult,
    read_child,
    score,
)

LABOUR = instruments()["ilo_delphi_labour"]
OLD = Path(__file__).with_name("old_results.json")

# strong, medium, weak -> present. The first five are the consequences that the source's rule is known by.
BY_HAND = [
    (1, 0, 0, False),
    (0, 2, 0, False),
    (0, 2, 1, True),
    (0, 0, 9, False),
    (0, 1, 5, False),
    (0, 0, 0, False),
    (2, 0, 0, True),
    (1, 1, 0, True),
    (1, 0, 1, True),
    (0, 3, 0, True),
    (0, 1, 0, False),
    (0, 1, 1, False),
    (0, 0, 1, False),
    (3, 0, 0, True),
    (0, 2, 5, True),
    (0, 9, 0, True),
]


@pytest.mark.parametrize(("strong", "medium", "weak", "present"), BY_HAND)
def test_a_dimension_is_present_as_the_table_made_by_hand_says(
    strong: int, medium: int, weak: int, present: bool
) -> None:
    assert delphi_positive(strong, medium, weak) is present


def test_another_sign_never_takes_a_dimension_away() -> None:
    for strong, medium, weak in product(range(4), range(5), range(6)):
        if delphi_positive(strong, medium, weak):
            assert delphi_positive(strong + 1, medium, weak)
            assert delphi_positive(strong, medium + 1, weak)
            assert delphi_positive(strong, medium, weak + 1)


def answers(group: str = "adult", **given: dict[str, str]) -> dict[str, str]:
    """Return `no` to everything but what is given by dimension."""
    said = {item.path: "no" for item in LABOUR.items_for(group)}
    return said | {f"{dimension}/{key}": value for dimension, keys in given.items() for key, value in keys.items()}


def states(said: dict[str, str], group: str = "adult") -> dict[str, str]:
    return {one.key: one.state for one in score(LABOUR, said, group).dimensions}


@pytest.mark.parametrize(
    ("keys", "state"),
    [
        ({"hours": "yes"}, State.NEGATIVE),  # one strong alone
        ({"hours": "yes", "no_education": "yes"}, State.POSITIVE),  # one strong and a weak
        ({"hours": "yes", "hazard": "unknown"}, State.OPEN),
        ({"hours": "yes", "hazard": "declined"}, State.OPEN),
        ({"hours": "unknown"}, State.NEGATIVE),  # even if so, one strong alone is nothing
        ({"hazard": "yes", "living_bad": "yes"}, State.NEGATIVE),
        ({"hazard": "yes", "living_bad": "yes", "no_education": "yes"}, State.POSITIVE),
        ({"hazard": "yes", "living_bad": "yes", "no_education": "unknown"}, State.OPEN),
        ({"hazard": "unknown", "living_bad": "unknown", "pay_low_none": "declined"}, State.OPEN),
        ({"hazard": "unknown", "living_bad": "unknown"}, State.NEGATIVE),
    ],
)
def test_what_is_not_known_leaves_a_dimension_open_only_where_it_could_tip_it(
    keys: dict[str, str], state: State
) -> None:
    assert states(answers(exploitation=keys))["exploitation"] == state


YES, NO, OPEN = State.POSITIVE, State.NEGATIVE, State.OPEN
READ_BY_HAND = [
    # deceptive, coercive, exploitation, coercion at destination -> reading
    (NO, NO, NO, NO, "no_sign"),
    (YES, YES, NO, NO, "no_sign"),
    (OPEN, NO, NO, NO, "no_sign"),
    (NO, NO, YES, NO, "exploited"),
    (YES, NO, YES, NO, "deceived_and_exploited"),
    (YES, NO, YES, YES, "signs_of_trafficking"),
    (NO, YES, YES, YES, "signs_of_trafficking"),
    (YES, YES, YES, YES, "signs_of_trafficking"),
    (NO, NO, YES, YES, ""),
    (NO, YES, YES, NO, ""),
    (YES, NO, NO, YES, ""),
    (OPEN, NO, YES, NO, ""),
    (NO, NO, OPEN, NO, ""),
    (YES, NO, YES, OPEN, ""),
]


@pytest.mark.parametrize(("deceived", "coerced", "exploited", "held", "reading"), READ_BY_HAND)
def test_dimensions_of_an_adult_read_together_as_the_table_says(
    deceived: State, coerced: State, exploited: State, held: State, reading: str
) -> None:
    said = {
        "deceptive_recruitment": deceived,
        "coercive_recruitment": coerced,
        "exploitation": exploited,
        "coercion_destination": held,
    }
    assert read_adult(said) == reading


def test_of_somebody_under_18_no_means_are_needed() -> None:
    assert [read_child({"exploitation": state}) for state in (YES, NO, OPEN)] == ["signs_of_trafficking", "no_sign", ""]
    said = answers("child", exploitation={"hours": "yes", "hazard": "yes"})
    assert score(LABOUR, said, "child").reading == "signs_of_trafficking"
    assert score(LABOUR, answers(exploitation={"hours": "yes", "hazard": "yes"})).reading == "exploited"


def test_a_weight_is_never_shared_between_groups_or_dimensions() -> None:
    """Debt is medium when somebody is recruited and strong where they arrive; false law is asked of adults only."""
    by_path = {item.path: item.weights for item in LABOUR.items}
    assert by_path["coercive_recruitment/debt"]["adult"] == "medium"
    assert by_path["coercion_destination/debt"]["adult"] == "strong"
    assert "child" not in by_path["recruitment_vulnerability/false_law"]
    with pytest.raises(UnknownSign):
        score(LABOUR, {"recruitment_vulnerability/false_law": "yes"}, "child")


@pytest.mark.parametrize("said", [{"exploitation/tattoo": "yes"}, {"exploitation/hours": "told"}, {"hours": "yes"}])
def test_an_answer_that_the_instrument_does_not_ask_for_is_refused(said: dict[str, str]) -> None:
    with pytest.raises(UnknownSign):
        score(LABOUR, said)


def test_general_signs_decide_nothing_by_themselves() -> None:
    general = instruments()["general_signs"]
    every = {item.path: "yes" for item in general.items if item.dimension != "next"}
    assert score(general, every).next_step == score(general, {}).next_step == "leave_number"
    assert score(general, {"next/talk_on": "yes"}).next_step == "offer_assessment"
    assert score(general, {"next/talk_on": "yes", "next/danger_now": "yes"}).next_step == "emergency"
    assert score(general, {"next/danger_now": "declined"}).next_step == "leave_number"


def test_eleven_signs_are_listed_with_how_they_are_known_and_never_summed() -> None:
    result = score(instruments()["ilo_forced_labour_11"], {"signs/deception": "told", "signs/isolation": "declined"})
    assert result.present == (("signs/deception", "told"),)
    assert not result.dimensions and not result.reading


@given(st.data())
def test_the_state_is_what_trying_every_way_gives(data: st.DataObject) -> None:
    """OPEN says: some way of filling in what is not known makes the dimension present. Tried one by one."""
    items = LABOUR.in_dimension("exploitation", "adult")
    said = {item.path: data.draw(st.sampled_from(SCALES["yes_no"])) for item in items}
    open_ones = [path for path, answer in said.items() if answer in (Answer.UNKNOWN, Answer.DECLINED)]

    def present(filled: dict[str, Answer]) -> bool:
        weights = [item.weights["adult"] for item in items if filled[item.path] == Answer.YES]
        return delphi_positive(*(weights.count(weight) for weight in ("strong", "medium", "weak")))

    ways = [
        present(said | dict(zip(open_ones, way, strict=True)))
        for way in product((Answer.YES, Answer.NO), repeat=len(open_ones))
    ]
    certain = present(said)
    wanted = State.POSITIVE if certain else State.OPEN if any(ways) else State.NEGATIVE
    assert states({path: str(answer) for path, answer in said.items()})["exploitation"] == wanted


def test_old_answers_give_the_stored_result_bit_for_bit() -> None:
    """The file was written when version 1 of each rule was; it is never written again."""
    old = json.loads(OLD.read_text("utf-8"))
    assert len(old) >= 40
    for one in old:
        result = score(instruments()[one["instrument"]], one["answers"], one["group"])
        assert result.canonical() == one["result"].encode()
