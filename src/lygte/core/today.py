"""What needs me today: each room says what it knows, the staff home shows it together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from .people import Member


@dataclass(frozen=True)
class Need:
    """One thing that waits for somebody: what, why, where to do it, by when."""

    title: str
    detail: str
    url: str
    due: date | None = None
    urgent: bool = False
    count: int | None = None


Source = Callable[[Member], list[Need]]
SOURCES: list[Source] = []


def needs(source: Source) -> Source:
    """Register a function that tells what waits for a member; it must ask `may` itself and be quick."""
    if source not in SOURCES:
        SOURCES.append(source)
    return source


def collect(member: Member) -> list[Need]:
    """Return everything that waits for the member: urgent first, then by date, then by title."""
    found = [need for source in SOURCES for need in source(member)]
    return sorted(found, key=lambda n: (not n.urgent, n.due or date.max, n.title))
