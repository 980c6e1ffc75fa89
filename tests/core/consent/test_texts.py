"""What people are told is complete in every language, in short plain sentences, and never changes under their feet."""

from __future__ import annotations

import re

import pytest

from lygte.core.consent import texts
from lygte.core.consent.codes import Purpose

# A version that was ever in use keeps its fingerprint for ever: for other words make another version.
FINGERPRINTS = {"2026-11": "e1054428bec834fa2b56c27c452b40b51aacf178d015c9082306a2cc04b97391"}
EVERY = [(subject, language) for language in texts.written_in() for subject in texts.SUBJECTS]
LONGEST, USUAL = 24, 12  # words in one sentence, and on average


def sentences(subject: str, language: str) -> list[str]:
    text = texts.text_of(subject, language)
    told = [sentence for paragraph in text.paragraphs for sentence in paragraph.sentences]
    return [one for many in told for one in re.split(r"(?<=[.?])\s+", many)]


def test_a_version_that_was_used_never_changes() -> None:
    assert {version: texts.fingerprint(version) for version in texts.VERSIONS} == FINGERPRINTS
    assert texts.VERSION in FINGERPRINTS


@pytest.mark.parametrize(("subject", "language"), EVERY)
def test_everything_that_must_be_said_is_said(subject: str, language: str) -> None:
    text = texts.text_of(subject, language)
    said = {paragraph.name for paragraph in text.paragraphs}
    assert {"what", "who", "time", "no", "back"} <= said
    assert ("follows" in said) == (subject in {Purpose.AUTHORITY, texts.IDENTIFICATION})
    assert not text.interpreted


@pytest.mark.parametrize(("subject", "language"), EVERY)
def test_sentences_are_short(subject: str, language: str) -> None:
    lengths = [len(sentence.split()) for sentence in sentences(subject, language)]
    assert max(lengths) <= LONGEST
    assert sum(lengths) / len(lengths) <= USUAL


@pytest.mark.parametrize("language", texts.written_in())
def test_saying_no_changes_nothing_in_the_help_whatever_is_asked(language: str) -> None:
    first = {texts.text_of(subject, language).paragraphs[-2].sentences[0] for subject in texts.SUBJECTS}
    assert len(first) == 1  # the same sentence everywhere: no purpose is a condition for help


def test_a_language_without_a_text_yet_is_read_with_an_interpreter() -> None:
    text = texts.text_of(Purpose.SUPPORT, "th", fallback="da")
    assert (text.language, text.interpreted) == ("da", True)
    assert set(texts.written_in()) < set(texts.OWN_NAMES)


@pytest.mark.parametrize("word", ["victim", "offer", "slachtoffer", "prostitu", "rescue"])
def test_nobody_is_given_a_label(word: str) -> None:
    said = " ".join(sentence for subject, language in EVERY for sentence in sentences(subject, language)).lower()
    assert not re.search(rf"\b{word}", said)
