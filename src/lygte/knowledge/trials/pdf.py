"""The result on paper: an accessible PDF of the same sheet that the page shows."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

from lygte.knowledge.programme.pdf import typeset

from .forest import PAPER, forest_svg
from .sheet import Sheet

TEMPLATE = Path(__file__).with_name("result.typ")


def result_pdf(sheet: Sheet) -> bytes:
    """Return the result as a tagged PDF in the language of the sheet."""
    drawn = forest_svg(list(sheet.marks), dict(sheet.ticks), sheet.alt, PAPER) if sheet.marks else ""
    return typeset(TEMPLATE, asdict(sheet), {"forest": drawn})
