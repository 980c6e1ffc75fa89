"""OpenRosa 1.0 as phones speak it: who is asking, and answers that they understand, errors included.

A phone either has its secret token in the path (no login; 403 where it is wrong) or logs in with Basic or Digest (401).
"""

from __future__ import annotations

import base64
import logging
from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any
from xml.sax.saxutils import escape

from django.db import InterfaceError, InternalError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.translation import get_language
from django.views.decorators.csrf import csrf_exempt
from django_scopes import scope, scopes_disabled

from lygte.core.access import Verb, may, public
from lygte.core.problems import Problem

from .actions import find_device_by_password, find_device_by_token, find_draft, note_seen
from .digest import Stale, challenge, find_device_by_digest
from .models import Device
from .multipart import MAX_BODY_BYTES

log = logging.getLogger(__name__)
XML = "text/xml; charset=utf-8"
LIST_NAMESPACE = "http://openrosa.org/xforms/xformsList"
MANIFEST_NAMESPACE = "http://openrosa.org/xforms/xformsManifest"
RESPONSE_NAMESPACE = "http://openrosa.org/http/response"

View = Callable[..., HttpResponse]


def openrosa(*methods: str) -> Callable[[View], View]:
    """Open a view `view(request, device, token, ...)` to phones; every answer carries the OpenRosa headers."""

    def wrap(view: View) -> View:
        @csrf_exempt
        @public
        @wraps(view)
        def answered(request: HttpRequest, *, token: str = "", **arguments: Any) -> HttpResponse:
            try:
                device = _device(request, token)
                with scope(organisation=device.organisation):
                    if request.method not in methods:
                        raise Problem("405.159")
                    note_seen(device=device)
                    response = view(request, device, token, **arguments)
            except Problem as problem:
                response = told(problem)
            except (OperationalError, InterfaceError, InternalError, OSError):
                log.exception("a phone was told to come again later")
                response = told(Problem("503.161"))
            return with_headers(response)

        return answered

    return wrap


def openrosa_draft(*methods: str) -> Callable[[View], View]:
    """Open a view `view(request, draft, token, ...)` to whoever holds the secret link of a draft."""

    def wrap(view: View) -> View:
        @csrf_exempt
        @public
        @wraps(view)
        def answered(request: HttpRequest, *, token: str, **arguments: Any) -> HttpResponse:
            try:
                with scopes_disabled():
                    draft = find_draft(token)
                if draft is None:
                    raise Problem("404.411")
                with scope(organisation=draft.organisation):
                    if request.method not in methods:
                        raise Problem("405.159")
                    response = view(request, draft, token, **arguments)
            except Problem as problem:
                response = told(problem)
            except (OperationalError, InterfaceError, InternalError, OSError):
                log.exception("a phone was told to come again later")
                response = told(Problem("503.161"))
            return with_headers(response)

        return answered

    return wrap


def _device(request: HttpRequest, token: str) -> Device:
    """Return the phone that asks, or raise 403.156 (token in the path) or 401.157 (login)."""
    with scopes_disabled():
        device = find_device_by_token(token) if token else _by_login(request)
    if device is None or not may(device.member, Verb.SUBMISSION_RECEIVE):
        raise Problem("403.156" if token else "401.157")
    return device


def _by_login(request: HttpRequest) -> Device | None:
    scheme, _, credentials = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
    if scheme.lower() == "digest":
        try:
            return find_device_by_digest(request, credentials)
        except Stale:
            raise Problem("401.157", stale=True) from None
    return find_device_by_password(*_basic(request))


def _basic(request: HttpRequest) -> tuple[str, str]:
    scheme, _, credentials = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
    if scheme.lower() != "basic":
        return "", ""
    try:
        username, _, password = base64.b64decode(credentials, validate=True).decode("utf-8").partition(":")
    except ValueError:  # not base64, not ASCII, not UTF-8
        return "", ""
    return ("", "") if "\0" in username else (username, password)


def with_headers(response: HttpResponse) -> HttpResponse:
    response["X-OpenRosa-Version"] = "1.0"
    response["X-OpenRosa-Accept-Content-Length"] = str(MAX_BODY_BYTES)
    response.setdefault("Cache-Control", "no-store")
    response.setdefault("Content-Language", get_language() or "en")
    return response


def message(text: str, *, nature: str, status: int) -> HttpResponse:
    body = (
        f'<OpenRosaResponse xmlns="{RESPONSE_NAMESPACE}" items="0">'
        f'<message nature="{nature}">{escape(text)}</message></OpenRosaResponse>'
    )
    return HttpResponse(body, status=status, content_type=XML)


def told(problem: Problem) -> HttpResponse:
    """Tell a problem so that the phone shows its number, sentence and next step."""
    response = message(str(problem), nature="error", status=problem.status)
    if problem.status == 401:
        response["WWW-Authenticate"] = challenge(stale=bool(problem.details.get("stale")))
    return response


def address(request: HttpRequest, token: str, view: str, **arguments: str) -> str:
    """Return the absolute address of an OpenRosa view, in the way this phone identifies itself."""
    room, _, name = view.rpartition(":")
    if token:
        path = reverse(f"{room or 'intake'}:phone_{name}", kwargs={"token": token, **arguments})
    else:
        path = reverse(f"{room or 'intake'}:login_{name}", kwargs=arguments)
    return request.build_absolute_uri(path)


def draft_address(request: HttpRequest, token: str, view: str, **arguments: str) -> str:
    """Return the absolute address of a view of a draft, below its secret link."""
    return request.build_absolute_uri(reverse(f"intake:draft_{view}", kwargs={"token": token, **arguments}))


def draft_base(site: str, token: str) -> str:
    """Return the server address to set in a phone app to try a draft."""
    return site.rstrip("/") + reverse("intake:draft_nothing", kwargs={"token": token}).rstrip("/")


def base_address(site: str, token: str = "") -> str:
    """Return the server address to set in a phone app: with the token in it, or for a login."""
    path = reverse("intake:phone_nothing", kwargs={"token": token}) if token else reverse("intake:login_nothing")
    return site.rstrip("/") + path.rstrip("/")


def element(name: str, text: str) -> str:
    return f"<{name}>{escape(text)}</{name}>"


def document(root: str, namespace: str, items: Iterable[str]) -> HttpResponse:
    body = f'<?xml version="1.0" encoding="UTF-8"?>\n<{root} xmlns="{namespace}">{"".join(items)}</{root}>'
    return HttpResponse(body, content_type=XML)


def cached(request: HttpRequest, content: bytes, *, md5: str, content_type: str) -> HttpResponse:
    """Return bytes with their ETag, or 304; no cache on the way may keep them."""
    response = HttpResponse(content, content_type=content_type)
    response["ETag"] = f'"{md5}"'
    response["Cache-Control"] = "private, no-cache"
    return get_conditional_response(request, etag=response["ETag"], response=response) or response
