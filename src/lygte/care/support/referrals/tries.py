"""How often a link may be tried: counted by link, known or not, never by who tries; no address is kept."""

from __future__ import annotations

import hashlib

from django.core.cache import cache

from lygte.core.problems import Problem

MOST, WITHIN = 20, 3600  # wrong words for one link, in so many seconds


def _key(ref: str) -> str:
    return "referrals.tries." + hashlib.sha256(ref.encode()).hexdigest()[:32]


def require_patience(ref: str) -> None:
    """Raise Problem 429.540 where a link was tried too often; the words of 128 bits cannot be guessed either way."""
    if int(cache.get(_key(ref), 0)) >= MOST:
        raise Problem("429.540")


def note_wrong(ref: str) -> None:
    """Count one more wrong try."""
    if not cache.add(_key(ref), 1, WITHIN):
        try:
            cache.incr(_key(ref))
        except ValueError:  # it ran out between the two
            cache.set(_key(ref), 1, WITHIN)
