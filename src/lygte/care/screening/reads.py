"""Instruments as a member sees them: those that come with Lygte, and those of their own organisation."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from lygte.core.access import fetch
from lygte.core.models import Member
from lygte.core.problems import Problem

from .asked import Asked
from .library import LANGUAGES, Instrument, Item, instruments
from .models import Counted, OwnInstrument
from .scoring import Result, score


def own_instrument(member: Member, ref: str) -> OwnInstrument:
    return fetch(member, OwnInstrument, ref)


def counted(member: Member, ref: str) -> Counted:
    return fetch(member, Counted, ref)


def own_instruments(member: Member) -> list[OwnInstrument]:
    return list(OwnInstrument.objects.filter(organisation=member.organisation).defer("workbook"))


def instrument(member: Member, key: str) -> Instrument:
    """Return an instrument by its key, or by the reference of one's own; Problem 404.1."""
    found = instruments().get(key)
    if found is not None:
        return found
    if not key.isalnum():
        raise Problem("404.1")
    return built(own_instrument(member, key))


def built(own: OwnInstrument) -> Instrument:
    """Return an instrument as it was brought."""
    said: Mapping[str, Any] = own.said
    items = tuple(Item(one["dimension"], one["key"], one["words"], one["weights"]) for one in said["items"])
    return Instrument(
        key=own.ref,
        version=own.version,
        rule=said["rule"],
        answers=said["answers"],
        groups=tuple(said["groups"]),
        licence=said["licence"],
        maker=dict.fromkeys(LANGUAGES, said["maker"]),
        citation=dict.fromkeys(LANGUAGES, said["source"]),
        checked=date.fromisoformat(said["checked"]),
        title=said["title"],
        about=said["about"],
        sections=said["sections"],
        items=items,
    )


def result_of(member: Member, asked: Asked) -> Result:
    """Return what the answers give by the instrument's own rule."""
    return score(instrument(member, asked.instrument), asked.answers, asked.group)
