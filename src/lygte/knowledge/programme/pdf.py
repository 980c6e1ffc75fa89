"""The report on paper: typst sets the same sheet that the page shows, as an accessible PDF (PDF/UA-1).

The text goes in as data and is never read as typesetting commands; only the fonts that come with typst are used, so
that the same report is the same file everywhere.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import typst

from .charts import chart_svg
from .content import Report
from .sheet import Sheet

TEMPLATE = Path(__file__).with_name("report.typ")


def report_pdf(report: Report, sheet: Sheet) -> bytes:
    """Return the report as a tagged PDF in the language of the sheet."""
    charts = {figure.key: chart_svg(figure, sheet.language, "print") for figure in report.figures}
    inputs = {"sheet": json.dumps(asdict(sheet)), "charts": json.dumps(charts)}
    try:
        return _set(inputs, own_fonts_only=True)
    except typst.TypstError:
        # A letter in the narrative that the own fonts lack; the machine's fonts may have it.
        return _set(inputs, own_fonts_only=False)


def _set(inputs: dict[str, str], *, own_fonts_only: bool) -> bytes:
    return bytes(typst.compile(TEMPLATE, sys_inputs=inputs, ignore_system_fonts=own_fonts_only, pdf_standards=["ua-1"]))
