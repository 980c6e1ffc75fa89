"""Every colour of the look can be read: the tokens are measured, in light and in dark."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

TOKENS = (Path(__file__).parents[2] / "assets/scss/_tokens.scss").read_text("utf-8")
TEXT = 4.5
LINE = 3.0  # what a control needs around it

WORDS = [
    *[(word, ground) for word in ("ink", "muted", "teal", "teal-hover", "amber", "red", "green", "blue")
      for ground in ("paper", "surface", "sunk")],
    *[(tone, f"{tone}-tint") for tone in ("teal", "amber", "red", "green", "blue")],
    *[("ink", f"{tone}-tint") for tone in ("grey", "teal", "amber", "red", "green", "blue")],
    ("on-teal", "teal"), ("on-teal", "teal-hover"), ("on-red", "red"), ("on-red", "red-hover"),
    ("on-lamp", "lamp"), ("paper", "ink"),
]  # fmt: skip


def tokens_of(theme: str) -> dict[str, str]:
    block = re.search(rf"@mixin {theme} \{{(.*?)\n\}}", TOKENS, re.DOTALL)
    root = re.search(r":root \{\n  @include light;(.*?)\n\}", TOKENS, re.DOTALL)
    assert block is not None and root is not None
    found = re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", root.group(1) + block.group(1))
    return dict(found)


def brightness(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((brightness(one), brightness(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("word", "ground"), WORDS)
def test_words_can_be_read(theme: str, word: str, ground: str) -> None:
    colours = tokens_of(theme)
    assert contrast(colours[word], colours[ground]) >= TEXT


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("ground", ["paper", "surface"])
def test_the_edge_of_a_control_and_the_focus_can_be_seen(theme: str, ground: str) -> None:
    colours = tokens_of(theme)
    assert contrast(colours["muted"], colours[ground]) >= LINE
    assert max(contrast(colours[name], colours[ground]) for name in ("focus", "focus-ink")) >= LINE


def test_black_on_white_is_twenty_one() -> None:
    assert round(contrast("#000000", "#ffffff"), 2) == 21.0
