"""Charts on the server: Vega-Lite specs made with altair, drawn as SVG by vl-convert, in one theme of the look's colours.

A chart is given only what a reader may see. A hidden cell has no length, no position and no number in the drawing: its
row says “hidden” at the start of the scale, whatever it was.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import altair as alt
import vl_convert
from django.utils.translation import gettext as _
from django.utils.translation import override

from . import formats
from .figures import Figure, Row

SYSTEM_FONT = "system-ui, -apple-system, Segoe UI, Roboto, Helvetica, Arial, sans-serif"
WIDTH, LABELS, STEP = 360, 240, 26
MONTHS_WIDTH, MONTHS_HEIGHT = 600, 150
NARROW, NARROW_STEP = 280, 46

_CLIP = re.compile(r"(?<=[\"#])clip\d+")


@dataclass(frozen=True)
class Theme:
    """The look's tokens that a chart needs. One hue only, so that nothing depends on telling colours apart."""

    ink: str
    muted: str
    line: str
    bar: str
    accent: str
    font: str
    size: int
    label_limit: int = LABELS - 10
    narrow: bool = False

    @property
    def width(self) -> int:
        return NARROW if self.narrow else MONTHS_WIDTH


THEMES = {
    "light": Theme("#1d2a2f", "#55646a", "#d9d4c8", "#0f5257", "#8a5200", SYSTEM_FONT, 13),
    "dark": Theme("#eef1ee", "#a7b4b6", "#334046", "#7fd0cf", "#f2b544", SYSTEM_FONT, 13),
    # Labels on paper may be cut late: the drawing program has not this font and measures them too wide.
    "print": Theme("#1d2a2f", "#4a575c", "#cfc9bc", "#0f5257", "#1d2a2f", "Libertinus Serif", 14, 2 * LABELS),
}


def chart_svg(figure: Figure, language: str, theme: str, *, narrow: bool = False) -> str:
    """Draw a figure: its months, its share with the interval, its rows, or who reported it. Narrow: for a phone."""
    look = replace(THEMES[theme], narrow=narrow)
    with override(language):
        if figure.base is not None:
            chart = _share(figure, language, look)
        elif figure.by_month:
            chart = _months(figure, language, look)
        else:
            chart = _bars(figure.rows or figure.reporter_mix, figure, language, look)
    configured = chart.configure(
        font=look.font,
        background="transparent",
        padding={"left": 2, "top": 4, "right": 8, "bottom": 4},
        view={"stroke": None},
    )
    return _numbered_afresh(str(vl_convert.vegalite_to_svg(configured.to_dict())))


def _numbered_afresh(svg: str) -> str:
    """Give clip paths numbers from 1: the drawing program counts on from one chart to the next."""
    names = {name: f"clip{number}" for number, name in enumerate(dict.fromkeys(_CLIP.findall(svg)), start=1)}
    return _CLIP.sub(lambda found: names[found.group()], svg)


def _bars(rows: Iterable[Row], figure: Figure, language: str, look: Theme) -> Any:
    """Horizontal bars with the number at their end; hidden rows after all others, in the order of the register."""
    ordered = in_order(rows)
    values = [
        {
            "label": row.label[language],
            "value": row.cell.value,
            "text": formats.number(row.cell.value, language),
        }
        for row in ordered
        if row.cell.value is not None
    ]
    unseen = [{"label": row.label[language], "text": _("hidden")} for row in ordered if row.cell.value is None]
    order = [row.label[language] for row in ordered]
    most = _most(ordered)
    return _drawn_bars(values, unseen, order, most, look)


