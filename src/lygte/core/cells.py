"""Texts in tables that a spreadsheet opens: none is ever run as a formula, and each comes back as it was.

A cell that a spreadsheet could run gets an apostrophe in front; reading takes away exactly the apostrophes that writing put there.
"""

from __future__ import annotations

RUNS = frozenset("=+-@\t\r\n|%＝＋－＠")  # what a cell may not begin with, also behind blanks


def neutral(text: str) -> str:
    """Return a cell that no spreadsheet runs."""
    return "'" + text if _needs_it(text) else text


def restored(text: str) -> str:
    """Return what stood in the cell before it was made neutral."""
    return text[1:] if text.startswith("'") and _needs_it(text[1:]) else text


def _needs_it(text: str) -> bool:
    return text[:1] == "'" or text[:1] in RUNS or text.lstrip()[:1] in RUNS
