"""When two people are alike enough to ask somebody about; pure. It is a question, never an answer."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lygte.core.vault import index

NEAR = 1  # years by which a year of birth may be told wrong


@dataclass(frozen=True)
class Told:
    """What is compared: how the words of the names sound, the year of birth, the end of the phone number."""

    sounds: frozenset[str] = frozenset()
    born: int | None = None
    phone: str = ""


def told_of(values: Mapping[str, Any]) -> Told:
    """Return what is compared of a person, from their opened name and ways to be reached."""
    names = re.sub(r"\(.*?\)", " ", f"{values.get('name') or ''} {values.get('called') or ''}")
    year = re.search(r"\b(1[89]|20)\d{2}\b", str(values.get("born") or ""))
    return Told(
        frozenset(index.sound_of(word) for word in re.split(r"[\s\-'’.,]+", names)) - {""},
        int(year[0]) if year else None,
        index.phone(str(values.get("phone") or "")),
    )


def alike(one: Told, other: Told) -> bool:
    """Tell whether a person should be asked: the same phone, or two names alike (one, if there is no more) and a near year."""
    if one.phone and one.phone == other.phone:
        return True
    if one.born is not None and other.born is not None and abs(one.born - other.born) > NEAR:
        return False
    needed = min(2, len(one.sounds), len(other.sounds))
    if needed < 2 and (one.born is None or other.born is None):
        return False  # one first name alone is nothing
    return needed > 0 and len(one.sounds & other.sounds) >= needed
