"""Named questions about batches and messages. Each that shows something takes the member first.

No list counts its table; the funnel reads running totals, so that it does not grow slower with the batches.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Prefetch, Q, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lygte.core.access import Verb, fetch, may
from lygte.core.models import Member
from lygte.core.problems import Problem
from lygte.core.today import Need, needs
from lygte.directory.areas import areas_within

from . import codes
from .models import Batch, Message, Tally, Version

PAGE = 50
MOST_COUNTED = 100
WAITS_AFTER = timedelta(days=2)


# Messages --------------------------------------------------------------------------------------------------------------
def messages(member: Member) -> list[Message]:
    """Return the organisation's messages by title, each with its versions."""
    versions = Prefetch("versions", Version.objects.filter(organisation=member.organisation).order_by("-number"))
    found = Message.objects.filter(organisation=member.organisation).prefetch_related(versions)
    return list(found.order_by("title"))


def published(message: Message) -> Version | None:
    """Return the version that batches are made with."""
    return next((one for one in message.versions.all() if one.published_at is not None), None)


def draft(message: Message) -> Version | None:
    return next((one for one in message.versions.all() if one.published_at is None), None)


# Batches ---------------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class BatchFilter:
    """What the list of batches is asked for; empty means everything that stands."""

    channel: str = ""
    method: str = ""
    waiting: bool = False
    withdrawn: bool = False


@dataclass(frozen=True)
class Slice:
    """One page of a long list, newest first; `older` is where to go on from, `newer` says that this is not the start."""

    batches: list[Batch]
    older: str = ""
    newer: bool = False


def batches(member: Member, wanted: BatchFilter, *, after: str = "", size: int = PAGE) -> Slice:
    """Return a page of batches, newest first, starting after the batch whose reference is given."""
    found = _matching(member, wanted)
    if after:
        last = batch(member, after)
        found = found.filter(Q(day__lt=last.day) | Q(day=last.day, id__lt=last.pk)).filter(day__lte=last.day)
    page = list(found.select_related("version__message").order_by("-day", "-id")[: size + 1])
    more, page = len(page) > size, page[:size]
    return Slice(page, older=page[-1].ref if more else "", newer=bool(after))


def _matching(member: Member, wanted: BatchFilter) -> QuerySet[Batch]:
    found = Batch.objects.filter(organisation=member.organisation, withdrawn_at__isnull=not wanted.withdrawn)
    if wanted.channel:
        found = found.filter(channel=wanted.channel)
    if wanted.method:
        found = found.filter(method=wanted.method)
    if wanted.waiting:
        found = found.filter(sent=None)
    return found


def batch(member: Member, ref: str) -> Batch:
    """Return one batch, or Problem 404.1."""
    if not ref.isalnum():  # it may come from behind a question mark, where anything can stand
        raise Problem("404.1")
    return fetch(member, Batch, ref)


def can_be_taken_back(one: Batch) -> bool:
    return not one.withdrawn and timezone.localtime(one.made_at).date() == timezone.localdate()


@needs
def waiting_for_outcomes(member: Member) -> list[Need]:
    """Tell field staff of batches of which nobody has written down what came of them."""
    if not may(member, Verb.NETREACH_CHANGE):
        return []
    until = timezone.localdate() - WAITS_AFTER
    found = Batch.objects.filter(organisation=member.organisation, sent=None, withdrawn_at=None, day__lte=until)
    count = len(found.order_by().values_list("pk", flat=True)[:MOST_COUNTED])
    if not count:
        return []
    title = ngettext("%(count)d batch waits for its figures", "%(count)d batches wait for their figures", count)
    return [
        Need(
            title=title % {"count": count},
            detail=_("Nobody has written down yet what was sent and what came of it."),
            url=reverse("netreach:list") + "?waiting=on",
            count=count,
        )
    ]


# The funnel ------------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class FunnelFilter:
    """Which months (“2026-07”, both included) and which batches the funnel is of; empty means all."""

    since: str
    until: str
    channel: str = ""
    method: str = ""
    language: str = ""
    area: str = ""


@dataclass(frozen=True)
class Funnel:
    """What came of all batches of one's own organisation, from a message to help, and the harm beside it."""

    batches: int
    steps: Mapping[str, int]
    harms: Mapping[str, int]


def funnel(member: Member, wanted: FunnelFilter) -> Funnel:
    """Return the sums of the organisation's own batches in some months."""
    found = Tally.objects.filter(
        organisation=member.organisation, month__gte=wanted.since, month__lte=wanted.until
    ).filter(**{name: code for name in ("channel", "method", "language") if (code := getattr(wanted, name))})
    if wanted.area:
        found = found.filter(area__in=areas_within(wanted.area))
    sums = found.aggregate(**{f"of_{name}": Coalesce(Sum(name), 0) for name in ("batches", *codes.COUNTS)})
    return Funnel(
        batches=sums["of_batches"],
        steps={name: sums[f"of_{name}"] for name in codes.STEPS},
        harms={name: sums[f"of_{name}"] for name in codes.HARMS},
    )


def months_back(today: date, count: int) -> list[str]:
    """Return the last months, this one first, as “2026-07”."""
    number = today.year * 12 + today.month - 1
    return [f"{(number - back) // 12:04d}-{(number - back) % 12 + 1:02d}" for back in range(count)]
