"""Epoch keys: files outside every database and backup. Destroying an old one is what makes erasure true.

`LYGTE_KEYS_DIR` holds `epoch-<number>` (the key and when it began, readable by the owner only), `pepper`, and `destroyed`
(whose keys were thrown away in an epoch that still stands). The highest number is the current epoch; older ones are
there only while their rows are being wrapped anew.
"""

from __future__ import annotations

import fcntl
import os
import re
import secrets
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from ..problems import Problem
from . import ciphers

LENGTH_DAYS = 30
ABOUT, ROW = "about", "row"  # a note of destruction speaks of all keys of somebody, or of one wrapping
_TIME = 8  # bytes behind the key: when the epoch began, in seconds since 1970


def folder() -> Path:
    return Path(settings.LYGTE_KEYS_DIR)


def write_secret(path: Path, content: bytes) -> None:
    """Write a small secret file whole or not at all, for its owner alone, and wait until the disk has it."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o400), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(fresh, path)  # fails if another process was first: then its key counts
    except FileExistsError:
        pass
    finally:
        fresh.unlink()
    sync_folder(path.parent)


def sync_folder(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def overwrite_and_remove(path: Path) -> None:
    """Overwrite a secret file and remove it; nothing happens where another process was quicker."""
    try:
        path.chmod(0o600)
        with open(path, "r+b") as file:
            file.write(bytes(path.stat().st_size))
            file.flush()
            os.fsync(file.fileno())
        path.unlink()
    except FileNotFoundError:
        pass  # another process was quicker
    sync_folder(path.parent)


def numbers() -> list[int]:
    """Return the numbers of the epoch keys that exist, oldest first."""
    found = (re.fullmatch(r"epoch-(\d+)", path.name) for path in folder().glob("epoch-*"))
    return sorted(int(match[1]) for match in found if match)


def _path(number: int) -> Path:
    return folder() / f"epoch-{number}"


def missing() -> Problem:
    return Problem("503.1", folder=str(folder()))


def current() -> int:
    """Return the number of the current epoch, beginning the first one where nothing was ever locked.

    Raises Problem 503.1 where something is locked under a newer key than this machine has: it would fork the epochs.
    """
    from .models import Wrapped

    existing = numbers()
    newest = existing[-1] if existing else 0
    if Wrapped.objects.filter(epoch__gt=newest).exists():
        raise missing()
    if existing:
        return newest
    if Wrapped.objects.exists():
        raise missing()
    begin(1)
    return 1


def begin(number: int) -> None:
    """Make the key of an epoch; the old ones stay until `destroy`."""
    put(number, ciphers.random_key(), timezone.now())


def put(number: int, secret: bytes, since: datetime) -> None:
    """Store the key of an epoch, as it was made or as a sealed copy gave it back."""
    write_secret(_path(number), secret + int(since.timestamp()).to_bytes(_TIME, "big"))


def key(number: int) -> bytes:
    """Return the key of one epoch; Problem 410.1 if it was destroyed, 503.1 if this machine has lost its keys."""
    try:
        found = _path(number).read_bytes()  # each time: a key that was destroyed must not live on in a process's memory
    except FileNotFoundError:
        existing = numbers()
        if not existing or number > existing[-1]:
            raise missing() from None
        raise Problem("410.1", days=LENGTH_DAYS) from None
    if len(found) != ciphers.KEY + _TIME:
        raise missing()
    if not any(found):  # its destruction was interrupted between overwriting and removing
        raise Problem("410.1", days=LENGTH_DAYS)
    return found[: ciphers.KEY]


def began_at(number: int) -> datetime:
    """Return when an epoch began. The time stands beside the key, so that copying the folder does not change it."""
    key(number)
    return datetime.fromtimestamp(int.from_bytes(_path(number).read_bytes()[ciphers.KEY :], "big"), UTC)


def destroy(number: int) -> None:
    """Overwrite and remove the key of an epoch. On flash disks the old blocks may live on: encrypt the disk."""
    overwrite_and_remove(_path(number))
    for left in folder().glob(f".epoch-{number}.*"):  # what a killed process had not yet given its name
        overwrite_and_remove(left)


def faults_of_folder() -> list[str]:
    """Return in words what is wrong with where the keys lie and who may read them."""
    place = folder()
    found = []
    if place.is_relative_to(settings.DATA_DIR):
        found.append(_("{keys} lies inside the data folder: a backup would take the keys along.").format(keys=place))
    if place.exists() and stat.S_IMODE(place.stat().st_mode) & 0o077:
        found.append(_("{keys} can be opened by others than its owner: chmod 700.").format(keys=place))
    for path in [*place.glob("epoch-*"), *place.glob("intake-*"), *place.glob("reach-*"), *place.glob("opt-outs")]:
        if stat.S_IMODE(path.stat().st_mode) & 0o077:
            found.append(_("{keys} can be read by others than its owner: chmod 400.").format(keys=path))
    return found


def pepper() -> bytes:
    """Return the second key of search tokens, made at first need; Problem 503.1 where tokens were made with another."""
    path = folder() / "pepper"
    if not path.exists():
        from .models import SearchToken

        if SearchToken.objects.exists():
            raise missing()
        write_secret(path, ciphers.random_key())
    return path.read_bytes()


# Whose keys were thrown away: a backup from earlier in the same epoch would bring them back ---------------------------
def _list() -> Path:
    return folder() / "destroyed"


def note_destroyed(about: Iterable[str], epoch: int, kind: str = ABOUT) -> None:
    """Note beside the keys whose keys are gone, so that a restored backup cannot undo it. References, nothing else."""
    lines = "".join(f"{epoch} {one} {kind}\n" for one in about)
    folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    with _alone(), open(os.open(_list(), os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), "w") as file:
        file.write(lines)
        file.flush()
        os.fsync(file.fileno())


def noted_destroyed() -> list[tuple[int, str, str]]:
    """Return (epoch, reference, kind) of whatever was thrown away in epochs that still stand."""
    if not _list().exists():
        return []
    lines = (line.split() for line in _list().read_text().splitlines())
    return [(int(line[0]), line[1], line[2]) for line in lines if len(line) == 3]  # a power cut may cut off the last


def forget_destroyed() -> None:
    """Drop the notes of epochs whose keys are gone: no backup of theirs can be opened any more."""
    if not _list().exists():
        return
    with _alone():
        standing = set(numbers())
        kept = [line for line in noted_destroyed() if line[0] in standing]
        fresh = _list().with_name(".destroyed.fresh")
        with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write("".join(f"{epoch} {about} {kind}\n" for epoch, about, kind in kept))
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(_list())
        sync_folder(folder())


@contextmanager
def _alone() -> Iterator[None]:
    """Keep other processes from the list while it is written; a killed one lets go by itself."""
    handle = os.open(folder(), os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
