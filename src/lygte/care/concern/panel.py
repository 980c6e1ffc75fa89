"""The panel on the page of a place."""

from __future__ import annotations

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from lygte.care.outreach.handover import PlacePart, place_part
from lygte.core.access import Verb, may
from lygte.core.models import Member

from . import reads
from .codes import STANDINGS
from .rules import State

TONES = {State.WAITING: "blue", State.CONCERN: "amber"}


@place_part(order=20)
def concern(member: Member, place: str) -> PlacePart | None:
    """Say how the place stands; the reasons are one click away."""
    if not may(member, Verb.CONCERN_READ):
        return None
    standing = reads.standing(member, place)
    summary = _("No sign that counts stands here.")
    if standing.until is not None:
        summary = _("Ends on %(day)s without a new sign.") % {"day": date_format(standing.until, "SHORT_DATE_FORMAT")}
    return PlacePart(
        title=_("Signs and second looks"),
        summary=summary,
        url=reverse("concern:place", args=[place]),
        link=_("See the signs, or note one"),
        tag=STANDINGS[standing.state] if standing.state else "",
        tone=TONES.get(standing.state, "grey"),
    )
