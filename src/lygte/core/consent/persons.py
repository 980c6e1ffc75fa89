"""A new person: a random code, a key of their own, and the first colleague on the team."""

from __future__ import annotations

import secrets

from django.utils import timezone

from ..organisations import Organisation
from ..people import Member
from ..vault.keys import require_two_holders
from .gate import new_person_key
from .models import Person, Seat

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # nothing that is misread or misheard


def new_code() -> str:
    """Return a code like K7QM-4RD2: nothing in it says who, when or the how-manieth."""
    letters = "".join(secrets.choice(ALPHABET) for _ in range(8))
    return f"{letters[:4]}-{letters[4:]}"


def _free_code(organisation: Organisation) -> str:
    while True:
        code = new_code()
        if not Person.objects.filter(organisation=organisation, code=code).exists():
            return code


def make_person(*, member: Member) -> Person:
    """Make a person with a key and the member as first of the team, inside the caller's action.

    Raises Problem 423.4 or 423.5 unless at least two people hold the organisation's key.
    """
    require_two_holders(member)
    person = Person.objects.create(
        organisation=member.organisation, code=_free_code(member.organisation), made_on=timezone.localdate()
    )
    new_person_key(person)
    Seat.objects.create(person=person, member=member, first=True, since=person.made_on)
    return person
