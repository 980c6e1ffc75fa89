"""The twelve words that open a sealed link: 128 random bits, with a check against a misspelt word (BIP 39, English)."""

from __future__ import annotations

import secrets
import unicodedata

from mnemonic import Mnemonic

BYTES, WORDS = 16, 12
MOST_TYPED = 400  # characters; more is no words of ours
_list = Mnemonic("english")


def new_secret() -> bytes:
    """Return 128 random bits."""
    return secrets.token_bytes(BYTES)


def words_of(secret: bytes) -> list[str]:
    """Return a secret as twelve words."""
    return str(_list.to_mnemonic(secret)).split()


def secret_of(typed: str) -> bytes | None:
    """Return the secret that somebody typed, or None. Capitals, numbers and dots do not matter; four letters are enough."""
    plain = unicodedata.normalize("NFKC", typed[:MOST_TYPED]).lower()
    words = [_whole(word) for word in "".join(c if c.isalpha() else " " for c in plain).split()]
    if len(words) != WORDS or not _list.check(" ".join(words)):
        return None
    return bytes(_list.to_entropy(words))


def _whole(word: str) -> str:
    found = [known for known in _list.wordlist if known.startswith(word[:4])] if len(word) >= 4 else []
    return str(found[0]) if len(found) == 1 and found[0].startswith(word) else word
