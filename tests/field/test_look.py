"""The app on the phone has the colours of the pages: its tokens are written again there, and must not drift apart."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def tokens(path: str) -> list[tuple[str, str]]:
    """Every colour in the order in which light and dark name it."""
    return re.findall(r"^\s*(--[a-z-]+):\s*(#[0-9a-f]{3,8})\b", (ROOT / path).read_text("utf-8"), re.M)


def test_the_app_has_the_colours_of_the_pages() -> None:
    pages, app = tokens("assets/scss/_tokens.scss"), tokens("field/src/look.css")
    assert len(app) > 20
    assert set(app) <= set(pages), sorted(set(app) - set(pages))
