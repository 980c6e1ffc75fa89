"""Slips: made and ended by the team, opened by whoever holds the paper. The code is shown once and stored nowhere."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.utils import timezone
from django_scopes import scopes_disabled

from lygte.care.support.cases.handover import family
from lygte.core.access import Verb
from lygte.core.actions import action
from lygte.core.consent.codes import Via
from lygte.core.consent.gate import note_seen
from lygte.core.consent.models import Person, Seat
from lygte.core.models import Member
from lygte.core.problems import Problem
from lygte.core.transactions import writing
from lygte.core.vault import ciphers, wraps
from lygte.core.vault.keyring import keyring_of
from lygte.core.vault.models import Wrapped

from . import codes, marks

LASTS: dict[str, timedelta | None] = {
    "year": timedelta(days=365),
    "month": timedelta(days=30),
    "always": None,
}


@dataclass(frozen=True)
class Slip:
    """A slip as it is shown once. Its code never gets into a log: `repr` leaves it out."""

    ref: str  # of the person: the subject in the log
    language: str
    until: datetime | None
    secret: bytes = field(repr=False)

    @property
    def words(self) -> list[str]:
        return codes.words_of(self.secret, self.language)

    @property
    def numbers(self) -> list[str]:
        return codes.numbers_of(self.secret)


@dataclass(frozen=True)
class SlipCard:
    """What the team may know of a slip: that there is one, since when and until when."""

    made_on: date
    until: date | None


def require_team(member: Member, person: Person) -> None:
    """Raise Problem 404.1 for another organisation's person, 403.580 for one whose team the member is not on."""
    if person.organisation_id != member.organisation_id:
        raise Problem("404.1")
    if not Seat.objects.filter(member=member, person=person, until=None).exists():
        raise Problem("403.580")


def _wrappings(person: Person) -> list[str]:
    return [one.ref for one in family(person)]


def slip_of(person: Person) -> SlipCard | None:
    """Return what is known of a person's slip, or None where none opens anything."""
    row = Wrapped.objects.filter(kind=Wrapped.SLIP, about=person.ref).first()
    if row is None or (row.until is not None and row.until <= timezone.now()):
        return None
    until = timezone.localtime(row.until).date() if row.until else None
    return SlipCard(timezone.localtime(row.made_at).date(), until)


def _end(person: Person) -> int:
    return wraps.destroy_slips(_wrappings(person))


def _branch(secret: bytes, person: Person) -> bytes:
    """Return the code under which the key of somebody merged into the person is wrapped: it follows from the slip's."""
    return ciphers.derive(secret, f"slip/{person.ref}")


@action(Verb.CASE_SLIP)
def make_slip(*, member: Member, person: Person, language: str, lasts: str = "year") -> Slip:
    """Make a slip; the one before stops working at once. Raises Problem 403.580, 423.1, or 410.2 for somebody erased."""
    require_team(member, person)
    until = LASTS[lasts]
    secret, ends = codes.new_secret(), timezone.now() + until if until else None
    keys = keyring_of(member).person_keys(_wrappings(person))
    if person.ref not in keys:
        raise Problem("410.2")
    _end(person)
    wraps.wrap_for_code(kind=Wrapped.SLIP, about=person.ref, key=keys[person.ref], secret=secret, until=ends)
    for one in family(person)[1:]:
        if one.ref in keys:
            code = _branch(secret, one)
            wraps.wrap_for_code(kind=Wrapped.SLIP, about=one.ref, key=keys[one.ref], secret=code, until=ends)
    note_seen(member=member, seen={person: []}, via=Via.SLIP, recipient=marks.SLIP_MADE)
    return Slip(person.ref, language, ends, secret)


@action(Verb.CASE_SLIP)
def end_slip(*, member: Member, person: Person) -> Person:
    """End a slip for the person, who lost it or no longer wants it; the page it had open closes with it."""
    require_team(member, person)
    if _end(person):
        note_seen(member=member, seen={person: []}, via=Via.SLIP, recipient=marks.SLIP_ENDED)
    return person


def end_own_slip(person: Person) -> None:
    """End the slip with which the person came in."""
    with writing():
        _end(person)
        note_seen(member=None, seen={person: []}, via=Via.SLIP, recipient=marks.ENDED_IT)


@dataclass(frozen=True)
class OpenedSlip:
    """Whose slip it was, the keys it opened, and the reference of the slip."""

    person: Person
    slip: str
    keys: dict[str, bytes] = field(repr=False)


def open_slip(typed: str) -> OpenedSlip | None:
    """Return what a typed code opens. Unknown, ended, expired and misspelt are all the same None."""
    meant = codes.read(typed) or [codes.new_secret()]  # something is looked up whatever was typed
    found = [opened for secret in meant if (opened := _open(secret)) is not None]
    return found[0] if found else None


def _open(secret: bytes) -> OpenedSlip | None:
    try:
        opened = wraps.open_by_code(kind=Wrapped.SLIP, secret=secret)
    except Problem:  # a damaged box or a destroyed epoch: whoever stands outside learns nothing from it
        return None
    if opened is None:
        return None
    row, key = opened
    with scopes_disabled():  # before a slip is opened there is no organisation to be in
        person = Person.objects.select_related("organisation").filter(ref=row.about).first()
        others = family(person)[1:] if person else []
    if person is None:
        return None
    keys = {person.ref: key, **_others(secret, others)}
    with writing():
        note_seen(member=None, seen={person: []}, via=Via.SLIP, recipient=marks.OPENED)
    return OpenedSlip(person, row.ref, keys)


def _others(secret: bytes, others: list[Person]) -> dict[str, bytes]:
    found = ((one, wraps.open_by_code(kind=Wrapped.SLIP, secret=_branch(secret, one))) for one in others)
    return {one.ref: opened[1] for one, opened in found if opened is not None}
