"""Files sent with filled forms: on disk under random names, safely there before any row speaks of them."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from lygte.core.refs import new_ref

Bytes = bytes | memoryview


@dataclass(frozen=True)
class StoredFile:
    """A file that is on the disk, not only in its cache."""

    name: str
    stored_as: str
    size: int
    sha256: str
    sealed_key: bytes | None = None


def path_of(stored_as: str) -> Path:
    return Path(settings.ATTACHMENTS_DIR) / stored_as[:2] / stored_as


def store_file(name: str, content: Bytes) -> StoredFile:
    """Write a file under a new random name and wait until file and folder are on the disk."""
    stored_as = new_ref()
    path = path_of(stored_as)
    _make_folder(path.parent)
    try:
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        _sync_folder(path.parent)
    except OSError:
        path.unlink(missing_ok=True)  # half a file on a full disk makes it no emptier
        raise
    return StoredFile(name, stored_as, len(content), hashlib.sha256(content).hexdigest())


def same_file_again(stored_as: str) -> str:
    """Give a stored file a second random name, so that each of two rows can let go of it by itself."""
    again = new_ref()
    path = path_of(again)
    _make_folder(path.parent)
    os.link(path_of(stored_as), path)
    _sync_folder(path.parent)
    return again


def remove_files(names: Iterable[str]) -> None:
    """Remove files that no row speaks of any more."""
    for stored_as in names:
        path_of(stored_as).unlink(missing_ok=True)


def stored_before(moment: float) -> Iterator[str]:
    """Yield the names of all files that were stored before a moment (seconds since 1970).

    The time of the inode counts: a file that another name was given to a moment ago is as new as that name.
    """
    for path in Path(settings.ATTACHMENTS_DIR).glob("??/*"):
        with suppress(FileNotFoundError):  # removed while we look
            if path.is_file() and path.stat().st_ctime < moment:
                yield path.name


def _make_folder(folder: Path) -> None:
    if not folder.is_dir():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _sync_folder(folder.parent)
        _sync_folder(folder.parent.parent)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
