"""The report on paper: typst sets the same sheet that the page shows, as an accessible PDF (PDF/UA-1).

The text goes in as data and is never read as typesetting commands; only the fonts that come with typst are used, so
that the same report is the same file everywhere.
"""

from __future__ import annotations

import json
import re
from dataclasses import asdict
from pathlib import Path
from typing import Any

import typst

from .charts import chart_svg
from .content import Report
from .sheet import Sheet

TEMPLATE = Path(__file__).with_name("report.typ")

_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]")
# What is neither Latin, Greek, Cyrillic nor usual punctuation, and so not in the fonts that come along.
_OTHER = re.compile(r"[^\n\x20-\u024f\u0370-\u052f\u1e00-\u1eff\u2010-\u205e\u20ac\u2190-\u2193]")


def report_pdf(report: Report, sheet: Sheet) -> bytes:
    """Return the report as a tagged PDF in the language of the sheet."""
    charts = {figure.key: chart_svg(figure, sheet.language, "print") for figure in report.figures}
    return typeset(TEMPLATE, asdict(sheet), charts)


def typeset(template: Path, said: Any, charts: dict[str, str]) -> bytes:
    """Return a sheet set by a template, as a tagged PDF; for papers of other rooms too."""
    said = _replaced(said, _CONTROL, " ")
    try:
        return _set(template, said, charts, own_fonts_only=True)
    except typst.TypstError:
        return _set_other_letters(template, said, charts)


def _set_other_letters(template: Path, said: Any, charts: dict[str, str]) -> bytes:
    """Set letters that the own fonts lack in the machine's fonts; where it lacks them too, put a question mark."""
    try:
        return _set(template, said, charts, own_fonts_only=False)
    except typst.TypstError:
        return _set(template, _replaced(said, _OTHER, "?"), _replaced(charts, _OTHER, "?"), own_fonts_only=True)


def _set(template: Path, said: Any, charts: dict[str, str], *, own_fonts_only: bool) -> bytes:
    inputs = {"sheet": json.dumps(said), "charts": json.dumps(charts)}
    return bytes(typst.compile(template, sys_inputs=inputs, ignore_system_fonts=own_fonts_only, pdf_standards=["ua-1"]))


def _replaced(value: Any, pattern: re.Pattern[str], by: str) -> Any:
    """Replace letters in every text of nested data."""
    if isinstance(value, str):
        return pattern.sub(by, value)
    if isinstance(value, dict):
        return {key: _replaced(item, pattern, by) for key, item in value.items()}
    return [_replaced(item, pattern, by) for item in value] if isinstance(value, list | tuple) else value
