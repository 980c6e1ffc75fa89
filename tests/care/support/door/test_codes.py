"""The code on a slip: 128 random bits, readable in many forms, and never guessed."""

from __future__ import annotations

import ast
import math
import secrets
import unicodedata
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lygte.care.support import door
from lygte.care.support.door import codes

SECRETS = st.binary(min_size=codes.BYTES, max_size=codes.BYTES)
LANGUAGES = st.sampled_from(sorted(codes.LANGUAGES))
FIRST_FOUR = ("en", "es", "fr", "pt", "it", "cs", "zh-hans", "zh-hant", "ja")


@given(secret=SECRETS, language=LANGUAGES)
@settings(max_examples=400, deadline=None)
def test_words_in_any_language_and_numbers_say_the_same(secret: bytes, language: str) -> None:
    words = codes.words_of(secret, language)
    assert len(words) == 12
    assert secret in codes.read(" ".join(words))
    assert codes.read("\n".join(codes.numbers_of(secret))) == [secret]


def every_word(language: str) -> list[str]:
    """Return all words of a language, by making codes that hold each of them first."""
    return [codes.words_of((place << 117).to_bytes(16, "big"), language)[0] for place in range(2048)]


@pytest.mark.parametrize("language", sorted(codes.LANGUAGES))
def test_every_word_of_every_list_is_whole_and_is_read_back(language: str) -> None:
    words = every_word(language)
    assert len(set(words)) == 2048
    for place, word in enumerate(words):
        assert all(c.isalpha() or unicodedata.combining(c) for c in word), word
        secret = (place << 117).to_bytes(16, "big")
        assert secret in codes.read(" ".join(codes.words_of(secret, language)))


@given(secret=SECRETS, language=LANGUAGES, between=st.sampled_from(["-", "  ", ", ", "\n1. ", " – "]))
@settings(max_examples=200, deadline=None)
def test_capitals_hyphens_and_numbering_do_not_matter(secret: bytes, language: str, between: str) -> None:
    typed = between.join(codes.words_of(secret, language))
    assert secret in codes.read(typed.upper())
    assert secret in codes.read(f"  {typed} ")


@given(secret=SECRETS, language=st.sampled_from(FIRST_FOUR))
@settings(max_examples=200, deadline=None)
def test_the_first_four_letters_of_each_word_are_enough(secret: bytes, language: str) -> None:
    words = codes.words_of(secret, language)
    assert secret in codes.read(" ".join(word[:4] for word in words))
    assert secret in codes.read(" ".join(word + "x" if len(word) > 4 else word for word in words))


def test_words_without_their_accents_are_understood() -> None:
    secret = bytes(range(16))
    plain = str.maketrans("áéíóúñüàèçêâôûœëïãõ", "aeiounuaeceaouœeiao")
    for language in ("es", "fr", "pt"):
        assert secret in codes.read(" ".join(codes.words_of(secret, language)).translate(plain))


def test_numbers_are_understood_in_other_digits() -> None:
    secret = bytes(range(16))
    arabic = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
    assert codes.read(" ".join(codes.numbers_of(secret)).translate(arabic)) == [secret]


def test_numbers_look_like_numbers_of_telephones() -> None:
    for number in codes.numbers_of(secrets.token_bytes(16)):
        assert [len(pair) for pair in number.split(" ")] == [2, 2, 2, 2]


@given(secret=SECRETS, place=st.integers(0, 39), by=st.integers(1, 9))
@settings(max_examples=300, deadline=None)
def test_one_wrong_digit_is_never_another_code(secret: bytes, place: int, by: int) -> None:
    digits = "".join(codes.numbers_of(secret)).replace(" ", "")
    wrong = digits[:place] + str((int(digits[place]) + by) % 10) + digits[place + 1 :]
    assert codes.read(wrong) == []


@given(secret=SECRETS, place=st.integers(0, 38))
@settings(max_examples=300, deadline=None)
def test_two_digits_that_changed_places_are_never_another_code(secret: bytes, place: int) -> None:
    digits = "".join(codes.numbers_of(secret)).replace(" ", "")
    swapped = digits[:place] + digits[place + 1] + digits[place] + digits[place + 2 :]
    assert codes.read(swapped) == ([secret] if swapped == digits else [])


@given(typed=st.text(max_size=400))
@settings(max_examples=400, deadline=None)
def test_whatever_is_typed_is_read_without_an_error(typed: str) -> None:
    assert all(len(secret) == codes.BYTES for secret in codes.read(typed))


def test_drawn_codes_have_128_bits_and_never_repeat() -> None:
    """20,000 draws: no repeat; every bit is set about half of the time; every byte value comes about as often."""
    drawn = [codes.new_secret() for _ in range(20_000)]
    assert {len(secret) for secret in drawn} == {16}
    assert len(set(drawn)) == len(drawn)
    ones = [sum(secret[bit // 8] >> (bit % 8) & 1 for secret in drawn) for bit in range(128)]
    edge = 6 * math.sqrt(len(drawn)) / 2  # six standard deviations
    assert all(abs(count - len(drawn) / 2) < edge for count in ones)
    counts = Counter(byte for secret in drawn for byte in secret)
    expected = len(drawn) * 16 / 256
    assert len(counts) == 256 and all(abs(count - expected) < 6 * math.sqrt(expected) for count in counts.values())


def test_nothing_in_this_room_draws_from_a_generator_that_can_be_foreseen() -> None:
    files = list(Path(door.__file__).parent.rglob("*.py"))
    assert len(files) > 15
    for file in files:
        for node in ast.walk(ast.parse(file.read_text())):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert "random" not in names, file


@pytest.mark.parametrize("language", ["da", "nl", "th", "xx"])
def test_a_language_without_a_list_gets_english_words(language: str) -> None:
    assert codes.words_of(bytes(16), language) == codes.words_of(bytes(16), "en")
