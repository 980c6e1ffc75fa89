"""What comes with Lygte is whole: sizes as in the source, words in every language, an empty place that stays empty."""

from __future__ import annotations

import io

import pytest
from openpyxl import load_workbook

from lygte.care.intake.xlsform import convert_workbook
from lygte.care.screening.library import LANGUAGES, instruments
from lygte.care.screening.scoring import RULES, SCALES
from lygte.care.screening.workbook import workbook_of

FILLED = [key for key, instrument in instruments().items() if instrument.items]


def test_the_labour_profile_has_the_sizes_of_the_source() -> None:
    labour = instruments()["ilo_delphi_labour"]
    assert [len(labour.in_dimension(key, "adult")) for key in labour.sections] == [10, 10, 16, 9, 15, 7]
    assert (len(labour.items_for("adult")), len(labour.items_for("child"))) == (67, 65)
    assert labour.to_confirm, "the weights come from a secondary text until somebody has compared them"


def test_the_profile_of_sexual_exploitation_is_an_empty_place() -> None:
    empty = instruments()["ilo_delphi_sexual"]
    assert (empty.items, empty.version) == ((), 0) and empty.to_confirm


def test_every_instrument_has_words_a_rule_and_a_scale() -> None:
    for instrument in instruments().values():
        assert instrument.rule in RULES and instrument.answers in SCALES
        for words in (
            instrument.title,
            instrument.about,
            instrument.maker,
            instrument.citation,
            *instrument.sections.values(),
        ):
            assert all(words[language] for language in LANGUAGES)


def test_selling_sex_is_no_sign_and_nobodys_looks_are() -> None:
    said = " ".join(item.words["en"].lower() for i in instruments().values() for item in i.items)
    assert "hours" in said
    for word in ("tattoo", "clothes", "make-up", "luxury", "sells sex", "prostitut", "condom"):
        assert word not in said


@pytest.mark.parametrize("key", FILLED)
def test_an_instrument_publishes_as_a_form_that_asks_for_consent_first(key: str) -> None:
    workbook = workbook_of(instruments()[key])
    converted = convert_workbook(workbook, f"{key}.xlsx")
    assert converted.form_id == f"lygte_{key}"
    sheet = load_workbook(io.BytesIO(workbook))["survey"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert rows[1][1] == "agrees"
    relevant = rows[0].index("relevant")
    assert all("${agrees} = 'yes'" in row[relevant] for row in rows[2:] if row[0] == "begin_group")
    assert sum(row[0] == "select_one answers" for row in rows) == len(instruments()[key].items)
    assert {"media::audio::Dansk (da)", "media::audio::Nederlands (nl)"} <= set(rows[0])
