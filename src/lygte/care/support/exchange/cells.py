"""Tables as files: CSV, XLSX and JSON, in which no cell is ever taken for a formula, and each comes back as it was."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from lygte.core.cells import neutral, restored
from lygte.core.problems import Problem

from . import standard
from .boxes import LARGEST_WORKBOOK, require_harmless

Row = Mapping[str, str]
MOST_ROWS, MOST_COLUMNS = 50, 300
LONGEST_IN_XLSX = 32_000  # a longer text would be cut without a word
EXTRA = "lyg_"  # columns of ours: who took it out, when, for whom

csv.field_size_limit(1_000_000)


# Writing -----------------------------------------------------------------------------------------------------------------
def csv_of(columns: Sequence[str], rows: Iterable[Row]) -> bytes:
    """Return a table as CSV, in UTF-8 with the mark by which spreadsheets know it."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    writer.writerow(columns)
    writer.writerows([neutral(row.get(column, "")) for column in columns] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def xlsx_of(columns: Sequence[str], rows: Iterable[Row], about: str) -> bytes:
    """Return a table as a workbook of texts; `about` stands in its properties."""
    book = Workbook()
    book.properties.creator, book.properties.description = "Lygte", about
    sheet = book.active
    assert sheet is not None
    sheet.title = standard.TITLE
    for number, row in enumerate([dict(zip(columns, columns, strict=True)), *rows], start=1):
        for place, column in enumerate(columns, start=1):
            if len(row.get(column, "")) > LONGEST_IN_XLSX:
                raise Problem("422.616", at=column, most=LONGEST_IN_XLSX)
            cell = sheet.cell(number, place)
            cell.value = neutral(_writable(row.get(column, "")))
            cell.data_type = "s"
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _writable(text: str) -> str:
    """Return a text without the control signs that a workbook cannot hold."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(sign for sign in text if sign >= " " or sign in "\n\t")


def json_of(columns: Sequence[str], rows: Iterable[Row], taken_out: Mapping[str, str]) -> bytes:
    """Return a table as JSON, with who took it out for whom; empty cells are left out."""
    document = {
        "standard": standard.TITLE,
        "attribution": f"{standard.ABOUT['standard']} by {standard.ABOUT['by']}, {standard.ABOUT['licence']}",
        "taken_out": taken_out,
        "cases": [{column: row[column] for column in columns if row.get(column)} for row in rows],
    }
    return json.dumps(document, ensure_ascii=False, indent=1).encode()


# Reading -----------------------------------------------------------------------------------------------------------------
def read_table(content: bytes) -> tuple[list[str], list[Row]]:
    """Return columns and rows of a file, whichever of the three kinds it is. Raises Problem 422.610, .615 or .618."""
    if content[:2] == b"PK":
        lines = _xlsx_lines(content)
    elif content.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"["):
        return _json_rows(content)
    else:
        lines = _csv_lines(content)
    if not lines:
        raise Problem("422.610")
    columns = [cell.strip() for cell in lines[0]]
    while columns and not columns[-1]:
        columns.pop()
    _check_columns(columns)
    rows = [_row(columns, line) for line in lines[1:] if any(cell.strip() for cell in line)]
    _check_count(len(rows))
    return columns, rows


def _row(columns: Sequence[str], line: Sequence[str]) -> Row:
    if any(cell.strip() for cell in line[len(columns) :]):
        raise Problem("422.610")
    return {column: restored(cell) for column, cell in zip(columns, line, strict=False)}


def _check_columns(columns: Sequence[str]) -> None:
    known = [standard.plain(column) for column in columns]
    if not columns or len(columns) > MOST_COLUMNS:
        raise Problem("422.610")
    for column, name in zip(columns, known, strict=True):
        if not name or known.count(name) > 1:
            raise Problem("422.618", column=column[:60] or "–")


def _check_count(count: int) -> None:
    if not count:
        raise Problem("422.610")
    if count > MOST_ROWS:
        raise Problem("422.615", count=count, most=MOST_ROWS)


def _csv_lines(content: bytes) -> list[list[str]]:
    try:
        text = content.decode("utf-8-sig")
        first = text.split("\n", 1)[0]
        marks = {mark: first.count(mark) for mark in ",;\t"}
        lines = csv.reader(
            io.StringIO(text, newline=""), delimiter=max(marks, key=lambda mark: marks[mark]), strict=True
        )
        found = []
        for line in lines:
            found.append(line)
            if len(found) > MOST_ROWS * 20:
                _check_count(len(found))
        return found
    except (UnicodeDecodeError, csv.Error):
        raise Problem("422.610") from None


def _xlsx_lines(content: bytes) -> list[list[str]]:
    require_harmless(content, "422.610", LARGEST_WORKBOOK)
    try:
        sheet = load_workbook(io.BytesIO(content), read_only=True, data_only=False).worksheets[0]
        found = [
            [_text(value) for value in line]
            for line in sheet.iter_rows(max_row=MOST_ROWS * 20, max_col=MOST_COLUMNS, values_only=True)
        ]
    except (
        InvalidFileException,
        zipfile.BadZipFile,
        KeyError,
        ValueError,
        IndexError,
        OSError,
        SyntaxError,
        TypeError,
    ):
        raise Problem("422.610") from None
    return found


def _json_rows(content: bytes) -> tuple[list[str], list[Row]]:
    try:
        found = json.loads(content.decode("utf-8-sig"))
    except (UnicodeDecodeError, ValueError, RecursionError):
        raise Problem("422.610") from None
    cases = found.get("cases") if isinstance(found, dict) else found
    if not isinstance(cases, list) or not all(isinstance(case, dict) for case in cases):
        raise Problem("422.610")
    _check_count(len(cases))
    rows: list[Row] = [{str(name): _text(value) for name, value in case.items()} for case in cases]
    columns = list(dict.fromkeys(name for row in rows for name in row))
    _check_columns(columns)
    return columns, rows


def _text(value: Any) -> str:
    """Return a cell as text: days as days, truths as the standard writes them, several choices in one."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, datetime | date):
        return value.isoformat()[:10]
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, list):
        return "; ".join(_text(part) for part in value if not isinstance(part, list | dict))
    if isinstance(value, dict):
        raise Problem("422.610")
    return str(value)
