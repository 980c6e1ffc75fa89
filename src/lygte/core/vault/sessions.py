"""How a session stays open: the private key lies in the session, locked under a key that lives only in a cookie.

A stolen table of sessions opens nothing, and neither does a stolen cookie without it.
"""

from __future__ import annotations

import base64

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from ..people import Member
from . import ciphers
from .keyring import Keyring

SLOT = "vault"


def cookie_name() -> str:
    return "__Host-key" if settings.HTTPS else "key"


def encode(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode()


def decode(text: str) -> bytes:
    try:
        return base64.urlsafe_b64decode(text.encode())
    except ValueError:
        return b""


def _bound(member_ref: str) -> bytes:
    return f"session|{member_ref}".encode()


def keep_open(request: HttpRequest, keyring: Keyring) -> None:
    """Keep a keyring for the requests to come; the cookie is set with the answer (see `put_cookie`)."""
    secret = ciphers.random_key()
    box = ciphers.lock(secret, keyring.private, _bound(keyring.member.ref))
    request.session[SLOT] = {"member": keyring.member.ref, "box": encode(box)}
    request.vault_cookie = encode(secret)  # type: ignore[attr-defined]


def shut(request: HttpRequest) -> None:
    """Forget the open key; the sign-in stays."""
    request.session.pop(SLOT, None)
    request.vault_cookie = ""  # type: ignore[attr-defined]


def reopen(request: HttpRequest, member: Member) -> Keyring | None:
    """Return the keyring that an earlier request left open for this member, or None."""
    kept = request.session.get(SLOT)
    secret = decode(request.COOKIES.get(cookie_name(), ""))
    if not kept or kept.get("member") != member.ref or len(secret) != ciphers.KEY:
        return None
    try:
        return Keyring(member, ciphers.unlock(secret, decode(kept["box"]), _bound(member.ref)))
    except ciphers.Unopenable:
        return None


def put_cookie(request: HttpRequest, response: HttpResponseBase) -> None:
    """Set or remove the cookie, where this request opened or shut the key."""
    value = getattr(request, "vault_cookie", None)
    if value:
        response.set_cookie(cookie_name(), value, secure=settings.HTTPS, httponly=True, samesite="Lax", path="/")
    elif value is not None:
        response.delete_cookie(cookie_name(), samesite="Lax", path="/")
