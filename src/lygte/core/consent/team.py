"""Who works with a person: joining, leaving, being the first. Each change leaves a line that the person can read."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from ..access import Verb, may
from ..actions import action
from ..members import on_leaving
from ..people import Member, Role
from ..problems import Problem
from .codes import Via
from .gate import hold_still, note_seen
from .models import Person, Seat
from .recipients import Recipients, register_recipients

JOINED, LEFT, FIRST = "joined", "left", "first"  # how `Seen.recipient` begins; then the colleague's reference


def _sentence(recipient: str) -> str:
    what, _colon, ref = recipient.partition(":")
    found = Member.objects.filter(ref=ref).select_related("user").first()
    said = {JOINED: _("%(name)s joined"), LEFT: _("%(name)s left"), FIRST: _("%(name)s is the first")}
    return said[what] % {"name": found.user.name if found else _("a colleague")}


for _what in (JOINED, LEFT, FIRST):
    register_recipients(Recipients(f"{_what}:", frozenset(), lambda member: [], _sentence))


def seats_of(person: Person) -> QuerySet[Seat]:
    """Return the places on the team as it is now, the first worker first."""
    return (
        Seat.objects.filter(person=person, until=None)
        .select_related("member__user")
        .order_by("-first", "since", "member__user__name")
    )


def is_seated(member: Member, person: Person) -> bool:
    return Seat.objects.filter(person=person, member=member, until=None).exists()


def may_seat(member: Member, person: Person) -> bool:
    """Tell whether a member may change the team: whoever is on it, and coordinators, so that nobody is left alone."""
    same_house = member.organisation_id == person.organisation_id
    return same_house and (member.role == Role.COORDINATOR or is_seated(member, person))


def could_join(person: Person) -> list[Member]:
    """Return the colleagues who may work with records and are not on the team."""
    members = Member.objects.filter(organisation=person.organisation, active=True).select_related(
        "user", "organisation"
    )
    taken = set(Seat.objects.filter(person=person, until=None).values_list("member", flat=True))
    return [one for one in members if one.pk not in taken and may(one, Verb.RECORD_READ)]


def _check(member: Member, person: Person, other: Member) -> None:
    if person.organisation_id != member.organisation_id or other.organisation_id != member.organisation_id:
        raise Problem("404.1")
    if not may_seat(member, person):
        raise Problem("403.11")
    hold_still([person.pk], to_change=True)


def tell(person: Person, member: Member | None, other: Member, what: str) -> None:
    """Leave the line about a change of the team that the person can read."""
    note_seen(member=member, seen={person: []}, via=Via.TEAM, purpose="", recipient=f"{what}:{other.ref}")


@action(Verb.CASE_TEAM)
def join_team(*, member: Member, person: Person, other: Member) -> Person:
    """Give a colleague (or oneself, as coordinator) a place. Raises Problem 403.11, 422.33 or 409.15."""
    _check(member, person, other)
    if not (other.active and may(other, Verb.RECORD_READ)):
        raise Problem("422.33", name=other.user.name)
    if is_seated(other, person):
        raise Problem("409.15", name=other.user.name)
    alone = not Seat.objects.filter(person=person, until=None).exists()
    Seat.objects.create(person=person, member=other, first=alone, since=timezone.localdate())
    tell(person, member, other, JOINED)
    return person


@action(Verb.CASE_TEAM)
def leave_team(*, member: Member, person: Person, other: Member) -> Person:
    """End a colleague's place, or one's own."""
    _check(member, person, other)
    _end(Seat.objects.filter(person=person, member=other, until=None), member)
    return person


@action(Verb.CASE_TEAM)
def make_first(*, member: Member, person: Person, other: Member) -> Person:
    """Say to whom the person turns first; they must be on the team."""
    _check(member, person, other)
    if not is_seated(other, person):
        raise Problem("404.1")
    Seat.objects.filter(person=person, first=True, until=None).update(first=False)
    Seat.objects.filter(person=person, member=other, until=None).update(first=True)
    tell(person, member, other, FIRST)
    return person


def _end(seats: Iterable[Seat], member: Member | None) -> None:
    for seat in seats:
        seat.until, seat.first = timezone.localdate(), False
        seat.save(update_fields=["until", "first"])
        tell(seat.person, member, seat.member, LEFT)


@on_leaving
def end_all_seats(other: Member, member: Member) -> None:
    """Whoever leaves the organisation leaves every team."""
    seats = (
        Seat.objects.filter(member=other, until=None).select_related("person__organisation", "member").order_by("pk")
    )
    hold_still([seat.person_id for seat in seats], to_change=True)
    _end(seats, member)


def nobody_with(member: Member) -> QuerySet[Person]:
    """Return the persons of the organisation with whom nobody works now."""
    seated = Seat.objects.filter(until=None).values("person")
    return Person.objects.filter(organisation=member.organisation, merged_into=None).exclude(pk__in=seated)
