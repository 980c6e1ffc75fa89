"""Every construct that a grade forbids is found in a raw XForm, and in a workbook with its place; what is harmless is not."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from lygte.care.intake.grades import lint
from lygte.care.intake.models import FormVersion
from lygte.care.intake.personal_words import names_a_number, names_a_person, speaks_of_faces
from lygte.care.intake.xlsform import convert_workbook
from lygte.care.outreach.xlsforms.visit_form import FILE
from lygte.core.models import Member
from lygte.core.problems import Problem
from tests.care.intake.conftest import xlsx
from tests.care.intake.grades.conftest import graded
from tests.care.intake.test_publish import SHARED_FORM

XFORM = """<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"
 xmlns:jr="http://openrosa.org/javarosa" xmlns:orx="http://openrosa.org/xforms" xmlns:odk="http://www.opendatakit.org/xforms"
 xmlns:entities="http://www.opendatakit.org/xforms/entities" xmlns:ev="http://www.w3.org/2001/xml-events">
<h:head><h:title>Raw</h:title><model odk:xforms-version="1.0.0"><instance><data id="raw" version="1"><a/><b/>{data}
<orx:meta><orx:instanceID/>{meta}</orx:meta></data></instance>{model}
<bind nodeset="/data/a" type="int"/><bind nodeset="/data/b" type="{btype}" {bind}/>
<bind nodeset="/data/meta/instanceID" type="string" jr:preload="uid"/></model>{head}</h:head>
<h:body><input ref="/data/a" {control}><label>How many</label></input>{body}</h:body></h:html>"""


def raw(**planted: str) -> bytes:
    blank = dict.fromkeys(("data", "meta", "model", "bind", "head", "control", "body"), "")
    return XFORM.format(**{**blank, "btype": "int", **planted}).encode()


def question(words: str, *, kind: str = "input", more: str = "") -> str:
    return f'<{kind} ref="/data/b" {more}><label>{words}</label></{kind}>'


# One planted form for each construct: (what, number, grades that refuse it, what is planted).
EVERY = ("open", "locked", "sealed")
PLANTED: list[tuple[str, str, tuple[str, ...], dict[str, str]]] = [
    ("an instance of what was saved last", "422.461", EVERY,
     {"model": '<instance id="__last-saved" src="jr://instance/last-saved"/>'}),
    ("the same under another id", "422.461", EVERY, {"model": '<instance id="x" src="jr://instance/last-saved"/>'}),
    ("setvalue with last-saved", "422.461", EVERY,
     {"model": '<setvalue event="odk-instance-first-load" ref="/data/b" value="instance(\'__last-saved\')/data/b"/>'}),
    ("setvalue with last-saved as text", "422.461", EVERY,
     {"model": '<setvalue event="odk-instance-first-load" ref="/data/b">instance(\'__last-saved\')/data/b</setvalue>'}),
    ("a calculation with last-saved", "422.461", EVERY, {"bind": 'calculate="instance(\'__last-saved\')/data/a"'}),
    ("last-saved shown in a label", "422.461", EVERY,
     {"body": '<input ref="/data/b"><label><output value="instance(\'__last-saved\')/data/a"/></label></input>'}),
    ("setgeopoint at the start", "422.462", EVERY,
     {"model": '<odk:setgeopoint ref="/data/b" event="odk-instance-first-load"/>'}),
    ("setgeopoint inside a control", "422.462", EVERY,
     {"body": '<input ref="/data/b"><odk:setgeopoint ref="/data/b" event="xforms-value-changed"/></input>'}),
    *((f"the preload of {name}", "422.463", EVERY, {"bind": f'jr:preload="property" jr:preloadParams="{name}"'})
      for name in ("deviceid", "phonenumber", "email", "subscriberid", "simserial", "username", "imei", "uri:deviceid")),
    ("a preload of a patient", "422.463", EVERY, {"bind": 'jr:preload="patient" jr:preloadParams="name"'}),
    ("a preload nobody knows", "422.463", EVERY, {"bind": 'jr:preload="wholephonebook"'}),
    ("the property function", "422.463", EVERY, {"bind": "calculate=\"property('deviceid')\""}),
    ("audit with positions, on the bind", "422.464", EVERY,
     {"meta": "<orx:audit/>", "model": '<bind nodeset="/data/meta/audit" type="binary" odk:location-priority="balanced" '
      'odk:location-min-interval="60" odk:location-max-age="120"/>'}),
    ("audit with positions, on the element", "422.464", EVERY, {"meta": '<orx:audit odk:location-priority="balanced"/>'}),
    ("audit with who fills in", "422.464", EVERY,
     {"meta": "<orx:audit/>", "model": '<bind nodeset="/data/meta/audit" type="binary" odk:identify-user="true"/>'}),
    ("audit with answers before and after", "422.464", EVERY,
     {"meta": "<orx:audit/>", "model": '<bind nodeset="/data/meta/audit" type="binary" odk:track-changes="true"/>'}),
    ("audit with reasons of changes", "422.464", EVERY,
     {"meta": "<orx:audit/>",
      "model": '<bind nodeset="/data/meta/audit" type="binary" odk:track-changes-reasons="on-form-edit"/>'}),
    ("sound in the background", "422.465", EVERY,
     {"model": '<odk:recordaudio event="odk-instance-load" ref="/data/b" odk:quality="low"/>'}),
    ("another app for a question", "422.466", EVERY, {"control": 'appearance="ex:org.example.scan(a=1)"'}),
    ("another app for a group", "422.466", EVERY, {"body": '<group intent="org.example.scan" ref="/data/b"/>'}),
    ("the printer", "422.466", EVERY, {"control": 'appearance="printer:org.example(a)"'}),
    ("a web page opened", "422.466", EVERY, {"control": 'appearance="url"'}),
    ("sent elsewhere", "422.467", EVERY,
     {"model": '<submission action="https://elsewhere.example/submission" method="form-data-post"/>'}),
    ("a list from elsewhere", "422.467", EVERY, {"model": '<instance id="l" src="https://elsewhere.example/l.xml"/>'}),
    ("an action nobody knows", "422.473", EVERY, {"model": '<odk:sendcontacts event="odk-instance-load"/>'}),
    ("a list entry from a locked form", "422.468", ("locked", "sealed"),
     {"meta": '<entity dataset="places" create="1" id=""><label/></entity>'}),
    ("a list entry with a name", "422.468", EVERY,
     {"meta": '<entity dataset="places" create="1" id=""><label/></entity>',
      "bind": 'entities:saveto="full_name"'}),
    ("a list entry with free words", "422.468", EVERY,
     {"meta": '<entity dataset="places" create="1" id=""><label/></entity>', "btype": "string",
      "bind": 'entities:saveto="remark"', "body": question("Remark")}),
    ("a list entry labelled with free words", "422.468", EVERY,
     {"meta": '<entity dataset="places" create="1" id=""><label/></entity>', "btype": "string",
      "model": '<bind nodeset="/data/meta/entity/label" calculate="/data/b"/>', "body": question("Remark")}),
    ("a point", "422.469", ("open",), {"btype": "geopoint", "body": question("Where")}),
    ("a trace", "422.469", ("open", "locked"), {"btype": "geotrace", "body": question("The way")}),
    ("a shape", "422.469", ("open", "locked"), {"btype": "geoshape", "body": question("The area")}),
    ("a picture", "422.470", ("open",),
     {"btype": "binary", "body": question("Door", kind="upload", more='mediatype="image/*"')}),
    ("a recording", "422.470", ("open",),
     {"btype": "binary", "body": question("Talk", kind="upload", more='mediatype="audio/*"')}),
    ("a file nobody is asked for", "422.470", ("open",), {"btype": "binary"}),
    ("a selfie", "422.471", ("locked",),
     {"btype": "binary", "body": question("Door", kind="upload", more='mediatype="image/*" appearance="new-front"')}),
    ("an annotated picture", "422.471", ("locked",),
     {"btype": "binary", "body": question("Door", kind="upload", more='mediatype="image/*" appearance="annotate"')}),
    ("a picture of a face", "422.471", ("locked",),
     {"btype": "binary", "body": question("Foto af ansigtet", kind="upload", more='mediatype="image/*"')}),
    ("a name, in English", "422.472", ("open",), {"btype": "string", "body": question("First name")}),
    ("a name, in Danish", "422.472", ("open",), {"btype": "string", "body": question("Kaldenavn")}),
    ("a name, in Dutch", "422.472", ("open",), {"btype": "string", "body": question("Wat is de voornaam?")}),
    ("a number asked as a number", "422.472", ("open",), {"btype": "int", "body": question("Telefonnummer")}),
    ("a personal number", "422.472", ("open",), {"btype": "string", "body": question("CPR")}),
    ("a day of birth", "422.472", ("open",), {"btype": "date", "body": question("Geboortedatum")}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("number", "refusing", "planted"), [one[1:] for one in PLANTED], ids=[one[0] for one in PLANTED]
)
def test_a_planted_construct_is_found_in_a_raw_xform(
    number: str, refusing: tuple[str, ...], planted: dict[str, str]
) -> None:
    for grade in EVERY:
        found = {one["number"] for one in lint(raw(**planted), grade)}
        assert (number in found) == (grade in refusing), (grade, found)
    if "locked" in refusing:
        assert number in {one["number"] for one in lint(raw(**planted), "")}, "no grade is the strictest sensible one"


def test_a_form_with_nothing_forbidden_passes_every_grade() -> None:
    harmless = raw(
        bind='jr:preload="timestamp" jr:preloadParams="start"', btype="dateTime", meta="<orx:audit/>",
        model='<bind nodeset="/data/meta/audit" type="binary"/><instance id="p" src="jr://file-csv/places.csv"/>'
        '<setvalue event="odk-instance-first-load" ref="/data/a" value="1"/>',
    )  # fmt: skip
    assert [lint(harmless, grade) for grade in EVERY] == [[], [], []]


def test_the_visit_form_is_open_and_passes() -> None:
    converted = convert_workbook(FILE.read_bytes(), FILE.name)
    assert converted.grade == "open" and lint(converted.xform, "open") == []


FORBIDDEN_ROWS = [
    ("deviceid | phone_id |  ", "422.463", "type"),
    ("phonenumber | my_number |  ", "422.463", "type"),
    ("start-geopoint | begin |  ", "422.462", "type"),
    ("background-audio | sound |  ", "422.465", "type"),
    ("audit | audit |  |  | location-priority=balanced location-min-interval=60 location-max-age=120", "422.464",
     "parameters"),
    ("text | note | Remark | ex:org.example.scan", "422.466", "appearance"),
    ("geopoint | here | Where are you", "422.469", "type"),
    ("image | photo | Photo of the door", "422.470", "type"),
    ("text | fornavn | Hvad hedder du", "422.472", "name"),
    ("text | q7 | Achternaam", "422.472", "label"),
]  # fmt: skip


def test_a_workbook_is_told_everything_at_once_with_sheet_row_and_column(publish: Callable[..., FormVersion]) -> None:
    with pytest.raises(Problem) as caught:
        publish(graded("open", *(row for row, _number, _column in FORBIDDEN_ROWS)))
    told = {(part.number, str(part.at)) for part in caught.value.parts}
    for row, (_row, number, column) in enumerate(FORBIDDEN_ROWS, start=3):
        assert (number, f"sheet survey, row {row}, column {column}") in told, (number, row, sorted(told))
    assert all(part.next_step for part in caught.value.parts)
    assert not FormVersion.objects.exists()


def test_last_saved_and_another_server_are_told_with_their_place(publish: Callable[..., FormVersion]) -> None:
    sheets = {
        "survey": [["type", "name", "label", "default"], ["integer", "a", "How many", ""],
                   ["integer", "b", "Again", "${last-saved#a}"]],
        "settings": [["form_id", "submission_url", "lygte_grade"], ["x", "https://elsewhere.example/", "opn"]],
    }  # fmt: skip
    with pytest.raises(Problem) as caught:
        convert_workbook(xlsx(sheets), "x.xlsx")
    told = {(part.number, str(part.at)) for part in caught.value.parts}
    assert ("422.461", "sheet survey, row 3, column default") in told
    assert ("422.467", "sheet settings, row 2, column submission_url") in told
    assert ("422.460", "sheet settings, row 2, column lygte_grade") in told


def test_no_grade_is_locked_and_a_stricter_choice_at_publishing_counts(
    publish: Callable[..., FormVersion], key_holders: tuple[Member, Member]
) -> None:
    undeclared = publish(graded("", "text | said | What was said"))
    assert undeclared.grade == "locked" and "200.462" in {one["number"] for one in undeclared.warnings}
    assert publish(graded("open", version="2"), "locked").grade == "locked"
    assert publish(graded("sealed", version="3"), "open").grade == "sealed"
    assert publish(graded("open", version="4")).grade == "open"
    with pytest.raises(Problem, match=r"409\.485"):
        publish(graded("open", version="4"), "sealed")


def test_a_locked_form_needs_a_key_first(publish: Callable[..., FormVersion]) -> None:
    with pytest.raises(Problem, match=r"423\.479"):
        publish(graded("locked"))


PERSONAL = [
    "first_name", "FirstName", "prs_MobilePhone", "Surname", "What is your name?", "E-mail", "Address", "date of birth",
    "efternavn", "Telefonnummer", "Fødselsdato", "cpr_nr", "adresse", "voornaam", "Geboortedatum", "BSN", "postcode",
    "telefoonnummer", "kenteken", "rekeningnummer", "Hoe heet zij?", "passport_number", "WhatsApp",
]  # fmt: skip
IMPERSONAL = [
    "people", "How many phones were given out?", "minutes", "Code name of the place", "code_name", "Dæknavn",
    "schuilnaam", "language", "Antal telefoner", "What did you give?", "nationality", "Remark", "Bemærkning", "Opmerking",
    "Hvad skete der?", "gender", "part_of_day",
]  # fmt: skip


def test_words_that_ask_for_a_person_are_known_in_three_languages_and_others_are_not() -> None:
    assert [words for words in PERSONAL if not names_a_person(words)] == []
    assert [words for words in IMPERSONAL if names_a_person(words)] == []
    assert names_a_number("mobile_phone") and not names_a_number("first_name")
    assert speaks_of_faces("Photo of her face") and speaks_of_faces("pasfoto") and not speaks_of_faces("door")


@pytest.mark.skipif(not SHARED_FORM.exists(), reason="the form of others lies beside the repository only")
def test_a_real_form_full_of_names_cannot_be_open() -> None:
    path = SHARED_FORM
    with pytest.raises(Problem) as caught:
        convert_workbook(path.read_bytes(), path.name, "open")
    assert len([part for part in caught.value.parts if part.number == "422.472"]) >= 8
    assert convert_workbook(path.read_bytes(), path.name).grade == "locked"
