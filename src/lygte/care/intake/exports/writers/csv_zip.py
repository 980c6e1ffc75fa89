"""CSV: one file a table in a zip, as sent, in UTF-8 with the mark by which spreadsheets know it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from typing import IO

from lygte.core.cells import neutral

from ..reading import Filled
from ..rows import Row
from ..schema import Column, Kind, Schema
from ..values import Unfit, text_of, typed
from .files import About, table_files

BOM = "\ufeff"


class _Table:
    """One CSV file on its way."""

    def __init__(self, columns: Sequence[Column], file: IO[bytes]) -> None:
        self.columns = columns
        self.text = io.TextIOWrapper(file, encoding="utf-8", newline="")
        self.writer = csv.writer(self.text)
        self.text.write(BOM)
        self.writer.writerow([neutral(column.name) for column in columns])

    def write(self, row: Row, one: Filled) -> None:
        system = one.system_of(row)
        self.writer.writerow([_safe(text_of(column, row, system), column.kind) for column in self.columns])

    def let_go(self) -> None:
        self.text.flush()
        self.text.detach()


def _safe(cell: str, kind: Kind) -> str:
    """Leave numbers and days as they are, also those below nothing; of all other texts, none is ever run."""
    if not cell:
        return ""
    if kind != Kind.TEXT:
        try:
            typed(kind, cell)
        except Unfit:
            return neutral(cell)
        return cell
    return neutral(cell)


def csv_zip(schema: Schema, filled: Iterator[Filled], about: About) -> Iterator[bytes]:
    """Return a zip of CSV files, piece by piece."""
    return table_files(schema, filled, about, suffix="csv", table=_Table)
