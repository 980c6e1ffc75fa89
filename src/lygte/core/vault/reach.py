"""Keyed hashes of ways to reach somebody (a number, a name): never the way itself, and each kind under a key with its own life.

*Contact marks* say “written to lately”. Their key, the file `reach-<number>`, is new every 30 days and destroyed 30 days
after its successor began: then no copy of a mark anywhere, in a log or a backup, can be tried out any more.

*Opt-out marks* must hold for years, so their one key, the file `opt-outs`, stays. Telephone numbers can be counted
through, so each try is made slow by Argon2id; see docs/decisions/0007-opt-outs-outlive-keys.md for what that is worth.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from . import ciphers, epochs

PERIOD = timedelta(days=30)
_NAME = re.compile(r"reach-(\d+)")
_COST = 12  # bytes behind the opt-out key: four for the passes of Argon2id, eight for its memory


# Contact marks: under a key that turns ---------------------------------------------------------------------------------
def numbers() -> list[int]:
    """Return the numbers of the contact keys that exist, oldest first."""
    found = (_NAME.fullmatch(path.name) for path in epochs.folder().glob("reach-*"))
    return sorted(int(match[1]) for match in found if match)


def _path(number: int) -> Path:
    return epochs.folder() / f"reach-{number}"


def _begin(number: int) -> None:
    since = int(timezone.now().timestamp()).to_bytes(8, "big")
    epochs.write_secret(_path(number), ciphers.random_key() + since)


def _read(number: int) -> tuple[bytes, datetime] | None:
    """Return a contact key and when it began; None where another process has just destroyed it."""
    try:
        content = _path(number).read_bytes()
    except FileNotFoundError:
        return None
    if len(content) != ciphers.KEY + 8 or not any(content):
        return None
    return content[: ciphers.KEY], datetime.fromtimestamp(int.from_bytes(content[ciphers.KEY :], "big"), UTC)


def contact_marks(handle: str) -> dict[int, str]:
    """Return the mark of a handle under every contact key that lives, newest first; the first key is made at first need."""
    if not numbers():
        _begin(1)
    read = [(number, _read(number)) for number in reversed(numbers())]
    return {number: ciphers.token(found[0], b"contact|" + handle.encode()).hex() for number, found in read if found}


def turn_contact_key(*, now: bool = False) -> list[int]:
    """Begin a new contact key when the newest is 30 days old, destroy all but it and the one before; return what lives.

    `now` begins a new one at once. Killed anywhere, the next call finishes.
    """
    existing = numbers()
    newest = _read(existing[-1]) if existing else None
    if existing and (now or newest is None or timezone.now() - newest[1] >= PERIOD):
        _begin(existing[-1] + 1)
    for number in numbers()[:-2]:
        epochs.overwrite_and_remove(_path(number))
        for left in epochs.folder().glob(f".reach-{number}.*"):  # what a killed process had not yet given its name
            epochs.overwrite_and_remove(left)
    return numbers()


# Opt-out marks: under a key that stays ---------------------------------------------------------------------------------
def _opt_outs() -> Path:
    return epochs.folder() / "opt-outs"


def put_opt_out_key(content: bytes) -> None:
    """Store the opt-out key as a sealed copy gave it back."""
    epochs.write_secret(_opt_outs(), content)


def exported_opt_out_key() -> str:
    """Return the opt-out key for a sealed copy; empty where none was ever made."""
    return _opt_outs().read_bytes().hex() if _opt_outs().exists() else ""


def _opt_out_key(any_known: bool) -> tuple[bytes, ciphers.Cost]:
    if not _opt_outs().exists():
        if any_known:  # with a new key nobody who opted out would be known again: better write to nobody
            raise epochs.missing()
        passes, memory = settings.LYGTE_HANDLE_STRETCH
        kept = passes.to_bytes(4, "big") + memory.to_bytes(8, "big")
        epochs.write_secret(_opt_outs(), ciphers.random_key() + kept)
    content = _opt_outs().read_bytes()
    if len(content) != ciphers.KEY + _COST:
        raise epochs.missing()
    cost = content[ciphers.KEY :]
    return content[: ciphers.KEY], ciphers.Cost(int.from_bytes(cost[:4], "big"), int.from_bytes(cost[4:], "big"))


def opt_out_marks(handles: Iterable[str], *, any_known: bool) -> list[str]:
    """Return the opt-out marks of handles, in their order; slow on purpose, on as many cores as there are.

    `any_known` says whether opt-outs are kept already: then a missing key is Problem 503.1, never a new key.
    """
    key, cost = _opt_out_key(any_known)
    salt = ciphers.derive(key, "opt-out/salt", ciphers.SALT)

    def mark(handle: str) -> str:
        return ciphers.token(key, ciphers.stretch(handle, salt, cost)).hex()

    with ThreadPoolExecutor(max_workers=max(1, os.cpu_count() or 1)) as pool:
        return list(pool.map(mark, handles))