def _drawn_bars(
    values: list[dict[str, Any]], unseen: list[dict[str, str]], order: list[str], most: int, look: Theme
) -> Any:
    """Put labels left of the bars, on a phone above them."""
    beside = alt.Axis(
        domain=False,
        ticks=False,
        labelColor=look.ink,
        labelFontSize=look.size,
        labelLimit=look.label_limit,
        labelPadding=8,
        minExtent=LABELS,
        maxExtent=LABELS,
    )
    step, down = (NARROW_STEP, 8) if look.narrow else (STEP, 0)
    band = alt.Scale(domain=order, paddingInner=0.34, paddingOuter=0.17)
    y = alt.Y("label:N", sort=order, title=None, scale=band, axis=None if look.narrow else beside)
    x = alt.X("value:Q", title=None, axis=None, scale=alt.Scale(domain=[0, most * 1.14]))
    text = alt.Text("text:N")
    shown = alt.Chart(alt.Data(values=values)).encode(y=y)
    hidden = alt.Chart(alt.Data(values=unseen)).encode(y=y, x=alt.value(0))
    beyond = {"align": "left", "dx": 6, "dy": down, "fontSize": look.size}
    layers = [
        shown.mark_bar(color=look.bar, cornerRadiusEnd=2, height=16, yOffset=down).encode(x=x),
        shown.mark_text(**beyond, color=look.ink).encode(x=x, text=text),
        hidden.mark_text(**beyond, color=look.muted, fontStyle="italic").encode(text=text),
    ]
    if look.narrow:
        above = alt.Chart(alt.Data(values=[{"label": label} for label in order])).encode(y=y, x=alt.value(0))
        layers.append(
            above.mark_text(align="left", dy=-12, limit=NARROW, color=look.ink, fontSize=look.size).encode(
                text="label:N"
            )
        )
    return alt.layer(*layers).properties(width=NARROW if look.narrow else WIDTH, height=step * len(order))


