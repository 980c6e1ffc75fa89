"""What a person is told before they agree, word for word. A version never changes once it was used: a change is a new one.

`tests/core/consent/test_texts.py` keeps the fingerprint of every version.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .codes import Purpose
from .wordings import v2026_11

VERSION = "2026-11"
VERSIONS: dict[str, Mapping[str, Mapping[str, Any]]] = {"2026-11": v2026_11.LANGUAGES}
PARTS = ("what", "who", "time", "follows", "no", "back")
IDENTIFICATION = "identification"  # no purpose of its own: read out where a person wants dates of it written down
SUBJECTS = (*(purpose.value for purpose in Purpose), IDENTIFICATION)

# Languages in which people are asked, each by its own name, so that a person can point at theirs.
OWN_NAMES = {
    "en": "English",
    "da": "Dansk",
    "nl": "Nederlands",
    "th": "ไทย",
    "ro": "Română",
    "es": "Español",
    "uk": "Українська",
    "hu": "Magyar",
}


@dataclass(frozen=True)
class Paragraph:
    """A heading and the sentences under it."""

    name: str
    heading: str
    sentences: tuple[str, ...]


@dataclass(frozen=True)
class Text:
    """One text as it is read aloud. `language` is what it is written in; `interpreted` says it must be put into another."""

    subject: str
    version: str
    language: str
    title: str
    paragraphs: tuple[Paragraph, ...]
    interpreted: bool = False


def written_in(version: str = VERSION) -> list[str]:
    """Return the languages in which a version has been written."""
    return list(VERSIONS[version])


def text_of(subject: str, language: str, version: str = VERSION, fallback: str = "en") -> Text:
    """Return what is read aloud about a purpose (or identification).

    In a language that it has not been written in yet, the fallback is returned, to be read with an interpreter.
    """
    known = VERSIONS[version]
    used = language if language in known else fallback if fallback in known else "en"
    words, headings = known[used][subject], known[used]["headings"]
    paragraphs = tuple(Paragraph(part, headings[part], tuple(words[part])) for part in PARTS if words.get(part))
    return Text(subject, version, used, words["title"], paragraphs, interpreted=used != language)


def fingerprint(version: str) -> str:
    """Return the SHA-256 of every word of a version."""
    return hashlib.sha256(json.dumps(VERSIONS[version], sort_keys=True, ensure_ascii=False).encode()).hexdigest()
