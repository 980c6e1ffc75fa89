"""HTCDS 2.0 as data: its fields, which of them are core, and the codes of its lists.

The Human Trafficking Case Data Standard is by IOM, under CC BY 4.0; `htcds_2_0.json` says what was taken from where.
Its names are kept in files that are exchanged, and shown nowhere as words about a person.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("htcds_2_0.json")
ABOUT: Mapping[str, Any] = json.loads(FILE.read_text("utf-8"))
COUNTRIES: Mapping[str, str] = ABOUT["countries"]
TITLE = f"HTCDS {ABOUT['version']}"
CONSENT = "con_Consent"
YES, NO = frozenset({"true", "yes", "1", "x", "ja"}), frozenset({"false", "no", "0", "nej", "nee", ""})
LONGEST, LONGEST_LONG = 300, 10_000


@dataclass(frozen=True)
class Field:
    """One field of the standard."""

    name: str
    status: str
    core: bool
    type: str
    values: Mapping[str, str] = field(default_factory=dict)
    codes: str = ""  # a list that the standard borrows: iso_3166, iso_639_2

    @property
    def many(self) -> bool:
        return self.type.startswith("Multiselect")

    @property
    def longest(self) -> int:
        return LONGEST_LONG if self.type == "Long Text" or self.many else LONGEST


FIELDS: Mapping[str, Field] = {one["name"]: Field(**one) for one in ABOUT["fields"]}
CORE = tuple(one.name for one in FIELDS.values() if one.core and one.status != "deprecated")


def plain(name: str) -> str:
    """Return a name as it is compared: the form that goes with the standard writes some of them with more underscores."""
    return re.sub(r"[^a-z0-9]", "", name.lower())


_BY_PLAIN = {plain(name): name for name in FIELDS}


def field_named(header: str) -> str:
    """Return the standard's name for a column, or nothing."""
    return _BY_PLAIN.get(plain(header), "")


def agreed(text: str) -> bool | None:
    """Return what a checkbox says, or None for neither yes nor no."""
    word = text.strip().lower()
    return True if word in YES else False if word in NO else None


def day_of(text: str) -> date | None:
    """Return the day that a cell holds, written as the standard does; a time after it is left out."""
    try:
        return date.fromisoformat(text.strip()[:10])
    except ValueError:
        return None


def parts_of(one: Field, text: str) -> list[str]:
    """Return the choices in a cell: several are parted by semicolons, in forms also by spaces."""
    if not one.many:
        return [text.strip()] if text.strip() else []
    parted = [part.strip() for part in re.split(r"[;,]", text) if part.strip()]
    if len(parted) == 1 and " " in parted[0] and code_of(one, parted[0]) is None:
        return parted[0].split()
    return parted


def code_of(one: Field, text: str) -> str | None:
    """Return the code of a choice, given as code or in the standard's own words; None where it is in no list."""
    words = text.strip().casefold()
    listed = COUNTRIES if one.codes == "iso_3166" else one.values
    for code, label in listed.items():
        if words in (code.casefold(), label.casefold()):
            return code
    return None


def fault_of(name: str, text: str) -> str:
    """Return the number of what is wrong with a cell by the standard, or nothing. Empty cells are always right."""
    one, text = FIELDS[name], text.strip()
    if not text:
        return ""
    if len(text) > one.longest:
        return "422.616"
    if one.type == "Date":
        return "" if day_of(text) else "422.614"
    if one.type == "Checkbox":
        return "422.613" if agreed(text) is None else ""
    if one.codes == "iso_639_2":
        return "" if re.fullmatch(r"[A-Za-z]{2,3}", text) else "422.613"
    if one.values or one.codes == "iso_3166":
        return "" if all(code_of(one, part) for part in parts_of(one, text)) else "422.613"
    return ""
