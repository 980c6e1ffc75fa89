"""Where rooms above hang their panel on the page of a place, so that this room need not know them.

    @place_part(order=20)
    def concern(member: Member, place: str) -> PlacePart | None: ...

A panel is quick: it says in a sentence how things stand, and where to go on. None hangs nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise

from lygte.core.models import Member

Text = str | Promise


@dataclass(frozen=True)
class PlacePart:
    """One panel: what it is, how it stands, where it leads."""

    title: Text
    summary: Text
    url: str
    link: Text
    tag: Text = ""
    tone: str = "grey"


PartOf = Callable[[Member, str], PlacePart | None]
PARTS: dict[str, tuple[int, PartOf]] = {}


def place_part(*, order: int) -> Callable[[PartOf], PartOf]:
    """Hang a panel on the page of a place; smaller `order` stands higher."""

    def hang(make: PartOf) -> PartOf:
        PARTS[f"{make.__module__}.{make.__qualname__}"] = (order, make)
        return make

    return hang


def parts_of(member: Member, place: str) -> list[PlacePart]:
    """Return the panels of a place, given by its reference, in their order."""
    found = [make(member, place) for _order, make in sorted(PARTS.values(), key=lambda entry: entry[0])]
    return [panel for panel in found if panel is not None]
