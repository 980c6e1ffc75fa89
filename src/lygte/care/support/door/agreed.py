"""What the person agreed to, in words, and taking a yes back. A new yes needs a talk: it cannot be given here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.utils import timezone

from lygte.care.support.cases.handover import family
from lygte.core.consent.codes import Group, Manner, Purpose, Via
from lygte.core.consent.gate import events_of, note_seen
from lygte.core.consent.ledger import Said, withdraw
from lygte.core.consent.models import Consent, Person
from lygte.core.consent.rules import live_grants
from lygte.core.transactions import writing

from . import marks
from .seen import labels, names_of

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True)
class Yes:
    """Something that stands today: what for, to whom, which groups, since and until when."""

    purpose: str
    recipient: str
    label: StrOrPromise
    to: str
    groups: tuple[StrOrPromise, ...]
    since: datetime
    until: date | None


@dataclass(frozen=True)
class LedgerLine:
    """One line of what was said, in words."""

    at: datetime
    kind: str
    label: StrOrPromise
    to: str
    groups: tuple[StrOrPromise, ...]
    manner: str
    member: str


def standing(person: Person) -> list[Yes]:
    """Return what the person agrees to today."""
    grants = live_grants(events_of([person])[person.pk], timezone.localdate())
    names = names_of([grant.recipient for grant in grants])
    return [
        Yes(
            grant.purpose,
            grant.recipient,
            labels(Purpose, [grant.purpose])[0],
            names.get(grant.recipient, ""),
            labels(Group, [group.value for group in Group if group in grant.groups]),
            grant.at,
            grant.until,
        )
        for grant in grants
    ]


def said_so_far(people: Sequence[Person]) -> list[LedgerLine]:
    """Return the whole ledger of a person, newest first."""
    rows = list(Consent.objects.filter(person__in=people).select_related("member__user").order_by("-at", "-pk"))
    names = names_of([row.recipient for row in rows])
    return [
        LedgerLine(
            row.at,
            row.get_kind_display(),
            labels(Purpose, [row.purpose])[0] if row.purpose else "",
            names.get(row.recipient, ""),
            labels(Group, row.groups),
            row.get_manner_display(),
            row.member.user.name if row.member else "",
        )
        for row in rows
    ]


def take_back(*, people: Sequence[Person], language: str, purpose: str = "", recipient: str = "") -> None:
    """Take back one yes, or (both empty) every one. What follows from it, such as a recall, is done at once.

    It counts for every code that was found to be theirs, also where an older slip does not open it.
    """
    with writing():
        for one in family(people[0]):
            withdraw(person=one, said=Said(language, Manner.SLIP), purpose=purpose, recipient=recipient)
        note_seen(member=None, seen={people[0]: []}, via=Via.SLIP, purpose=purpose, recipient=marks.WITHDREW)
