"""Named questions about files: whom they may be made of, how they stand. The member comes first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone

from lygte.care.support.cases.handover import RECORDS, family
from lygte.core.access import fetch
from lygte.core.consent import gate
from lygte.core.consent.models import Person, Seat
from lygte.core.models import Member
from lygte.directory.services.models import Service

from . import mapping
from .lives import Life, locked_of
from .models import Brought, CameAlong, Takeout
from .recipients import agreed_to

LISTED = 200


def person(member: Member, ref: str) -> Person:
    """Return a person of the member's organisation, or Problem 404.1."""
    return fetch(member, Person, ref)


def own_people(member: Member) -> list[Person]:
    """Return the people with whom the member works and who have a case, newest first: their codes."""
    seats = Seat.objects.filter(member=member, until=None).values("person")
    cases = RECORDS["case"]._default_manager.filter(organisation=member.organisation, person__in=seats)
    rows = cases.filter(person__merged_into=None).select_related("person").order_by("-pk")[:LISTED]
    return [case.person for case in rows]


@dataclass(frozen=True)
class Offer:
    """One field that could leave: what would stand in it, where one person is meant; of how many, where several are."""

    name: str
    filled: mapping.Filled
    value: str = ""
    of: int = 0

    @property
    def said(self) -> str:
        """The value in words."""
        return mapping.said(self.name, self.value)

    @property
    def written(self) -> str:
        """The name of the field, and the value as it will stand there, where that is a code."""
        return self.name if self.said == self.value else f"{self.name}: {self.value}"


@dataclass(frozen=True)
class Offered:
    """What a file of one person for a service could hold, as it stands now."""

    offers: list[Offer]
    until: date | None
    groups: frozenset[str]


def offered(member: Member, person: Person, service: Service) -> Offered:
    """Return the fields of a person that have a value and are agreed to for the service.

    They are shown to the team here, so they are opened as any page opens them; what is not agreed to for the service
    is not even opened.
    """
    said = agreed_to(family(person), service)
    groups = said[person.pk].groups
    found = locked_of(person, mapping.kinds_for(mapping.FILLED), groups)
    life: Life = found.life(gate.read(member=member, records=found.records))
    row = mapping.row_of(life, [name for name, one in mapping.FILLED.items() if one.group.value in groups])
    offers = [Offer(name, mapping.FILLED[name], value) for name, value in row.items()]
    return Offered(offers, said[person.pk].until, groups)


def offered_of_many(people: Sequence[Person], service: Service) -> list[Offer]:
    """Return the fields to which somebody among several people agrees, with how many do; nothing is opened."""
    said = agreed_to(people, service).values()
    found = [
        Offer(name, one, of=sum(one.group.value in yes.groups for yes in said)) for name, one in mapping.FILLED.items()
    ]
    return [offer for offer in found if offer.of]


# How files stand -----------------------------------------------------------------------------------------------------------
def takeout(member: Member, ref: str) -> Takeout:
    """Return one file of the member's organisation, or Problem 404.1."""
    found = fetch(member, Takeout, ref)
    return Takeout.objects.select_related("service", "asked_by__user", "decided_by__user").get(pk=found.pk)


def takeouts(member: Member, size: int = 50) -> list[Takeout]:
    """Return the files that left or were asked for, newest first; everybody who may export sees all of them."""
    rows = Takeout.objects.filter(organisation=member.organisation)
    return list(rows.select_related("service", "asked_by__user", "decided_by__user")[:size])


def brought(member: Member, size: int = 50) -> list[Brought]:
    """Return what was brought in, newest first."""
    return list(Brought.objects.filter(organisation=member.organisation).select_related("member__user")[:size])


def waiting(member: Member) -> list[Takeout]:
    """Return the files that wait for this member's look: asked for by somebody else, lately."""
    since = timezone.now() - timedelta(days=14)
    rows = Takeout.objects.filter(organisation=member.organisation, state="asked", asked_at__gt=since)
    return list(rows.exclude(asked_by=member).select_related("service"))


def came_along(person: Person) -> list[CameAlong]:
    """Return what a person brought along that has no place of its own; nothing is opened."""
    rows = CameAlong.objects.filter(person__in=family(person))
    return list(rows.select_related("person", "member__user"))


def files_about(person: Person) -> int:
    """Tell how many files left in which a person is."""
    return (
        Takeout.objects.filter(people__person__in=family(person), people__inside=True, state="made").distinct().count()
    )
