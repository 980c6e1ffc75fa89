"""What our own phone app asks: the keys to seal with, whether it is cut off, and taking in what it sealed. JSON."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.db import InterfaceError, InternalError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django_scopes import scope, scopes_disabled

from lygte.core.access import Verb, may, public
from lygte.core.models import Organisation
from lygte.core.problems import Problem
from lygte.core.vault.arrivals import PublicKey, current_public, intake_key

from ..actions import find_device_by_token, is_cut_off, note_seen, receive_envelope
from ..for_phones import versions_for_phones
from ..grades import GEO, GRIDS, OPEN
from ..models import Device, FormVersion
from ..multipart import parts_of

log = logging.getLogger(__name__)
FORMAT = 1
_FILE = re.compile(r"file-(\d{1,3})")

View = Callable[[HttpRequest, Device], JsonResponse]


def for_our_app(*methods: str) -> Callable[[View], Callable[..., HttpResponse]]:
    """Open a view `view(request, device)` to phones with a token; every answer is JSON, errors included."""

    def wrap(view: View) -> Callable[..., HttpResponse]:
        @csrf_exempt
        @public
        @wraps(view)
        def answered(request: HttpRequest, *, token: str) -> HttpResponse:
            try:
                response = _answer(request, token, view, methods)
            except Problem as problem:
                response = told(problem)
            except (OperationalError, InterfaceError, InternalError, OSError):
                log.exception("a phone was told to come again later")
                response = told(Problem("503.161"))
            response["Cache-Control"] = "no-store"
            return response

        return answered

    return wrap


def _answer(request: HttpRequest, token: str, view: View, methods: tuple[str, ...]) -> JsonResponse:
    with scopes_disabled():
        device = find_device_by_token(token)
        if device is None or not may(device.member, Verb.SUBMISSION_RECEIVE):
            return told(Problem("403.156"), state="cut_off" if is_cut_off(token) else "unknown")
    with scope(organisation=device.organisation):
        if request.method not in methods:
            raise Problem("405.159")
        note_seen(device=device)
        return view(request, device)


def told(problem: Problem, **more: Any) -> JsonResponse:
    words = {"number": problem.number, "sentence": problem.sentence, "next_step": problem.next_step}
    return JsonResponse({**more, **words}, status=problem.status)


@for_our_app("GET", "HEAD")
def keys(request: HttpRequest, device: Device) -> JsonResponse:
    organisation = device.organisation
    own = current_public(organisation)
    return JsonResponse(
        {
            "format": FORMAT,
            "state": "connected",
            "organisation": {"ref": organisation.ref, "name": organisation.name},
            "intake": _key(intake_key()),
            "organisation_key": _key(own) if own else None,
            "forms": [_form(version) for version in _newest(organisation)],
        }
    )


def _key(key: PublicKey) -> dict[str, str]:
    return {"id": key.id, "public": key.public.hex(), "fingerprint": key.fingerprint}


def _newest(organisation: Organisation) -> list[FormVersion]:
    return versions_for_phones(organisation)


def _form(version: FormVersion) -> dict[str, Any]:
    asks = {question["type"].rpartition(":")[2] for question in version.outline.get("questions", [])}
    return {
        "form": version.form.form_id,
        "version": version.version,
        "grade": version.grade or OPEN,
        "sealed_for": "intake" if version.grade in (OPEN, "") else "organisation",
        "grid": GRIDS.get(version.grade) if asks & GEO else None,
    }


@for_our_app("POST")
def sealed(request: HttpRequest, device: Device) -> JsonResponse:
    with parts_of(request) as parts:
        envelopes = [part for part in parts if part.name == "envelope"]
        if len(envelopes) != 1:
            raise Problem("400.474")
        files = {int(match[1]): part.content for part in parts if (match := _FILE.fullmatch(part.name))}
        receive_envelope(member=device.member, device=device, whole=bytes(envelopes[0].content), files=files)
    return JsonResponse({"state": "stored"}, status=201)
