"""WHO-5 is the sum times four, or no score at all; other instruments are small files; nobody is compared."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.utils import translation

from lygte.care.support.cases import actions, pages
from lygte.care.support.cases.measures import FOLDER, INSTRUMENTS, in_words, read_instrument
from lygte.care.support.cases.models import Case
from lygte.core.models import Member
from lygte.core.problems import Problem

KEYS = ("spirits", "calm", "energy", "rested", "interest")
WHO5 = INSTRUMENTS["who5"]


@pytest.mark.parametrize(
    ("answers", "score"), [((0,) * 5, 0), ((5,) * 5, 100), ((3, 3, 2, 3, 3), 56), ((1, 2, 3, 4, 5), 60)]
)
def test_the_score_is_the_sum_times_four(answers: tuple[int, ...], score: int) -> None:
    assert WHO5.score(dict(zip(KEYS, answers, strict=True))) == score


@pytest.mark.parametrize("missing", KEYS)
def test_a_missing_answer_makes_no_score_rather_than_a_wrong_one(missing: str) -> None:
    assert WHO5.score({key: 3 for key in KEYS if key != missing}) is None


@pytest.mark.parametrize(
    ("score", "words"),
    [(0, "Low"), (35, "Low"), (36, "Rather low"), (50, "Rather low"), (51, "Nothing"), (100, "Nothing")],
)
def test_bands_begin_and_end_where_they_should(score: int, words: str) -> None:
    band = WHO5.band(score)
    assert band is not None and in_words(band.words).startswith(words)
    with translation.override("en"):
        assert "general knowledge" in in_words(WHO5.band_note)


def test_only_who5_is_added_up() -> None:
    assert {key for key, one in INSTRUMENTS.items() if one.times} == {"who5"}
    home = INSTRUMENTS["life_areas"]
    assert home.score({item.key: 5 for item in home.items}) is None


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.toml")), ids=lambda path: path.stem)
def test_every_word_of_every_instrument_is_in_three_languages(path: Path) -> None:
    one = read_instrument(path)
    words = [one.title, one.about, *(item.words for item in one.items), *(band.words for band in one.bands)]
    words += [label for item in one.items for label in item.scale.values()]
    assert all({"en", "da", "nl"} <= set(each) for each in words) and one.source


def test_an_answer_off_the_scale_or_none_at_all_is_refused(amina: Member, a_case: Case) -> None:
    for answers in ({"calm": 6}, {"sad": 1}, {}):
        with pytest.raises(Problem) as refused:
            actions.add_measure(member=amina, person=a_case.person, instrument="who5", answers=answers)
        assert refused.value.number == "422.500"
    with pytest.raises(Problem):
        actions.add_measure(member=amina, person=a_case.person, instrument="iq", answers={"calm": 1})


def test_the_page_shows_scores_with_their_answers_and_a_line(amina: Member, a_case: Case) -> None:
    for answers in ((1,) * 5, (2,) * 5):
        actions.add_measure(
            member=amina, person=a_case.person, instrument="who5", answers=dict(zip(KEYS, answers, strict=True))
        )
    actions.add_measure(member=amina, person=a_case.person, instrument="who5", answers={"calm": 4})
    actions.add_measure(member=amina, person=a_case.person, instrument="frequency", answers={"days": 0})
    page = pages.measures(amina, a_case)
    assert [one.instrument.key for one in page.series] == ["who5", "frequency"]
    who5 = page.series[0]
    assert [row.score for row in who5.rows] == [20, 40, None] and len(who5.dots) == 2
    assert who5.rows[2].answers[1] == ("2 Calm", "4 · most of the time") and who5.rows[2].answers[0][1] == "–"
