"""A result in words, wherever it is shown: each sign with how it is known, and never more than that."""

from __future__ import annotations

from typing import Any

from . import words
from .library import Instrument
from .scoring import Result


def told(found: Instrument, result: Result) -> dict[str, Any]:
    """Return a result as a page shows it."""
    signs = {item.path: words.in_words(item.words) for item in found.items}
    return {
        "dimensions": [
            {"title": words.in_words(found.sections[one.key]), "state": words.STATES[one.state], "counts": one}
            for one in result.dimensions
        ],
        "present": [
            (signs[path], words.ANSWERS[answer]) for path, answer in result.present if not path.startswith("test/")
        ],
        "law": [signs[path] for path, _answer in result.present if path.startswith("test/")],
        "reading": words.READINGS[result.reading] if result.dimensions else words.PLAIN,
        "next_step": words.NEXT_STEPS.get(result.next_step, ""),
    }
