"""A screening is forgotten unless somebody counts it, and then nobody is in it; declining is an answer like every other."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_scopes import scopes_disabled

from lygte.care.screening.models import Counted
from lygte.care.screening.outcomes import COUNTED_AS, OUTCOMES
from lygte.care.screening.words import NEXT_STEPS, READINGS
from lygte.core.audit import AuditEntry
from lygte.core.models import Member
from lygte.facts.models import Entry
from lygte.facts.projection import fingerprint, rebuild

SignedIn = Callable[[Member], Client]
COUNT = reverse("screening:count", args=["general_signs"])
ANSWERS = {"instrument": "general_signs", "version": "1", "group": "adult", "said__next/talk_on": "yes"}


def test_counting_keeps_instrument_outcome_municipality_and_month_and_can_be_undone(
    signed_in: SignedIn, amina: Member, everywhere: None
) -> None:
    response = signed_in(amina).post(
        COUNT, ANSWERS | {"area": "DK-607", "said__work_money/forced_acts": "yes"}, follow=True
    )
    kept = Counted.objects.get()
    assert (kept.instrument, kept.version, kept.outcome, kept.area) == (
        "general_signs",
        1,
        "offer_assessment",
        "DK-607",
    )
    assert kept.month == timezone.localdate().replace(day=1)
    columns = {field.name for field in Counted._meta.concrete_fields}
    assert columns == {"id", "ref", "organisation", "instrument", "version", "outcome", "area", "month"}
    fact = Entry.objects.get()
    assert (fact.kind, fact.dimensions, fact.value) == (
        "screening",
        "instrument=general_signs|outcome=offer_assessment",
        1,
    )
    line = AuditEntry.objects.filter(verb="screening.count").get()
    assert "offer" not in str(line.details) and "general" not in str(line.details)
    before = fingerprint()
    rebuild()
    assert fingerprint() == before
    undo = reverse("screening:uncount", args=[kept.ref])
    assert undo in response.content.decode()
    signed_in(amina).post(undo)
    assert not Counted.objects.exists() and not Entry.objects.exists()


def test_declining_is_counted_without_a_question_asked(signed_in: SignedIn, amina: Member, everywhere: None) -> None:
    page = signed_in(amina).get(reverse("screening:reading", args=["general_signs"])).content.decode()
    assert "The person does not want to be asked" in page
    signed_in(amina).post(COUNT, {"declined": "yes", "area": "DK-607"})
    assert Counted.objects.get().outcome == "declined"


@pytest.mark.parametrize(
    ("number", "changed"),
    [
        ("422.700", {"area": "DK-83"}),
        ("422.700", {"area": ""}),
        ("422.701", {"version": "2"}),
        ("422.701", {"group": "child"}),
        ("422.701", {"said__often/tattoo": "yes"}),
        ("422.701", {"said__next/talk_on": "perhaps"}),
    ],
)
def test_what_does_not_fit_is_refused_and_nothing_is_counted(
    signed_in: SignedIn, amina: Member, everywhere: None, number: str, changed: dict[str, str]
) -> None:
    response = signed_in(amina).post(COUNT, ANSWERS | {"area": "DK-607"} | changed)
    assert response.status_code == 422 and number in response.content.decode()
    assert not Counted.objects.exists()


def test_another_organisation_cannot_undo_a_count(signed_in: SignedIn, amina: Member, chika: Member) -> None:
    signed_in(amina).post(COUNT, ANSWERS | {"area": "DK-607"})
    with scopes_disabled():
        ref = Counted.objects.get().ref
    assert signed_in(chika).post(reverse("screening:uncount", args=[ref])).status_code == 404


def test_every_reading_and_every_next_step_can_be_counted() -> None:
    assert {code for code in (*READINGS, *NEXT_STEPS) if code} <= set(OUTCOMES)
    assert "own" in COUNTED_AS
