"""What is wrong with a plan file: the kind of fault, its line and column, and the way to it through the file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches

Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Fault:
    """One fault. `number` is the number of the Problem it becomes; `details` fill its sentence."""

    number: str
    line: int
    column: int
    path: Path = ()
    details: dict[str, str] = field(default_factory=dict)


class PlanFileRefused(Exception):
    """A plan file with faults; nothing was taken from it."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = sorted(faults, key=lambda fault: (fault.line, fault.column, fault.number))
        super().__init__(f"{len(self.faults)} faults")


def closest(word: str, known: Sequence[str]) -> str:
    """Return the known word that a slip of the finger most likely meant, or nothing."""
    found = get_close_matches(word.lower(), [k.lower() for k in known], n=1, cutoff=0.6)
    return next((k for k in known if found and k.lower() == found[0]), "")
