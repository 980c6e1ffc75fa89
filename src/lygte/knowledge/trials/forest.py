"""The forest plot: every effect as a point in its interval on one scale, the line of no difference through all."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from math import exp, log
from textwrap import wrap

WIDTH, LEFT, RIGHT = 420, 14, 406
LINE, BAR, GAP = 17, 22, 12
TICKS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100)


@dataclass(frozen=True)
class Mark:
    """One effect: what is said above it, and where it lies on the logarithmic scale. The main ones are filled."""

    label: str
    value: str
    point: float
    low: float
    high: float
    main: bool


@dataclass(frozen=True)
class Ink:
    """Colours and type: a page gives its own ink, paper has none to give."""

    ink: str = "currentColor"
    font: str = "inherit"


PAPER = Ink("#1d2a2f", "Libertinus Serif")


def forest_svg(marks: list[Mark], ticks: dict[float, str], alt: str, ink: Ink = Ink()) -> str:
    """Draw the effects below each other. `ticks` names the values of the scale."""
    low, high = scale_of(marks)
    parts: list[str] = []
    top = 6
    for mark in marks:
        lines = wrap(mark.label, 56)
        for line in lines:
            top += LINE
            parts.append(_text(LEFT, top, line, bold=mark.main))
        top += LINE
        parts.append(_text(LEFT, top, mark.value))
        top += BAR - 8
        parts.append(_bar(mark, low, high, top))
        top += GAP
    axis = top + 4
    parts.insert(0, _zero(low, high, axis))
    parts.append(_axis(low, high, axis, ticks))
    height = axis + 30
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" '
        f'class="trial-forest" role="img" aria-label="{escape(alt)}" fill="{ink.ink}" stroke="none" '
        f'font-family="{ink.font}" font-size="13" color="{ink.ink}">{"".join(parts)}</svg>'
    ).replace('color="currentColor"', "")


def scale_of(marks: list[Mark]) -> tuple[float, float]:
    """Return the ends of the scale: all intervals, and always half to double."""
    low = min([log(0.5), *(mark.low for mark in marks)])
    high = max([log(2), *(mark.high for mark in marks)])
    return max(low, log(0.01)), min(high, log(100))


def shown_ticks(marks: list[Mark]) -> list[float]:
    """Return the values that the scale names."""
    low, high = scale_of(marks)
    return [tick for tick in TICKS if low - 1e-9 <= log(tick) <= high + 1e-9]


def _x(value: float, low: float, high: float) -> float:
    inside = min(max(value, low), high)
    return round(LEFT + (inside - low) / (high - low) * (RIGHT - LEFT), 1)


def _text(x: float, y: float, said: str, *, bold: bool = False, anchor: str = "start") -> str:
    weight = ' font-weight="bold"' if bold else ""
    return f'<text x="{x}" y="{y}"{weight} text-anchor="{anchor}">{escape(said)}</text>'


def _bar(mark: Mark, low: float, high: float, y: float) -> str:
    a, b, x = (_x(value, low, high) for value in (mark.low, mark.high, mark.point))
    point = (
        f'<rect x="{x - 5}" y="{y - 5}" width="10" height="10"/>'
        if mark.main
        else f'<circle cx="{x}" cy="{y}" r="4" fill="none" stroke="currentColor" stroke-width="2"/>'
    )
    ends = "".join(
        f'<path d="M{end} {y - 5}v10" stroke="currentColor" stroke-width="2"/>'
        for end, value in ((a, mark.low), (b, mark.high))
        if low <= value <= high
    )
    return f'<path d="M{a} {y}H{b}" stroke="currentColor" stroke-width="2"/>{ends}{point}'


def _zero(low: float, high: float, bottom: float) -> str:
    x = _x(0, low, high)
    return f'<path d="M{x} 8V{bottom}" stroke="currentColor" stroke-width="1" stroke-dasharray="3 3" opacity="0.6"/>'


def _axis(low: float, high: float, y: float, ticks: dict[float, str]) -> str:
    parts = [f'<path d="M{LEFT} {y}H{RIGHT}" stroke="currentColor" stroke-width="1"/>']
    for tick, said in ticks.items():
        x = _x(log(tick), low, high)
        parts.append(f'<path d="M{x} {y}v5" stroke="currentColor" stroke-width="1"/>')
        parts.append(_text(x, y + 20, said, anchor="middle"))
    return "".join(parts)


def ratio(value: float) -> float:
    """Return a logarithmic ratio as a ratio, within what can be written."""
    return exp(min(max(value, -20), 20))
