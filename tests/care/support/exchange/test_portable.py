"""A person carries their record from one organisation to another: nothing of a case is lost, and they are asked anew."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from django_scopes import scope, scopes_disabled

from lygte.care.support.cases import actions
from lygte.care.support.cases.handover import RECORDS
from lygte.care.support.cases.models import Case, Note
from lygte.care.support.door import portable as door_portable
from lygte.care.support.door.accounts import write_own
from lygte.care.support.door.portable import take_away
from lygte.care.support.exchange import portable
from lygte.care.support.exchange.bringing_in import Arrived, Given, bring_person
from lygte.care.support.exchange.models import CameAlong
from lygte.care.support.exchange.portable import KINDS, read_carried
from lygte.core.consent import gate
from lygte.core.consent.codes import EVERY_GROUP, Group
from lygte.core.consent.models import Consent, Person, Seen
from lygte.core.models import Member
from lygte.core.problems import Problem
from lygte.core.refs import new_ref
from lygte.facts.models import Entry as Fact

from .conftest import SPOKEN
from .test_cells import zip_of

GIVEN = Given(SPOKEN, "DK-461", "visit", "th")
PEOPLE = {"member", "opened_by", "closed_by", "looked_at_by"}  # colleagues of a house: others elsewhere


def file_of(member: Member, person: Person) -> bytes:
    """Return the file that the person takes away with their slip."""
    with scope(organisation=member.organisation):
        return take_away([person], {person.ref: member.keyring.person_key(person.ref)})


def document(content: bytes) -> dict[str, Any]:
    return json.loads(door_portable.json.dumps(door_portable.read_portable(content)))


def changed(content: bytes, **parts: Any) -> bytes:
    return zip_of({"notes.json": json.dumps(document(content) | parts).encode(), "notes.html": b""})


def arrive(member: Member, content: bytes, groups: Any = EVERY_GROUP, **given: Any) -> Arrived:
    with scope(organisation=member.organisation):
        arrived: Arrived = bring_person(
            member=member, token=new_ref(), content=content, groups=groups, **{"given": GIVEN, **given}
        )
    return arrived


def contents(content: bytes) -> list[Any]:
    """Return what a file says of a case, without what belongs to a house: references, colleagues, versions."""
    records = document(content)["records"]
    goals = {one["ref"]: one["values"].get("words") for one in records if one["kind"] == "cases.goal"}
    found = []
    for one in records:
        if one["kind"].startswith("cases."):
            columns = {name: value for name, value in one["open"].items() if name not in PEOPLE}
            columns["goal"] = goals.get(columns.get("goal"))
            found.append([one["kind"], one["group"], one["values"], columns])
    return sorted(found, key=lambda entry: json.dumps(entry, sort_keys=True))


@pytest.fixture
def carried(amina: Member, mali: Person) -> bytes:
    return file_of(amina, mali)


@pytest.fixture
def chika(chika_at_home: tuple[Member, Member]) -> Member:
    return chika_at_home[0]


# Without loss -------------------------------------------------------------------------------------------------------------
def test_a_case_with_every_kind_of_record_is_equal_in_the_other_organisation(carried: bytes, chika: Member) -> None:
    before = contents(carried)
    assert {entry[0] for entry in before} == {model._meta.label_lower for model in RECORDS.values()}
    case = arrive(chika, carried).cases[0]
    assert case.organisation == chika.organisation
    after = contents(file_of(chika, case.person))
    assert after == before


def test_and_back_home_it_is_equal_again_with_what_came_along(amina: Member, carried: bytes, chika: Member) -> None:
    there = file_of(chika, arrive(chika, carried).cases[0].person)
    back = file_of(amina, arrive(amina, there).cases[0].person)
    assert contents(back) == contents(carried)
    along = [one["values"] for one in document(there)["records"] if one["kind"] == "exchange.camealong"]
    assert along and all(one in [o["values"] for o in document(back)["records"]] for one in along)


def test_it_has_a_new_key_a_new_code_and_a_consent_recorded_there(mali: Person, carried: bytes, chika: Member) -> None:
    person = arrive(chika, carried).cases[0].person
    assert person.ref != mali.ref and person.code != mali.code
    lines = Consent.objects.filter(person=person)
    assert [(line.purpose, line.kind, line.member) for line in lines] == [("support", "grant", chika)]
    assert not Seen.objects.filter(person=person.ref).exclude(organisation=chika.organisation).exists()
    with pytest.raises(Problem):
        gate.open_record(Note.objects.first(), chika.keyring.person_key(person.ref))


def test_what_has_no_place_is_kept_in_words_in_its_own_part(amina: Member, mali: Person, chika: Member) -> None:
    write_own(person=mali, key=amina.keyring.person_key(mali.ref), text="sentinel-own-words")
    case = arrive(chika, file_of(amina, mali)).cases[0]
    with scope(organisation=chika.organisation):
        along = list(CameAlong.objects.filter(person=case.person).select_related("person"))
        opened = gate.read(member=chika, records=along)
    said = {(one.of_group, opened.get(one)["title"], opened.get(one)["text"]) for one in along}
    own = [text for group, _title, text in said if group == Group.ACCOUNT]
    assert len(own) == 1 and "sentinel-own-words" in own[0]
    who = [text for group, title, text in said if group == Group.NOTES and "Who wrote it at Lanternen" in title]
    assert len(who) == 1 and who[0].count("Amina") == 2


def test_only_the_parts_they_say_yes_to_here_come_in(carried: bytes, chika: Member) -> None:
    case = arrive(chika, carried, ["identity", "notes"]).cases[0]
    after = contents(file_of(chika, case.person))
    assert {entry[0] for entry in after if entry[2]} == {"cases.name", "cases.note"}
    with scopes_disabled():
        kept = {
            group
            for model in KINDS.values()
            for group in [one.group for one in model._default_manager.filter(person=case.person)]
            if model is not Case
        }
    assert kept == {"identity", "notes"}


def test_a_closed_case_is_open_here_and_says_how_it_ended_there(amina: Member, mali: Person, chika: Member) -> None:
    actions.close_case(member=amina, case=Case.objects.get(person=mali), ending="moved")
    case = arrive(chika, file_of(amina, mali)).cases[0]
    assert case.state == "open"
    with scope(organisation=chika.organisation):
        along = list(CameAlong.objects.filter(person=case.person).select_related("person"))
        texts = [opened["text"] for opened in gate.read(member=chika, records=along).values.values()]
    assert any("Moved away" in text for text in texts)


def test_nothing_is_counted_before_they_agree_to_statistics(carried: bytes, chika: Member) -> None:
    count = Fact.objects.count()
    arrive(chika, carried)
    assert Fact.objects.count() == count


# Files that mean ill ----------------------------------------------------------------------------------------------------------
def test_the_form_is_the_one_that_the_persons_page_makes() -> None:
    assert (portable.FORMAT, portable.VERSION) == (door_portable.FORMAT, door_portable.VERSION)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"PK\x03\x04",
        zip_of({"other.json": b"{}"}),
        zip_of({"notes.json": b"not json"}),
        zip_of({"notes.json": b"[" * 200_000}),
        zip_of({"notes.json": b"{}"}),
        zip_of({"notes.json": b'{"format": "lygte-person", "version": 2, "records": []}'}),
        zip_of({"notes.json": b'{"format": "lygte-person", "version": 1, "records": {}}'}),
        zip_of({"notes.json": b'{"format": "lygte-person", "version": 1, "records": [1]}'}),
        zip_of({"notes.json": b'{"format": "lygte-person", "version": ' + b"9" * 5000 + b"}"}),
    ],
)
def test_any_other_file_is_a_numbered_problem(content: bytes) -> None:
    with pytest.raises(Problem) as caught:
        read_carried(content)
    assert caught.value.number == "422.620"


HOSTILE: list[Any] = [
    {"open": {"day": "not a day"}},
    {"open": {"day": {"x": 1}}},
    {"open": None},
    {"values": {"text": ["a", "list"]}},
    {"values": {"text": "x" * 20_001}},
    {"values": {"undeclared": "x"}},
    {"values": {"day": "2026-01-01"}},
    {"kind": "consent.glassbreak"},
    {"kind": "auth.user"},
    {"kind": ["cases.note"]},
    {
        "kind": "cases.deadline",
        "values": {},
        "open": {"starts_on": "2026-02-01", "first_due": "2026-01-01", "due": "2026-01-01"},
    },
    {"kind": "cases.phase", "values": {}, "open": {"number": 9, "starts_on": "2026-01-01", "ends_on": "2026-02-01"}},
    {"kind": "cases.phase", "values": {}, "open": {"number": 1, "starts_on": "2026-02-01", "ends_on": "2026-02-01"}},
    {"kind": "cases.goal", "values": {}, "open": {"set_on": "2026-01-01", "state": "sold"}},
    {"kind": "cases.measure", "values": {"instrument": "made-up", "answers": {"1": 1}}, "open": {"day": "2026-01-01"}},
    {"kind": "cases.measure", "values": {"instrument": "who5", "answers": {"1": "x"}}, "open": {"day": "2026-01-01"}},
    {"kind": "cases.identification", "values": {"state": "guilty"}, "open": {"day": "2026-01-01"}},
    {"kind": "exchange.camealong", "values": {}, "open": {"of_group": "no group", "day": "2026-01-01"}},
]


@pytest.mark.parametrize("part", HOSTILE)
def test_a_record_of_another_shape_is_kept_in_words_and_breaks_nothing(
    carried: bytes, chika: Member, part: dict[str, Any]
) -> None:
    record = {"kind": "cases.note", "ref": "x", "group": "notes", "title": "A note", "values": {"text": "sentinel-odd"},
              "open": {"day": "2026-01-01"}, "words": [{"label": "Note", "text": "sentinel-odd"}]}  # fmt: skip
    content = changed(carried, records=[record | part])
    found = read_carried(content)
    assert not found.pieces and [one.text for one in found.words] == ["Note: sentinel-odd"]
    case = arrive(chika, content).cases[0]
    with scope(organisation=chika.organisation):
        assert CameAlong.objects.get(person=case.person).of_group == "notes"


def test_a_record_with_a_personal_number_stays_out_and_the_rest_comes_in(carried: bytes, chika: Member) -> None:
    records = document(carried)["records"]
    note = next(one for one in records if one["kind"] == "cases.note")
    note["values"]["text"] = "CPR 010190-1234"
    content = changed(carried, records=records)
    found = read_carried(content)
    assert [one.number for one in found.left] == ["422.10"] and str(found.left[0].at) == "note, text"
    case = arrive(chika, content).cases[0]
    with scope(organisation=chika.organisation):
        assert Note.objects.filter(person=case.person).count() == 1


def test_a_fault_half_way_leaves_nothing(carried: bytes, chika: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    from lygte.care.support.exchange import bringing_in

    def breaks(*given: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(bringing_in, "_keep_who", breaks)
    with pytest.raises(OSError, match="disk"), transaction.atomic():
        arrive(chika, carried)
    with scopes_disabled():
        assert not Person.objects.filter(organisation=chika.organisation).exists()


def test_too_many_records_and_two_of_what_there_is_one_of(carried: bytes) -> None:
    with pytest.raises(Problem, match=r"422\.620"):
        read_carried(changed(carried, records=[{}] * (portable.MOST_RECORDS + 1)))
    name = next(one for one in document(carried)["records"] if one["kind"] == "cases.name")
    found = read_carried(changed(carried, records=[name, name]))
    assert len(found.pieces) == len(found.words) == 1


def test_days_too_long_ago_for_a_case_are_kept_in_words(carried: bytes, chika: Member) -> None:
    records = document(carried)["records"]
    case = next(one for one in records if one["kind"] == "cases.case")
    case["open"] |= {"asked_on": "2015-03-01", "opened_on": "2015-03-02"}
    made = arrive(chika, changed(carried, records=records)).cases[0]
    assert made.opened_on == timezone.localdate()
    with scope(organisation=chika.organisation):
        along = list(CameAlong.objects.filter(person=made.person).select_related("person"))
        texts = "\n".join(opened["text"] for opened in gate.read(member=chika, records=along).values.values())
    assert "Asked for help there on" in texts and "2015" in texts
