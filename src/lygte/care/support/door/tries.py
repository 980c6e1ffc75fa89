"""Wrong codes are slowed down, right ones never: nobody can shut the door to somebody else by trying.

128 random bits cannot be guessed; this only keeps a flood of guesses from being work. Where they come from is kept
in the memory of this process alone, as a hash under a salt that is thrown away every minute: no table, no log.
"""

from __future__ import annotations

import hashlib
import secrets
import threading
import time
from collections import Counter

from django.conf import settings
from django.http import HttpRequest

A_MINUTE = 10
REMEMBERED_AT_MOST = 20_000


def this_minute() -> int:
    return int(time.monotonic() // 60)


class Minute:
    """Counts of one minute, and the salt under which they are kept."""

    def __init__(self) -> None:
        self.number = this_minute()
        self.salt = secrets.token_bytes(16)
        self.counts: Counter[bytes] = Counter()


_line = threading.Lock()
_minute = Minute()


def _source(request: HttpRequest) -> str:
    """Return the connection a request came by, behind as many proxies as the settings say."""
    proxies = settings.ALLAUTH_TRUSTED_PROXY_COUNT
    forwarded = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
    return forwarded[-proxies] if proxies and len(forwarded) >= proxies else request.META.get("REMOTE_ADDR", "")


def too_many_wrong(request: HttpRequest) -> bool:
    """Count a wrong code, and tell whether this connection has sent too many of them within a minute."""
    global _minute
    with _line:
        if _minute.number != this_minute() or len(_minute.counts) > REMEMBERED_AT_MOST:
            _minute = Minute()
        source = hashlib.blake2b(_source(request).encode(), key=_minute.salt, digest_size=8).digest()
        _minute.counts[source] += 1
        return _minute.counts[source] > A_MINUTE
