"""The calendar of a member: made, taken back, and read by a phone at a secret address. It says when, and never what."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import UTC, date, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django_scopes import scope

from lygte.core.access import Verb, may, page, public
from lygte.core.asking import Request
from lygte.core.problems import Problem

from .. import reads
from ..actions import make_feed, revoke_feed
from ..actions.feeds import hash_of
from ..models import Feed


@require_POST
@page(Verb.CASE_LIST)
def feed_make(request: Request) -> HttpResponse:
    """Make an address and show it, this once."""
    made = make_feed(member=request.member)
    url = request.build_absolute_uri(reverse("cases:calendar", args=[made.token]))
    return render(request, "cases/feed.html", {"url": url})


@require_POST
@page(Verb.CASE_LIST)
def feed_revoke(request: Request) -> HttpResponse:
    revoke_feed(member=request.member)
    return redirect("cases:my_day")


@require_safe
@public
def calendar(request: HttpRequest, token: str) -> HttpResponse:
    """Give the days on which something is due to whoever holds the address."""
    feed = Feed.objects.filter(token_hash=hash_of(token)).select_related("member__organisation", "member__user").first()
    if feed is None or not may(feed.member, Verb.CASE_LIST):
        raise Problem("404.500")
    member = feed.member
    language = member.user.language or member.organisation.language
    with scope(organisation=member.organisation), translation.override(language):
        text = as_calendar(reads.days_with_something(member), secret=feed.token_hash)
    response = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    add_never_cache_headers(response)
    return response


def as_calendar(days: Iterable[date], *, secret: str) -> str:
    """Return days as iCalendar (RFC 5545): one event a day without any content, however much is due on it."""
    stamp = timezone.now().astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Lygte//EN", "CALSCALE:GREGORIAN"]
    for day in days:
        uid = hashlib.sha256(f"{secret}|{day.isoformat()}".encode()).hexdigest()[:32]
        lines += [
            "BEGIN:VEVENT",
            f"UID:{uid}",
            f"DTSTAMP:{stamp}",
            f"DTSTART;VALUE=DATE:{day:%Y%m%d}",
            f"DTEND;VALUE=DATE:{day + timedelta(days=1):%Y%m%d}",
            "SUMMARY:" + _("Lygte: something is due"),
            "TRANSP:TRANSPARENT",
            "CLASS:PRIVATE",
            "END:VEVENT",
        ]
    return "\r\n".join([*lines, "END:VCALENDAR", ""])
