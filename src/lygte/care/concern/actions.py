"""Noting a sign, taking it back, objecting to it; and the separate decision of two people to tell an authority."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.utils import timezone

from lygte.core.access import Verb
from lygte.core.actions import action
from lygte.core.models import Member
from lygte.core.personal_signs import refuse_signs
from lygte.core.problems import Problem

from . import codes, reads, words
from .models import Contest, NotedSign, Telling
from .rulefile import rule_on
from .rules import State, may_be_noted


@action(Verb.CONCERN_NOTE, details=lambda noted: {"sign": noted.sign})
def note_sign(*, member: Member, place: str, sign: str, known: str, sure: str, day: date) -> NotedSign:
    """Note one sign about a place. Another person noting the same is the second look.

    Raises Problem 422.680 for what is on no list, 422.681 for a day that cannot be, 409.680 for a closed place,
    409.681 for the same sign of the same day by the same person.
    """
    card = reads.place_of(member, place)
    today = timezone.localdate()
    rule = rule_on(today)
    if sign not in rule.signs or known not in codes.KNOWN or sure not in codes.SURE:
        raise Problem("422.680", at=words.SIGN)
    if not may_be_noted(day, rule, today):
        raise Problem("422.681", at=words.DAY, days=rule.ends_after_days)
    if not card.active:
        raise Problem("409.680")
    same = NotedSign.objects.filter(organisation=member.organisation, place=place, sign=sign, day=day, noted_by=member)
    if same.filter(withdrawn_at=None).exists():
        raise Problem("409.681")
    return NotedSign.objects.create(
        organisation=member.organisation, place=place, sign=sign, known=known, sure=sure, day=day,
        rule_version=rule.version, noted_by=member, noted_at=timezone.now(),
    )  # fmt: skip


def _mine(member: Member, noted: NotedSign) -> NotedSign:
    """Return a sign again, under a lock, if it is the member's own; else Problem 403.680."""
    current = NotedSign.objects.select_for_update(of=("self",)).get(pk=noted.pk)
    if current.noted_by_id != member.pk:
        raise Problem("403.680")
    return current


@action(Verb.CONCERN_NOTE, details=lambda noted: {"withdrawn": True})
def withdraw_sign(*, member: Member, noted: NotedSign) -> NotedSign:
    """Take back a sign that one noted oneself; it counts no more, and nobody else sees it."""
    current = _mine(member, noted)
    if current.withdrawn_at is None:
        current.withdrawn_at = timezone.now()
        current.save(update_fields=["withdrawn_at"])
    return current


@action(Verb.CONCERN_NOTE, details=lambda noted: {"restored": True})
def restore_sign(*, member: Member, noted: NotedSign) -> NotedSign:
    """Undo taking it back."""
    current = _mine(member, noted)
    current.withdrawn_at = None
    current.save(update_fields=["withdrawn_at"])
    return current


@action(Verb.CONCERN_NOTE, details=lambda contest: {"reason": contest.reason})
def contest_sign(*, member: Member, noted: NotedSign, reason: str, note: str = "", looked: bool = False) -> Contest:
    """Object to a sign that somebody else noted; while the objection stands, the sign does not count.

    Raises 422.10 or 422.11 for what in the note looks like a way to one person, 409.682 for one's own sign.
    """
    if reason not in codes.CONTESTS:
        raise Problem("422.680", at=words.REASON)
    if noted.noted_by_id == member.pk or noted.withdrawn_at is not None:
        raise Problem("409.682")
    refuse_signs(note, looked=looked, at=words.NOTE)
    made, _new = Contest.objects.update_or_create(
        noted=noted, contested_by=member, organisation=member.organisation,
        defaults={"reason": reason, "note": note.strip()[:300], "contested_at": timezone.now()},
    )  # fmt: skip
    return made


@action(Verb.CONCERN_NOTE, details=lambda noted: {"contest": "withdrawn"})
def withdraw_contest(*, member: Member, noted: NotedSign) -> NotedSign:
    """Take back one's own objection."""
    Contest.objects.filter(noted=noted, contested_by=member).delete()
    return noted


# Telling an authority -------------------------------------------------------------------------------------------------
@action(Verb.CONCERN_TELL, details=lambda telling: {"authority": telling.authority, "ground": telling.ground})
def ask_telling(
    *,
    member: Member,
    place: str,
    authority: str,
    ground: str,
    people: str,
    pieces: Iterable[str],
    why: str,
    looked: bool = False,
) -> Telling:
    """Ask a second person to decide that an authority is told something about a place.

    Raises Problem 422.682 where a choice or the reason is missing, 422.683 where the people there do not want it and no
    court has ordered it, 422.684 where the place is not of concern and nobody is in danger.
    """
    reads.place_of(member, place)
    chosen = [piece for piece in codes.PIECES if piece in set(pieces)]
    known = authority in codes.AUTHORITIES and ground in codes.GROUNDS and people in codes.PEOPLE
    if not known or not chosen or not why.strip() or len(why) > 500:
        raise Problem("422.682")
    refuse_signs(why, looked=looked, at=words.WHY)
    if people == "no" and ground != "order":
        raise Problem("422.683")
    if ground == "asked_for" and people != "agree":
        raise Problem("422.683")
    if ground == "asked_for" and reads.standing(member, place).state is not State.CONCERN:
        raise Problem("422.684")
    return Telling.objects.create(
        organisation=member.organisation, place=place, authority=authority, ground=ground, people=people,
        pieces=chosen, why=why.strip(), asked_by=member, asked_at=timezone.now(),
    )  # fmt: skip


def _held(telling: Telling, *states: str) -> Telling:
    """Return the decision again under a lock, or Problem 409.683 where it has gone on meanwhile."""
    current = Telling.objects.select_for_update(of=("self",)).get(pk=telling.pk)
    if current.state not in states:
        raise Problem("409.683")
    return current


@action(Verb.CONCERN_CONFIRM)
def confirm_telling(*, member: Member, telling: Telling) -> Telling:
    """Confirm as the second person. Raises Problem 403.681 for the first."""
    current = _held(telling, "asked")
    if current.asked_by_id == member.pk:
        raise Problem("403.681")
    current.state, current.confirmed_by = "confirmed", member
    current.save(update_fields=["state", "confirmed_by"])
    return current


@action(Verb.CONCERN_TELL, details=lambda telling: {"refused": True})
def refuse_telling(*, member: Member, telling: Telling) -> Telling:
    """Say no before anything was told. One person is enough for a no; what was written is thrown away.

    Whoever asked takes their own wish back: that is no refusal by a second person, and is not called one.
    """
    current = _held(telling, "asked", "confirmed")
    current.state = "withdrawn" if current.asked_by_id == member.pk else "refused"
    current.decided_by, current.decided_at, current.why = member, timezone.now(), ""
    current.save(update_fields=["state", "decided_by", "decided_at", "why"])
    return current


@action(Verb.CONCERN_TELL, details=lambda telling: {"authority": telling.authority, "pieces": len(telling.pieces)})
def note_told(*, member: Member, telling: Telling) -> Telling:
    """Note that it was told, by telephone or on paper: Lygte itself sends nothing to an authority."""
    current = _held(telling, "confirmed")
    current.state, current.decided_by, current.decided_at = "told", member, timezone.now()
    current.save(update_fields=["state", "decided_by", "decided_at"])
    return current
