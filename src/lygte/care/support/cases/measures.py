"""Instruments as small data files: what is asked, on which scale, and what may be computed from the answers.

An answer that is missing makes no score, rather than a wrong one. A score says nothing by itself: its answers are
always shown beside it, and nobody is sorted by it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils.translation import get_language

FOLDER = Path(__file__).with_name("instruments")
Words = Mapping[str, str]  # by language; English is always there


def in_words(words: Words) -> str:
    """Return the words in the reader's language, or in English."""
    return words.get((get_language() or "en")[:2]) or words["en"]


@dataclass(frozen=True)
class Band:
    """What a score between two numbers is usually taken to mean."""

    first: int
    last: int
    words: Words


@dataclass(frozen=True)
class Item:
    """One question and its answers, from the lowest number up."""

    key: str
    words: Words
    scale: Mapping[int, Words]

    def choices(self) -> list[tuple[str, str]]:
        return [(str(number), f"{number} · {in_words(words)}") for number, words in self.scale.items()]


@dataclass(frozen=True)
class Instrument:
    """One measure. `times` turns the sum of all answers into a score; None where nothing may be added up."""

    key: str
    title: Words
    about: Words
    source: str
    items: tuple[Item, ...]
    times: int | None
    bands: tuple[Band, ...]
    band_note: Words

    def score(self, answers: Mapping[str, int]) -> int | None:
        """Return the score, or None where an answer is missing or nothing may be added up."""
        if self.times is None or any(item.key not in answers for item in self.items):
            return None
        return self.times * sum(int(answers[item.key]) for item in self.items)

    @property
    def highest(self) -> int:
        return (self.times or 0) * sum(max(item.scale) for item in self.items)

    def band(self, score: int) -> Band | None:
        return next((band for band in self.bands if band.first <= score <= band.last), None)

    def allows(self, answers: Mapping[str, int]) -> bool:
        """Tell whether every answer is one of its question's."""
        scales = {item.key: item.scale for item in self.items}
        return all(key in scales and number in scales[key] for key, number in answers.items())


def _scale(raw: Mapping[str, Words]) -> dict[int, Words]:
    return {int(number): words for number, words in sorted(raw.items(), key=lambda entry: int(entry[0]))}


def read_instrument(path: Path) -> Instrument:
    """Read one file. Raises KeyError or ValueError where something is missing, when the site starts."""
    raw: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    shared = raw.get("scale", {})
    return Instrument(
        key=path.stem,
        title=raw["title"],
        about=raw["about"],
        source=raw["source"],
        items=tuple(Item(item["key"], item["words"], _scale(item.get("scale", shared))) for item in raw["items"]),
        times=raw.get("times"),
        bands=tuple(Band(band["first"], band["last"], band["words"]) for band in raw.get("bands", [])),
        band_note=raw.get("band_note", {"en": ""}),
    )


INSTRUMENTS: dict[str, Instrument] = {
    path.stem: read_instrument(path) for path in sorted(FOLDER.glob("*.toml"), key=lambda p: (p.stem != "who5", p.stem))
}
