"""The shipped form: what phones get is what the source says, in three languages, without a question about a person."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import pytest
from openpyxl import load_workbook
from pyxform.xls2xform import convert

from lygte.care.outreach import codes, rules, words
from lygte.care.outreach.xlsforms import visit_form, visit_words
from lygte.directory.languages import LANGUAGES

TEXTS = [visit_words.QUESTIONS, visit_words.HINTS, visit_words.MESSAGES, *visit_words.CODES.values()]


def test_the_workbook_is_what_the_source_says() -> None:
    book = load_workbook(visit_form.FILE, read_only=True)
    cells = {
        sheet.title: [tuple(str(cell or "") for cell in line) for line in sheet.iter_rows(values_only=True)]
        for sheet in book.worksheets
    }
    assert cells == visit_form.sheets()


@pytest.fixture(scope="module")
def xform() -> str:
    result = convert(str(visit_form.FILE))
    assert result.warnings == []
    return str(result.xform)


def test_the_form_converts_and_names_itself(xform: str) -> None:
    assert f'id="{visit_form.FORM_ID}"' in xform
    assert f'version="{visit_form.VERSION}"' in xform
    assert 'src="jr://file-csv/places.csv"' in xform


def test_every_text_of_the_form_is_there_in_all_three_languages(xform: str) -> None:
    tree = ET.fromstring(xform)
    namespace = "{http://www.w3.org/2002/xforms}"
    translations = {
        translation.attrib["lang"]: {
            text.attrib["id"]: "".join(text.itertext()).strip() for text in translation.iter(f"{namespace}text")
        }
        for translation in tree.iter(f"{namespace}translation")
    }
    assert list(translations) == list(visit_form.LANGUAGES)
    english = translations["English (en)"]
    assert len(english) > 150
    for texts in translations.values():
        assert texts.keys() == english.keys()
        assert all(text and text != "-" for text in texts.values())


def test_danish_and_dutch_are_not_english_left_over() -> None:
    same_everywhere = {"Thai", "Tagalog"}
    for texts in TEXTS:
        for english, danish, dutch in texts.values():
            if english not in same_everywhere and len(english) > 12:
                assert len({english, danish, dutch}) == 3


def test_the_form_asks_for_no_text_and_no_position() -> None:
    kinds = {line["type"].split()[0] for line in visit_form.rows()}
    assert kinds == {
        "begin_group",
        "end_group",
        "note",
        "date",
        "integer",
        "select_one",
        "select_multiple",
        "select_one_from_file",
    }


def test_the_form_says_that_visits_with_an_authority_are_not_recorded() -> None:
    notes = " ".join(line.get("label::English (en)", "") for line in visit_form.rows() if line["type"] == "note")
    assert "police" in notes
    names = {line["name"] for line in visit_form.rows()}
    assert not any(re.search(r"joint|police|authority|name$", name) for name in names)


@pytest.mark.parametrize(
    ("listed", "labels"),
    [
        ("outcomes", codes.OUTCOMES),
        ("parts_of_day", codes.PARTS_OF_DAY),
        ("yes_no", codes.YES_NO),
        ("interpreters", codes.INTERPRETERS),
        ("genders", codes.GENDERS),
        ("nationality_groups", codes.NATIONALITY_GROUPS),
        ("health_items", codes.HEALTH_ITEMS),
        ("languages", LANGUAGES),
    ],
)
def test_the_codes_of_the_form_are_those_of_the_pages_in_the_same_words(listed: str, labels: codes.Labels) -> None:
    assert {code: texts[0] for code, texts in visit_words.CODES[listed].items()} == {
        code: str(label) for code, label in labels.items()
    }
    assert visit_words.NOT_KNOWN[0] == str(codes.NOT_KNOWN_LABEL)


def test_every_question_that_the_rules_read_is_asked() -> None:
    asked = {line["name"] for line in visit_form.rows()}
    read = {"place", "day", "part_of_day", "outcome", "announced", "interpreter", *rules.LARGEST}
    read |= {rules.PREFIXES[dimension] + code for dimension, labels in codes.COUNTED.items() for code in labels}
    assert read <= asked


def test_the_words_of_a_question_are_those_of_the_page() -> None:
    for name, texts in visit_words.QUESTIONS.items():
        if name in words.QUESTIONS and name != "languages":  # of the people here, of the place there
            assert texts[0] == str(words.QUESTIONS[name])


def test_each_question_has_a_name_of_its_own() -> None:
    names = [line["name"] for line in visit_form.rows() if line["name"]]
    assert len(names) == len(set(names))


def test_a_visit_where_nobody_opened_asks_nothing_about_people() -> None:
    groups = {line["name"]: line.get("relevant", "") for line in visit_form.rows() if line["type"] == "begin_group"}
    assert {name for name, relevant in groups.items() if not relevant} == {"about", "work"}
    required = {line["name"] for line in visit_form.rows() if line.get("required") and not line.get("relevant")}
    assert required == {"place", "day", "outcome", "present", "spoken_to"}


def test_flat_answers_go_into_the_groups_of_the_form() -> None:
    assert visit_form.nest({"place": "K7Q2", "language_th": "2", "language_ro": "1", "minutes": "20", "x": "1"}) == {
        "about": {"place": "K7Q2"},
        "language_page": {"languages": "th ro", "language_th": "2", "language_ro": "1"},
        "work": {"minutes": "20"},
    }
