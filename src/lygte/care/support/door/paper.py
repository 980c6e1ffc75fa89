"""The slip on paper: twelve words, five numbers, an address, and nothing that says what they are for. Made in memory."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import typst

TEMPLATE = Path(__file__).with_name("paper.typ")
FILE_NAME = "note.pdf"


def slip_pdf(words: list[str], numbers: list[str], address: str) -> bytes:
    """Return a small page. Letters that no font here has are left out with their words: the numbers say the same."""
    content = {"words": words, "numbers": numbers, "address": address}
    for said, own_fonts in ((content, True), (content, False)):
        try:
            return _set(said, own_fonts_only=own_fonts)
        except typst.TypstError:
            continue
    return _set({**content, "words": []}, own_fonts_only=True)


def _set(content: Mapping[str, object], *, own_fonts_only: bool) -> bytes:
    inputs = {"content": json.dumps(content)}
    return bytes(typst.compile(TEMPLATE, sys_inputs=inputs, ignore_system_fonts=own_fonts_only, pdf_standards=["ua-1"]))
