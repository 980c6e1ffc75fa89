"""Locked values: a dictionary in, bytes out, bound to the one place where it may stand.

Only `core/consent/gate.py` may open one: whoever wants to read goes through consent (a contract holds this).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from ..problems import Problem
from . import ciphers


def place_of(table: str, column: str, row: str, person: str, version: int) -> bytes:
    """Return the associated data: a box opens only in this table, column, row, person and version."""
    return ciphers.bind(table, column, row, person, str(version))


def lock_values(key: bytes, values: Mapping[str, Any], place: bytes) -> bytes:
    """Return the values as one padded, locked box."""
    return ciphers.lock(key, json.dumps(values, ensure_ascii=False, sort_keys=True).encode(), place)


def open_values(key: bytes, box: bytes, place: bytes, what: str) -> dict[str, Any]:
    """Return the values of a box; Problem 422.20 when it was changed or moved."""
    try:
        values = json.loads(ciphers.unlock(key, box, place))
    except ciphers.Unopenable:
        raise Problem("422.20", what=what) from None
    assert isinstance(values, dict)
    return values
