"""What an entry of a service may say. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from ..areas import AREAS, areas_within
from ..languages import LANGUAGES
from . import codes

# A word that ends like a street and a number behind it, in Danish, Dutch and English.
_STREET = re.compile(
    r"\w*(?:vej|gade|stræde|allé|boulevard|plads|torv|straat|weg|laan|plein|gracht|kade|singel|dijk|street|road|avenue)"
    r"\s+\d+",
    re.IGNORECASE,
)
_DUTCH_POSTCODE = re.compile(r"\b\d{4}\s?[A-Z]{2}\b")
KEPT_SECRET = frozenset({"housing"})  # kinds whose address can be what protects people


def looks_like_an_address(text: str) -> bool:
    """Tell whether a text seems to hold a street with a number, or a Dutch postcode."""
    return bool(_STREET.search(text) or _DUTCH_POSTCODE.search(text))


def fault_of_needs(kind: str, needs: Mapping[str, str]) -> str:
    """Return the number of what is wrong with the declared needs, or nothing."""
    if needs and codes.is_authority(kind):
        return "422.453"
    if not set(needs) <= set(codes.ASKS):
        return "422.450"
    return "" if all(why.strip() for why in needs.values()) else "422.452"


def fault_of_lists(kind: str, areas: Iterable[str], languages: Iterable[str]) -> str:
    """Return the number of what is wrong with the codes of an entry, or nothing."""
    known = kind in codes.KINDS and set(areas) <= set(AREAS) and set(languages) <= set(LANGUAGES)
    return "" if known else "422.450"


def serves(areas: Iterable[str], wanted: str) -> bool:
    """Tell whether a service of some areas is for somebody in the area that is wanted, be it larger or smaller."""
    inside = areas_within(wanted)
    return any(code == wanted or inside & areas_within(code) for code in areas)
