"""What in a text looks like a way to one person: a number, an address, a plate. A sign only: a person decides.

Two are never a matter of judgement: a Danish or Dutch personal number is kept nowhere in Lygte. Nothing found here
is stored or logged; the caller gets kinds and places in the text. Pure, and quick on long texts.

Formats, looked up 2026-11-22: CPR is ddmmyy and four digits; the test by eleven holds but for some persons registered
as born on a first of January (cpr.dk, “Opbygning af CPR-nummeret”); BSN is nine digits that pass a test by eleven whose last weight is
-1 (RvIG, “Logisch ontwerp BSN”); Dutch plates by the series of the RDW (kentekenkennis.nl/sidecode).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .problems import Problem


@dataclass(frozen=True)
class Sign:
    """One thing seen: `text[start:end]` is it. A forbidden one may be stored nowhere; of others a person decides."""

    kind: str
    label: str | Promise
    start: int
    end: int
    forbidden: bool


LABELS: dict[str, str | Promise] = {
    "profile": _("the address of somebody's profile"),
    "user_name": _("somebody's user name"),
    "mail": _("an e-mail address"),
    "iban": _("a bank account number"),
    "cpr": _("a Danish personal number (CPR)"),
    "bsn": _("a Dutch personal number (BSN)"),
    "phone": _("a telephone number"),
    "plate": _("a number plate"),
}
FORBIDDEN = frozenset({"cpr", "bsn"})
SEEN = "\0"


def signs(text: str) -> list[Sign]:
    """Return what in a text looks like a way to one person, in the order of the text, without overlaps."""
    found: list[Sign] = []
    left = text.replace(SEEN, " ")  # what is found is blotted out, so that it is not also something else
    for kind, look in LOOKS:
        for start, end in list(look(left)):
            if SEEN not in left[start:end]:
                found.append(Sign(kind, LABELS[kind], start, end, kind in FORBIDDEN))
                left = left[:start] + SEEN * (end - start) + left[end:]
    return sorted(found, key=lambda sign: sign.start)


def refuse_signs(text: str, *, looked: bool = False, at: str | Promise = "") -> None:
    """Raise Problem 422.10 for a personal number, and 422.11 for any other sign unless somebody has looked."""
    found = signs(text)
    never = [sign for sign in found if sign.forbidden]
    if never:
        raise Problem("422.10", at=at, what=_named(never))
    if found and not looked:
        raise Problem("422.11", at=at, what=_named(found))


def _named(found: list[Sign]) -> str:
    return ", ".join(dict.fromkeys(str(sign.label) for sign in found))


# How each is recognised ----------------------------------------------------------------------------------------------
Spans = Iterator[tuple[int, int]]
GAP = r"[ \u00a0\u202f.‑–-]"  # what people put between digits
NO_DIGIT_BEFORE, NO_DIGIT_AFTER = r"(?<![\d+])", r"(?!\d)"

_MAIL = re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_ADDRESS = re.compile(
    r"(?<![\w@.-])(?:https?://)?(?P<host>[\w-]+(?:\.[\w-]+)*\.[a-z]{2,})/(?P<path>[^\s<>\"]*[^\s<>\".,;:!?)])",
    re.IGNORECASE,
)
_NETWORKS = re.compile(
    r"(?:^|\.)(?:facebook|fb|instagram|tiktok|twitter|x|snapchat|telegram|t|wa|linkedin|vk|threads|onlyfans|fansly"
    r"|linktr|badoo|tinder)\.(?:com|me|net|ee|ru)$",
    re.IGNORECASE,
)
_PROFILE_PATH = re.compile(
    r"(?:^|/)(?:@[\w.-]+|(?:profile|profil|profiel|user|users|u|member|members|people|escorts?|annoncer?|advertenties?"
    r"|ads?)(?:\.php)?(?:[/?]|$))",
    re.IGNORECASE,
)
_USER_NAME = re.compile(r"(?<![\w.+@/-])@[^\W\d_](?:[\w.]{1,30}\w)")
_IBAN = re.compile(r"(?<![^\W_])[A-Za-z]{2}\d{2}(?:[ \u00a0]?[A-Za-z0-9]){11,27}")
_IBAN_LENGTHS = {
    **{"AT": 20, "BE": 16, "BG": 22, "CH": 21, "CY": 28, "CZ": 24, "DE": 22, "DK": 18, "EE": 20, "ES": 24, "FI": 18},
    **{"FR": 27, "GB": 22, "GR": 27, "HR": 21, "HU": 28, "IE": 22, "IT": 27, "LT": 20, "LU": 20, "LV": 21, "MD": 24},
    **{"MT": 31, "NL": 18, "NO": 15, "PL": 28, "PT": 25, "RO": 24, "RS": 22, "SE": 24, "SI": 19, "SK": 24, "TR": 26},
}
_CPR = re.compile(rf"{NO_DIGIT_BEFORE}(\d\d)(\d\d)(\d\d)( ?[‑–-] ?|[ \u00a0])?(\d{{4}}){NO_DIGIT_AFTER}")
_CPR_WEIGHTS = (4, 3, 2, 7, 6, 5, 4, 3, 2, 1)
_BSN = re.compile(
    rf"{NO_DIGIT_BEFORE}(?:\d{{9}}|\d{{3}}(?:[ \u00a0-]\d{{3}}){{2}}|\d{{4}}{GAP}\d\d{GAP}\d{{3}}){NO_DIGIT_AFTER}"
)
_BSN_WEIGHTS = (9, 8, 7, 6, 5, 4, 3, 2, -1)
_INTERNATIONAL = re.compile(r"(?<![\w+])(?:\+|00)\d(?:[ \u00a0\u202f.()/‑–-]{0,2}\d){7,13}(?!\d)")
_DUTCH = re.compile(rf"{NO_DIGIT_BEFORE}\(?0[1-9](?:[ \u00a0\u202f.()‑–-]{{0,2}}\d){{8}}(?![\d:])")
_DANISH = re.compile(
    rf"{NO_DIGIT_BEFORE}(?:[2-9]\d{{7}}|[2-9]\d{{3}}[ \u00a0\u202f]\d{{4}}|[2-9]\d(?:{GAP}\d\d){{3}})"
    rf"{NO_DIGIT_AFTER}"
)
_WHOLE_DATE = re.compile(r"\d\d?[./-]\d\d?[./-](?:19|20)\d\d")
_TWO_YEARS = re.compile(r"(?:19|20)\d\d\D(?:19|20)\d\d")
_DUTCH_SERIES = (
    "XX-99-99 99-99-XX 99-XX-99 XX-99-XX XX-XX-99 99-XX-XX 99-XXX-9 9-XXX-99 XX-999-X X-999-XX XXX-99-X X-99-XXX "
    "9-XX-999 999-XX-9"
)
_MONTHS = "jan feb mar mrt apr maj mei may jun jul aug sep okt oct nov dec"


def _series(gap: str, series: list[str]) -> str:
    return "|".join(s.replace("-", gap).replace("X", "[A-Z]").replace("9", r"\d") for s in series)


_ALL = _DUTCH_SERIES.split()
_UNGAPPED = [s for s in _ALL if s not in ("XX-99-99", "99-99-XX")]  # those without gaps would be postcodes
_PLATES = (
    re.compile(rf"(?<![\w-])(?:{_series('-', _ALL)})(?![\w-])", re.IGNORECASE),
    re.compile(rf"(?<![\w-])(?:{_series(' ', _ALL)}|{_series('', _UNGAPPED)})(?![\w-])"),
    re.compile(r"(?<![\w-])[A-Z]{2}(?: \d\d \d{3}|\d{5})(?![\w-])"),  # Danish
    re.compile(r"(?<![\w-])[a-z]{2}\d{5}(?![\w-])"),
)


def _digits(text: str) -> list[int]:
    return [int(sign) for sign in text if sign.isdecimal()]


def _profiles(text: str) -> Spans:
    for match in _ADDRESS.finditer(text):
        if _NETWORKS.search(match["host"]) or _PROFILE_PATH.search(match["path"]):
            yield match.span()


def _mails(text: str) -> Spans:
    return (match.span() for match in _MAIL.finditer(text))


def _user_names(text: str) -> Spans:
    """A word behind an at sign may be meant as a word (“@home”); with a digit, a dot or a line in it, it is a name."""
    for match in _USER_NAME.finditer(text):
        if any(sign.isdecimal() or sign in "_." for sign in match[0]):
            yield match.span()


def _ibans(text: str) -> Spans:
    for match in _IBAN.finditer(text):
        length = _IBAN_LENGTHS.get(match[0][:2].upper(), 0)
        places = [place for place in range(*match.span()) if text[place].isalnum()][:length]
        number = "".join(text[place] for place in places).upper()
        if (
            length
            and len(number) == length
            and int("".join(str(int(s, 36)) for s in number[4:] + number[:4])) % 97 == 1
        ):
            yield places[0], places[-1] + 1


def _is_day(day: str, month: str, years: tuple[str, ...]) -> bool:
    for year in years:
        with suppress(ValueError):
            date(int(year), int(month), int(day))
            return True
    return False


def _cprs(text: str) -> Spans:
    """A Dutch telephone number without gaps can look the same; then the test by eleven decides."""
    for match in _CPR.finditer(text):
        day, month, year, gap, _rest = match.groups()
        if not _is_day(day, month, (f"19{year}", f"20{year}")):
            continue
        tested = sum(w * d for w, d in zip(_CPR_WEIGHTS, _digits(match[0]), strict=True)) % 11 == 0
        untested = (day, month) == ("01", "01")
        if gap or tested or untested or not match[0].startswith("0"):
            yield match.span()


def _bsns(text: str) -> Spans:
    for match in _BSN.finditer(text):
        digits = _digits(match[0])
        if any(digits) and sum(w * d for w, d in zip(_BSN_WEIGHTS, digits, strict=True)) % 11 == 0:
            yield match.span()


def _international(text: str) -> Spans:
    return (match.span() for match in _INTERNATIONAL.finditer(text))


def _dutch(text: str) -> Spans:
    return (match.span() for match in _DUTCH.finditer(text) if not _WHOLE_DATE.match(match[0]))


def _danish(text: str) -> Spans:
    for match in _DANISH.finditer(text):
        if not (_TWO_YEARS.fullmatch(match[0]) or _is_date_without_gaps(match[0])):
            yield match.span()


def _is_date_without_gaps(text: str) -> bool:
    if len(text) != 8 or not text.isdecimal():
        return False
    forms = ((text[6:], text[4:6], text[:4]), (text[:2], text[2:4], text[4:]))
    return any(year[:2] in ("19", "20") and _is_day(day, month, (year,)) for day, month, year in forms)


def _plates(text: str) -> Spans:
    for pattern in _PLATES:
        for match in pattern.finditer(text):
            letters = "".join(sign for sign in match[0] if sign.isalpha()).lower()
            if len(letters) != 3 or letters not in _MONTHS.split():
                yield match.span()


# The order matters: what is found first hides its digits from the rest.
LOOKS = (
    ("profile", _profiles),
    ("mail", _mails),
    ("user_name", _user_names),
    ("iban", _ibans),
    ("phone", _international),
    ("cpr", _cprs),
    ("bsn", _bsns),
    ("phone", _dutch),
    ("phone", _danish),
    ("plate", _plates),
)
