"""One place each for two organisations, and the visit form published for both."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.utils import timezone
from django_scopes import scope

from lygte.care.intake.handover import publish_shipped
from lygte.care.outreach.actions import create_place, record_visit
from lygte.care.outreach.models import Place, Visit
from lygte.core.models import Member


@pytest.fixture
def heron(amina: Member) -> Place:
    """A clinic of Amina's organisation."""
    with scope(organisation=amina.organisation):
        return create_place(member=amina, code_name="Blue Heron", kind="clinic", area="DK-607", languages=["th"])


@pytest.fixture
def otter(chika: Member) -> Place:
    """A place of another organisation."""
    with scope(organisation=chika.organisation):
        return create_place(member=chika, code_name="Quiet Otter", kind="street", area="NL-GM0518")


@pytest.fixture
def form_published(amina: Member, bogdan: Member) -> None:
    """The visit form, open in Amina's organisation."""
    publish_shipped(amina.organisation, bogdan)


@pytest.fixture
def today() -> date:
    return timezone.localdate()


Answers = dict[str, Any]


def spoke(at: Place, /, **more: Any) -> Answers:
    """Answers of an ordinary visit, as flat text."""
    return {
        "place": at.short_code,
        "day": timezone.localdate().isoformat(),
        "outcome": "spoke",
        "part_of_day": "evening",
        "interpreter": "phone",
        "present": "4",
        "spoken_to": "3",
        "new": "1",
        "refused": "1",
        "gender_woman": "2",
        "gender_trans": "1",
        "nationality_southeast_asia": "2",
        "language_th": "2",
        "language_en": "3",
        "health_condoms": "40",
        "health_sti_offered": "3",
        "health_sti_taken": "2",
        "leaflet_th": "2",
        "minutes": "35",
        "team_size": "2",
        "announced": "no",
        **{name: str(value) for name, value in more.items()},
    }


@pytest.fixture
def visit_to() -> Callable[..., Visit]:
    """Record a visit as a member."""

    def record(member: Member, place: Place, **more: Any) -> Visit:
        with scope(organisation=member.organisation):
            return record_visit(member=member, answers=spoke(place, **more))  # type: ignore[no-any-return]

    return record
