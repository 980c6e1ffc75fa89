"""A person with Amina on their team, and a locked note of hers."""

from __future__ import annotations

import pytest
from django.utils import timezone

from lygte.core.consent import gate
from lygte.core.consent.codes import EVERY_GROUP
from lygte.core.consent.ledger import Said, record_consent
from lygte.core.consent.models import GlassBreak, Person
from lygte.core.consent.persons import make_person
from lygte.core.models import Member

SAID = Said("da")


def agree(member: Member, person: Person, *groups: str, purpose: str = "support", recipient: str = "own") -> None:
    record_consent(
        member=member, person=person, purpose=purpose, recipient=recipient, groups=groups or EVERY_GROUP, said=SAID
    )


def note(member: Member, person: Person, text: str) -> GlassBreak:
    """Lock a text into a record of the only kind that this room has."""
    now = timezone.now()
    record = GlassBreak(organisation=person.organisation, person=person, member=member, at=now, until=now)
    gate.write(member=member, record=record, values={"reason": text})
    return record


@pytest.fixture
def person(key_holders: tuple[Member, Member]) -> Person:
    """Somebody who agrees to a record with notes, with Amina on the team."""
    amina, _bogdan = key_holders
    person = make_person(member=amina)
    agree(amina, person, "notes")
    return person
