"""The forest plot: every effect as a point in its interval on one scale, the line of no difference at each of them.

A page shows a wide one or a narrow one, so that its letters keep their size on a phone.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from math import exp, log
from textwrap import wrap

WIDE, NARROW = 420, 290
MARGIN = 14
LINE, BAR, GAP = 17, 22, 12
LETTER, BOLD = 7, 8  # about as wide as a letter of the type below
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
    """Colours, type and room: a page gives its own ink, paper has none to give."""

    ink: str = "currentColor"
    font: str = "inherit"
    width: int = WIDE
    kind: str = "trial-forest"


PAPER = Ink("#1d2a2f", "Libertinus Serif")
PHONE = Ink(width=NARROW, kind="trial-forest trial-forest--narrow")


@dataclass(frozen=True)
class Scale:
    """From logarithmic ratios to places on the drawing."""

    low: float
    high: float
    width: int

    @property
    def right(self) -> int:
        return self.width - MARGIN

    def x(self, value: float) -> float:
        inside = min(max(value, self.low), self.high)
        return round(MARGIN + (inside - self.low) / (self.high - self.low) * (self.right - MARGIN), 1)


def forest_svg(marks: list[Mark], ticks: dict[float, str], alt: str, ink: Ink = Ink()) -> str:
    """Draw the effects below each other. `ticks` names the values of the scale."""
    scale = Scale(*scale_of(marks), ink.width)
    room = scale.right - MARGIN
    parts: list[str] = []
    top = 6
    for mark in marks:
        for line in wrap(mark.label, room // (BOLD if mark.main else LETTER)):
            top += LINE
            parts.append(_text(MARGIN, top, line, bold=mark.main))
        for line in wrap(mark.value, room // LETTER):
            top += LINE
            parts.append(_text(MARGIN, top, line))
        top += BAR - 8
        parts.append(_zero(scale, top - 9, top + GAP))
        parts.append(_bar(mark, scale, top))
        top += GAP
    axis = top + 4
    parts.append(_axis(scale, axis, ticks))
    height = axis + 30
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {ink.width} {height}" width="{ink.width}" height="{height}" '
        f'class="{ink.kind}" role="img" aria-label="{escape(alt)}" fill="{ink.ink}" stroke="none" '
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


def _text(x: float, y: float, said: str, *, bold: bool = False, anchor: str = "start") -> str:
    weight = ' font-weight="bold"' if bold else ""
    return f'<text x="{x}" y="{y}"{weight} text-anchor="{anchor}">{escape(said)}</text>'


def _bar(mark: Mark, scale: Scale, y: float) -> str:
    a, b, x = (scale.x(value) for value in (mark.low, mark.high, mark.point))
    point = (
        f'<rect x="{x - 5}" y="{y - 5}" width="10" height="10"/>'
        if mark.main
        else f'<circle cx="{x}" cy="{y}" r="4" fill="none" stroke="currentColor" stroke-width="2"/>'
    )
    ends = "".join(
        f'<path d="M{end} {y - 5}v10" stroke="currentColor" stroke-width="2"/>'
        for end, value in ((a, mark.low), (b, mark.high))
        if scale.low <= value <= scale.high
    )
    return f'<path d="M{a} {y}H{b}" stroke="currentColor" stroke-width="2"/>{ends}{point}'


def _zero(scale: Scale, top: float, bottom: float) -> str:
    """Draw the line of no difference beside one bar; it never runs through words."""
    x = scale.x(0)
    return (
        f'<path d="M{x} {top}V{bottom}" stroke="currentColor" stroke-width="1" stroke-dasharray="3 3" opacity="0.6"/>'
    )


def _axis(scale: Scale, y: float, ticks: dict[float, str]) -> str:
    """Draw the scale. Where there is little room some values go unnamed, never the one of no difference."""
    parts = [f'<path d="M{MARGIN} {y}H{scale.right}" stroke="currentColor" stroke-width="1"/>']
    named: list[tuple[float, float]] = []
    for tick, said in sorted(ticks.items(), key=lambda one: abs(log(one[0]))):
        x, half = scale.x(log(tick)), len(said) * LETTER / 2
        parts.append(f'<path d="M{x} {y}v5" stroke="currentColor" stroke-width="1"/>')
        if all(abs(x - other) > half + its + LETTER for other, its in named):
            named.append((x, half))
            parts.append(_text(x, y + 20, said, anchor="middle"))
    return "".join(parts)


def ratio(value: float) -> float:
    """Return a logarithmic ratio as a ratio, within what can be written."""
    return exp(min(max(value, -20), 20))
