"""A person with a record, a slip in her hand, and the browser of whatever phone she uses."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_scopes import scopes_disabled

from lygte.care.support.cases.models import Name, Note
from lygte.care.support.door.slips import Slip, make_slip
from lygte.core.consent import gate
from lygte.core.consent.codes import Group
from lygte.core.consent.ledger import Said, record_consent
from lygte.core.consent.models import Person
from lygte.core.consent.persons import make_person
from lygte.core.models import Member

Worker = tuple[Member, Member]


def new_person(member: Member, sentinel: str, groups: list[str] | None = None) -> Person:
    """Return a person on the member's team, with a name and a note in which the sentinel stands."""
    with scopes_disabled():
        return _new_person(member, sentinel, groups or list(Group.values))


def _new_person(member: Member, sentinel: str, groups: list[str]) -> Person:
    person = make_person(member=member)
    record_consent(member=member, person=person, purpose="support", groups=groups, said=Said("da"))
    name = Name(organisation=person.organisation, person=person)
    key = member.keyring.person_key(person.ref)
    gate.put(name, {"called": f"{sentinel} called"}, key)
    note = Note(organisation=person.organisation, person=person, day=timezone.localdate(), member=member)
    gate.put(note, {"text": f"{sentinel} note"}, key)
    return person


@pytest.fixture
def person(key_holders: Worker) -> Person:
    return new_person(key_holders[0], "sentinel-one")


@pytest.fixture
def slip(person: Person, key_holders: Worker) -> Slip:
    with scopes_disabled():
        return make_slip(member=key_holders[0], person=person, language="en")


def come_in(code: str, client: Client | None = None) -> Client:
    """Return a browser in which a code was typed at the entrance."""
    client = client or Client()
    client.post(reverse("door:enter"), {"code": code})
    return client


@pytest.fixture
def her(slip: Slip) -> Client:
    """Her browser, with her page open."""
    return come_in(" ".join(slip.words))
