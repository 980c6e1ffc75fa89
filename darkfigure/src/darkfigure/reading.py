"""Overlap tables from CSV files, data frames, person records and sparse histories."""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from importlib import resources
from pathlib import Path
from typing import Any

from darkfigure.errors import TableError
from darkfigure.table import OverlapTable, build_table

COUNT_NAMES = ("count", "n", "freq", "frequency", "counts")
_RANGE = re.compile(r"^(\d+)\s*(?:-|\u2013|\.\.)\s*(\d+)$")
_BELOW = re.compile(r"^<\s*(\d+)$")
_AT_MOST = re.compile(r"^(?:<=|\u2264)\s*(\d+)$")
_ROUNDED = re.compile(r"^~\s*(\d+)\s*/\s*(\d+)$")


def read_csv(path: str | Path, count: str | None = None, lists: Sequence[str] | None = None) -> OverlapTable:
    """Read an overlap table: one 0/1 column per list and one column of counts.

    Args:
        path: a file with a header row; comma, semicolon or tab separated; histories not given count 0.
        count: name of the column of counts (default: ``count``, ``n``, ``freq``, ... or the last column).
        lists: names of the list columns (default: all others).

    Counts may be ranges: ``<5`` (1 to 4: a suppressed cell, zero stays zero), ``<=4`` (0 to 4), ``1-4``,
    ``~20/5`` (20 after rounding to a multiple of 5: 18 to 22).

    Returns:
        An overlap table.

    Raises:
        TableError: 101 to 105 for the file, 201 to 214 for its contents; rows are numbered as in the file.

    Source: own bookkeeping.

    Example:
        >>> import tempfile, pathlib
        >>> file = pathlib.Path(tempfile.mkdtemp()) / "t.csv"
        >>> _ = file.write_text("police,shelter,count\\n1,0,40\\n0,1,30\\n1,1,6\\n")
        >>> read_csv(file)
        OverlapTable: 76 people on 2 lists (police 46, shelter 36), 3 histories seen
    """
    return _parse(_text_of(path), str(path), count, lists)


def _text_of(path: str | Path) -> str:
    try:
        return Path(path).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise TableError(102, path=path, reason=getattr(error, "strerror", None) or error) from error


def example(name: str) -> OverlapTable:
    """A published overlap table that comes with the package.

    Args:
        name: artificial_3, australia_4, korea_3, kosovo_4, netherlands_5, netherlands_6, new_orleans_5,
            new_orleans_8, new_orleans185_8, spina_bifida_3, uk_2013_5, uk_2013_6 or western_us_5.

    Returns:
        A published overlap table.

    Raises:
        TableError: 102 when there is no such table.

    Source: own; the papers of the tables are in docs/data.md.

    Example:
        >>> example("uk_2013_5").n
        2744
    """
    file = resources.files("darkfigure") / "data" / f"{name}.csv"
    if not file.is_file():
        raise TableError(102, path=name, reason="no such example")
    return _parse(file.read_text(encoding="utf-8"), name, None, None)


def from_frame(frame: Any, count: str | None = None, lists: Sequence[str] | None = None) -> OverlapTable:
    """Overlap table from a pandas or polars DataFrame or an Arrow table with one row per history.

    Args:
        frame: anything with ``to_dict``/``to_pylist``/``to_dicts``; list columns of 0/1 and a column of counts.
        count, lists: as for :func:`read_csv`.

    Returns:
        An overlap table.

    Raises:
        TableError: 104, 105, 201 to 214; row numbers count from 1.
        TableError: 101 for a frame without rows.

    Source: own bookkeeping.

    Example:
        >>> import pandas as pd
        >>> from_frame(pd.DataFrame({"A": [1, 0, 1], "B": [0, 1, 1], "count": [40, 30, 6]})).n
        76
    """
    records = _records_of(frame)
    if not records:
        raise TableError(101, path="(data frame)")
    header = [str(column) for column in records[0]]
    rows = [[record[column] for column in records[0]] for record in records]
    return _from_rows(header, rows, 1, count, lists)


