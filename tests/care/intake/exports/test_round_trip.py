"""Random forms in two versions, filled in at random: the tables, joined back by their keys, give what was answered."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import openpyxl
import pyarrow.parquet as pq
import pytest
from django_scopes import scope
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lygte.care.intake.exports.actions import begin_export
from lygte.care.intake.exports.choosing import Choice
from lygte.care.intake.exports.odata.names import entity_sets
from lygte.care.intake.exports.schema import Column, Kind, Schema, schema_of
from lygte.core.cells import restored
from lygte.core.models import Member

from .conftest import EMPTY_XFORM, Reader, answers, outlined, put

pytestmark = pytest.mark.django_db

NAMES = st.sampled_from(["a", "b", "A", "item", "über", "x-y", "x.y", "x_y", "_z", "__key", "name"])
TYPES = st.sampled_from(["string", "int", "decimal", "date", "geopoint"])
WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12).map(str.strip)
NASTY = st.sampled_from(
    ["=1+1", "+45 12 34", "-x", "@SUM(A1)", "'=1", "_x0041_", "a\nb", 'quo"te, comma', "007", "1e999"]
)
VALUES = {
    "string": WORDS | NASTY,
    "int": st.integers(-(10**14), 10**14).map(str) | NASTY,
    "decimal": st.decimals(-1000, 1000, places=3).map(lambda d: f"{d:f}") | NASTY,
    "date": st.dates(date(1800, 1, 1), date(2200, 1, 1)).map(str) | NASTY,
    "geopoint": st.just("55.5 12.25 0 4.5") | NASTY,
}
# A form: {name: type of a question | ("group" | "repeat", form)}
FORMS = st.recursive(
    st.dictionaries(NAMES, TYPES, max_size=4),
    lambda inner: st.dictionaries(NAMES, TYPES | st.tuples(st.sampled_from(["group", "repeat"]), inner), max_size=4),
    max_leaves=6,
)


def outline_of(form: dict[str, Any]) -> dict[str, Any]:
    """Return what Lygte would remember of the form."""
    questions: list[dict[str, Any]] = []
    repeats: list[str] = []

    def walk(level: dict[str, Any], path: str) -> None:
        for name, what in level.items():
            if isinstance(what, str):
                questions.append({"path": f"{path}/{name}", "type": what, "label": {}, "choices": {}})
            else:
                if what[0] == "repeat":
                    repeats.append(f"{path}/{name}")
                walk(what[1], f"{path}/{name}")

    walk(form, "/data")
    return {"root": "data", "questions": questions, "repeats": repeats, "files": [], "groups": {}, "languages": []}


def fill(data: st.DataObject, form: dict[str, Any]) -> dict[str, Any]:
    """Fill a form in: a repeat is a list, a group a dictionary."""
    made: dict[str, Any] = {}
    for name, what in form.items():
        if isinstance(what, str):
            made[name] = data.draw(VALUES[what])
        elif what[0] == "group":
            made[name] = fill(data, what[1])
        else:
            made[name] = [fill(data, what[1]) for _time in range(data.draw(st.integers(0, 3)))]
    return made


Joined = dict[str, Any]  # {path below the row: text} and, by (path of the repeat): rows in order


def expected(filled: dict[str, Any], form: dict[str, Any]) -> Joined:
    """Return what the joined tables must give, written down independently of the code under test."""
    row: Joined = {"answers": {}, "repeats": {}}

    def walk(level: dict[str, Any], shape: dict[str, Any], trail: str) -> None:
        for name, value in level.items():
            path = f"{trail}{name}"
            if isinstance(shape[name], str):
                if value:
                    row["answers"][path] = value
            elif shape[name][0] == "group":
                walk(value, shape[name][1], f"{path}/")
            elif value:
                row["repeats"][path] = [expected(one, shape[name][1]) for one in value]

    walk(filled, form, "")
    return row


Rows = list[dict[str, Any]]
Text = Callable[[Any, Column], str]


def joined(tables: list[Rows], schema: Schema, text: Text) -> dict[str, Joined]:
    """Join tables by key, parent key and position, and return what stands below each key of the root table."""
    built: dict[str, Joined] = {}
    for table, rows in zip(schema.tables, tables, strict=True):
        order = sorted(rows, key=lambda row: int(row["__position"])) if table.parent is not None else rows
        for row in order:
            kept = {
                table.order[column.source]: words
                for column in table.columns
                if column.part is None and (words := text(row[column.name], column))
            }
            for path, words in json.loads(row["__other"] or "{}").items():
                kept[_path_of(path, table)] = words
            one: Joined = {"answers": kept, "repeats": {}}
            assert row["__key"] not in built
            built[row["__key"]] = one
            if table.parent is not None:
                around = schema.tables[table.parent].path
                trail = table.path.removeprefix(f"{around}/") if around else table.path
                built[row["__parent_key"]]["repeats"].setdefault(trail, []).append(one)
    return {key: one for key, one in built.items() if "/" not in key}


def _path_of(column: str, table: Any) -> str:
    found = next((one for one in table.columns if one.name == column), None)
    return table.order[found.source] if found else column


def read_csv(content: bytes, schema: Schema) -> list[Rows]:
    box = zipfile.ZipFile(io.BytesIO(content))
    assert box.testzip() is None
    found = []
    for table in schema.tables:
        lines = list(csv.reader(io.StringIO(box.read(f"{table.name}.csv").decode("utf-8-sig"), newline="")))
        heads = [restored(head) for head in lines[0]]
        assert heads == [column.name for column in table.everything]
        found.append([dict(zip(heads, map(restored, line), strict=True)) for line in lines[1:]])
    return found


def read_xlsx(content: bytes, schema: Schema) -> list[Rows]:
    book = openpyxl.load_workbook(io.BytesIO(content))
    sheets = book.worksheets[: len(schema.tables)]
    assert [sheet.title.casefold() for sheet in book.worksheets[-2:]] == ["about", "columns"]
    found = []
    for table, sheet in zip(schema.tables, sheets, strict=True):
        heads = [column.name for column in table.everything]
        lines = [[_unescaped(cell) for cell in line] for line in sheet.iter_rows(values_only=True)]
        assert lines[0] == heads
        assert all(cell.data_type != "f" for line in sheet.iter_rows() for cell in line)
        # a row of nothing but blanks at its end is shorter
        found.append([dict(zip(heads, [*line, *[None] * (len(heads) - len(line))], strict=True)) for line in lines[1:]])
    return found


def _unescaped(cell: Any) -> Any:
    """Return a cell as Excel reads it: `_x005F_` stands for `_` where the rest would be taken for a sign."""
    return re.sub(r"_x005F_(?=x[0-9A-Fa-f]{4}_)", "_", cell) if isinstance(cell, str) else cell


def read_parquet(content: bytes, schema: Schema) -> list[Rows]:
    box = zipfile.ZipFile(io.BytesIO(content))
    return [pq.read_table(io.BytesIO(box.read(f"{table.name}.parquet"))).to_pylist() for table in schema.tables]


def as_sent(value: Any, column: Column) -> str:
    """Return a typed cell as the text that was sent, in the one way of writing that the strategies use."""
    if value is None or value == "":
        return ""
    if column.kind == Kind.NUMBER and not isinstance(value, str):
        return f"{value:.3f}"
    if isinstance(value, datetime):
        return value.date().isoformat()
    return str(value)


READERS: dict[str, tuple[Callable[[bytes, Schema], list[Rows]], Text]] = {
    "csv": (read_csv, lambda value, column: value),
    "xlsx": (read_xlsx, as_sent),
    "parquet": (read_parquet, as_sent),
}


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_files_joined_back_give_what_was_answered(bogdan: Member, data: st.DataObject) -> None:
    forms = [data.draw(FORMS), data.draw(FORMS)]
    first = outlined(bogdan, outline_of(forms[0]), EMPTY_XFORM)
    versions = [first, outlined(bogdan, outline_of(forms[1]), EMPTY_XFORM, first.form)]
    wanted = {}
    for number in data.draw(st.lists(st.integers(0, 1), max_size=4)):
        filled = fill(data, forms[number])
        wanted[put(versions[number], bogdan, answers(**filled)).ref] = expected(filled, forms[number])
    with scope(organisation=bogdan.organisation):
        schema = schema_of(first.form)
        for format, (read, text) in READERS.items():
            export = begin_export(member=bogdan, form=first.form, format=format, choice=Choice())
            tables = read(b"".join(export.stream()), schema)
            got = joined(tables, schema, text)
            exact = format == "csv"
            assert {key: told(one, exact) for key, one in got.items()} == {
                key: told(one, exact) for key, one in wanted.items()
            }, format


def told(row: Joined, exact: bool) -> Joined:
    """Return a row for comparing: in typed tables numbers are compared as numbers."""
    return {
        "answers": {path: words if exact else _number(words) for path, words in row["answers"].items()},
        "repeats": {path: [told(one, exact) for one in rows] for path, rows in row["repeats"].items()},
    }


def _number(words: str) -> Any:
    try:
        return float(words) if words.lstrip("+-").replace(".", "", 1).isdigit() and words.isascii() else words
    except ValueError:
        return words


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_a_feed_joined_back_gives_what_was_answered(bogdan: Member, data: st.DataObject) -> None:
    form = data.draw(FORMS)
    version = outlined(bogdan, outline_of(form), EMPTY_XFORM)
    wanted = {}
    for _time in range(data.draw(st.integers(0, 3))):
        filled = fill(data, form)
        wanted[put(version, bogdan, answers(**filled)).ref] = expected(filled, form)
    reader = Reader(version.form, bogdan)
    with scope(organisation=bogdan.organisation):
        schema = schema_of(version.form)
    sets = entity_sets(schema)
    size = data.draw(st.integers(1, 3))
    tables = []
    for one, table in zip(sets, schema.tables, strict=True):
        rows = reader.rows(f"/{one.name}", Prefer=f"odata.maxpagesize={size}")
        tables.append([flat(row, one.top, table) for row in rows])
    got = joined(tables, schema, as_sent)
    assert {key: told(one, False) for key, one in got.items()} == {key: told(one, False) for key, one in wanted.items()}


def flat(row: dict[str, Any], top: Any, table: Any) -> dict[str, Any]:
    """Return a row of a feed under the names of the tables' columns."""
    made: dict[str, Any] = {}

    def walk(part: Any, value: dict[str, Any]) -> None:
        for one in part.below:
            if one.below:
                walk(one, value[one.name])
            elif one.column is not None and one.column >= 0:
                made[table.everything[one.column].name] = value[one.name]

    walk(top, row)
    return made
