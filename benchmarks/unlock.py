"""How long a passphrase takes to open a key, and whether twenty people who sign in at once stand behind one lock.

Figures of one machine at rest; the ratios are what counts, since they hold on others too.
"""

from __future__ import annotations

import os
import statistics
import threading
import time
from collections.abc import Callable
from typing import Any

AT_ONCE = 20
ROWS = 10_000


def measure_unlock(done: Callable[[str], None]) -> dict[str, Any]:
    """Measure stretching alone, twenty at once in the pool and behind one lock, and opening rows under keys of their own."""
    from lygte.core.vault import ciphers

    cost, salt = ciphers.Cost(), ciphers.new_salt()

    def stretch() -> None:
        ciphers.stretch("four unrelated quiet words", salt, cost)

    stretch()
    alone = statistics.median(_seconds(stretch) for _ in range(9))
    done("one passphrase")
    pooled = _at_once(stretch)
    done("twenty at once")
    line = threading.Lock()
    queued = _at_once(lambda: _behind(line, stretch))
    done("twenty behind one lock")
    light = _light_beside(stretch)
    done("a page beside them")
    cores = os.cpu_count() or 1
    return {
        "cores": cores,
        "one_passphrase_ms": round(alone * 1000),
        "twenty_at_once_s": round(pooled, 2),
        "twenty_behind_one_lock_s": round(queued, 2),
        "gain_of_the_pool": round(queued / pooled, 2),
        "share_of_the_cores_used": round(AT_ONCE * alone / cores / pooled, 2),
        "sign_ins_per_second": round(AT_ONCE / pooled, 1),
        **light,
        **_rows(done),
    }


def _seconds(act: Callable[[], object]) -> float:
    start = time.perf_counter()
    act()
    return time.perf_counter() - start


def _behind(line: threading.Lock, act: Callable[[], object]) -> None:
    with line:
        act()


def _at_once(act: Callable[[], object]) -> float:
    threads = [threading.Thread(target=act) for _ in range(AT_ONCE)]

    def all_of_them() -> None:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    return _seconds(all_of_them)


def _light_beside(heavy: Callable[[], object]) -> dict[str, float]:
    """Return how much longer opening one field takes while twenty sign in: it must not wait for any of them."""
    from lygte.core.vault import ciphers

    key = ciphers.random_key()
    box = ciphers.lock(key, b"x" * 200, b"place")

    def opening() -> list[float]:
        return sorted(_seconds(lambda: ciphers.unlock(key, box, b"place")) for _ in range(2000))

    quiet = opening()
    threads = [threading.Thread(target=heavy) for _ in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    beside = opening()
    for thread in threads:
        thread.join()
    return {
        "a_field_opens_in_us": round(statistics.median(quiet) * 1e6, 1),
        "the_same_beside_twenty_sign_ins_times": round(statistics.median(beside) / statistics.median(quiet), 2),
    }


def _rows(done: Callable[[str], None]) -> dict[str, float]:
    """Return what lists, a turn of the epoch and a renewal cost in ciphers alone."""
    from lygte.core.vault import ciphers

    public, private = ciphers.new_pair()
    epoch = ciphers.random_key()
    keys = [ciphers.random_key() for _ in range(ROWS)]
    boxes = [ciphers.lock(key, b"x" * 200, b"place") for key in keys]
    wrapped = [ciphers.lock(epoch, ciphers.seal(public, key), b"row") for key in keys[:1000]]

    def open_rows() -> None:
        for key, box in zip(keys, boxes, strict=True):
            ciphers.unlock(key, box, b"place")

    def turn() -> None:
        for box in wrapped:
            ciphers.lock(epoch, ciphers.unlock(epoch, box, b"row"), b"row")

    def renew() -> None:
        for box in wrapped:
            ciphers.seal(public, ciphers.unseal(private, ciphers.unlock(epoch, box, b"row")))

    found = {
        "ten_thousand_rows_open_in_s": round(_seconds(open_rows), 2),
        "a_turn_per_thousand_keys_s": round(_seconds(turn), 3),
        "a_renewal_per_thousand_keys_s": round(_seconds(renew), 3),
    }
    done("rows")
    return found
