"""Named questions about cases. Each takes the member first and stays within their organisation."""

from __future__ import annotations

from lygte.core.access import fetch
from lygte.core.consent.models import Person, Seat
from lygte.core.models import Member

from .models import Case


def case(member: Member, ref: str) -> Case:
    """Return one case with its person, or Problem 404.1."""
    found = fetch(member, Case, ref)
    found.person.organisation = member.organisation
    return found


def case_of(member: Member, person: Person) -> Case | None:
    """Return the case of a person of the member's organisation, if there is one."""
    return Case.objects.filter(organisation=member.organisation, person=person).select_related("person").first()


def family(person: Person) -> list[Person]:
    """Return the person and whoever was found to be the same and merged into them."""
    return [person, *person.merged.all()]


def on_team(member: Member, person: Person) -> bool:
    """Tell whether a member has a seat on the team of a person."""
    return Seat.objects.filter(person=person, member=member, until=None).exists()
