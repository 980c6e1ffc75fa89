"""Archives from outside: opened in memory, only so many files of so many bytes, whatever they say about themselves."""

from __future__ import annotations

import io
import zipfile
import zlib

from lygte.core.problems import Problem

LARGEST = 3_000_000  # bytes of what is sent to us
MOST_FILES = 40  # a workbook has a dozen
LARGEST_INSIDE = 20_000_000  # bytes of all files, unpacked
LARGEST_WORKBOOK = 4_000_000  # the same, of a workbook of 50 rows: unpacking is quick, reading cells is not
_BROKEN = (zipfile.BadZipFile, zipfile.LargeZipFile, KeyError, ValueError, OSError, RuntimeError, NotImplementedError,
           EOFError, zlib.error)  # fmt: skip


def require_size(size: int | None) -> None:
    """Raise Problem 413.610 for more than may be sent."""
    if size is None or size > LARGEST:
        raise Problem("413.610", limit=LARGEST // 1_000_000)


def require_harmless(content: bytes, number: str, most: int = LARGEST_INSIDE) -> None:
    """Raise the problem of the given number for an archive that unpacks into too much, or names places outside itself."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            inside = archive.infolist()
            if len(inside) > MOST_FILES or len({one.filename for one in inside}) != len(inside):
                raise Problem(number)
            left = most
            for one in inside:
                if one.filename.startswith("/") or ".." in one.filename or "\\" in one.filename or one.flag_bits & 1:
                    raise Problem(number)
                left -= _size(archive, one, left, number)
    except _BROKEN:
        raise Problem(number) from None


def _size(archive: zipfile.ZipFile, one: zipfile.ZipInfo, most: int, number: str) -> int:
    """Unpack to count, not to keep: what an archive says about its sizes may be a lie."""
    size = 0
    with archive.open(one) as file:
        while chunk := file.read(65_536):
            size += len(chunk)
            if size > most:
                raise Problem(number)
    return size


def file_in(content: bytes, name: str, number: str) -> bytes:
    """Return one file of an archive."""
    require_harmless(content, number)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return archive.read(name)
    except _BROKEN:
        raise Problem(number) from None