def read_strata(
    path: str | Path,
    by: str,
    count: str | None = None,
    lists: Sequence[str] | None = None,
    pool: Mapping[str, str] | None = None,
) -> dict[str, OverlapTable]:
    """Read one overlap table per value of a column (year, region, ...): for ``add_strata`` or separate work.

    Args:
        path, count, lists: as for :func:`read_csv`. by: the column that tells strata apart.
        pool: strata to put together, old name to new name; a stratum in which a list is empty has to be pooled.

    Returns:
        One overlap table per stratum.

    Raises:
        TableError: as for read_csv; 210 when a list has nobody in a stratum.
        TableError: 105 for a column that is missing.

    Source: own bookkeeping.

    Example:
        >>> import tempfile, pathlib
        >>> file = pathlib.Path(tempfile.mkdtemp()) / "t.csv"
        >>> _ = file.write_text("A,B,year,count\\n1,0,2015,4\\n1,1,2015,2\\n0,1,2016,3\\n1,0,2016,5\\n")
        >>> sorted((name, table.n) for name, table in read_strata(file, "year").items())
        [('2015', 6), ('2016', 8)]
    """
    header, rows = _rows_of_csv(_text_of(path), str(path))
    if by not in header:
        raise TableError(105, column=by, columns=", ".join(header))
    at = header.index(by)
    groups: dict[str, list[tuple[int, list[Any]]]] = {}
    for number, row in rows:
        name = (pool or {}).get(row[at], row[at])
        groups.setdefault(name, []).append((number, row[:at] + row[at + 1 :]))
    rest = header[:at] + header[at + 1 :]
    return {
        name: _from_numbered_rows(rest, _added_up(rest, group, count), count, lists) for name, group in groups.items()
    }


def _added_up(header: list[str], rows: list[tuple[int, list[Any]]], count: str | None) -> list[tuple[int, list[Any]]]:
    """Rows with the same history in one row: pooled strata repeat histories."""
    at = header.index(_count_column(header, count))
    sums: dict[tuple[Any, ...], tuple[int, list[Any]]] = {}
    for number, row in rows:
        key = tuple(cell for place, cell in enumerate(row) if place != at)
        if key in sums:
            low, high = read_count(number, row[at])
            first, last = read_count(sums[key][0], sums[key][1][at])
            sums[key][1][at] = f"{low + first}-{high + last}"
        else:
            sums[key] = (number, list(row))
    return list(sums.values())


def _count_column(header: list[str], count: str | None) -> str:
    found = count or next((name for name in header if name.lower() in COUNT_NAMES), None)
    if found is None:
        raise TableError(104, columns=", ".join(header))
    if found not in header:
        raise TableError(105, column=found, columns=", ".join(header))
    return found


def from_records(records: Any, lists: Sequence[str]) -> OverlapTable:
    """Overlap table from one row per person with 0/1 (or True/False) columns of list membership.

    People on no list are left out: nobody observed them.

    Args:
        records: a data frame, an Arrow table or an iterable of mappings; one row per person.
        lists: names of the membership columns.

    Returns:
        An overlap table.

    Raises:
        TableError: 105 for a missing column, 204 for a membership other than 0 or 1, 207 to 211.

    Source: own bookkeeping.

    Example:
        >>> people = [{"A": 1, "B": 0}, {"A": 1, "B": 1}, {"A": 0, "B": 1}, {"A": 0, "B": 1}]
        >>> from_records(people, ["A", "B"]).counts.tolist()
        [0, 1, 2, 1]
    """
    tally: dict[tuple[int, ...], int] = {}
    for number, record in enumerate(_records_of(records), start=1):
        for name in lists:
            if name not in record:
                raise TableError(105, column=name, columns=", ".join(map(str, record)))
        history = tuple(_binary(number, name, record[name]) for name in lists)
        tally[history] = tally.get(history, 0) + 1
    tally.pop((0,) * len(lists), None)
    rows = ((row, history, number) for row, (history, number) in enumerate(tally.items(), start=1))
    return build_table(rows, lists, read_count)


def from_histories(histories: Mapping[Sequence[str] | frozenset[str], int], lists: Sequence[str]) -> OverlapTable:
    """Overlap table from sparse histories: the names of the lists a history is on, and how many people have it.

    Returns:
        An overlap table.

    Raises:
        TableError: 201 to 211, 213.

    Source: own bookkeeping.

    Example:
        >>> from_histories({("A",): 40, ("B",): 30, ("A", "B"): 6}, ["A", "B"]).counts.tolist()
        [0, 40, 30, 6]
    """
    rows = []
    for row, (members, number) in enumerate(histories.items(), start=1):
        for name in members:
            if name not in lists:
                raise TableError(213, list_name=name, lists=", ".join(lists))
        rows.append((row, [int(name in members) for name in lists], number))
    return build_table(rows, lists, read_count)


