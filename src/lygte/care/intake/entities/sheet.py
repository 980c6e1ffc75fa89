"""What is asked of the sheet “entities” and of the column “save_to” before a form is published.

What ODK asks is asked by pyxform; here is what Lygte asks: what a list holds, and that it is no register of people.
It knows no Django: the process that converts workbooks imports it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ..checks import REFERENCE, WATCHING, Finding, finding, read_rows
from .ethics import is_a_list_of_people, speaks_of_a_person

HOLDS = ("places", "things", "cases")
Rows = Sequence[Mapping[str, str]]


def check_entities(*, survey: Any, entities: Any) -> list[Finding]:
    """Return everything that is wrong, with sheet, row and column."""
    rows = read_rows(entities)
    if not rows:
        return []
    asked = read_rows(survey)
    return [*_lists(rows, asked), *_properties(asked)]


def held_in(book: Any) -> dict[str, str]:
    """Take the column “holds”, which ODK does not know, out of the sheet; return what each list holds."""
    held: dict[str, str] = {}
    for row in book.entities or []:
        name = str(row.get("list_name", row.get("dataset", "")))
        for column in [column for column in row if str(column).strip().lower() == "holds"]:
            if value := str(row.pop(column) or "").strip().lower():
                held[name] = value
    for header in book.entities_header or []:
        for column in [column for column in header if str(column).strip().lower() == "holds"]:
            header.pop(column)
    return held


def _lists(rows: Rows, survey: Rows) -> Iterator[Finding]:
    questions = {row.get("name", ""): row for row in survey}
    for number, row in enumerate(rows, start=2):
        name = row.get("list_name", row.get("dataset", ""))
        holds = row.get("holds", "").strip().lower()
        if holds and holds not in HOLDS:
            yield finding("422.447", "entities", number, "holds", value=row["holds"][:80])
        if is_a_list_of_people(name):
            yield finding("422.446", "entities", number, "list_name", value=name)
        for match in REFERENCE.finditer(row.get("label", "")):
            if what := _personal(questions.get(match[2], {"name": match[2]})):
                yield finding("422.445", "entities", number, "label", value=match[2], reason=what)


def _properties(survey: Rows) -> Iterator[Finding]:
    for number, row in enumerate(survey, start=2):
        if not row.get("save_to"):
            continue
        saved = row["save_to"].rpartition("#")[2]
        if what := speaks_of_a_person(saved) or _personal(row):
            yield finding("422.445", "survey", number, "save_to", value=saved, reason=what)


def _personal(row: Mapping[str, str]) -> str:
    """Return what speaks of a person in a question: its name, its type, or its label in any language."""
    if row.get("type", "").strip() in WATCHING:
        return "contact"
    labels = (value for column, value in row.items() if column.split("::")[0] == "label")
    return next((what for what in map(speaks_of_a_person, [row.get("name", ""), *labels]) if what), "")
