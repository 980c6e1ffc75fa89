"""Being erased: at once, or after seven days in which the person can change their mind. Which of the two is their choice."""

from __future__ import annotations

from datetime import date, timedelta

from django.utils import timezone
from django_scopes import scopes_disabled

from lygte.core.consent.codes import Via
from lygte.core.consent.erasure import erase_person, family
from lygte.core.consent.gate import note_seen
from lygte.core.consent.holds import standing_hold
from lygte.core.consent.models import Hold, Person
from lygte.core.problems import Problem
from lygte.core.schedule import periodic
from lygte.core.transactions import writing

from . import marks
from .models import ErasureWish

DAYS = {"now": 0, "week": 7}


def hold_of(person: Person) -> Hold | None:
    """Return the legal duty that keeps a record for now, or None."""
    return standing_hold(family(person))


def wish_of(person: Person) -> ErasureWish | None:
    """Return the person's wish to be erased on a later day, or None."""
    return ErasureWish.objects.filter(person=person).first()


def want_erasure(person: Person, days: int) -> date | None:
    """Erase a person now (no days: returns None), or write down the day on which it happens and return that.

    Raises Problem 409.13 while a legal duty keeps the record; the wish is kept, and carried out when it ends.
    """
    if days == 0:
        erase_person(person=person)
        return None
    due = timezone.localdate() + timedelta(days=days)
    with writing():
        ErasureWish.objects.update_or_create(person=person, defaults={"asked_on": timezone.localdate(), "due_on": due})
        note_seen(member=None, seen={person: []}, via=Via.SLIP, recipient=marks.WANTS_ERASURE)
    return due


def stay(person: Person) -> None:
    """Take the wish back, also one that waits for a legal duty to end."""
    with writing():
        ErasureWish.objects.filter(person=person).delete()
        Hold.objects.filter(person__in=family(person)).update(wished_at=None)
        note_seen(member=None, seen={person: []}, via=Via.SLIP, recipient=marks.STAYS)


@periodic("door.erase_as_wished", every=timedelta(hours=1))
def erase_as_wished() -> int:
    """Erase everybody whose chosen day has come; a record under a legal duty is left to the end of that."""
    erased = 0
    with scopes_disabled():
        for wish in ErasureWish.objects.filter(due_on__lte=timezone.localdate()).select_related("person__organisation"):
            try:
                erase_person(person=wish.person)
                erased += 1
            except Problem:  # 409.13: the wish stands on the hold now
                wish.delete()
    return erased
