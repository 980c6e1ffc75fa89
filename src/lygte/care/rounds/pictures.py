"""What the drawings of coverage need: where each tile lies and how dark it is. Schematic: no ground, no borders, no tiles of others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from textwrap import wrap
from typing import Any

from django.utils.translation import gettext as _

from lygte.directory.areas import area_name

from .covering import Cover

# Column and row of each region: about where it lies, as squares that touch.
TILES = {
    **{"DK-81": (0, 0), "DK-82": (0, 1), "DK-84": (2, 1), "DK-83": (0, 2), "DK-85": (1, 2)},
    **{"NL-FR": (2, 0), "NL-GR": (3, 0), "NL-NH": (1, 1), "NL-FL": (2, 1), "NL-DR": (3, 1), "NL-ZH": (0, 2)},
    **{"NL-UT": (1, 2), "NL-GE": (2, 2), "NL-OV": (3, 2), "NL-ZE": (0, 3), "NL-NB": (1, 3), "NL-LI": (2, 3)},
}
WIDE, HIGH, GAP = 96, 60, 4
STEPS = (0.2, 0.4, 0.6, 0.8)  # a tile is one of five shades; the number stands in it all the same
LABELS, CELL, ROW = 150, 100, 30
HEAD_CHARACTERS, HEAD_LINE = 15, 14  # a kind of place stands above its column, in as many lines as it needs
LINE, LINE_HIGH, LINE_LABELS = 290, 30, 160


def whole_percent(share: float) -> int:
    """Return a share in whole percent; some is never written as none, nor almost all as all."""
    number = round(100 * share)
    return min(99, max(1, number)) if 0 < share < 1 else number


def percent(share: float) -> str:
    """Return a share in words."""
    return _("%(number)d%%") % {"number": whole_percent(share)}


def shade(share: float | None) -> str:
    """Return the class of a tile."""
    return "none" if share is None else str(sum(share >= step for step in STEPS))


@dataclass(frozen=True)
class Tile:
    """A rectangle of the drawing with what stands in it."""

    x: int
    y: int
    label: str
    text: str
    shade: str

    @property
    def middle(self) -> int:
        return self.x + WIDE // 2


@dataclass(frozen=True)
class Drawing:
    """A drawing of tiles; `says` tells a screen reader all that is in it."""

    title: str
    width: int
    height: int
    tiles: Sequence[Any]
    says: str


def tile_map(title: str, regions: Iterable[str], covers: Mapping[str, Cover], *, named: bool) -> Drawing:
    """Draw the regions of a country as squares. Small ones carry the number only; the first one carries names."""
    tiles = []
    for code in regions:
        column, row = TILES[code]
        share = covers.get(code, Cover()).share
        label = area_name(code).removeprefix("Region ") if named else ""
        x, y = column * (WIDE + GAP), row * (HIGH + GAP)
        tiles.append(Tile(x, y, label, "–" if share is None else percent(share), shade(share)))
    codes = list(regions)
    width = max(TILES[code][0] for code in codes) * (WIDE + GAP) + WIDE
    height = max(TILES[code][1] for code in codes) * (HIGH + GAP) + HIGH
    return Drawing(title, width, height, tiles, in_words(title, {code: covers.get(code, Cover()) for code in codes}))


def in_words(title: str, covers: Mapping[str, Cover]) -> str:
    said = (
        f"{area_name(code)}: {_('no known place') if cover.share is None else percent(cover.share)}"
        for code, cover in covers.items()
    )
    return f"{title}. {'; '.join(said)}."


@dataclass(frozen=True)
class HeatRow:
    """A municipality and its cells, one for each kind of place."""

    label: str
    y: int
    cells: Sequence[Tile]

    @property
    def baseline(self) -> int:
        return self.y + 20


def heat(
    title: str, areas: Sequence[str], kinds: Mapping[str, str], covers: Mapping[tuple[str, str], Cover]
) -> dict[str, Any]:
    """Draw municipalities by kind of place: one row and one column each."""
    rows = []
    said = []
    for number, area in enumerate(areas):
        cells = []
        for column, kind in enumerate(kinds):
            cover = covers.get((area, kind), Cover())
            text = "–" if cover.share is None else percent(cover.share)
            cells.append(Tile(LABELS + column * CELL, number * ROW, "", text, shade(cover.share)))
            if cover.share is not None:
                said.append(f"{area_name(area)}, {kinds[kind]}: {text}")
        rows.append(HeatRow(area_name(area), number * ROW, cells))
    heads = [wrap(label, HEAD_CHARACTERS) for label in kinds.values()]
    most = max((len(lines) for lines in heads), default=1)
    words = [
        (LABELS + column * CELL + 2, -HEAD_LINE * (len(lines) - number) + HEAD_LINE - 8, line)
        for column, lines in enumerate(heads)
        for number, line in enumerate(lines)
    ]
    head = HEAD_LINE * most + 12
    return {
        "title": title,
        "rows": rows,
        "words": words,
        "top": -head,
        "width": LABELS + CELL * len(kinds),
        "height": ROW * len(areas) + head + 4,
        "says": f"{title}. {'; '.join(said)}.",
    }


def whiskers(title: str, rows: Iterable[tuple[str, Cover]]) -> dict[str, Any]:
    """Draw shares with their intervals under each other, from nought to all."""
    lines: list[dict[str, Any]] = []
    said = []
    for label, cover in rows:
        if cover.share is None or cover.interval is None:
            continue
        low, high = cover.interval
        y = len(lines) * LINE_HIGH + LINE_HIGH // 2
        lines.append(
            {
                "label": label.removeprefix("Region "),
                "y": y,
                "baseline": y + 5,
                "low": LINE_LABELS + round(low * LINE),
                "high": LINE_LABELS + round(high * LINE),
                "point": LINE_LABELS + round(cover.share * LINE),
            }
        )
        said.append(
            _("%(name)s: between %(low)s and %(high)s, counted %(share)s")
            % {"name": label, "low": percent(low), "high": percent(high), "share": percent(cover.share)}
        )
    height = len(lines) * LINE_HIGH
    return {
        "title": title,
        "lines": lines,
        "width": LINE_LABELS + LINE + 20,
        "height": height + 24,
        "bottom": height,
        "ticks": [(LINE_LABELS + round(part * LINE), percent(part)) for part in (0, 0.5, 1)],
        "foot": height + 18,
        "says": f"{title}. {'; '.join(said)}.",
    }


def bars(title: str, rows: Iterable[tuple[str, int, int]]) -> dict[str, Any]:
    """Draw for each round how many places it had, and the part of them that was reached."""
    listed = list(rows)
    most = max((planned for _label, planned, _reached in listed), default=1) or 1
    drawn = [
        {
            "label": label,
            "y": number * LINE_HIGH + 6,
            "baseline": number * LINE_HIGH + 20,
            "planned": round(planned / most * LINE),
            "reached": round(reached / most * LINE),
            "text": f"{reached}/{planned}",
            "end": LINE_LABELS + round(planned / most * LINE) + 8,
        }
        for number, (label, planned, reached) in enumerate(listed)
    ]
    said = "; ".join(
        _("%(name)s: %(reached)d of %(planned)d") % {"name": label, "reached": reached, "planned": planned}
        for label, planned, reached in listed
    )
    return {
        "title": title,
        "rows": drawn,
        "x": LINE_LABELS,
        "width": LINE_LABELS + LINE + 60,
        "height": len(drawn) * LINE_HIGH,
        "says": f"{title}. {said}.",
    }
