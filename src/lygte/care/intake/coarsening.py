"""What is made coarser before anything is stored: positions to the squares of the form's grade, times to the hour.

Only answers that the grade makes coarser are touched; a form in which nothing changes is stored byte for byte.
"""

from __future__ import annotations

import math
import re
from typing import Any

from lxml import etree

from .grades import GEO, GRIDS, OPEN

_MINUTES = re.compile(r"(?P<hour>(?:^|T)\d\d):\d\d(?::\d\d(?:[.,]\d+)?)?")
_TIMES = {"dateTime", "time"}
_STAMPS = {"timeStart", "timeEnd"}


def square(value: float, grid: float) -> float:
    """Return the middle of the square in which a latitude or longitude lies."""
    return round((math.floor(value / grid) + 0.5) * grid, 6)


def coarse_position(text: str, grid: float) -> str:
    """Return points rounded to the middle of their squares; height and accuracy go, and so does what is no position."""
    points: list[str] = []
    for point in text.split(";"):
        try:
            latitude, longitude = (float(number) for number in point.split()[:2])
        except ValueError:
            continue
        if not (abs(latitude) <= 90 and abs(longitude) <= 180):  # also where it is not a number
            continue
        # At the pole and the date line the last square counts, or the middle would be no position any more.
        latitude, longitude = min(latitude, 90 - grid / 2), min(longitude, 180 - grid / 2)
        rounded = f"{square(latitude, grid):g} {square(longitude, grid):g} 0 0"
        if points[-1:] != [rounded]:
            points.append(rounded)
    return ";".join(points)


def coarse_time(text: str) -> str:
    return _MINUTES.sub(lambda match: f"{match['hour']}:00:00.000", text, count=1)


def coarsened(xml: bytes, outline: dict[str, Any], grade: str) -> bytes:
    """Return a filled form with positions and times as coarse as its grade says. `xml` was read strictly before."""
    grid = GRIDS.get(grade)
    kinds = {
        question["path"]: question["type"].rpartition(":")[2]
        for question in outline["questions"]
        if (grid and question["type"].rpartition(":")[2] in GEO)
        or (grade == OPEN and question["type"].rpartition(":")[2] in _TIMES)
    }
    if not kinds and grade != OPEN:
        return xml
    root = etree.fromstring(xml, etree.XMLParser(resolve_entities=False, no_network=True))
    changed = False
    for path, node in _leaves(root, f"/{etree.QName(root).localname}"):
        kind = kinds.get(path) or ("dateTime" if grade == OPEN and etree.QName(node).localname in _STAMPS else "")
        if not kind or not (node.text or "").strip():
            continue
        coarse = coarse_position(node.text, grid) if kind in GEO and grid else coarse_time(node.text.strip())
        if coarse != node.text:
            node.text, changed = coarse, True
    return etree.tostring(root, encoding="utf-8", xml_declaration=True) if changed else xml


def _leaves(node: Any, path: str) -> Any:
    for child in node.iterchildren(etree.Element):
        below = f"{path}/{etree.QName(child).localname}"
        if len(child):
            yield from _leaves(child, below)
        else:
            yield below, child
