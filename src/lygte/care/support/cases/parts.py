"""Where other rooms hang their panel on the page of a case, so that this room need not know them.

    @part(order=20)
    def referrals(member: Member, person: Person) -> Part | None: ...

A panel must be quick and opens nothing locked: it says how many and where to go on. None hangs nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise

from lygte.core.consent.models import Person
from lygte.core.models import Member

Text = str | Promise


@dataclass(frozen=True)
class Part:
    """One panel: what it is, how it stands in one sentence, where it leads, and what can be started from there."""

    title: Text
    summary: Text
    url: str
    link: Text
    start_url: str = ""
    start: Text = ""
    waits: bool = False  # something here waits for somebody


PartOf = Callable[[Member, Person], Part | None]
PARTS: dict[str, tuple[int, PartOf]] = {}


def part(*, order: int) -> Callable[[PartOf], PartOf]:
    """Hang a panel on the page of a case; smaller `order` stands higher."""

    def hang(make: PartOf) -> PartOf:
        PARTS[f"{make.__module__}.{make.__qualname__}"] = (order, make)
        return make

    return hang


def parts_of(member: Member, person: Person) -> list[Part]:
    """Return the panels of a person's case, in their order."""
    found = [make(member, person) for _order, make in sorted(PARTS.values(), key=lambda entry: entry[0])]
    return [panel for panel in found if panel is not None]
