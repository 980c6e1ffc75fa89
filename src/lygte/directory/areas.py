"""Where something is, never closer than a municipality: countries, regions or provinces, municipalities.

The areas are data with a source and a date: `data/areas.csv`. They are read once and kept in memory.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Level = Literal["country", "region", "municipality"]

FILE = Path(__file__).with_name("data") / "areas.csv"


@dataclass(frozen=True, slots=True)
class Area:
    """One area; `parent` is the code of the area around it, empty for a country."""

    code: str
    name: str
    level: Level
    country: str
    parent: str

    def __str__(self) -> str:
        return self.name


def read_areas(path: Path = FILE) -> dict[str, Area]:
    """Read the areas of a file, parents before their children, by code."""
    with path.open(encoding="utf-8", newline="") as lines:
        rows = csv.DictReader(line for line in lines if not line.startswith("#"))
        return {
            row["code"]: Area(row["code"], row["name"], row["level"], row["code"][:2], row["parent"])  # type: ignore[arg-type]
            for row in rows
        }


AREAS: dict[str, Area] = read_areas()


def _municipalities_of_all() -> dict[str, frozenset[str]]:
    within: dict[str, set[str]] = {code: set() for code in AREAS}
    for area in AREAS.values():
        if area.level != "municipality":
            continue
        around: Area | None = area
        while around is not None:
            within[around.code].add(area.code)
            around = AREAS.get(around.parent)
    return {code: frozenset(codes) for code, codes in within.items()}


_WITHIN = _municipalities_of_all()


def areas_within(code: str) -> frozenset[str]:
    """Return the codes of the municipalities inside an area: itself for a municipality, none for an unknown code."""
    return _WITHIN.get(code, frozenset())


def area_name(code: str) -> str:
    """Return the area's own name, or the code where it is not known (a municipality of another year)."""
    area = AREAS.get(code)
    return area.name if area else code


def region_of(code: str) -> Area | None:
    """Return the region or province around a municipality."""
    area = AREAS.get(code)
    return AREAS.get(area.parent) if area and area.level == "municipality" else None


def regions_of(country: str) -> list[Area]:
    """Return the regions or provinces of a country, by name."""
    found = [area for area in AREAS.values() if area.level == "region" and area.country == country]
    return sorted(found, key=lambda area: area.name)


def area_choices(country: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the municipalities of a country for a select, grouped under their region, both by name."""
    return [
        (
            region.name,
            sorted(((code, AREAS[code].name) for code in _WITHIN[region.code]), key=lambda choice: choice[1]),
        )
        for region in regions_of(country)
    ]
