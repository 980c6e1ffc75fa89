"""What the app on a phone says about a timer. The same twice is the same timer: answers get lost on the way."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils.dateparse import parse_datetime
from django.utils.timezone import is_naive

from lygte.care.intake.handover import content_of, phone_json, text_of
from lygte.core.problems import Problem

from ..actions import end_check_in, start_check_in
from ..models import CheckIn


@phone_json("POST")
def start(request: HttpRequest, device: Any) -> dict[str, Any]:
    content = content_of(request)
    timer = start_check_in(
        member=device.member,
        colleague=text_of(content, "colleague"),
        due_at=_moment(text_of(content, "due")),
        place=text_of(content, "place"),
        phone_id=text_of(content, "id", longest=32),
    )
    return {"state": "known", "due": timer.due_at.isoformat()}


@phone_json("POST")
def safe(request: HttpRequest, device: Any, timer: str) -> dict[str, Any]:
    """End the timer that the phone knows by this number; one that never came here needs no end."""
    found = CheckIn.objects.filter(member=device.member, phone_id=timer).first()
    if found is None:
        return {"state": "unknown_timer"}
    end_check_in(member=device.member, timer=found)
    return {"state": "safe"}


def _moment(text: str) -> datetime:
    try:
        moment = parse_datetime(text)
    except ValueError:
        moment = None
    if moment is None or is_naive(moment):
        raise Problem("400.521")
    return moment
