"""Parquet: one typed file a table in a zip, in row groups of bounded size."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import IO, Any

import pyarrow as pa
import pyarrow.parquet as pq

from ..reading import Filled
from ..rows import Row
from ..schema import Column, Kind, Schema
from ..values import typed_of
from .files import About, table_files

ARROW = {
    Kind.TEXT: pa.string(),
    Kind.WHOLE: pa.int64(),
    Kind.NUMBER: pa.float64(),
    Kind.DATE: pa.date32(),
    Kind.MOMENT: pa.timestamp("ms", tz="UTC"),
    Kind.YES_NO: pa.bool_(),
}
MOST_ROWS, MOST_CELLS, MOST_SIGNS = 20_000, 400_000, 8_000_000  # of one row group


class _Counting:
    """A file that knows how much was written to it; a member of a zip does not say."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file, self.at, self.closed = file, 0, False

    def write(self, data: Any) -> int:
        written = self.file.write(data)
        self.at += len(data)
        return written

    def tell(self) -> int:
        return self.at

    def flush(self) -> None:
        pass

    def close(self) -> None:
        self.closed = True


class _Table:
    """One Parquet file on its way."""

    def __init__(self, columns: Sequence[Column], file: IO[bytes]) -> None:
        self.columns = columns
        self.shape = pa.schema([_field(column) for column in columns])
        self.writer = pq.ParquetWriter(pa.PythonFile(_Counting(file), mode="w"), self.shape, compression="zstd")
        self.moments = [place for place, column in enumerate(columns) if column.kind == Kind.MOMENT]
        self.held: list[list[Any]] = []
        self.signs = 0

    def write(self, row: Row, one: Filled) -> None:
        cells = typed_of(self.columns, row, one.system_of(row))
        for place in self.moments:
            if cells[place] is not None:
                cells[place] = _in_utc(cells[place])
        self.held.append(cells)
        self.signs += sum(len(cell) for cell in cells if isinstance(cell, str))
        full = len(self.held) >= MOST_ROWS or len(self.held) * len(cells) >= MOST_CELLS
        if full or self.signs >= MOST_SIGNS:
            self.let_out()

    def let_out(self) -> None:
        if self.held:
            arrays = [
                pa.array(values, field.type)
                for values, field in zip(zip(*self.held, strict=True), self.shape, strict=True)
            ]
            self.writer.write_table(pa.Table.from_arrays(arrays, schema=self.shape))
        self.held, self.signs = [], 0

    def let_go(self) -> None:
        self.let_out()
        self.writer.close()


def _in_utc(at: datetime) -> datetime | None:
    try:
        return at.astimezone(UTC)
    except OverflowError:  # in the first or the last hours there are
        return None


def _field(column: Column) -> Any:
    about = {"label": json.dumps(column.label, ensure_ascii=False)} if column.label else None
    return pa.field(column.name, ARROW[column.kind], metadata=about)


def parquet_zip(schema: Schema, filled: Iterator[Filled], about: About) -> Iterator[bytes]:
    """Return a zip of Parquet files, piece by piece."""
    return table_files(schema, filled, about, suffix="parquet", table=_Table, packed=False)
