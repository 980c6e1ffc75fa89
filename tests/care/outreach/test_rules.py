"""What a visit may say, and what a place may be called; without a database."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lygte.care.outreach import codes
from lygte.care.outreach.problems import CODE_NAME_ADVICE
from lygte.care.outreach.rules import (
    PREFIXES,
    VisitAnswers,
    code_name_is_safe,
    faults_of,
    flatten,
    make_short_code,
    read_answers,
)
from lygte.core.personal_signs import signs

TODAY = date(2026, 11, 20)
RIGHT = {
    "place": "K7Q2",
    "day": "2026-11-19",
    "outcome": "spoke",
    "present": "4",
    "spoken_to": "3",
    "new": "1",
    "gender_woman": "2",
    "nationality_southeast_asia": "3",
    "language_th": "3",
    "health_sti_offered": "2",
    "health_sti_taken": "2",
}


def faults(**changed: str) -> list[tuple[str, str]]:
    _read, found = read_answers({**RIGHT, **changed}, today=TODAY, oldest_days=400)
    return [(fault.number, fault.question) for fault in found]


def test_right_answers_are_read_and_typed() -> None:
    read, found = read_answers(
        {**RIGHT, "announced": "yes", "minutes": "0", "place": "k7q2"}, today=TODAY, oldest_days=400
    )
    assert found == []
    assert read == VisitAnswers(
        place="K7Q2",
        day=date(2026, 11, 19),
        outcome="spoke",
        minutes=0,
        announced=True,
        present=4,
        spoken_to=3,
        new=1,
        counts={
            "gender": {"woman": 2},
            "nationality_group": {"southeast_asia": 3},
            "language": {"th": 3},
            "health_item": {"sti_offered": 2, "sti_taken": 2},
        },
    )


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"place": ""}, ("422.214", "place")),
        ({"day": ""}, ("422.202", "day")),
        ({"day": "yesterday"}, ("422.202", "day")),
        ({"day": "2026-11-21"}, ("422.203", "day")),
        ({"day": "2025-10-15"}, ("422.204", "day")),
        ({"outcome": ""}, ("422.214", "outcome")),
        ({"outcome": "arrested"}, ("422.206", "outcome")),
        ({"interpreter": "friend"}, ("422.206", "interpreter")),
        ({"part_of_day": "dusk"}, ("422.206", "part_of_day")),
        ({"announced": "maybe"}, ("422.206", "announced")),
        ({"present": "many"}, ("422.205", "present")),
        ({"present": "-1"}, ("422.205", "present")),
        ({"present": "201"}, ("422.205", "present")),
        ({"present": "٣"}, ("422.205", "present")),
        ({"minutes": "1.5"}, ("422.205", "minutes")),
        ({"team_size": "0"}, ("422.205", "team_size")),
        ({"gender_woman": "9999999"}, ("422.205", "gender_woman")),
        ({"spoken_to": "5"}, ("422.207", "spoken_to")),
        ({"new": "4"}, ("422.208", "new")),
        ({"gender_man": "2"}, ("422.209", "gender")),
        ({"nationality_other": "1"}, ("422.209", "nationality_group")),
        ({"language_ro": "4"}, ("422.210", "language_ro")),
        ({"health_sti_taken": "3"}, ("422.211", "health_sti_taken")),
        ({"spoken_to": ""}, ("422.213", "spoken_to")),
    ],
)
def test_each_fault_is_found_where_it_is(changed: dict[str, str], fault: tuple[str, str]) -> None:
    assert faults() == []
    assert fault in faults(**changed)


def test_who_met_nobody_can_count_nobody() -> None:
    assert faults(outcome="not_opened") == [
        ("422.212", name)
        for name in ("present", "spoken_to", "new", "gender", "nationality_group", "language", "health_item")
    ]
    read, found = read_answers(
        {"place": "K7Q2", "day": "2026-11-20", "outcome": "refused", "refused": "2"}, today=TODAY, oldest_days=400
    )
    assert found == []
    assert read is not None
    assert (read.refused, read.spoken_to) == (2, 0)


def test_several_faults_are_told_at_once() -> None:
    assert len(faults(day="", outcome="", new="x")) == 3


def test_two_languages_of_one_person_are_no_fault() -> None:
    assert faults(language_en="3", language_es="3") == []


@pytest.mark.parametrize("question", ["part_of_day", "interpreter", "announced"])
def test_not_known_is_stored_as_missing(question: str) -> None:
    read, found = read_answers({**RIGHT, question: codes.NOT_KNOWN}, today=TODAY, oldest_days=400)
    assert found == []
    assert getattr(read, question) in ("", None)


def test_not_known_is_no_answer_to_what_happened() -> None:
    assert faults(outcome=codes.NOT_KNOWN) == [("422.214", "outcome")]


def test_a_joint_visit_with_an_authority_has_no_question_and_no_field() -> None:
    read, found = read_answers({**RIGHT, "joint_visit": "yes", "police": "1"}, today=TODAY, oldest_days=400)
    assert (read, found) == read_answers(RIGHT, today=TODAY, oldest_days=400)


def test_groups_are_taken_apart_and_lists_are_joined() -> None:
    assert flatten({"about": {"place": " K7Q2 ", "deep": {"x": 1}}, "many": ["a", "b"], "none": None}) == {
        "place": "K7Q2",
        "x": "1",
        "many": "a b",
    }


QUESTIONS = ["present", "spoken_to", "new", "refused", "minutes", "team_size"]
COUNTS = [PREFIXES[dimension] + code for dimension, labels in codes.COUNTED.items() for code in labels]


@given(
    numbers=st.dictionaries(st.sampled_from(QUESTIONS + COUNTS), st.integers(-1, 250).map(str)),
    outcome=st.sampled_from([*codes.OUTCOMES, "", "other"]),
)
def test_what_is_accepted_always_agrees_with_itself(numbers: dict[str, str], outcome: str) -> None:
    answers = {"place": "K7Q2", "day": "2026-11-20", "outcome": outcome, **numbers}
    read, found = read_answers(answers, today=TODAY, oldest_days=400)
    assert (read is None) == bool(found)
    if read is None:
        return
    assert 0 <= read.new <= read.spoken_to <= read.present
    for dimension in ("gender", "nationality_group"):
        assert sum(read.counts.get(dimension, {}).values()) <= read.spoken_to
    assert all(count > 0 for counts in read.counts.values() for count in counts.values())
    assert list(faults_of(read)) == []


@given(st.dictionaries(st.text(), st.one_of(st.none(), st.text(), st.integers(), st.lists(st.text()))))
def test_any_answers_are_read_without_a_crash(answers: dict[str, object]) -> None:
    read_answers(flatten(answers), today=TODAY, oldest_days=400)


@pytest.mark.parametrize("name", ["Blue Heron", "Ærlig Ål", "Quiet Otter Two", "Nørd-Fugl", "O’Heron"])
def test_a_plain_code_name_is_safe(name: str) -> None:
    assert code_name_is_safe(name)


@pytest.mark.parametrize(
    "name",
    [
        *["Vestergade 12", "Vestergade", "Kerkstraat", "Main Street", "Ringvej", "Stationsplein", "12345678", "Bo"],
        *["a@b.example", "www.example.org", "One Two Three Four", "Call +45", "Blue_Heron", "", "x" * 41],
    ],
)
def test_an_address_a_number_or_a_contact_is_no_code_name(name: str) -> None:
    assert not code_name_is_safe(name)


@pytest.mark.parametrize(
    "name",
    ["20 30 40 50", "06-12345678", "a@example.org", "AB 12 345", "AB-12-CD", "010203-1234", "123456782", "t.me/x"],
)
def test_nothing_that_is_a_way_to_one_person_is_a_code_name(name: str) -> None:
    assert signs(name) and not code_name_is_safe(name)


def test_the_advice_says_that_addresses_do_not_belong_here() -> None:
    assert "Never an address" in str(CODE_NAME_ADVICE)


def test_a_short_code_has_no_sign_that_is_mistaken_for_another() -> None:
    drawn = {make_short_code() for _ in range(500)}
    assert len(drawn) > 450
    assert all(len(code) == 4 and not set(code) & set("0O1IL") for code in drawn)
