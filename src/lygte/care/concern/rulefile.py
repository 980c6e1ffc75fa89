"""The rule of concern as a file: read strictly, by version, so that anybody can see what a place is judged by, and when it changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.translation import get_language
from ruamel.yaml import YAML

from . import codes

FOLDER = Path(__file__).with_name("rulefiles")
LANGUAGES = ("en", "da", "nl")


@dataclass(frozen=True)
class Rule:
    """One version of the rule: which signs there are, which of them count, how they are confirmed and when they end."""

    version: int
    valid_from: date
    source: str
    known: frozenset[str]
    sure: frozenset[str]
    another_person: bool
    same_sign: bool
    ends_after_days: int
    contested_counts: bool
    signs: Mapping[str, Mapping[str, str]]

    def sign(self, key: str) -> str:
        """Return the words of a sign in the reader's language; one that only an older rule knows is looked up there."""
        words = self.signs.get(key) or next((rule.signs[key] for rule in rules() if key in rule.signs), None)
        if words is None:
            return key
        language = (get_language() or "en")[:2]
        return words[language if language in LANGUAGES else "en"]


def rule_of(said: Mapping[str, Any]) -> Rule:
    """Return the rule that a file says. Raises ValueError or KeyError where the file is not whole, or says more."""
    given = dict(said)
    counts, second = given.pop("counts"), given.pop("second_look")
    rule = Rule(
        **given,
        known=frozenset(counts["known"]),
        sure=frozenset(counts["sure"]),
        another_person=second["another_person"],
        same_sign=second["same_sign"],
    )
    unknown = (rule.known - set(codes.KNOWN)) | (rule.sure - set(codes.SURE))
    unworded = [key for key, words in rule.signs.items() if set(words) != set(LANGUAGES)]
    if unknown or unworded or not rule.signs or not 1 <= rule.ends_after_days <= 366:
        raise ValueError(f"rule {rule.version}: {sorted(unknown) or unworded or 'no signs, or no end'}")
    return rule


@cache
def rules() -> tuple[Rule, ...]:
    """Return every version, the newest first."""
    read = YAML(typ="safe")
    found = [rule_of(read.load(file.read_text(encoding="utf-8"))) for file in FOLDER.glob("v*.yaml")]
    return tuple(sorted(found, key=lambda rule: -rule.version))


def rule_on(day: date) -> Rule:
    """Return the rule that is valid on a day."""
    return next(rule for rule in rules() if rule.valid_from <= day)
