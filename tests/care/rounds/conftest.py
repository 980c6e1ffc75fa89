"""A handful of places in two regions, and a round planned by Amina for herself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone
from django_scopes import scope

from lygte.care.outreach.actions import record_visit
from lygte.care.outreach.handover import bulk_places
from lygte.care.outreach.models import Place, Visit
from lygte.care.rounds.actions import plan_round
from lygte.care.rounds.models import Round
from lygte.core.models import Member

SOUTH, CAPITAL = "DK-83", "DK-84"
PLACES = {
    # code name: (kind, municipality)
    "Blue Heron": ("clinic", "DK-607"),
    "Red Finch": ("clinic", "DK-461"),
    "Grey Seal": ("street", "DK-607"),
    "West Wind": ("clinic", "DK-101"),
}


@pytest.fixture
def today() -> date:
    return timezone.localdate()


@pytest.fixture
def places(amina: Member, today: date) -> dict[str, Place]:
    """Three places in the south and one in the capital, all known for long and never visited."""
    long_ago = today - timedelta(days=700)
    rows = [
        {"code_name": name, "kind": kind, "area": area, "created_on": long_ago} for name, (kind, area) in PLACES.items()
    ]
    bulk_places(amina.organisation, rows)
    with scope(organisation=amina.organisation):
        return {place.code_name: place for place in Place.objects.all()}


@pytest.fixture
def plan(amina: Member, places: dict[str, Place], today: date) -> Callable[..., Round]:
    """Plan a round through places given by code name."""

    def planned(*names: str, **more: Any) -> Round:
        given = {"region": SOUTH, "day": today, "going": [amina.ref], **more}
        with scope(organisation=amina.organisation):
            return plan_round(member=amina, places=[places[name].ref for name in names], **given)  # type: ignore[no-any-return]

    return planned


@pytest.fixture
def visit() -> Callable[..., Visit]:
    """Record a short visit as a member."""

    def recorded(member: Member, place: Place, day: date) -> Visit:
        answers = {"place": place.short_code, "day": day.isoformat(), "outcome": "not_opened"}
        with scope(organisation=member.organisation):
            return record_visit(member=member, answers=answers)  # type: ignore[no-any-return]

    return recorded
