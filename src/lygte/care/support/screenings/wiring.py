"""What this room hangs up elsewhere: the way on after a reading, and the panel on the page of a case."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lygte.care.screening.handover import WAYS, Way
from lygte.care.support.cases.handover import Part, case_card, part
from lygte.core.access import Verb, may
from lygte.core.consent.models import Person
from lygte.core.models import Member

WAY = Way(
    title=gettext_lazy("Take it along into a case, if the person asks for it"),
    about=gettext_lazy(
        "Only if they want it, and only what they choose. It is locked under their key; they can read it and have it "
        "removed. Help does not depend on it."
    ),
    button=gettext_lazy("Choose the case"),
    url_name="screenings:keep",
    verb=Verb.SCREENING_KEEP,
)


def register_all() -> None:
    """Register the way on; called once, by Django."""
    if WAY not in WAYS:
        WAYS.append(WAY)


@part(order=60)
def screenings(member: Member, person: Person) -> Part | None:
    """Say where screenings are read; not whether there are any, and nothing of what came out."""
    card = case_card(member, person)
    if card is None or not may(member, Verb.CASE_READ):
        return None
    return Part(
        title=_("Screenings"),
        summary=_("What the person wanted to take along of a screening, if anything."),
        url=reverse("screenings:case", args=[card.ref]),
        link=_("Look"),
    )
