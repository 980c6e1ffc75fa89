"""The code on a slip: 128 random bits, as twelve words or as five numbers that look like phone numbers.

Both forms say the same. What somebody types is read forgivingly, in every language of words at once, so that nobody
has to say which one is theirs.
"""

from __future__ import annotations

import hashlib
import secrets
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from mnemonic import Mnemonic

BYTES = 16
WORDS = 12
PLACE_BITS, CHECK_BITS = 11, 4  # of each word; of the whole (BIP39)
FIRST = 4  # so many letters of a word are enough
NUMBERS, DIGITS = 5, 8
TYPED_AT_MOST = 2_000  # characters; more than any slip in any language
# 29 times the code still fits 40 digits, and no single wrong digit or swap of two neighbours gives a multiple of 29.
CHECK = 29

# By language: its own name, and the list of `mnemonic`. There are no lists in Danish, Dutch, Thai, Romanian or Ukrainian.
LANGUAGES: dict[str, tuple[str, str]] = {
    "en": ("English", "english"),
    "es": ("Español", "spanish"),
    "fr": ("Français", "french"),
    "pt": ("Português", "portuguese"),
    "it": ("Italiano", "italian"),
    "cs": ("Čeština", "czech"),
    "tr": ("Türkçe", "turkish"),
    "ru": ("Русский", "russian"),
    "zh-hans": ("简体中文", "chinese_simplified"),
    "zh-hant": ("繁體中文", "chinese_traditional"),
    "ja": ("日本語", "japanese"),
    "ko": ("한국어", "korean"),
}


# One word of the Russian list came out of some conversion without its letter (mnemonic 0.21, found 2026-11-22).
MENDED = {"сно\ufffd\ufffdа": "сноха"}


@cache
def _list(name: str) -> Mnemonic:
    return Mnemonic(name)


def new_secret() -> bytes:
    """Return 128 random bits."""
    return secrets.token_bytes(BYTES)


def words_of(secret: bytes, language: str) -> list[str]:
    """Return a code as twelve words of a language; English where the language has no list."""
    name = LANGUAGES.get(language, LANGUAGES["en"])[1]
    phrase = unicodedata.normalize("NFC", _list(name).to_mnemonic(secret))
    return [MENDED.get(word, word) for word in phrase.replace("\u3000", " ").split(" ")]


def numbers_of(secret: bytes) -> list[str]:
    """Return a code as five numbers of eight digits, in pairs: 20 41 77 35."""
    digits = str(int.from_bytes(secret, "big") * CHECK).zfill(NUMBERS * DIGITS)
    lines = [digits[at : at + DIGITS] for at in range(0, len(digits), DIGITS)]
    return [" ".join(line[at : at + 2] for at in range(0, DIGITS, 2)) for line in lines]


def read(typed: str) -> list[bytes]:
    """Return the codes that somebody can have meant: nearly always one, or none."""
    typed = typed[:TYPED_AT_MOST]
    if any(character.isalpha() for character in typed):
        return [secret for book in books() for secret in book.read(typed)]
    return _read_digits(typed)


def _read_digits(typed: str) -> list[bytes]:
    digits = [str(unicodedata.digit(c)) for c in typed if c.isdecimal()]
    if len(digits) != NUMBERS * DIGITS:
        return []
    number, rest = divmod(int("".join(digits)), CHECK)
    return [number.to_bytes(BYTES, "big")] if rest == 0 and number.bit_length() <= BYTES * 8 else []


def _bare(word: str) -> str:
    """Return a word without accents and capitals; no list has two words that differ by those alone."""
    parts = unicodedata.normalize("NFKD", word.casefold().replace("ı", "i"))
    return "".join(c for c in parts if not unicodedata.combining(c))


def _is_chinese(character: str) -> bool:
    return "\u4e00" <= character <= "\u9fff"


def _spoken(typed: str) -> list[str]:
    """Return the words somebody typed, whatever stands between them; a Chinese character is a word by itself."""
    spaced = "".join(
        f" {c} " if _is_chinese(c) else c if c.isalpha() or unicodedata.combining(c) else " "
        for c in unicodedata.normalize("NFC", typed)
    )
    return [_bare(word) for word in spaced.split()]


@dataclass(frozen=True)
class Book:
    """One list of words, to be looked up by a whole word or by its beginning; what is found is a word's place."""

    whole: Mapping[str, int]
    beginnings: Mapping[str, list[str]]

    def read(self, typed: str) -> Iterator[bytes]:
        """Yield the code of twelve words, if they are of this list and the check in the last one fits."""
        found = [self._place(word) for word in _spoken(typed)]
        if len(found) != WORDS or None in found:
            return
        number = 0
        for place in found:
            number = number << PLACE_BITS | (place or 0)
        secret = (number >> CHECK_BITS).to_bytes(BYTES, "big")
        if number & (1 << CHECK_BITS) - 1 == hashlib.sha256(secret).digest()[0] >> 8 - CHECK_BITS:
            yield secret

    def _place(self, typed: str) -> int | None:
        if typed in self.whole:
            return self.whole[typed]
        alike = self.beginnings.get(typed[:FIRST], []) if len(typed) >= FIRST else []
        if len(alike) > 1:
            alike = [word for word in alike if word.startswith(typed)]
        return self.whole[alike[0]] if len(alike) == 1 else None


def _book(name: str) -> Book:
    """Read a list. Its own way back from words is not used: it fails for Turkish (NFC list, NFKD look-up)."""
    words = [_bare(MENDED.get(word, word)) for word in _list(name).wordlist]
    beginnings: dict[str, list[str]] = defaultdict(list)
    for word in words:
        beginnings[word[:FIRST]].append(word)
    return Book({word: place for place, word in enumerate(words)}, beginnings)


@cache
def books() -> tuple[Book, ...]:
    return tuple(_book(name) for _own_name, name in LANGUAGES.values())
