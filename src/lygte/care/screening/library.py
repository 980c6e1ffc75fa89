"""The library of instruments: what comes with Lygte, read once from files that a person can check against the source."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from types import MappingProxyType

from ruamel.yaml import YAML

FOLDER = Path(__file__).with_name("shipped")
LANGUAGES = ("en", "da", "nl")
WEIGHTS = ("strong", "medium", "weak")
LICENCES = ("free", "ogl", "facts", "ask")

Words = Mapping[str, str]


@dataclass(frozen=True)
class Item:
    """One sign: its words in every language, and its weight for each group where the rule knows weights."""

    dimension: str
    key: str
    words: Words
    weights: Mapping[str, str]
    ilo11: int | None = None

    @property
    def path(self) -> str:
        return f"{self.dimension}/{self.key}"


@dataclass(frozen=True)
class Instrument:
    """A way of asking. `to_confirm` says what nobody has checked against the source yet; version 0 is an empty place."""

    key: str
    version: int
    rule: str
    answers: str
    groups: tuple[str, ...]
    licence: str
    maker: Words
    citation: Words
    checked: date
    title: Words
    about: Words
    sections: Mapping[str, Words]
    items: tuple[Item, ...]
    to_confirm: Words = field(default_factory=dict)

    @property
    def weighted(self) -> bool:
        return self.rule.startswith("delphi/")

    def items_for(self, group: str) -> tuple[Item, ...]:
        """Return what is asked for a group: with weights, only what has one for it."""
        return tuple(item for item in self.items if not self.weighted or group in item.weights)

    def in_dimension(self, dimension: str, group: str) -> tuple[Item, ...]:
        return tuple(item for item in self.items_for(group) if item.dimension == dimension)

    def dimensions_for(self, group: str) -> tuple[str, ...]:
        return tuple(key for key in self.sections if self.in_dimension(key, group))


def _item(row: Mapping[str, str], groups: tuple[str, ...]) -> Item:
    weights = {group: row[group] for group in groups if row[group]}
    wrong = set(weights.values()) - set(WEIGHTS)
    if wrong or not all(row[language] for language in LANGUAGES):
        raise ValueError(f"{row['dimension']}/{row['key']}: {wrong or 'words are missing'}")
    words = MappingProxyType({language: row[language] for language in LANGUAGES})
    return Item(row["dimension"], row["key"], words, MappingProxyType(weights), int(row["ilo11"] or 0) or None)


def _instrument(said: Mapping[str, object]) -> Instrument:
    given = dict(said)
    groups = given["groups"] = tuple(str(group) for group in given["groups"])  # type: ignore[attr-defined]
    with (FOLDER / f"{given['key']}.csv").open(encoding="utf-8", newline="") as file:
        items = tuple(_item(row, groups) for row in csv.DictReader(file))
    instrument = Instrument(items=items, **given)  # type: ignore[arg-type]
    stray = {item.dimension for item in items} - set(instrument.sections)
    if stray or len({item.path for item in items}) != len(items) or instrument.licence not in LICENCES:
        raise ValueError(f"{instrument.key}: {stray or 'a sign stands twice, or the licence is not known'}")
    return instrument


@cache
def instruments() -> Mapping[str, Instrument]:
    """Return every instrument by its key. Raises ValueError where a file is not whole."""
    with (FOLDER / "library.yaml").open(encoding="utf-8") as file:
        found = [_instrument(said) for said in YAML(typ="safe").load(file)]
    return MappingProxyType({instrument.key: instrument for instrument in found})


@dataclass(frozen=True)
class Study:
    """A validation that was published: how often an instrument was right, among whom."""

    instrument: str
    people: str
    sensitivity: float
    specificity: float
    sample: str
    source: str


@cache
def studies() -> tuple[Study, ...]:
    """Return the published validations with both figures."""
    with (FOLDER / "studies.csv").open(encoding="utf-8", newline="") as file:
        return tuple(
            Study(
                instrument=row["instrument"],
                people=row["people"],
                sensitivity=float(row["sensitivity"]),
                specificity=float(row["specificity"]),
                sample=row["sample"],
                source=row["source"],
            )
            for row in csv.DictReader(file)
        )
