"""Logging in with HTTP Digest (RFC 2617, MD5, qop=auth), as phone apps speak it where there is no TLS.

What is kept for it is not the password but the digest of name, realm and password, sealed by the server's pepper. A
nonce carries its own time and stamp, so that none is stored; what was used is remembered until it would be too old.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import secrets
import time
from urllib.parse import unquote
from urllib.request import parse_http_list, parse_keqv_list

from django.core.cache import cache
from django.http import HttpRequest

from lygte.core.problems import Problem
from lygte.core.transactions import writing
from lygte.core.vault.ciphers import same
from lygte.core.vault.small import stamp

from .actions import find_device_by_username
from .digest_box import REALM, md5_of, open_digest_box
from .models import Device

LIFE_SECONDS = 300
NONCE, OPAQUE = "digest nonce", "digest opaque"
TIME, RANDOM, STAMP = 8, 12, 16


class Stale(Exception):
    """The right login with a nonce that is too old or was used: the phone asks again by itself."""


def challenge(*, stale: bool) -> str:
    """Return the header that asks for a login; Digest first, since some apps read only the beginning."""
    old = ", stale=true" if stale else ""
    return (
        f'Digest realm="{REALM}", domain="/openrosa/", nonce="{_new_nonce()}", opaque="{_opaque()}", '
        f'algorithm=MD5, qop="auth"{old}, Basic realm="{REALM}", charset="UTF-8"'
    )


def find_device_by_digest(request: HttpRequest, credentials: str) -> Device | None:
    """Return the phone whose login this is, or None. Raises Stale, and Problem 401.730 where nothing is kept to compare with.

    Call it with scopes disabled.
    """
    try:
        given = parse_keqv_list(parse_http_list(credentials))
    except (ValueError, IndexError):  # the second for a name without a value
        return None
    if not _is_complete(given) or not _is_for(request, given["uri"]):
        return None
    made_at = _time_of(given["nonce"])
    device = find_device_by_username(given["username"]) if "\0" not in given["username"] else None
    if device is not None and device.digest_box is None:
        raise Problem("401.730")
    kept = open_digest_box(device.ref, device.digest_box) if device else None
    expected = _response(kept or b"", request.method or "", given)
    if made_at is None or kept is None or not same(expected, given["response"].lower().encode()):
        return None
    if not 0 <= time.time() - made_at <= LIFE_SECONDS or not _first_use(given):
        raise Stale
    return device


def _is_complete(given: dict[str, str]) -> bool:
    needed = ("username", "realm", "nonce", "uri", "response", "nc", "cnonce", "qop")
    return (
        all(given.get(name) for name in needed)
        and given["realm"] == REALM
        and given["qop"] == "auth"
        and given.get("algorithm", "MD5").upper() == "MD5"
        and same(given.get("opaque", "").encode(), _opaque().encode())
        and len(given["nc"]) == 8
        and all(c in "0123456789abcdefABCDEF" for c in given["nc"])
    )


def _is_for(request: HttpRequest, uri: str) -> bool:
    """The answer counts for the address that was asked, and for no other."""
    path, _mark, query = uri.partition("?")
    if "://" in path:
        path = "/" + path.split("://", 1)[1].partition("/")[2]
    return unquote(path) == request.path and query == request.META.get("QUERY_STRING", "")


def _response(kept: bytes, method: str, given: dict[str, str]) -> bytes:
    asked = md5_of(f"{method}:{given['uri']}")
    parts = (kept.decode(), given["nonce"], given["nc"], given["cnonce"], "auth", asked)
    return md5_of(":".join(parts)).encode()


def _first_use(given: dict[str, str]) -> bool:
    used = hashlib.sha256(f"{given['nonce']}|{given['nc'].lower()}".encode()).hexdigest()
    with writing():  # in line with other writers, or on SQLite it waits four times as long
        return cache.add(f"digest:{used}", 1, timeout=LIFE_SECONDS + 60)


def _new_nonce() -> str:
    content = int(time.time()).to_bytes(TIME, "big") + secrets.token_bytes(RANDOM)
    return base64.urlsafe_b64encode(content + stamp(NONCE, content)[:STAMP]).decode("ascii")


def _time_of(nonce: str) -> int | None:
    """Return when this server made a nonce, or None where it did not."""
    try:
        whole = base64.urlsafe_b64decode(nonce.encode())
    except (ValueError, binascii.Error):
        return None
    content, stamped = whole[: TIME + RANDOM], whole[TIME + RANDOM :]
    if len(content) != TIME + RANDOM or not same(stamped, stamp(NONCE, content)[:STAMP]):
        return None
    return int.from_bytes(content[:TIME], "big")


def _opaque() -> str:
    return stamp(OPAQUE, b"").hex()[:32]
