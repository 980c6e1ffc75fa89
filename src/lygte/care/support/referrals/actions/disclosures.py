"""Telling an authority something about a person: piece by piece, on a named ground, by two people, on paper, once.

This is the only way by which anything reaches police, tax or immigration, and nothing electronic goes it. A court order
can bind against the person's will: so this record alone is written and opened without passing the gate. It always
leaves a line that the person reads.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone

from lygte.core.access import Verb, may
from lygte.core.actions import action
from lygte.core.consent import gate
from lygte.core.consent.codes import Group, Purpose, Via
from lygte.core.consent.ledger import Said, record_consent
from lygte.core.consent.models import Person
from lygte.core.consent.team import is_seated
from lygte.core.models import Member
from lygte.core.personal_signs import refuse_signs
from lygte.core.problems import Problem
from lygte.core.transactions import writing
from lygte.core.vault.keyring import keyring_of
from lygte.directory.services.codes import ASKS, AUTHORITY_KINDS
from lygte.directory.services.models import Service

from .. import codes
from ..models import TOLD, AuthorityRequest, Disclosure
from .sending import check_until

WAITING = ("asked", "confirmed")  # nothing has been handed over yet
LONGEST = {"full_name": 120, "statement": 2000}


@dataclass(frozen=True)
class Order:
    """A court order: who gave it, under which number, on which day."""

    court: str
    number: str
    day: date

    def check(self) -> None:
        """Raise Problem 422.544 where something is missing or the day has not come."""
        if not self.court.strip() or not self.number.strip() or self.day > timezone.localdate():
            raise Problem("422.544")


def groups_told(fields: Mapping[str, Any] | list[str]) -> list[str]:
    """Return the groups of consent that the pieces told belong to."""
    own = {"full_name": Group.IDENTITY, "statement": Group.SITUATION}
    return sorted({str(own[code] if code in own else ASKS[code].group) for code in fields})


def _check(values: Mapping[str, str]) -> dict[str, str]:
    told = {code: text.strip() for code, text in values.items() if text.strip()}
    if not told or not set(told) <= set(TOLD):
        raise Problem("422.545")
    for code, text in told.items():
        if len(text) > (LONGEST[code] if code in LONGEST else ASKS[code].longest):
            raise Problem("422.543", what=Disclosure.PERSONAL[code].label)
        refuse_signs(text, looked=True, at=Disclosure.PERSONAL[code].label)
    return told


@action(Verb.DISCLOSURE_ASK, details=lambda made: {"authority": made.request.authority, "ground": made.ground})
def ask_disclosure(
    *,
    member: Member,
    person: Person,
    authority: Service,
    values: Mapping[str, str],
    received_on: date,
    order: Order | None = None,
    said: Said | None = None,
    until: date | None = None,
) -> Disclosure:
    """Ask a second person to confirm that something is told to an authority: on a court order, or on consent.

    With `said` the consent is recorded here. Raises Problem 403.10 without either, 403.11 for who is not on the team,
    422.544 for an order that lacks something, 422.545 where nothing was chosen.
    """
    if person.organisation_id != member.organisation_id:
        raise Problem("404.1")
    if not is_seated(member, person):
        raise Problem("403.11")
    if authority.kind not in AUTHORITY_KINDS:
        raise Problem("422.542")
    told = _check(values)
    gate.hold_still([person.pk], to_change=True)
    if order is not None:
        order.check()
    elif said is not None:
        _record(member, person, authority, told, said, until)
    made = Disclosure(
        organisation=member.organisation,
        person=person,
        request=_line(member, authority.kind, received_on),
        service=authority,
        fields=list(told),
        ground="order" if order else "consent",
        asked_by=member,
        asked_at=timezone.now(),
    )
    _require_ground(made)
    about = {"court": order.court, "order_number": order.number, "order_day": f"{order.day:%Y-%m-%d}"} if order else {}
    gate.put(made, {**told, **about}, keyring_of(member).person_key(person.ref))
    return made


def _record(
    member: Member, person: Person, authority: Service, told: Mapping[str, str], said: Said, until: date | None
) -> None:
    if until is not None:
        check_until(until)
    record_consent(
        member=member,
        person=person,
        purpose=Purpose.AUTHORITY,
        groups=groups_told(told),
        said=said,
        recipient=authority.recipient,
        until=until,
    )


def _line(member: Member, authority: str, received_on: date) -> AuthorityRequest:
    if received_on > timezone.localdate() or authority not in AUTHORITY_KINDS:
        raise Problem("422.542")
    return AuthorityRequest.objects.create(
        organisation=member.organisation, authority=authority, received_on=received_on, written_by=member
    )


def stands(disclosure: Disclosure) -> bool:
    """Tell whether there is an order, or a consent that covers every piece, now."""
    if disclosure.ground == "order":
        return True
    agreed = gate.agreed_groups([disclosure.person], purpose=Purpose.AUTHORITY, recipient=disclosure.service.recipient)[
        disclosure.person_id
    ]
    return set(groups_told(disclosure.fields)) <= agreed


def _require_ground(disclosure: Disclosure) -> None:
    """Raise Problem 403.10 unless what it was asked on still stands."""
    if not stands(disclosure):
        raise Problem("403.10")


def _held(member: Member, disclosure: Disclosure, *states: str) -> Disclosure:
    if disclosure.organisation_id != member.organisation_id:
        raise Problem("404.1")
    gate.hold_still([disclosure.person_id], to_change=True)
    rows = Disclosure.objects.select_for_update(of=("self",)).select_related("person", "service", "request")
    current = rows.get(pk=disclosure.pk)
    if current.state not in states:
        raise Problem("409.543" if current.state == "handed_over" else "409.544")
    return current


@action(Verb.DISCLOSURE_CONFIRM)
def confirm_disclosure(*, member: Member, disclosure: Disclosure) -> Disclosure:
    """Confirm as the second person. Raises Problem 403.13 for the first, 403.10 where the person took it back."""
    current = _held(member, disclosure, "asked")
    if current.asked_by_id == member.pk:
        raise Problem("403.13")
    _require_ground(current)
    current.state, current.confirmed_by, current.confirmed_at = "confirmed", member, timezone.now()
    current.save(update_fields=["state", "confirmed_by", "confirmed_at"])
    return current


@action(Verb.DISCLOSURE_ASK, details=lambda disclosure: {"reason": disclosure.request.refusal})
def refuse_disclosure(*, member: Member, disclosure: Disclosure, reason: str) -> Disclosure:
    """Say no before anything was handed over. One person is enough for a no; what was written is thrown away."""
    current = _held(member, disclosure, "asked", "confirmed")
    if reason not in codes.NOT_HANDED_OVER:
        raise Problem("422.542")
    current.state, current.locked = "refused", None
    current.save(update_fields=["state", "locked"])
    _decide(current.request, "refused", refusal=reason)
    return current


@dataclass(frozen=True)
class Paper:
    """What is printed and given by hand."""

    disclosure: Disclosure
    values: Mapping[str, Any]

    @property
    def ref(self) -> str:
        return self.disclosure.ref


@action(Verb.DISCLOSURE_ASK, details=lambda paper: {"fields": len(paper.disclosure.fields)})
def hand_over(*, member: Member, disclosure: Disclosure) -> Paper:
    """Make the paper, once, and write the line that the person reads. Raises Problem 403.10 where consent is gone."""
    current = _held(member, disclosure, "confirmed")
    _require_ground(current)
    values = gate.open_record(current, keyring_of(member).person_key(current.person.ref))
    current.state, current.handed_over_at = "handed_over", timezone.now()
    current.save(update_fields=["state", "handed_over_at"])
    _decide(current.request, "handed_over", ground=current.ground)
    gate.note_seen(
        member=member,
        seen={current.person: groups_told(current.fields)},
        via=Via.AUTHORITY,
        purpose=Purpose.AUTHORITY,
        recipient=current.service.recipient,
    )
    return Paper(current, values)


def look_at(*, member: Member, disclosure: Disclosure) -> Mapping[str, Any]:
    """Return what stands in a disclosure to the two who answer, or may, for it; the person sees that somebody looked.

    Raises Problem 403.11 for others who are not on the team.
    """
    if disclosure.organisation_id != member.organisation_id:
        raise Problem("404.1")
    second = disclosure.state == "asked" and may(member, Verb.DISCLOSURE_CONFIRM)
    answers = member.pk in (disclosure.asked_by_id, disclosure.confirmed_by_id) or second
    if not answers and not is_seated(member, disclosure.person):
        raise Problem("403.11")
    with writing():
        gate.hold_still([disclosure.person_id])
        return _look_at(member, disclosure)


def _look_at(member: Member, disclosure: Disclosure) -> Mapping[str, Any]:
    """Open it, unless it waits and the person has taken back what it was asked on: then it is closed to everybody."""
    if disclosure.locked is None or (disclosure.state in WAITING and not stands(disclosure)):
        return {}
    values = gate.open_record(disclosure, keyring_of(member).person_key(disclosure.person.ref))
    gate.note_seen(member=member, seen={disclosure.person: groups_told(disclosure.fields)}, via=Via.PAGE)
    return values


def _decide(request: AuthorityRequest, outcome: str, *, ground: str = "", refusal: str = "") -> None:
    request.outcome, request.ground, request.refusal = outcome, ground, refusal
    request.decided_on = timezone.localdate()
    request.save(update_fields=["outcome", "ground", "refusal", "decided_on"])


@action(Verb.DISCLOSURE_ASK, details=lambda request: {"authority": request.authority, "reason": request.refusal})
def refuse_request(*, member: Member, authority: str, received_on: date, reason: str) -> AuthorityRequest:
    """Note that an authority wanted something and was told no. It names nobody, and says not whether we know anybody."""
    if reason not in codes.NOT_HANDED_OVER:
        raise Problem("422.542")
    request = _line(member, authority, received_on)
    _decide(request, "refused", refusal=reason)
    return request
