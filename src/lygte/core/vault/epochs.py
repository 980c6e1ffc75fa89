"""Epoch keys: files outside every database and backup. Destroying an old one is what makes erasure true.

`LYGTE_KEYS_DIR` holds `epoch-<number>` (32 bytes each, readable by the owner only) and `pepper`. The highest number
is the current epoch; older ones are there only while their rows are being wrapped anew.
"""

from __future__ import annotations

import os
import re
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from ..problems import Problem
from . import ciphers

LENGTH_DAYS = 30


def folder() -> Path:
    return Path(settings.LYGTE_KEYS_DIR)


def write_secret(path: Path, content: bytes) -> None:
    """Write a small secret file whole or not at all, for its owner alone, and wait until the disk has it."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o400), "wb") as file:
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


def numbers() -> list[int]:
    """Return the numbers of the epoch keys that exist, oldest first."""
    found = (re.fullmatch(r"epoch-(\d+)", path.name) for path in folder().glob("epoch-*"))
    return sorted(int(match[1]) for match in found if match)


@lru_cache(maxsize=64)
def _read(path: str, changed: int) -> bytes:
    content = Path(path).read_bytes()
    if len(content) != ciphers.KEY:
        raise Problem("503.1", folder=str(Path(path).parent))
    return content


def _secret(path: Path) -> bytes:
    return _read(str(path), path.stat().st_mtime_ns)


def current() -> int:
    """Return the number of the current epoch, beginning the first one where nothing was ever locked."""
    existing = numbers()
    if existing:
        return existing[-1]
    from .models import Wrapped

    if Wrapped.objects.exists():
        raise Problem("503.1", folder=str(folder()))
    begin(1)
    return 1


def begin(number: int) -> None:
    """Make the key of an epoch; the old ones stay until `destroy`."""
    write_secret(folder() / f"epoch-{number}", ciphers.random_key())


def key(number: int) -> bytes:
    """Return the key of one epoch; Problem 410.1 if it was destroyed, 503.1 if this machine has lost its keys."""
    path = folder() / f"epoch-{number}"
    try:
        return _secret(path)
    except FileNotFoundError:
        existing = numbers()
        if not existing or number > existing[-1]:
            raise Problem("503.1", folder=str(folder())) from None
        raise Problem("410.1", days=LENGTH_DAYS) from None


def destroy(number: int) -> None:
    """Overwrite and remove the key of an epoch. On flash disks the old blocks may live on: encrypt the disk."""
    path = folder() / f"epoch-{number}"
    path.chmod(0o600)
    with open(path, "r+b") as file:
        file.write(bytes(ciphers.KEY))
        file.flush()
        os.fsync(file.fileno())
    path.unlink()
    sync_folder(path.parent)
    _read.cache_clear()


def pepper() -> bytes:
    """Return the second key of search tokens, made at first need."""
    path = folder() / "pepper"
    if not path.exists():
        write_secret(path, ciphers.random_key())
    return _secret(path)
