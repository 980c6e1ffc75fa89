"""How a session stays open: the private key lies in the session, locked under a key that lives only in a cookie.

A stolen table of sessions opens nothing, and neither does a stolen cookie without it. While somebody has given the
password but not yet the second sign, the key waits apart and opens nothing.
"""

from __future__ import annotations

import base64
import time

from allauth.account.internal.stagekit import LOGIN_SESSION_KEY
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from ..people import Member
from . import ciphers
from .keyring import Keyring

SLOT = "vault"
WAITING = "vault_waiting"  # as SLOT, between the password and the second sign
WAITS_FOR = 15 * 60  # seconds, as long as allauth waits for the second sign


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
    return ciphers.bind("session", member_ref)


def _lock(request: HttpRequest, keyring: Keyring) -> dict[str, str]:
    """Return the private key locked under a fresh secret, which goes into the cookie with the answer."""
    secret = ciphers.random_key()
    request.vault_cookie = encode(secret)  # type: ignore[attr-defined]
    box = ciphers.lock(secret, keyring.private, _bound(keyring.member.ref))
    return {"member": keyring.member.ref, "box": encode(box)}


def keep_open(request: HttpRequest, keyring: Keyring) -> None:
    """Keep a keyring for the requests to come; the cookie is set with the answer (see `put_cookie`)."""
    request.session[SLOT] = _lock(request, keyring)


def keep_waiting(request: HttpRequest, keyring: Keyring) -> None:
    """Keep a keyring until its owner has finished signing in; until then, and for anybody else, it opens nothing."""
    request.session[WAITING] = {
        **_lock(request, keyring),
        "user": keyring.member.user_id,
        "until": int(time.time()) + WAITS_FOR,
    }


def finish_waiting(request: HttpRequest, user_id: int) -> None:
    """Open what waited for this account, now that it is signed in; drop what waited for another."""
    request.session.pop(SLOT, None)
    waiting = request.session.pop(WAITING, None)
    if waiting and waiting["user"] == user_id and waiting["until"] > time.time():
        request.session[SLOT] = {"member": waiting["member"], "box": waiting["box"]}
    else:
        request.vault_cookie = ""  # type: ignore[attr-defined]


def drop_unfinished(request: HttpRequest) -> None:
    """Forget the key of somebody who gave the password and then went no further."""
    waiting = request.session.get(WAITING)
    if waiting and (waiting["until"] <= time.time() or LOGIN_SESSION_KEY not in request.session):
        del request.session[WAITING]
        request.vault_cookie = ""  # type: ignore[attr-defined]


def shut(request: HttpRequest) -> None:
    """Forget the open key; the sign-in stays."""
    request.session.pop(SLOT, None)
    request.session.pop(WAITING, None)
    request.vault_cookie = ""  # type: ignore[attr-defined]


def secret_of(request: HttpRequest) -> bytes:
    """Return the secret of the cookie, the one just made included, or nothing."""
    made = getattr(request, "vault_cookie", None)
    secret = decode(request.COOKIES.get(cookie_name(), "") if made is None else made)
    return secret if len(secret) == ciphers.KEY else b""


def reopen(request: HttpRequest, member: Member) -> Keyring | None:
    """Return the keyring that an earlier request left open for this member, or None."""
    kept = request.session.get(SLOT)
    secret = secret_of(request)
    if not kept or kept.get("member") != member.ref or not secret:
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
    elif value is not None and cookie_name() in request.COOKIES:
        response.delete_cookie(cookie_name(), samesite="Lax", path="/")
