"""What the app on a phone asks: a token of its own, what its carrier may know today."""

from __future__ import annotations

import re
from contextlib import ExitStack
from functools import partial

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.views.decorators.csrf import csrf_exempt

from lygte.core.access import public
from lygte.core.problems import Problem

from ..actions import receive_envelope
from ..actions.phones import renew_token
from ..models import Device
from ..multipart import parts_of
from ..phone_json import Answer, answer, content_of, phone_json, text_of, the_phone, ticket_fits
from ..receivers import PHONE_NOTES

_FILE = re.compile(r"file-(\d{1,3})")


@phone_json("POST")
def renew(request: HttpRequest, device: Device) -> Answer:
    """Take the hash of a token that the phone made by itself; the one from the link is dead from now on."""
    digest = text_of(content_of(request), "hash")
    if not re.fullmatch(r"[0-9a-f]{64}", digest):
        raise Problem("400.521")
    renew_token(member=device.member, device=device, token_hash=digest)
    return {"phone": device.ref}


@phone_json("GET")
def phone(request: HttpRequest, device: Device) -> Answer:
    """Tell a phone its own reference: it asks again when the answer to its new token was lost."""
    return {"phone": device.ref}


@phone_json("GET")
def today(request: HttpRequest, device: Device) -> Answer:
    """Tell what the rooms give to phones: places, rounds, colleagues, in the language of the app."""
    asked = request.GET.get("language", "")
    language = asked if asked in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
    with translation.override(language):
        notes = {name: provider(device.member) for name, provider in PHONE_NOTES.items()}
    return {"day": timezone.localdate().isoformat(), "places": [], "rounds": [], **notes}


@csrf_exempt
@public
def send(request: HttpRequest, ref: str) -> HttpResponse:
    """Take in a sealed form that the app sends while it is locked: a ticket stands in for the token.

    The ticket lets exactly one envelope in. Whoever finds the phone can send what is sealed on it, and nothing else.
    """
    with ExitStack() as stack:
        return answer(request, ("POST",), the_phone(ref=ref), partial(_take, stack=stack))


def _take(request: HttpRequest, device: Device, stack: ExitStack) -> Answer:
    parts = stack.enter_context(parts_of(request))
    envelopes = [bytes(part.content) for part in parts if part.name == "envelope"]
    if len(envelopes) != 1 or not ticket_fits(device, envelopes[0], request.headers.get("X-Ticket", "")):
        raise Problem("403.520")
    files = {int(match[1]): part.content for part in parts if (match := _FILE.fullmatch(part.name))}
    receive_envelope(member=device.member, device=device, whole=envelopes[0], files=files)
    return {"state": "stored"}