def _months(figure: Figure, language: str, look: Theme) -> Any:
    """Columns by month; a hidden month carries the same small mark on the line, whatever it was."""
    order = [row.code for row in figure.rows]
    shown: list[dict[str, Any]] = [
        {"month": row.code, "value": row.cell.value} for row in figure.rows if row.cell.value is not None
    ]
    unseen = [{"month": row.code} for row in figure.rows if row.cell.value is None]
    most = _most(figure.rows)
    tops = [
        {"month": one["month"], "value": one["value"], "text": formats.number(one["value"], language)}
        for one in shown
        if one["value"] and (len(order) <= (9 if look.narrow else 18) or one["value"] == most)
    ]
    step = max(1, -(-len(order) // (4 if look.narrow else 9)))
    named = {code: formats.short_month(code, language) for code in order[::step]}
    x = alt.X(
        "month:O",
        sort=order,
        title=None,
        scale=alt.Scale(domain=order, paddingInner=0.25),
        axis=alt.Axis(
            values=list(named),
            labelExpr=f"({_literal(named)})[datum.value]",
            labelAngle=0,
            labelAlign="left" if len(order) > 12 else "center",
            labelColor=look.ink,
            labelFontSize=look.size - 1,
            domainColor=look.muted,
            tickColor=look.muted,
            labelOverlap=True,
        ),
    )
    y = alt.Y("value:Q", title=None, axis=None, scale=alt.Scale(domain=[0, most * 1.18]))
    column = alt.Chart(alt.Data(values=shown)).mark_bar(color=look.bar, cornerRadiusEnd=2).encode(x=x, y=y)
    label = (
        alt.Chart(alt.Data(values=tops))
        .mark_text(dy=-7, color=look.ink, fontSize=look.size - 1)
        .encode(x=x, y=y, text=alt.Text("text:N"))
    )
    mark = (
        alt.Chart(alt.Data(values=unseen))
        .mark_point(shape="triangle-up", size=34, color=look.muted, filled=False)
        .encode(x=x, y=alt.value(MONTHS_HEIGHT - 6))
    )
    return alt.layer(column, label, mark).properties(width=look.width, height=MONTHS_HEIGHT)


def _most(rows: Iterable[Row]) -> int:
    """Return the largest number shown: the scale never follows a hidden one."""
    return max([row.cell.value for row in rows if row.cell.value] or [1])


def _literal(named: dict[str, str]) -> str:
    """Write a mapping as a Vega expression; the texts are month names, quoted all the same."""
    pairs = (f"'{code}': '{text.replace(chr(92), '').replace(chr(39), '')}'" for code, text in named.items())
    return "{" + ", ".join(pairs) + "}"


def _share(figure: Figure, language: str, look: Theme) -> Any:
    """A line from nought to all, the interval as a band on it, the point in the band, the target as a tick."""
    x = alt.X(
        "value:Q",
        title=None,
        scale=alt.Scale(domain=[0, 1]),
        axis=alt.Axis(
            values=[0, 0.5, 1] if look.narrow else [0, 0.25, 0.5, 0.75, 1],
            labelExpr=f"({_literal(_percents(language))})[format(datum.value, '.2f')]",
            labelColor=look.ink,
            labelFontSize=look.size - 1,
            gridColor=look.line,
            domainColor=look.muted,
            tickColor=look.muted,
        ),
    )
    layers = []
    if figure.interval and figure.share is not None:
        band = [{"value": figure.interval[0], "end": figure.interval[1]}]
        point = [{"value": figure.share, "text": formats.percent(figure.share, language)}]
        chart = alt.Chart(alt.Data(values=point))
        layers += [
            alt.Chart(alt.Data(values=band))
            .mark_bar(color=look.bar, opacity=0.35, height=16)
            .encode(x=x, x2=alt.X2("end:Q"), y=alt.value(26)),
            chart.mark_tick(color=look.bar, thickness=4, height=24).encode(x=x, y=alt.value(26)),
            chart.mark_text(dy=-20, color=look.ink, fontSize=look.size, fontWeight="bold").encode(
                x=x, y=alt.value(26), text=alt.Text("text:N")
            ),
        ]
    else:
        layers.append(
            alt.Chart(alt.Data(values=[{"value": 0.5, "text": _("hidden")}]))
            .mark_text(color=look.muted, fontSize=look.size, fontStyle="italic")
            .encode(x=x, y=alt.value(26), text=alt.Text("text:N"))
        )
    if figure.target:
        layers.append(_target_tick(figure.target.value, language, look, x))
    return alt.layer(*layers).properties(width=look.width, height=48)


def _percents(language: str) -> dict[str, str]:
    return {f"{value:.2f}": formats.percent(value, language) for value in (0, 0.25, 0.5, 0.75, 1)}


def _target_tick(value: float, language: str, look: Theme, x: Any) -> Any:
    text = _("target {share}").format(share=formats.percent(value, language))
    chart = alt.Chart(alt.Data(values=[{"value": value, "text": text}]))
    tick = chart.mark_tick(color=look.accent, thickness=2, height=30).encode(x=x, y=alt.value(26))
    label = chart.mark_text(dy=-20, align="left", dx=4, color=look.accent, fontSize=look.size - 1)
    return tick + label.encode(x=x, y=alt.value(26), text=alt.Text("text:N"))


def in_order(rows: Iterable[Row]) -> list[Row]:
    """Order rows by what is shown, the hidden ones last as they come: their place must not tell their size."""
    listed = list(rows)
    shown = sorted((row for row in listed if row.cell.value is not None), key=lambda row: -(row.cell.value or 0))
    return shown + [row for row in listed if row.cell.value is None]


def chart_alt(figure: Figure, language: str) -> str:
    """Say in words everything that the chart shows."""
    with override(language):
        if figure.base is not None:
            return _share_in_words(figure, language)
        rows = list(figure.rows) if figure.by_month else in_order(figure.rows or figure.reporter_mix)
        shown = [
            f"{r.label[language]}: {formats.number(r.cell.value, language)}" for r in rows if r.cell.value is not None
        ]
        unseen = [row.label[language] for row in rows if row.cell.value is None]
        parts = [
            _("Chart. {title}, {period}.").format(
                title=figure.title[language], period=formats.period(figure.months, language)
            ),
            "; ".join(shown) + "." if shown else "",
            _("Hidden because small: {rows}.").format(rows=", ".join(unseen)) if unseen else "",
        ]
        return " ".join(part for part in parts if part)


def _share_in_words(figure: Figure, language: str) -> str:
    start = _("Chart. {title}, {period}.").format(
        title=figure.title[language], period=formats.period(figure.months, language)
    )
    if figure.interval is None or figure.share is None:
        hidden = _("Hidden because small.")
        return f"{start} {hidden}"
    low, high = (formats.percent(end, language) for end in figure.interval)
    said = _("Between {low} and {high}; counted, it is {share}.").format(
        low=low, high=high, share=formats.percent(figure.share, language)
    )
    return f"{start} {said}"
