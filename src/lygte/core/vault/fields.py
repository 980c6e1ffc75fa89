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


# Forms that a phone sealed to the organisation (the twin of assets/js/vault/sealing.js) -------------------------------
def seal_form(public: bytes, ref: str, values: Mapping[str, Any]) -> bytes:
    """Return a form that only a holder of the organisation's key can open, bound to its own reference."""
    key = ciphers.random_key()
    content = ciphers.lock(key, json.dumps(values, ensure_ascii=False).encode(), ciphers.bind("form", ref))
    sealed = ciphers.seal(public, key)
    return len(sealed).to_bytes(2, "big") + sealed + content


def open_form(private: bytes, ref: str, whole: bytes) -> dict[str, Any]:
    """Return what a phone sealed; Problem 422.20 when it was changed or is not for this organisation."""
    size = int.from_bytes(whole[:2], "big")
    try:
        key = ciphers.unseal(private, whole[2 : 2 + size])
        if len(key) != ciphers.KEY:
            raise ciphers.Unopenable
        values = json.loads(ciphers.unlock(key, whole[2 + size :], ciphers.bind("form", ref)))
    except ciphers.Unopenable:
        raise Problem("422.20", what=ref) from None
    assert isinstance(values, dict)
    return values
