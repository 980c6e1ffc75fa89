"""Deciding that two codes are one person or two, and taking it back."""

from __future__ import annotations

from django.utils import timezone

from lygte.care.support.cases.handover import recount
from lygte.core.access import Verb
from lygte.core.actions import action
from lygte.core.consent import gate
from lygte.core.consent.codes import Group, Via
from lygte.core.consent.models import Person, Seat
from lygte.core.consent.team import JOINED, LEFT, tell
from lygte.core.models import Member
from lygte.core.problems import Problem

from .models import Apart, Merge


def _require_both_seats(member: Member, *persons: Person) -> None:
    for person in persons:
        if person.organisation_id != member.organisation_id:
            raise Problem("404.1")
        if not Seat.objects.filter(person=person, member=member, until=None).exists():
            raise Problem("403.11")


def _held(*persons: Person) -> list[Person]:
    """Lock the rows of two persons, always in the same order, and return them as asked."""
    gate.hold_still([person.pk for person in persons], to_change=True)
    found = {person.pk: person for person in Person.objects.filter(pk__in=[p.pk for p in persons])}
    if len(found) < len(persons):
        raise Problem("404.1")
    return [found[person.pk] for person in persons]


@action(Verb.CASE_MERGE)
def merge_persons(*, member: Member, kept: Person, gone: Person) -> Merge:
    """Say that two codes are one person; the first code stays. Both teams work together from now on.

    Raises Problem 403.11 unless the member is on both teams, 409.600 when one of them was merged already.
    """
    if kept.pk == gone.pk:
        raise Problem("422.600")
    _require_both_seats(member, kept, gone)
    kept, gone = _held(kept, gone)
    if kept.merged_into_id or gone.merged_into_id or Person.objects.filter(merged_into=gone).exists():
        raise Problem("409.600")
    gone.merged_into = kept
    gone.save(update_fields=["merged_into"])
    recount(gone)
    added = [*_seat_team(member, of=kept, at=gone), *_seat_team(member, of=gone, at=kept)]
    _tell(member, kept, gone)
    return Merge.objects.create(
        organisation=member.organisation, kept=kept, gone=gone, at=timezone.now(), member=member, seats=added
    )


def _seat_team(member: Member, *, of: Person, at: Person) -> list[int]:
    """Give the team of one code a seat at the other; return the seats that were new. The person can read who joined."""
    there = set(Seat.objects.filter(person=at, until=None).values_list("member", flat=True))
    missing = Seat.objects.filter(person=of, until=None).exclude(member__in=there).select_related("member")
    new = [Seat.objects.create(person=at, member=seat.member, since=timezone.localdate()) for seat in missing]
    for seat in new:
        tell(at, member, seat.member, JOINED)
    return [seat.pk for seat in new]


def _tell(member: Member, *persons: Person) -> None:
    """Leave a line that the person can read."""
    gate.note_seen(member=member, seen={person: [Group.IDENTITY] for person in persons}, via=Via.CHANGE)


@action(Verb.CASE_MERGE)
def part_persons(*, member: Member, merge: Merge) -> Merge:
    """Take a merge back: the codes stand apart again, each with its own records, and added seats end."""
    now = Merge.objects.select_for_update(of=("self",)).select_related("kept", "gone").get(pk=merge.pk)
    if now.undone_at is not None:
        raise Problem("409.601")
    _require_both_seats(member, now.kept, now.gone)
    kept, gone = _held(now.kept, now.gone)
    gone.merged_into = None
    gone.save(update_fields=["merged_into"])
    recount(gone)
    for seat in Seat.objects.filter(pk__in=now.seats, until=None).select_related("person__organisation", "member"):
        seat.until, seat.first = timezone.localdate(), False
        seat.save(update_fields=["until", "first"])
        tell(seat.person, member, seat.member, LEFT)
    now.undone_at, now.undone_by = timezone.now(), member
    now.save(update_fields=["undone_at", "undone_by"])
    _tell(member, kept, gone)
    return now


@action(Verb.CASE_MERGE)
def say_apart(*, member: Member, one: Person, other: Person) -> Apart:
    """Say that two codes are two people; they are not proposed again."""
    if one.pk == other.pk:
        raise Problem("422.600")
    _require_both_seats(member, one, other)
    first, second = sorted((one, other), key=lambda person: person.pk)
    said, _made = Apart.objects.get_or_create(
        organisation=member.organisation,
        first=first,
        second=second,
        defaults={"at": timezone.now(), "member": member},
    )
    return said


@action(Verb.CASE_MERGE)
def take_back_apart(*, member: Member, said: Apart) -> Apart:
    """Take back that two codes are two people."""
    _require_both_seats(member, said.first, said.second)
    said.delete()
    return said
