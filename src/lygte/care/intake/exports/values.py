"""From answers as sent to the cells of a row: as text, or typed. What a type cannot hold is told apart, never dropped."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

from django.utils import timezone

from .rows import Row
from .schema import Column, Kind

WHOLE = re.compile(r"[+-]?\d{1,18}\Z", re.ASCII)
NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?\Z", re.ASCII)
DATE = re.compile(r"\d{4}-\d\d-\d\d\Z", re.ASCII)
System = dict[str, str]


class Unfit(ValueError):
    """A text that is no value of its column's kind."""


def text_of(column: Column, row: Row, system: System) -> str:
    """Return a cell as text; "" where there is no answer."""
    if column.source < 0:
        return system[column.name]
    answer = row.answers[column.source]
    if column.part is None or not answer:
        return answer
    if isinstance(column.part, str):
        return "1" if column.part in answer.split() else "0"
    parts = answer.split()
    return parts[column.part] if column.part < len(parts) else ""


def texts_of(columns: Sequence[Column], row: Row, system: System) -> list[str]:
    """Return all cells of a row as text, as sent."""
    return [text_of(column, row, system) for column in columns]


def typed_of(columns: Sequence[Column], row: Row, system: System) -> list[Any]:
    """Return all cells of a row typed; None where there is no answer. What does not fit its type goes to `__other`."""
    cells: list[Any] = []
    unfit: dict[str, str] = {}
    for column in columns:
        text = text_of(column, row, system)
        if not text:
            cells.append(None)
            continue
        try:
            cells.append(typed(column.kind, text))
        except Unfit:
            cells.append(None)
            if column.part is None:  # a part's whole stands in a column of its own, as text
                unfit[column.name] = text
    if unfit:
        cells[[column.name for column in columns].index("__other")] = other_of({**unfit, **row.other})
    return cells


def typed(kind: Kind, text: str) -> Any:
    """Return a text as a value of a kind, or raise Unfit."""
    return _READERS[kind](text)


def _whole(text: str) -> int:
    if not WHOLE.match(text):
        raise Unfit
    return int(text)


def _number(text: str) -> float:
    if not NUMBER.match(text) or not math.isfinite(value := float(text)):
        raise Unfit
    return value


def _date(text: str) -> date:
    try:
        if DATE.match(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise Unfit


def _moment(text: str) -> datetime:
    """Return a moment; one that names no zone is taken as of the installation's."""
    try:
        found = datetime.fromisoformat(text) if "T" in text else None
        if found is not None:
            return found if found.tzinfo else timezone.make_aware(found)
    except (ValueError, OverflowError):
        pass
    raise Unfit


def _yes_no(text: str) -> bool:
    return text == "1"


_READERS: dict[Kind, Any] = {
    Kind.TEXT: str,
    Kind.WHOLE: _whole,
    Kind.NUMBER: _number,
    Kind.DATE: _date,
    Kind.MOMENT: _moment,
    Kind.YES_NO: _yes_no,
}


def other_of(other: dict[str, str]) -> str:
    """Return what has no column as one text, or "" where there is nothing."""
    return json.dumps(other, ensure_ascii=False) if other else ""


def moment_text(at: datetime) -> str:
    """Return a moment of ours as it stands in every table: UTC, to the millisecond."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
