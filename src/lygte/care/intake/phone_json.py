"""What the app on a phone asks in JSON: who is asking by the token in the path, and answers that it understands.

A phone that was revoked is told that it is cut off, and empties itself; a token that nobody knows empties nothing.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django_scopes import scope, scopes_disabled

from lygte.core.access import Verb, may, public
from lygte.core.problems import Problem

from .actions.phones import hash_of, note_seen
from .lists import the_one
from .models import Device

log = logging.getLogger(__name__)
LARGEST = 64 * 1024

Answer = dict[str, Any]
View = Callable[..., Answer]
CUT_OFF: Answer = {"state": "cut_off"}
UNKNOWN: Answer = {"state": "unknown"}


def phone_json(*methods: str) -> Callable[[View], Callable[..., HttpResponse]]:
    """Open a view `view(request, device, ...) -> dict` to phones that have their token in the path."""

    def wrap(view: View) -> Callable[..., HttpResponse]:
        @csrf_exempt
        @public
        @wraps(view)
        def answered(request: HttpRequest, *, token: str, **arguments: Any) -> HttpResponse:
            return answer(request, methods, the_phone(token_hash=hash_of(token)), view, **arguments)

        return answered

    return wrap


def the_phone(**known: str) -> Device | None:
    """Return the phone of this token or reference, revoked ones as well: they are told so."""
    with scopes_disabled():
        device = the_one(Device.objects.filter(**known).select_related("member__organisation", "member__user"))
    if device is not None:
        device.organisation = device.member.organisation  # the same, and already read
    return device


def cut_off(device: Device) -> bool:
    """Return whether this phone may not go on: it was revoked, or whoever carries it has left."""
    member = device.member
    living = device.revoked_at is None and member.active and member.user.is_active
    return not (living and may(member, Verb.SUBMISSION_RECEIVE))


def answer(
    request: HttpRequest, methods: tuple[str, ...], device: Device | None, view: View, **arguments: Any
) -> HttpResponse:
    """Answer a phone: what the view says, or why not, always as JSON and never kept on the way."""
    try:
        if request.method not in methods:
            raise Problem("405.159")
        if device is None or cut_off(device):
            return said(UNKNOWN if device is None else CUT_OFF, 403)
        with scope(organisation=device.organisation):
            note_seen(device=device)
            content = view(request, device, **arguments)
            return said(content, 201 if content.get("state") == "stored" else 200)
    except Problem as problem:
        return told(problem)
    except (OperationalError, OSError):
        log.exception("a phone was told to come again later")
        return told(Problem("503.161"))


def said(content: Answer, status: int = 200) -> HttpResponse:
    response = JsonResponse(content, status=status)
    response["Cache-Control"] = "no-store"
    return response


def told(problem: Problem) -> HttpResponse:
    words = {"number": problem.number, "sentence": problem.sentence, "next_step": problem.next_step}
    return said({"state": "problem", **words}, problem.status)


def content_of(request: HttpRequest) -> Answer:
    """Return the object that a phone sent, or raise Problem 400.521."""
    try:
        content = json.loads(request.body) if len(request.body) <= LARGEST else None
    except (ValueError, RecursionError):
        content = None
    if not isinstance(content, dict):
        raise Problem("400.521")
    return content


def text_of(content: Answer, name: str, longest: int = 80) -> str:
    """Return a text that a phone sent under a name, or raise Problem 400.521."""
    value = content.get(name, "")
    if not isinstance(value, str) or len(value) > longest or "\0" in value:
        raise Problem("400.521")
    return value


def ticket_fits(device: Device, envelope: bytes, ticket: str) -> bool:
    """Return whether the phone itself gave this ticket for exactly this envelope (see docs/rooms/field.md)."""
    words = b"lygte/send|" + hashlib.sha256(envelope).hexdigest().encode()
    right = hmac.new(bytes.fromhex(device.token_hash), words, hashlib.sha256).hexdigest()
    return hmac.compare_digest(right.encode(), ticket.encode(errors="replace"))
