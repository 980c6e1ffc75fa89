"""Keeping a record against the person's wish, where the law demands it: two people, a ground, a last day, told openly."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from django.db.models import Q
from django.utils import timezone

from ..access import Verb
from ..actions import action
from ..people import Member
from ..problems import Problem
from .gate import hold_still
from .models import Hold, Person

LONGEST = timedelta(days=730)


def standing_hold(persons: Iterable[Person], today: date | None = None) -> Hold | None:
    """Return a confirmed hold that stands today for one of these persons, the longest first."""
    today = today or timezone.localdate()
    return (
        Hold.objects.filter(person__in=[p.pk for p in persons], ended_at=None, until__gte=today)
        .exclude(confirmed_by=None)
        .order_by("-until")
        .first()
    )


def open_hold(person: Person) -> Hold | None:
    """Return the hold of a person that is proposed or stands, also one whose last day is over."""
    return (
        Hold.objects.filter(person=person, ended_at=None).select_related("set_by__user", "confirmed_by__user").first()
    )


def _own(member: Member, person: Person) -> None:
    if person.organisation_id != member.organisation_id:
        raise Problem("404.1")


@action(Verb.CASE_HOLD)
def propose_hold(*, member: Member, person: Person, ground: str, until: date) -> Person:
    """Propose to keep a record against erasure. It binds nobody until a second person has confirmed it."""
    _own(member, person)
    today = timezone.localdate()
    if not today < until <= today + LONGEST:
        raise Problem("422.34", days=LONGEST.days)
    hold_still([person.pk], to_change=True)
    if open_hold(person):
        raise Problem("409.17")
    Hold.objects.create(person=person, ground=ground, since=today, until=until, set_by=member)
    return person


@action(Verb.CASE_HOLD)
def confirm_hold(*, member: Member, person: Person) -> Person:
    """Confirm what a colleague proposed. Raises Problem 403.13 for one's own proposal, 404.1 without any."""
    _own(member, person)
    hold = Hold.objects.select_for_update().filter(person=person, ended_at=None, confirmed_by=None).first()
    if hold is None:
        raise Problem("404.1")
    if hold.set_by_id == member.pk:
        raise Problem("403.13")
    hold.confirmed_by = member
    hold.save(update_fields=["confirmed_by"])
    return person


@action(Verb.CASE_HOLD)
def end_hold(*, member: Member, person: Person) -> Person:
    """End a hold, or a proposal of one; one person is enough to let go."""
    _own(member, person)
    Hold.objects.filter(person=person, ended_at=None).update(ended_at=timezone.now())
    return person


def wishes_due(today: date) -> list[Person]:
    """Return the persons who asked for erasure during a hold that is over now."""
    over = Hold.objects.exclude(wished_at=None).filter(Q(until__lt=today) | ~Q(ended_at=None))
    persons = {hold.person_id: hold.person for hold in over.select_related("person__organisation")}
    return [person for person in persons.values() if standing_hold([person], today) is None]
