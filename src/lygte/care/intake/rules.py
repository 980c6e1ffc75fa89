"""Pure rules of the room: what a form knows, how a correction is laid over an answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def title_for(outline: Mapping[str, Any]) -> str:
    return str(outline["title"] or outline["form_id"])[:250]


def known_paths(outline: Mapping[str, Any]) -> frozenset[str]:
    """Return the path of every question and of every group and repeat around one."""
    found: set[str] = set()
    for question in outline["questions"]:
        path = str(question["path"])
        while path.count("/") > 1:
            found.add(path)
            path = path.rpartition("/")[0]
    return frozenset(found)


def correct(answers: dict[str, Any], corrections: Mapping[str, str]) -> dict[str, Any]:
    """Return the answers with corrections laid over them; a path through a repeat is left alone."""
    for path, value in corrections.items():
        *groups, name = path.split("/")
        place: Any = answers
        for group in groups:
            place = place.setdefault(group, {}) if isinstance(place, dict) else None
        if isinstance(place, dict) and not isinstance(place.get(name), (dict, list)):
            place[name] = value
    return answers


def label_in(labels: Mapping[str, str], language: str) -> str:
    """Return the label in a language ("da" matches "Dansk (da)"), or the first there is."""
    for name, words in labels.items():
        if name.lower() == language or f"({language})" in name.lower():
            return words
    return next(iter(labels.values()), "")
