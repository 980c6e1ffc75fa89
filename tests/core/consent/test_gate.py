"""The gate lets through what the person agreed to and the team may see, and leaves a line for each person."""

from __future__ import annotations

import pytest
from django.utils import timezone

from lygte.core.consent import gate
from lygte.core.consent.ledger import Said, record_consent, withdraw_consent
from lygte.core.consent.models import GlassBreak, Person, Seen
from lygte.core.consent.persons import make_person
from lygte.core.models import Member
from lygte.core.problems import Problem

pytestmark = pytest.mark.usefixtures("everywhere")


def note(member: Member, person: Person, text: str) -> GlassBreak:
    now = timezone.now()
    record = GlassBreak(organisation=person.organisation, person=person, member=member, at=now, until=now)
    gate.write(member=member, record=record, values={"reason": text})
    return record


@pytest.fixture
def person(key_holders: tuple[Member, Member]) -> Person:
    amina, _bogdan = key_holders
    person = make_person(member=amina)
    record_consent(member=amina, person=person, purpose="support", groups=["notes"], said=Said("da"))
    return person


def test_the_team_reads_what_was_agreed_and_the_person_gets_one_line(
    person: Person, key_holders: tuple[Member, Member]
) -> None:
    amina, _ = key_holders
    record = note(amina, person, "sentinel")
    assert b"sentinel" not in bytes(record.locked or b"")
    opened = gate.read(member=amina, records=[record])
    assert opened.get(record) == {"reason": "sentinel"}
    assert Seen.objects.filter(person=person.ref, via="page").count() == 1


def test_a_colleague_without_a_seat_sees_nothing(person: Person, key_holders: tuple[Member, Member]) -> None:
    amina, bogdan = key_holders
    record = note(amina, person, "sentinel")
    opened = gate.read(member=bogdan, records=[record])
    assert (opened.values, opened.refused) == ({}, {record.ref: "403.11"})
    assert not Seen.objects.filter(via="page").exists()


def test_after_withdrawal_nothing_opens(person: Person, key_holders: tuple[Member, Member]) -> None:
    amina, _ = key_holders
    record = note(amina, person, "sentinel")
    withdraw_consent(member=amina, person=person, said=Said("da"), purpose="support")
    assert gate.read(member=amina, records=[record]).refused == {record.ref: "403.10"}
    with pytest.raises(Problem, match=r"403\.10"):
        gate.write(member=amina, record=record, values={"reason": "more"})


def test_two_workers_on_one_record_never_overwrite_each_other(
    person: Person, key_holders: tuple[Member, Member]
) -> None:
    amina, _ = key_holders
    record = note(amina, person, "first")
    gate.write(member=amina, record=record, values={"reason": "second"}, based_on=1)
    with pytest.raises(Problem, match=r"409\.11"):
        gate.write(member=amina, record=record, values={"reason": "third"}, based_on=1)


def test_whoever_writes_leaves_a_line_too(person: Person, key_holders: tuple[Member, Member]) -> None:
    amina, _ = key_holders
    record = note(amina, person, "first")
    gate.write(member=amina, record=record, values={"reason": "second"})
    lines = Seen.objects.filter(person=person.ref, via="change")
    assert [(seen.member, seen.groups) for seen in lines] == [(amina, ["notes"])] * 2
