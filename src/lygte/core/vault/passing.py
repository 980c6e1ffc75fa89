"""How those who wrap keys and those who destroy keys pass each other, so that nothing is ever left under a dead key.

Who wraps holds a shared lock until its transaction ends; who destroys waits until nobody wraps, looks whether anything is
left under the old key, and only then destroys it. On SQLite one writer at a time is the rule already.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import OperationalError, connection, transaction

from ..problems import Problem
from ..transactions import writing

_LOCK = 0x6C79677465  # "lygte"
_PATIENCE = 60.0  # seconds to wait for writers to end


@contextmanager
def wrapping() -> Iterator[None]:
    """Write wrapped keys. Look up the current epoch and organisation key inside, never before."""
    with writing():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [_LOCK])
        yield


@contextmanager
def destroying() -> Iterator[None]:
    """Destroy a key, while nobody is in the middle of wrapping something under it. Takes no other lock first."""
    with writing():
        if connection.vendor == "postgresql":
            _wait_until_nobody_wraps()
        yield


def _wait_until_nobody_wraps() -> None:
    """Stand in line for a moment, again and again: writers behind it are held up by that moment at the most."""
    until = time.monotonic() + _PATIENCE
    while not _taken_in_a_moment():
        if time.monotonic() > until:
            raise Problem("503.2")
        time.sleep(0.05)


def _taken_in_a_moment() -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout TO '300ms'")
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
            cursor.execute("SET LOCAL lock_timeout TO DEFAULT")
    except OperationalError:
        return False
    return True


@contextmanager
def lasting() -> Iterator[None]:
    """Write in a transaction that is on the disk before it counts, whatever the database was told about speed.

    A key may be destroyed as soon as nothing is under it, so what was wrapped anew must outlive a power cut.
    """
    with writing():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL synchronous_commit TO on")
        yield
