"""How much may come by one connection, and by all, within a minute: kept in the memory of this process alone.

A connection is a hash under a salt that is thrown away every minute: no table and no log says who came.
"""

from __future__ import annotations

import hashlib
import secrets
import threading
import time
from collections import Counter

from django.conf import settings
from django.http import HttpRequest

REMEMBERED_AT_MOST = 20_000


def this_minute() -> int:
    return int(time.monotonic() // 60)


def connection_of(request: HttpRequest) -> str:
    """Return the connection a request came by, behind as many proxies as the settings say."""
    proxies = settings.ALLAUTH_TRUSTED_PROXY_COUNT
    forwarded = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
    return forwarded[-proxies] if proxies and len(forwarded) >= proxies else request.META.get("REMOTE_ADDR", "")


class Patience:
    """Counts requests; a room keeps one for each thing that may be asked too often."""

    def __init__(self, *, from_one: int, from_all: int) -> None:
        self.from_one, self.from_all = from_one, from_all
        self._line = threading.Lock()
        self._begin(this_minute())

    def _begin(self, minute: int) -> None:
        self.minute = minute
        self.salt = secrets.token_bytes(16)
        self.counts: Counter[bytes] = Counter()

    def is_over(self, request: HttpRequest) -> bool:
        """Count a request, and tell whether it is one too many within this minute."""
        with self._line:
            if self.minute != this_minute() or len(self.counts) > REMEMBERED_AT_MOST:
                self._begin(this_minute())
            source = hashlib.blake2b(connection_of(request).encode(), key=self.salt, digest_size=8).digest()
            self.counts[source] += 1
            return self.counts[source] > self.from_one or self.counts.total() > self.from_all
