"""Answers on their way: from a form to a reading, a count or a case. They are never stored here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lygte.core.problems import Problem

from .library import Instrument
from .scoring import SCALES

PREFIX = "said__"


@dataclass(frozen=True)
class Asked:
    """What was asked and answered: the instrument, its version, the group, and the answers by the path of the sign."""

    instrument: str
    version: int
    group: str
    answers: Mapping[str, str]

    def hidden(self) -> list[tuple[str, str]]:
        """Return what a form carries to the next page, so that the server need not remember it."""
        head = [("instrument", self.instrument), ("version", str(self.version)), ("group", self.group)]
        return head + [(PREFIX + path, answer) for path, answer in self.answers.items()]


def asked_from(found: Instrument, given: Mapping[str, str]) -> Asked:
    """Return the answers that a form carried, checked against the instrument; Problem 422.701 where they do not fit."""
    group = given.get("group", "")
    answers = {name.removeprefix(PREFIX): value for name, value in given.items() if name.startswith(PREFIX)}
    fits = group in found.groups and given.get("version") == str(found.version)
    paths = {item.path for item in found.items_for(group)} if fits else set()
    if not fits or not set(answers) <= paths or not set(answers.values()) <= set(SCALES[found.answers]):
        raise Problem("422.701")
    return Asked(found.key, found.version, group, answers)
