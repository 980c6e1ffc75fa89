"""Who is out alone and who is told. A colleague sees the timers that name them; coordinators those nobody answered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from lygte.care.outreach.handover import place_card
from lygte.core.access import Verb, may
from lygte.core.models import Member, Role
from lygte.core.problems import Problem
from lygte.core.today import Need, needs

from .models import CheckIn
from .rules import concerns_coordinators, is_overdue


def colleagues(member: Member) -> list[Member]:
    """Return who may be told: everybody else of the organisation who may see timers, by name."""
    others = Member.objects.filter(organisation=member.organisation, active=True, user__is_active=True)
    found = others.exclude(pk=member.pk).select_related("user", "organisation")
    return [other for other in found if may(other, Verb.CHECKIN_LIST)]


def _open(member: Member) -> QuerySet[CheckIn]:
    found = CheckIn.objects.filter(organisation=member.organisation, ended_at=None)
    return found.select_related("member__user", "colleague__user")


def mine(member: Member) -> CheckIn | None:
    return _open(member).filter(member=member).first()


def watched(member: Member) -> list[CheckIn]:
    """Return the timers of others that this member should know of now."""
    now = timezone.now()
    everybody = member.role == Role.COORDINATOR
    return [
        one
        for one in _open(member).exclude(member=member)
        if one.colleague_id == member.pk or (everybody and concerns_coordinators(one.due_at, now))
    ]


@dataclass(frozen=True)
class Card:
    """A timer as it is shown."""

    timer: CheckIn
    overdue: bool
    place: str


def card(member: Member, timer: CheckIn) -> Card:
    return Card(timer, is_overdue(timer.due_at, timezone.now()), place_name(member, timer.place))


def place_name(member: Member, ref: str) -> str:
    """Return the code name of a place, or nothing where it is gone."""
    try:
        return place_card(member, ref).code_name if ref else ""
    except Problem:
        return ""


def clock(timer: CheckIn) -> str:
    return date_format(timezone.localtime(timer.due_at), "TIME_FORMAT")


@needs
def overdue(member: Member) -> list[Need]:
    """Tell the colleague, and one's own timer to oneself. Nothing here waits for the worker that looks at timers."""
    if not may(member, Verb.CHECKIN_LIST):
        return []
    url = reverse("checkins:list")
    found = [
        Need(
            title=_("%(name)s has not checked in") % {"name": one.timer.member.user.name},
            detail=_("Expected back at %(time)s. Call now.") % {"time": clock(one.timer)},
            url=url,
            urgent=True,
        )
        for one in (card(member, timer) for timer in watched(member))
        if one.overdue
    ]
    own = mine(member)
    if own is not None and is_overdue(own.due_at, timezone.now()):
        title = _("Say that you are safe")
        detail = _("You wanted to be back at %(time)s. Your colleague is told.") % {"time": clock(own)}
        found.append(Need(title=title, detail=detail, url=url, urgent=True))
    return found


# For phones ----------------------------------------------------------------------------------------------------------
def colleagues_for_phone(member: Member) -> list[dict[str, Any]]:
    return [{"ref": one.ref, "name": one.user.name} for one in colleagues(member)]


def watching_for_phone(member: Member) -> list[dict[str, Any]]:
    if not may(member, Verb.CHECKIN_LIST):
        return []
    return [
        {
            "ref": one.timer.ref,
            "name": one.timer.member.user.name,
            "due": one.timer.due_at.isoformat(),
            "place": one.place,
            "overdue": one.overdue,
        }
        for one in (card(member, timer) for timer in watched(member))
    ]