def read_count(row: int, value: object) -> tuple[int, int]:
    """Smallest and largest count that a cell of a file allows.

    Raises:
        TableError: 201, 202, 203, 214 with the row.

    Example:
        >>> read_count(2, "17"), read_count(2, "<5"), read_count(2, "1-4"), read_count(2, "~20/5")
        ((17, 17), (1, 4), (1, 4), (18, 22))
    """
    text = "" if value is None else str(value).strip()
    if text.lower() in ("", "na", "nan", "none", "null", "<na>", "nat"):
        raise TableError(203, row=row)
    bounds = _range_of(text)
    if bounds is not None:
        if bounds[0] > bounds[1] or bounds[0] < 0:
            raise TableError(214, row=row, value=text)
        return bounds
    try:
        number = int(text)
    except ValueError:
        try:
            real = float(text)
        except ValueError:
            raise TableError(202, row=row, value=text) from None
        if not math.isfinite(real) or real != int(real):
            raise TableError(202, row=row, value=text) from None
        number = int(real)
    if number < 0:
        raise TableError(201, row=row, value=text)
    return number, number


def _range_of(text: str) -> tuple[int, int] | None:
    if found := _RANGE.match(text):
        return int(found[1]), int(found[2])
    if found := _BELOW.match(text):
        return 1, int(found[1]) - 1
    if found := _AT_MOST.match(text):
        return 0, int(found[1])
    if found := _ROUNDED.match(text):
        centre, base = int(found[1]), int(found[2])
        return max(0, centre - base // 2), centre + base // 2
    return None


def _parse(text: str, path: str, count: str | None, lists: Sequence[str] | None) -> OverlapTable:
    header, rows = _rows_of_csv(text, path)
    return _from_numbered_rows(header, rows, count, lists)


def _rows_of_csv(text: str, path: str) -> tuple[list[str], list[tuple[int, list[Any]]]]:
    if not text.strip():
        raise TableError(101, path=path)
    header_line = text.lstrip().splitlines()[0]
    separator = max(",;\t", key=header_line.count)
    rows = [row for row in csv.reader(io.StringIO(text.lstrip()), delimiter=separator)]
    header = [name.strip() for name in rows[0]]
    body: list[tuple[int, list[Any]]] = []
    for number, row in enumerate(rows[1:], start=2):
        if not any(cell.strip() for cell in row):
            continue
        if len(row) != len(header):
            raise TableError(103, row=number, got=len(row), expected=len(header))
        body.append((number, row))
    return header, body


def _from_rows(
    header: list[str], rows: list[list[Any]], start: int, count: str | None, lists: Sequence[str] | None
) -> OverlapTable:
    return _from_numbered_rows(header, list(enumerate(rows, start=start)), count, lists)


def _from_numbered_rows(
    header: list[str], rows: list[tuple[int, list[Any]]], count: str | None, lists: Sequence[str] | None
) -> OverlapTable:
    count = _count_column(header, count)
    lists = list(lists) if lists is not None else [name for name in header if name != count]
    for column in [count, *lists]:
        if column not in header:
            raise TableError(105, column=column, columns=", ".join(header))
    where = [header.index(name) for name in lists]
    at = header.index(count)
    return build_table(((number, [row[j] for j in where], row[at]) for number, row in rows), lists, read_count)


def _records_of(data: Any) -> list[Mapping[str, Any]]:
    for method in ("to_pylist", "to_dicts"):
        if hasattr(data, method):
            return list(getattr(data, method)())
    if hasattr(data, "to_dict"):
        return list(data.to_dict("records"))
    return list(_as_iterable(data))


def _as_iterable(data: Any) -> Iterable[Mapping[str, Any]]:
    rows: Iterable[Mapping[str, Any]] = iter(data)
    return rows


def _binary(row: int, name: str, value: Any) -> int:
    if value in (0, 1, True, False):
        return int(value)
    raise TableError(204, row=row, value=value, list_name=name)
