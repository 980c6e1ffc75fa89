"""Who hears of visits, and who may refuse one: the rooms above register here, and this room knows none of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from lygte.core.models import Organisation

from .models import Visit
from .rules import Fault

Follower = Callable[[Organisation, str, date], None]
Guard = Callable[[Organisation, str, date], tuple[str, Mapping[str, Any]] | None]

FOLLOWERS: list[Follower] = []
GUARDS: list[Guard] = []


def follow_visits(follower: Follower) -> None:
    """Have `follower(organisation, place, day)` called when what was recorded there on that day has changed.

    It is called in the transaction that changes it, after the change; a bulk load calls nobody.
    """
    if follower not in FOLLOWERS:
        FOLLOWERS.append(follower)


def guard_visits(guard: Guard) -> None:
    """Have `guard(organisation, place, day)` asked before a visit is recorded; it returns a problem's number and details."""
    if guard not in GUARDS:
        GUARDS.append(guard)


def tell_of(visit: Visit) -> None:
    """Tell of one visit that came, changed, was withdrawn or came back."""
    for follower in FOLLOWERS:
        follower(visit.organisation, visit.place.ref, visit.day)


def refused(organisation: Organisation, place: str, day: date) -> list[Fault]:
    """Return why the rooms above will not have a visit there on that day."""
    found = (guard(organisation, place, day) for guard in GUARDS)
    return [Fault(said[0], "place", said[1]) for said in found if said is not None]
