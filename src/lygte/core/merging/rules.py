"""How two edits of one record meet, field by field; pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Values = Mapping[str, Any]


@dataclass(frozen=True)
class Met:
    """What stands after two edits met. `undecided` holds, by field, what the later one wanted."""

    values: dict[str, Any]
    undecided: dict[str, Any]


def meet(base: Values, theirs: Values, mine: Values) -> Met:
    """Return theirs with my changes in it, where only I changed a field or both changed it alike.

    `base` is what I had before me. Where both changed a field differently, theirs stays until somebody chooses. A field
    that is absent counts as empty. What each side left alone never wins over what the other changed.
    """
    values, undecided = dict(theirs), {}
    for name in sorted({*base, *theirs, *mine}):
        before, now, wanted = base.get(name), theirs.get(name), mine.get(name)
        if wanted in (before, now):
            continue
        if now == before:
            _put(values, name, wanted)
        else:
            undecided[name] = wanted
    return Met(values, undecided)


def _put(values: dict[str, Any], name: str, value: Any) -> None:
    if value is None:
        values.pop(name, None)
    else:
        values[name] = value
