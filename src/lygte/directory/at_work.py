"""Rights at work as cards in many languages: data with source, day and certainty in `data/at_work.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from ruamel.yaml import YAML

from .languages import OWN_NAMES

FILE = Path(__file__).with_name("data") / "at_work.yaml"
COUNTRIES = ("DK", "NL")
CERTAINTIES = ("A", "B", "C")
OLD_AFTER = timedelta(days=365)


@dataclass(frozen=True)
class Card:
    """One thing to know: title and text in each language, where it was read, when, and how sure that is."""

    key: str
    country: str
    source: str
    read_on: date
    certainty: str
    checked_by: str
    words: Mapping[str, tuple[str, str]]

    def old(self, today: date) -> bool:
        return today - self.read_on > OLD_AFTER


@cache
def cards() -> tuple[Card, ...]:
    """Return every card. Raises ValueError where the file is not whole, or a card lacks a language that another has."""
    with FILE.open(encoding="utf-8") as file:
        rows = YAML(typ="safe").load(file)
    found = tuple(Card(**{**row, "words": {code: tuple(text) for code, text in row["words"].items()}}) for row in rows)
    spoken = set(found[0].words)
    for card in found:
        unworded = set(card.words) != spoken or any(len(text) != 2 or not all(text) for text in card.words.values())
        if unworded or card.country not in (*COUNTRIES, "") or card.certainty not in CERTAINTIES or not card.source:
            raise ValueError(f"card {card.key}")
    if not spoken <= set(OWN_NAMES):
        raise ValueError(f"languages {sorted(spoken)}")
    return found


def cards_for(country: str) -> list[Card]:
    """Return the cards of a country, those of the country first."""
    return [card for card in cards() if card.country == country] + [card for card in cards() if not card.country]


def spoken() -> list[tuple[str, str]]:
    """Return the languages of the cards with their own names."""
    return [(code, OWN_NAMES[code]) for code in cards()[0].words]
