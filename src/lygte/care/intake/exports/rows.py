"""From a filled form to rows: one of the root table, and one for each time a repeat was filled in.

Nothing that was sent is lost: what has no column (an element the form does not know, a second answer to one question)
stands in `__other`, by its path.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

from ..instance import Node
from .schema import Schema, Step

LONGEST_KEY = 200  # Excel's look-up functions stop at 255


@dataclass
class Row:
    """One row of a table: its key, that of the row around it, which one it is there, and its answers as sent."""

    table: int
    key: str
    parent_key: str
    root_key: str
    position: int
    answers: list[str]
    other: dict[str, str] = field(default_factory=dict)
    below: list[Row] = field(default_factory=list)


def rows_of(root: Node, schema: Schema, version: int, key: str, corrections: Mapping[str, str]) -> Row:
    """Return the root row of a filled form, with the rows of its repeats below it. Corrections are laid over it."""
    row = Row(0, key, "", key, 1, [""] * len(schema.tables[0].order))
    steps = schema.versions[version]
    _fill(row, root, steps, "", schema, top=True)
    for path, value in corrections.items():
        _correct(row, steps, path, value)
    return row


def every_row(row: Row) -> list[Row]:
    """Return a row and all rows below it, each before its own."""
    found = [row]
    for one in row.below:
        found += every_row(one)
    return found


def _fill(row: Row, node: Node, step: Step, trail: str, schema: Schema, *, top: bool = False) -> None:
    counted: dict[str, int] = {}
    for child in node.children:
        name = child.name
        if top and name == "meta":
            continue
        counted[name] = counted.get(name, 0) + 1
        found = step.below.get(name)
        path = f"{trail}/{name}" if trail else name
        if found is not None and found.repeat:
            _repeat(row, child, found, path, counted[name], schema)
        elif found is not None and found.answer is not None and counted[name] == 1 and not child.children:
            row.answers[found.answer] = child.value
        elif found is not None and found.answer is None and child.children and counted[name] == 1:
            _fill(row, child, found, path, schema)
        else:
            _keep(row, child, path if counted[name] == 1 else f"{path}[{counted[name]}]")


def _repeat(row: Row, child: Node, step: Step, path: str, position: int, schema: Schema) -> None:
    key = f"{row.key}/{path}[{position}]"
    if len(key) > LONGEST_KEY:
        key = f"{row.root_key}/{hashlib.sha256(key.encode()).hexdigest()[:40]}"
    made = Row(step.table, key, row.key, row.root_key, position, [""] * len(schema.tables[step.table].order))
    row.below.append(made)
    if child.children:
        _fill(made, child, step, "", schema)
    elif child.value:
        made.other["."] = child.value


def _keep(row: Row, node: Node, path: str) -> None:
    """Keep what has no column, with all that is in it."""
    if not node.children:
        if node.value or path.endswith("]"):
            row.other[path] = node.value
        return
    counted: dict[str, int] = {}
    for child in node.children:
        counted[child.name] = counted.get(child.name, 0) + 1
        number = f"[{counted[child.name]}]" if counted[child.name] > 1 else ""
        _keep(row, child, f"{path}/{child.name}{number}")


def _correct(row: Row, steps: Step, path: str, value: str) -> None:
    """Lay a correction over an answer outside repeats, as the room does that takes the form in."""
    step: Step | None = steps
    for name in path.split("/"):
        step = step.below.get(name) if step is not None else None
    if step is not None and step.answer is not None and step.table == 0:
        row.answers[step.answer] = value
    else:
        row.other[path] = value
