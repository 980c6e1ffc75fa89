"""Numbers, money, months and days as people write them in English, Danish and Dutch."""

from __future__ import annotations

from datetime import date

from babel import Locale
from babel.dates import format_date, format_skeleton
from babel.numbers import format_decimal, format_percent
from django.utils.translation import gettext as _
from django.utils.translation import override

from .months import SEASONS, Months

LANGUAGES = ("en", "da", "nl")

# English here is the English of a European public document: the day before the month.
_LOCALES = {"en": Locale.parse("en_GB"), "da": Locale.parse("da_DK"), "nl": Locale.parse("nl_NL")}


def locale_of(language: str) -> Locale:
    """Return the locale of one of the three languages; English where it is another."""
    return _LOCALES.get(language[:2], _LOCALES["en"])


def number(value: float, language: str) -> str:
    return str(format_decimal(value, locale=locale_of(language)))


def percent(value: float, language: str) -> str:
    return str(format_percent(round(value, 2), locale=locale_of(language)))


def money(amount: int, currency: str, language: str) -> str:
    """Write a whole amount; the currency by its international code, except a krone to a Dane."""
    if currency == "DKK" and language == "da":
        return f"{number(amount, language)} kr."
    return f"{currency} {number(amount, language)}"


def month(text: str, language: str) -> str:
    """Write “2017-06” as June 2017 in the language."""
    return str(format_skeleton("yMMMM", date(int(text[:4]), int(text[5:7]), 1), locale=locale_of(language)))


def short_month(text: str, language: str) -> str:
    return str(format_skeleton("yMMM", date(int(text[:4]), int(text[5:7]), 1), locale=locale_of(language)))


def period(months: Months, language: str) -> str:
    """Write the first and the last month; a stretch of whole years as years alone."""
    first, last = months
    if first.endswith("-01") and last.endswith("-12"):
        return first[:4] if first[:4] == last[:4] else f"{first[:4]}–{last[:4]}"
    return month(first, language) if first == last else f"{month(first, language)} – {month(last, language)}"


def day(value: date, language: str) -> str:
    return str(format_date(value, "long", locale=locale_of(language)))


def due(text: str, language: str) -> str:
    """Write “2017-06” or “spring 2017” in the language."""
    season, _space, year = text.partition(" ")
    if season not in SEASONS:
        return month(text, language)
    with override(language):
        named = {
            "spring": _("spring {year}"),
            "summer": _("summer {year}"),
            "autumn": _("autumn {year}"),
            "winter": _("winter {year}"),
        }
        return named[season].format(year=year)


def published(text: str, language: str) -> str:
    """Write the date of a source as far as it is known."""
    if text == "not stated":
        with override(language):
            return _("no date stated")
    if len(text) == 10:
        return day(date.fromisoformat(text), language)
    return month(text, language) if len(text) == 7 else text
