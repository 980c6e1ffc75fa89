"""What the rooms above may have: how a place stands, for planning a round, and lines of the public table.

Neither names a sign: what was seen stays on the page of the place.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.utils import timezone
from django_scopes import scopes_disabled

from lygte.core.access import Verb, may
from lygte.core.models import Member

from . import reads
from .actions import note_sign
from .models import Telling
from .rules import State

__all__ = ["State", "note_sign", "standings", "told_to_authorities"]


def standings(member: Member) -> Mapping[str, State]:
    """Return how places stand that wait for a second look or are of concern, by the reference of the place."""
    if not may(member, Verb.CONCERN_READ):
        return {}
    return {one.card.ref: one.standing.state for one in reads.places(member)}


def told_to_authorities() -> list[tuple[date, str, str]]:
    """Return (day asked, class of authority, outcome) of every decision, for the public table of all organisations."""
    outcomes = {"told": "handed_over", "refused": "refused"}
    with scopes_disabled():
        rows = Telling.objects.values_list("asked_at", "authority", "state")
        return [(timezone.localdate(at), authority, outcomes.get(state, "")) for at, authority, state in rows]
