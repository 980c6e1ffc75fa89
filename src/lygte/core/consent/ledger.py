"""Writing the consent ledger: a line when a person agrees, says no, or withdraws; nothing is ever changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from ..access import Verb
from ..actions import action
from ..people import Member
from ..problems import Problem
from .codes import EVERY_GROUP, OWN, Manner
from .erasure import family
from .gate import agrees, hold_still
from .models import Consent, Person, Seat
from .rules import DECLINED, GRANT, WITHDRAW
from .texts import VERSION


@dataclass(frozen=True)
class Said:
    """How something was agreed to or withdrawn: in which language, in which manner."""

    language: str
    manner: str = Manner.SPOKEN


def _line(person: Person, member: Member | None, said: Said, **fields: object) -> Consent:
    hold_still([person.pk], to_change=True)
    if not Person._base_manager.filter(pk=person.pk).exists():  # somebody erased them meanwhile
        raise Problem("410.2")
    return Consent.objects.create(
        person=person,
        member=member,
        language=said.language,
        manner=said.manner,
        text_version=VERSION,
        at=timezone.now(),
        **fields,
    )


def _check(groups: Iterable[str], until: date | None) -> list[str]:
    chosen = sorted(set(groups))
    if not chosen or not set(chosen) <= EVERY_GROUP:
        raise Problem("422.31")
    if until is not None and until < timezone.localdate():
        raise Problem("422.30")
    return chosen


def _require_seat(member: Member, person: Person) -> None:
    if person.organisation_id != member.organisation_id:
        raise Problem("404.1")
    if not Seat.objects.filter(person=person, member=member, until=None).exists():
        raise Problem("403.11")


@action(Verb.CONSENT_RECORD, details=lambda line: {"purpose": line.purpose, "kind": line.kind})
def record_consent(
    *,
    member: Member,
    person: Person,
    purpose: str,
    groups: Iterable[str],
    said: Said,
    recipient: str = OWN,
    until: date | None = None,
) -> Consent:
    """Write that a person agreed. Raises Problem 422.31 without a group, 422.30 for an end in the past, 403.11."""
    _require_seat(member, person)
    line = _line(
        person,
        member,
        said,
        kind=GRANT,
        purpose=purpose,
        recipient=recipient,
        groups=_check(groups, until),
        until=until,
    )
    for follow in ON_CONSENT:
        follow(person, line)
    return line


@action(Verb.CONSENT_RECORD, details=lambda line: {"purpose": line.purpose, "kind": line.kind})
def withdraw_consent(
    *, member: Member, person: Person, said: Said, purpose: str = "", recipient: str = "", groups: Iterable[str] = ()
) -> Consent:
    """Write that a person no longer agrees: to a purpose, a recipient, some groups, or (all empty) to anything.

    It counts for every code that was found to be theirs.
    """
    _require_seat(member, person)
    asked = list(groups)
    for one in _also(person):
        withdraw(person=one, member=member, said=said, purpose=purpose, recipient=recipient, groups=asked)
    return withdraw(person=person, member=member, said=said, purpose=purpose, recipient=recipient, groups=asked)


def _also(person: Person) -> list[Person]:
    """Return whoever was found to be the same, all held still in one go, in the order of their keys."""
    people = family(person)
    hold_still([one.pk for one in people], to_change=True)
    return [one for one in people if one.pk != person.pk]


@action(Verb.CONSENT_RECORD, details=lambda line: {"purpose": line.purpose, "kind": line.kind})
def decline_consent(*, member: Member, person: Person, said: Said, purpose: str, recipient: str = OWN) -> Consent:
    """Write that a person was asked and said no, so that nobody asks again and again. Nothing else follows from it.

    Where they had said yes before, a no takes that back.
    """
    _require_seat(member, person)
    for one in _also(person):
        if agrees(one, purpose, recipient):
            withdraw(person=one, member=member, said=said, purpose=purpose, recipient=recipient)
    if agrees(person, purpose, recipient):
        return withdraw(person=person, member=member, said=said, purpose=purpose, recipient=recipient)
    return _line(person, member, said, kind=DECLINED, purpose=purpose, recipient=recipient)


def withdraw(
    *,
    person: Person,
    said: Said,
    member: Member | None = None,
    purpose: str = "",
    recipient: str = "",
    groups: Iterable[str] = (),
) -> Consent:
    """Write a withdrawal inside the caller's transaction, and do at once what follows from it (see `on_withdrawal`)."""
    line = _line(person, member, said, kind=WITHDRAW, purpose=purpose, recipient=recipient, groups=sorted(set(groups)))
    for follow in ON_WITHDRAWAL:
        follow(person, line)
    return line


Follow = Callable[[Person, Consent], None]
ON_WITHDRAWAL: list[Follow] = []
ON_CONSENT: list[Follow] = []


def on_consent(follow: Follow) -> Follow:
    """Register what must happen in the same transaction when a person agrees to something: `follow(person, line)`."""
    if follow not in ON_CONSENT:
        ON_CONSENT.append(follow)
    return follow


def on_withdrawal(follow: Follow) -> Follow:
    """Register what must happen in the same transaction when a person withdraws: `follow(person, line)`."""
    if follow not in ON_WITHDRAWAL:
        ON_WITHDRAWAL.append(follow)
    return follow
