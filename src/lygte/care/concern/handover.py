"""What the rooms above may have: how a place stands, for planning a round, and lines of the public table.

Neither names a sign: what was seen stays on the page of the place.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils import timezone
from django_scopes import scopes_disabled

from lygte.core.access import Verb, may
from lygte.core.models import Member

from . import reads
from .actions import note_sign
from .codes import STANDINGS
from .models import Telling
from .panel import TONES

__all__ = ["HowItStands", "note_sign", "standings", "told_to_authorities"]


@dataclass(frozen=True)
class HowItStands:
    """How a place stands, in words; its reasons are one click away."""

    label: str
    tone: str
    url: str


def standings(member: Member) -> Mapping[str, HowItStands]:
    """Return how places stand that wait for a second look or are of concern, by the reference of the place.

    To be shown beside a place; nothing may be sorted, narrowed or counted by it.
    """
    if not may(member, Verb.CONCERN_READ):
        return {}
    return {
        one.card.ref: HowItStands(
            str(STANDINGS[one.standing.state]),
            TONES[one.standing.state],
            reverse("concern:place", args=[one.card.ref]),
        )
        for one in reads.places(member)
    }


def told_to_authorities() -> list[tuple[date, str, str]]:
    """Return (day asked, class of authority, outcome) of every decision, for the public table of all organisations."""
    outcomes = {"told": "handed_over", "refused": "refused", "withdrawn": "refused"}  # of both, nothing was told
    with scopes_disabled():
        rows = Telling.objects.values_list("asked_at", "authority", "state")
        return [(timezone.localdate(at), authority, outcomes.get(state, "")) for at, authority, state in rows]
