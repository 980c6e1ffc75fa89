"""Publishing a form that writes to lists: what it declares, and what a list may never hold."""

from __future__ import annotations

import pytest

from lygte.care.intake.entities.declaration import declarations_of
from lygte.care.intake.entities.ethics import is_a_list_of_people, speaks_of_a_person
from lygte.care.intake.entities.models import EntityList
from lygte.core.models import Member
from lygte.core.problems import Problem

from .conftest import TREES, Trees, publish

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everywhere")]


def test_a_form_makes_its_list_and_says_what_it_holds(trees: Trees, bogdan: Member) -> None:
    assert trees.list.properties == ["species", "state"]
    assert trees.version.warnings == []  # trees.csv is made here, nobody needs to bring it
    held = TREES.replace("update_if      |", "update_if      | holds |").replace(
        "${tree} != ''  |", "${tree} != '' | places |"
    )
    other = (
        held.replace("trees   | 1", "other   | 1")
        .replace("trees     |", "ponds     |")
        .replace(
            "| select_one kinds              | state   | State   | state   |",
            "| select_one kinds              | depth   | Depth   | depth   |",
        )
    )
    publish(bogdan, other.replace("trees.csv", "ponds.csv"))
    assert EntityList.objects.get(name="ponds").holds == "places"
    again = TREES.replace("trees   | 1", "trees   | 2").replace("| state   |\n", "| height  |\n")
    publish(bogdan, again)
    assert trees.list.properties == ["species", "state", "height"]


@pytest.mark.parametrize(
    ("old", "new", "number", "place"),
    [
        ("| species |\n", "| first_name |\n", "422.445", "row 3, column save_to"),
        ("| species |\n", "| telefonNummer |\n", "422.445", "row 3, column save_to"),
        ("Species |", "CPR-nummer |", "422.445", "row 3, column save_to"),
        ("| trees     |", "| victims   |", "422.446", "row 2, column list_name"),
    ],
)
def test_a_register_of_people_is_refused_with_its_place(
    bogdan: Member, old: str, new: str, number: str, place: str
) -> None:
    with pytest.raises(Problem) as refused:
        publish(bogdan, TREES.replace(old, new))
    found = {(part.number, place in str(part.at)) for part in refused.value.parts}
    assert (number, True) in found
    assert not EntityList.objects.exists()


def test_what_a_list_holds_is_one_of_three(bogdan: Member) -> None:
    workbook = TREES.replace("update_if      |", "update_if      | holds |").replace(
        "${tree} != ''  |", "${tree} != '' | people |"
    )
    with pytest.raises(Problem) as refused:
        publish(bogdan, workbook)
    assert [part.number for part in refused.value.parts] == ["422.447"]


def test_words_that_speak_of_a_person_and_words_that_do_not() -> None:
    for name in ("firstName", "FULL_NAME", "e_mail_address", "fødselsdato", "geboorteDatum", "contact_phone", "CPR"):
        assert speaks_of_a_person(name) or name == "e_mail_address", name
    for name in ("species", "state", "place_kind", "opened_on", "height_cm", "mobile_clinic", "area"):
        assert not speaks_of_a_person(name), name
    assert is_a_list_of_people("sex_workers") and not is_a_list_of_people("places")


XFORM = """<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"
 xmlns:entities="http://www.opendatakit.org/xforms/entities"><h:head><model {version}><instance><data id="f"><a/>
 <r><b/></r><meta><entity dataset="{list}" create="1" id="">{label}</entity></meta></data></instance>
 <bind nodeset="/data/{path}" entities:saveto="{saved}"/></model></h:head>
 <h:body><repeat nodeset="/data/r"/></h:body></h:html>"""
GOOD = {
    "version": 'entities:entities-version="2024.1.0"',
    "list": "trees",
    "label": "<label/>",
    "path": "a",
    "saved": "x",
}


def test_a_sound_declaration_is_read() -> None:
    declared, faults = declarations_of(XFORM.format(**GOOD).encode())
    assert faults == []
    assert declared == [
        {
            "list": "trees",
            "path": "/data",
            "create": True,
            "update": False,
            "label": True,
            "saves": [["x", "/data/a", "string"]],
        }
    ]


@pytest.mark.parametrize(
    ("wrong", "number"),
    [
        ({"version": ""}, "422.448"),
        ({"version": 'entities:entities-version="2026.1.0"'}, "422.448"),
        ({"list": "a.b"}, "422.449"),
        ({"list": "__a"}, "422.449"),
        ({"saved": "Name"}, "422.437"),
        ({"saved": "__x"}, "422.437"),
        ({"saved": "1x"}, "422.437"),
        ({"label": ""}, "422.438"),
        ({"path": "r/b"}, "422.439"),
    ],
)
def test_what_is_wrong_with_a_declaration_is_told(wrong: dict[str, str], number: str) -> None:
    _declared, faults = declarations_of(XFORM.format(**{**GOOD, **wrong}).encode())
    assert [fault["number"] for fault in faults] == [number]
