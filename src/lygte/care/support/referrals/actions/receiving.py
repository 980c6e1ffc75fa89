"""What the receiver does: opens, answers, confirms a deletion. On Lygte with a keyring, elsewhere with twelve words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django_scopes import scopes_disabled

from lygte.core.access import Verb
from lygte.core.actions import action
from lygte.core.audit import AuditEntry, write_entry
from lygte.core.consent import gate
from lygte.core.consent.codes import Purpose, Via
from lygte.core.consent.models import Seen
from lygte.core.models import Member
from lygte.core.personal_signs import refuse_signs
from lygte.core.problems import Problem
from lygte.core.transactions import writing

from .. import codes, counting, packages, reads, rules, twelve
from ..models import Package, Referral
from ..recall import covered, end_referrals

LONGEST_NOTE = 600


@dataclass(frozen=True)
class Opened:
    """A package and what is in it; empty where it can no longer be opened."""

    package: Package
    values: Mapping[str, Any]

    @property
    def ref(self) -> str:
        return self.package.ref


Opener = Callable[[Package], Mapping[str, Any]]


# On Lygte ---------------------------------------------------------------------------------------------------------------
@action(Verb.REFERRAL_RECEIVE)
def open_package(*, member: Member, package: Package) -> Opened:
    """Open a package that was sent to the member's organisation. The person can see that it was, and by whom.

    What was recalled or is over comes back empty. Raises Problem 423.1 where the session has no key open.
    """
    reads.require_recipient(member, package)
    return _open(package, lambda current: packages.open_for_house(current, member), member)


@action(Verb.REFERRAL_RECEIVE, details=lambda package: {"answer": package.answer, "reason": package.refusal})
def answer_package(*, member: Member, package: Package, answer: str, refusal: str = "", note: str = "") -> Package:
    """Answer a package that was sent to the member's organisation. Raises Problem 409.540 if somebody was quicker."""
    reads.require_recipient(member, package)
    return _answer(package, answer, refusal, note)


@action(Verb.REFERRAL_RECEIVE, details=lambda package: {"deleted": True})
def confirm_deletion(*, member: Member, package: Package) -> Package:
    """Confirm that what was noted from a recalled package is deleted."""
    reads.require_recipient(member, package)
    return _confirm(package, member)


# By link ------------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Words:
    """A link and the words that came with it, found to belong together."""

    package: Package
    secret: bytes


def read_words(ref: str, typed: str) -> Words:
    """Return the package of a link and its words. Problem 404.540 is the same for whatever does not fit."""
    secret = twelve.secret_of(typed)
    lookup = packages.lookup_of(secret) if secret else "-"
    package = Package.objects.select_related("service", "sender").filter(lookup=lookup, ref=ref).first()
    if package is None or secret is None:
        raise Problem("404.540")
    return Words(package, secret)


def open_by_words(words: Words) -> Opened:
    """Open a package by its words; empty where it was recalled or is over."""
    with writing():
        return _open(words.package, lambda current: packages.open_by_words(current, words.secret), None)


def answer_by_words(words: Words, *, answer: str, refusal: str = "", note: str = "") -> Package:
    """Answer a package by its words."""
    with writing():
        return _answer(words.package, answer, refusal, note)


def confirm_by_words(words: Words) -> Package:
    """Confirm by the words that what was noted is deleted."""
    with writing():
        return _confirm(words.package, None)


# Both ---------------------------------------------------------------------------------------------------------------
def _referral_of(package: Package) -> Referral | None:
    """Return whose package it is; for what must be checked and noted, never for the receiver."""
    with scopes_disabled():
        rows = Referral.objects.select_related("person__organisation", "organisation", "package__service")
        return rows.filter(package=package).first()


def _held(package: Package) -> tuple[Package, Referral | None]:
    """Lock the person's consent and then the package, and end it now where it is over or no longer agreed to."""
    referral = _referral_of(package)
    if referral is not None:
        gate.hold_still([referral.person_id], to_change=True)
    rows = Package.objects.select_for_update(of=("self",)).select_related("service", "sender", "recipient")
    current = rows.get(pk=package.pk)
    if current.live and referral is not None and _has_run_out(current, referral):
        with scopes_disabled():
            end_referrals([referral], "expired")
        current = rows.get(pk=package.pk)
    return current, referral


def _has_run_out(package: Package, referral: Referral) -> bool:
    return package.is_over(timezone.localdate()) or not covered(referral)


def _open(package: Package, opener: Opener, member: Member | None) -> Opened:
    current, referral = _held(package)
    if referral is None or not current.live:
        return Opened(current, {})
    values = opener(current)
    if current.seen_at is None:
        current.seen_at = timezone.now()
        current.save(update_fields=["seen_at"])
    _note_opening(current, referral, member)
    return Opened(current, values)


def _note_opening(package: Package, referral: Referral, member: Member | None) -> None:
    """Write the line that the person reads, and one in the log of the house that sent; the receiver learns no reference."""
    entry = _in_log_of_sender(package, referral, {"opened": package.way})
    at, sequence = entry.at, entry.sequence
    house = package.recipient or referral.organisation
    if package.recipient is not None:
        own = write_entry(organisation=house, member=member, verb=Verb.RECORD_READ, subject=package.ref)
        at, sequence = own.at, own.sequence
    Seen.objects.create(
        person=referral.person.ref,
        at=at,
        member=member,
        organisation=house,
        via=Via.REFERRAL,
        groups=rules.groups_of(package.fields),
        purpose=Purpose.REFERRAL,
        recipient=package.service.recipient,
        entry=sequence,
    )


def _in_log_of_sender(package: Package, referral: Referral, details: Mapping[str, Any]) -> AuditEntry:
    return write_entry(
        organisation=package.sender, member=None, verb=Verb.REFERRAL_RECEIVE, subject=referral.ref, details=details
    )


def _answer(package: Package, answer: str, refusal: str, note: str) -> Package:
    text = note.strip()
    if len(text) > LONGEST_NOTE:
        raise Problem("422.543", what=codes.STATES.get(answer, answer))
    refuse_signs(text, looked=True)
    current, referral = _held(package)
    if current.end or referral is None:
        raise Problem("410.540")
    if answer not in codes.ANSWERS or (answer == "refused" and refusal not in codes.REFUSALS):
        raise Problem("422.542")
    if answer not in rules.FOLLOWS.get(current.answer, frozenset()):
        raise Problem("409.540", state=current.state_label)
    _write_answer(current, answer, refusal, text)
    _in_log_of_sender(current, referral, {"answer": answer, "reason": current.refusal})
    referral.package = current
    counting.count_again([referral])
    return current


def _write_answer(package: Package, answer: str, refusal: str, note: str) -> None:
    now = timezone.now()
    package.answer, package.refusal = answer, refusal if answer == "refused" else ""
    package.answered_at = package.answered_at or now
    package.seen_at = package.seen_at or now
    package.changed_at = now
    if note:  # an answer without one says nothing new, and what was written before still helps
        packages.put_reply(package, note)
    if answer in rules.CLOSING:
        packages.close(package)
    package.save()


def _confirm(package: Package, member: Member | None) -> Package:
    current, referral = _held(package)
    if current.acknowledged_at is not None:
        raise Problem("409.542")
    if not current.waits_for_deletion:
        raise Problem("422.542")
    current.acknowledged_at, current.acknowledged_by = timezone.now(), member
    current.save(update_fields=["acknowledged_at", "acknowledged_by"])
    if referral is not None:
        _in_log_of_sender(current, referral, {"deleted": True})
    return current
