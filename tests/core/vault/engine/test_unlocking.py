"""People who sign in at once are stretched side by side, as many as there are cores, and nobody else waits for them."""

from __future__ import annotations

import os
import threading

import pytest

from lygte.core.vault import ciphers

CORES = max(2, os.cpu_count() or 2)


def test_as_many_passphrases_are_stretched_at_once_as_there_are_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    """A barrier opens only when all of them are inside at the same time; behind one lock it never would."""
    together, most, inside, guard = threading.Barrier(CORES), [0], [0], threading.Lock()

    def slow(*args: object, **kwargs: object) -> bytes:
        with guard:
            inside[0] += 1
            most[0] = max(most[0], inside[0])
        together.wait(timeout=20)
        with guard:
            inside[0] -= 1
        return bytes(32)

    monkeypatch.setattr(ciphers.pwhash.argon2id, "kdf", slow)
    waiting = [
        threading.Thread(target=ciphers.stretch, args=["words", bytes(16), ciphers.Cost()]) for _ in range(10 * CORES)
    ]
    for thread in waiting:
        thread.start()
    for thread in waiting:
        thread.join()
    print(f"{len(waiting)} sign-ins at once, {most[0]} side by side on {CORES} cores")
    assert not together.broken and most[0] == CORES


def test_other_work_goes_on_while_a_passphrase_is_stretched() -> None:
    thread = threading.Thread(target=ciphers.stretch, args=["words", bytes(16), ciphers.Cost(passes=4)])
    thread.start()
    opened, key = 0, ciphers.random_key()
    box = ciphers.lock(key, b"a name", b"place")
    while thread.is_alive():
        opened += ciphers.unlock(key, box, b"place") == b"a name"
    print(f"{opened:,} fields opened meanwhile")
    assert opened > 100
