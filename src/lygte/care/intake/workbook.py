"""How large and how strange an uploaded workbook may be, checked before any library unpacks it.

A workbook of 4.9 MB with a million tiny rows cost openpyxl 145 s: so the cells are counted in the raw bytes first.
It knows no Django: the process that converts workbooks imports it.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator

MAX_BYTES = 10_000_000
MAX_TEXT_BYTES = 2_000_000
MAX_ENTRIES = 1_000
MAX_UNPACKED_BYTES = 100_000_000
MAX_OLD_BYTES = 4_000_000
MAX_CELLS = 200_000
MAX_BLANK_CELLS = 600_000  # with a colour or a border and nothing in them: sheets formatted down to the bottom
MAX_ROWS = 50_000
CHUNK = 1 << 18

CELL = re.compile(rb"<(?:[A-Za-z][\w.-]*:)?c[\s/>]")
BLANK = re.compile(rb"<(?:[A-Za-z][\w.-]*:)?c(?:\s[^<>]*)?/>")
ROW = re.compile(rb"<(?:[A-Za-z][\w.-]*:)?row[\s/>]")
SUFFIXES = (".xlsx", ".xlsm", ".xls", ".csv", ".md")
OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # how a workbook of Excel 97 begins, whatever its name says
NEVER_READ = "customXml/"  # what other programs left in the workbook, often in UTF-16


class WorkbookRefused(Exception):
    """Why a workbook is not even opened: a problem number and the details of its sentence."""

    def __init__(self, number: str, **details: str | int) -> None:
        super().__init__(number, details)
        self.number, self.details = number, details


def check_workbook(data: bytes, filename: str) -> str:
    """Return the kind of the file ("xlsx", "xls", "csv" or "md"), or raise WorkbookRefused."""
    suffix = next((s for s in SUFFIXES if filename.lower().endswith(s)), None)
    if suffix is None:
        raise WorkbookRefused("422.101", name=filename[:80])
    limit = MAX_TEXT_BYTES if suffix in {".csv", ".md"} else MAX_BYTES
    if len(data) > limit:
        raise WorkbookRefused("413.102", megabytes=str(round(len(data) / 1e6, 1)), limit=limit // 1_000_000)
    if suffix in {".csv", ".md"}:
        _check_text(data)
        return suffix[1:]
    if data.startswith(OLD):
        # It packs nothing, so its size is what it costs; the process that reads it has limits of its own.
        if len(data) > MAX_OLD_BYTES:
            megabytes = str(round(len(data) / 1e6, 1))
            raise WorkbookRefused("413.102", megabytes=megabytes, limit=MAX_OLD_BYTES // 1_000_000)
        return "xls"
    _check_zip(data)
    return "xlsx"


def _check_text(data: bytes) -> None:
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise WorkbookRefused("422.104", position=error.start + 1) from error
    rows = text.count("\n")
    if rows > MAX_ROWS:
        raise WorkbookRefused("413.103", count=rows, limit=MAX_ROWS)


def _check_zip(data: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _check_directory(archive, len(data))
            _check_entries(archive)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise WorkbookRefused("422.105") from error
    except (ValueError, zipfile.zlib.error) as error:  # type: ignore[attr-defined]
        raise WorkbookRefused("422.105") from error


def _check_directory(archive: zipfile.ZipFile, size: int) -> None:
    """Refuse by what the table of contents says: too many, too large, overlapping, encrypted, outside."""
    entries = archive.infolist()
    if len(entries) > MAX_ENTRIES:
        raise WorkbookRefused("413.106", count=len(entries), limit=MAX_ENTRIES)
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > MAX_UNPACKED_BYTES:
        raise WorkbookRefused("413.107", megabytes=round(unpacked / 1e6), limit=MAX_UNPACKED_BYTES // 1_000_000)
    end = 0
    for entry in sorted(entries, key=lambda e: e.header_offset):
        outside = entry.filename.startswith(("/", "\\")) or ".." in re.split(r"[/\\]", entry.filename)
        if outside or entry.flag_bits & 1 or entry.header_offset < end:
            raise WorkbookRefused("422.105")
        end = entry.header_offset + entry.compress_size
    if end > size:
        raise WorkbookRefused("422.105")


def _check_entries(archive: zipfile.ZipFile) -> None:
    """Read the raw XML once, in pieces, and stop at the first thing that goes too far."""
    cells = blank = rows = 0
    for entry in archive.infolist():
        if not entry.filename.lower().endswith((".xml", ".rels")) or entry.filename.startswith(NEVER_READ):
            continue
        is_sheet = "/worksheets/" in entry.filename
        for number, piece in enumerate(_pieces(archive, entry)):
            if number == 0 and (b"<!DOCTYPE" in piece or piece[:2] in {b"\xfe\xff", b"\xff\xfe"}):
                raise WorkbookRefused("422.105")
            if not is_sheet:
                break
            empty = len(BLANK.findall(piece))
            blank += empty
            cells += len(CELL.findall(piece)) - empty
            rows += len(ROW.findall(piece))
            if cells > MAX_CELLS or blank > MAX_BLANK_CELLS:
                raise WorkbookRefused("413.108", limit=MAX_CELLS if cells > MAX_CELLS else MAX_BLANK_CELLS)
            if rows > MAX_ROWS:
                raise WorkbookRefused("413.103", count=rows, limit=MAX_ROWS)


def _pieces(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    """Yield an entry in pieces cut before a tag, so that no tag is counted twice or not at all."""
    rest = b""
    with archive.open(entry) as stream:
        while chunk := stream.read(CHUNK):
            piece = rest + chunk
            cut = piece.rfind(b"<")
            if cut <= 0 or len(piece) > 8 * CHUNK:
                cut = len(piece)
            yield piece[:cut]
            rest = piece[cut:]
    yield rest
