"""The industries where people are met at work, by ISIC Rev. 4. Data with a source and a date: `data/industries.csv`."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from django.utils.functional import lazystr
from django.utils.translation import get_language

FILE = Path(__file__).with_name("data") / "industries.csv"
LANGUAGES = ("en", "da", "nl")


@dataclass(frozen=True)
class Industry:
    """One division, or a section where `section` is empty."""

    code: str
    section: str
    words: Mapping[str, str]

    def __str__(self) -> str:
        language = (get_language() or "en")[:2]
        return self.words[language if language in LANGUAGES else "en"]


def read_industries(path: Path = FILE) -> dict[str, Industry]:
    """Read a file, sections before their divisions, by code. Raises ValueError where words or a section are missing."""
    with path.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(line for line in lines if not line.startswith("#")))
    found: dict[str, Industry] = {}
    for row in rows:
        if row["section"] not in (*found, "") or row["code"] in found or not all(row[name] for name in LANGUAGES):
            raise ValueError(f"industry {row['code']}")
        found[row["code"]] = Industry(row["code"], row["section"], {name: row[name] for name in LANGUAGES})
    return found


INDUSTRIES = read_industries()
SECTIONS = {code: lazystr(one) for code, one in INDUSTRIES.items() if not one.section}
DIVISIONS = {code: lazystr(one) for code, one in INDUSTRIES.items() if one.section}


def section_of(code: str) -> str:
    """Return the section of a division, which is all that facts know of it."""
    return INDUSTRIES[code].section


def industry_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the divisions below their sections, as a form wants them."""
    return [
        (str(INDUSTRIES[section]), [(code, str(one)) for code, one in INDUSTRIES.items() if one.section == section])
        for section in SECTIONS
    ]
