"""Browsers that have signed in before: they keep a small note, so that strangers who guess cannot lock their owner out.

The note holds a random number and, for each account that signed in here, a code only this server can make. It names
nobody, and it opens nothing: it only gives the browser tries of its own.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest, HttpResponseBase
from django.utils.crypto import constant_time_compare, salted_hmac

from .people import User

KEPT_FOR = 90 * 24 * 3600  # seconds
MOST_ACCOUNTS = 6  # of colleagues who share a computer

Next = Callable[[HttpRequest], HttpResponseBase]


def cookie_name() -> str:
    return "__Host-device" if settings.HTTPS else "device"


def _code(device: str, email: str) -> str:
    return salted_hmac("lygte.device", f"{device}|{email.strip().lower()}", algorithm="sha256").hexdigest()[:32]


def _parts(request: HttpRequest) -> tuple[str, list[str]]:
    """Return the random number and the codes of the note, or an empty number where there is none."""
    device, *codes = request.COOKIES.get(cookie_name(), "").split(".")
    return (device, codes[:MOST_ACCOUNTS]) if len(device) == 32 else ("", [])


def known_device(request: HttpRequest, email: str) -> str:
    """Return the number of this browser if the account has signed in from it before, else nothing."""
    device, codes = _parts(request)
    wanted = _code(device, email)
    return device if device and any(constant_time_compare(code, wanted) for code in codes) else ""


def note_device(request: HttpRequest, user: AbstractBaseUser) -> None:
    """Have the answer to this request note that the account signed in from here."""
    assert isinstance(user, User)
    device, codes = _parts(request)
    device = device or secrets.token_hex(16)
    code = _code(device, user.email)
    request.device_note = ".".join([device, code, *(c for c in codes if c != code)][: MOST_ACCOUNTS + 1])  # type: ignore[attr-defined]


class DeviceMiddleware:
    """Sets the note with the answer to a sign-in."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if note := getattr(request, "device_note", ""):
            response.set_cookie(
                cookie_name(), note, max_age=KEPT_FOR, secure=settings.HTTPS, httponly=True, samesite="Lax", path="/"
            )
        return response
