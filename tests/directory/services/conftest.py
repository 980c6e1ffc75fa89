"""One service of our own that asks for three things, and the entry it was made from."""

from __future__ import annotations

import pytest

from lygte.core.models import Member
from lygte.directory.services.actions import Entry, add_service
from lygte.directory.services.models import Service

ENTRY = Entry(
    name="Evening clinic (invented)",
    kind="health",
    what="Tests and treatment, without an appointment.",
    areas=("DK-84",),
    languages=("da", "th"),
    opening="Tuesdays 18 to 21",
    front_gate="Telephone 00 00 00 00",
    needs={"alias": "To call you in from the waiting room", "language": "To have an interpreter there"},
)


@pytest.fixture
def clinic(bogdan: Member) -> Service:
    return add_service(member=bogdan, entry=ENTRY)
