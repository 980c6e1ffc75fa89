"""What is the same way to somebody though it is written differently. Pure; what it reads is kept by nobody.

A telephone number is its last eight digits after the country code and the leading nought, so that an opt-out holds in every
format. Now and then two numbers of two countries share eight digits: then one person too many is left alone, which is
the side to err on. A user name is the same everywhere, for the same reason.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

MOST = 50  # handles at a time: a batch is what one worker writes in one sitting
SHORTEST, LONGEST_NUMBER, LONGEST_NAME, KEPT = 6, 15, 64, 8
Kind = Literal["phone", "mail", "name"]

# Countries whose numbers are shorter than eight digits: their code has to go before digits are counted from the end.
_SHORT = {"298": 6, "299": 6, "354": 7, "372": 7}  # the Faroes, Greenland, Iceland, Estonia
_SCHEME = re.compile(r"^(?:tel|sms|mailto|whatsapp|viber|skype):(?://)?", re.IGNORECASE)
_WORD_BEFORE = re.compile(
    r"^(?:tele(?:fon|phone|foon)?|tel|tlf|tfn|mob(?:il|ile|iel)?|phone|sms|whatsapp|wa|signal|viber)\b\s*[.:]?\s*(?=[+(\d])",
    re.IGNORECASE,
)
# Short addresses by which messaging apps name one account. Any other address is a page, and no way to write to anybody.
_ACCOUNT = re.compile(
    r"^(?:https?://)?(?:www\.)?(?:wa\.me|t\.me|telegram\.me|m\.me|signal\.me/#p|line\.me/ti/p|snapchat\.com/add"
    r"|instagram\.com|facebook\.com)/(?P<name>[^/?#\s]+)/?(?:[?#].*)?$",
    re.IGNORECASE,
)
_MAIL = re.compile(r"^[^\s@]+@[^\s@]+\.[^\s@]+$")
_PAGE = re.compile(r"^(?:https?://|www\.)|/", re.IGNORECASE)
_SEPARATORS = re.compile(r"[\s().,/\\\-‐-―−_·•|~*'’`]+")


@dataclass(frozen=True)
class Handle:
    """One way to somebody, as it is compared."""

    kind: Kind
    value: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.value}"


def read(text: str) -> Handle | None:
    """Return what a typed way means, or None where it is none."""
    plain = _plain(text)
    account = _ACCOUNT.match(plain)
    if account:
        plain = account["name"]
    plain = _SCHEME.sub("", plain).strip()
    number = _number(_WORD_BEFORE.sub("", plain))
    if number is not None:
        return Handle("phone", number)
    if _MAIL.match(plain):
        return Handle("mail", plain.casefold())
    name = plain.lstrip("@").strip().casefold()
    if not name or len(name) > LONGEST_NAME or _PAGE.search(name) or not any(sign.isalnum() for sign in name):
        return None
    return Handle("name", name)


def _plain(text: str) -> str:
    """Return a text without what cannot be seen, digits of every script as 0 to 9, one space at a time."""
    wide = unicodedata.normalize("NFKC", text)
    seen = (sign for sign in wide if sign.isspace() or not _is_unseen(sign))
    latin = (str(unicodedata.decimal(sign)) if sign.isdecimal() else sign for sign in seen)
    return " ".join("".join(latin).split())


def _is_unseen(sign: str) -> bool:
    """Tell marks of direction, joiners, and what makes a digit a picture of a key; accents of letters stay."""
    return unicodedata.category(sign) in ("Cf", "Cc", "Me") or "\ufe00" <= sign <= "\ufe0f"


def _number(text: str) -> str | None:
    """Return the last eight digits of a telephone number; None for what holds anything but digits and what parts them."""
    digits = _SEPARATORS.sub("", text)
    international = digits.startswith(("+", "00"))
    digits = digits.removeprefix("+").removeprefix("00") if international else digits
    if not digits.isdecimal() or not SHORTEST <= len(digits) <= LONGEST_NUMBER:
        return None
    if international:
        for code, length in _SHORT.items():
            if digits.startswith(code) and len(digits) == len(code) + length:
                digits = digits.removeprefix(code)
    return (digits.lstrip("0") if len(digits.lstrip("0")) >= SHORTEST else digits)[-KEPT:]


def typed(text: str) -> Iterator[tuple[int, str]]:
    """Yield what was typed, one a line or parted by commas, with the number of its line; empty ones are left out."""
    for number, line in enumerate(text.splitlines(), 1):
        for part in re.split("[,;]", line):
            if part.strip():
                yield number, part.strip()
