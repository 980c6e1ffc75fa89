"""Starting a timer, saying that one is safe, saying that somebody was reached."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from lygte.care.outreach.handover import place_card
from lygte.core.access import Verb
from lygte.core.actions import action
from lygte.core.models import Member
from lygte.core.problems import Problem

from . import reads
from .models import CheckIn
from .rules import LONGEST, may_be_due


@action(Verb.CHECKIN_START)
def start_check_in(*, member: Member, colleague: str, due_at: datetime, place: str = "", phone_id: str = "") -> CheckIn:
    """Start a timer, or return the one that the phone has started already; an older open one ends.

    Raises Problem 422.521 for somebody who cannot be told, 422.520 for a timer that is too long.
    """
    Member.objects.select_for_update(of=("self",)).get(pk=member.pk)  # two starts at once go one after the other
    known = CheckIn.objects.filter(member=member, phone_id=phone_id).first() if phone_id else None
    if known is not None:
        return known
    told = next((one for one in reads.colleagues(member) if one.ref == colleague), None)
    if told is None:
        raise Problem("422.521")
    now = timezone.now()
    if not may_be_due(due_at, now):
        raise Problem("422.520", hours=int(LONGEST.total_seconds() // 3600))
    where = place_card(member, place).ref if place else ""
    CheckIn.objects.filter(member=member, ended_at=None).update(ended_at=now, ended_by=member)
    return CheckIn.objects.create(
        organisation=member.organisation, member=member, colleague=told, place=where, phone_id=phone_id,
        started_at=now, due_at=due_at,
    )  # fmt: skip


@action(Verb.CHECKIN_END)
def end_check_in(*, member: Member, timer: CheckIn) -> CheckIn:
    """Say that one is safe; once more changes nothing. Only whoever is out can say it."""
    if timer.member_id != member.pk:
        raise Problem("404.1")
    return _ended(timer, member) if timer.ended_at is None else timer


@action(Verb.CHECKIN_REACHED)
def say_reached(*, member: Member, timer: CheckIn) -> CheckIn:
    """Say that whoever is out was reached: whoever was told, or a coordinator who sees it."""
    if timer.ended_at is not None:
        raise Problem("409.520")
    if timer.pk not in {one.pk for one in reads.watched(member)}:
        raise Problem("404.1")
    return _ended(timer, member)


def _ended(timer: CheckIn, member: Member) -> CheckIn:
    timer.ended_at = timezone.now()
    timer.ended_by = member
    timer.save(update_fields=["ended_at", "ended_by"])
    return timer
