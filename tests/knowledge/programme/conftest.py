"""A plan that two organisations deliver, with visits that can be counted by hand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from django.test import Client
from django_scopes import scopes_disabled

from lygte.core.models import Kind, Member, Organisation
from lygte.facts.ledger import Fact, record_facts
from lygte.knowledge import programme
from lygte.knowledge.programme.actions import add_delivery, import_plan
from lygte.knowledge.programme.models import Initiative, Plan

PLANS = Path(programme.__file__).parent / "plans"
ADDENDUM = PLANS / "dk-addendum-2015-2018.yaml"
INVENTED = PLANS / "nl-invented-2026.yaml"

NAESTVED, ODENSE, AARHUS = "DK-370", "DK-461", "DK-751"


@pytest.fixture
def signed_in() -> Callable[[Member], Client]:
    def sign_in(member: Member) -> Client:
        client = Client()
        client.force_login(member.user)
        return client

    return sign_in


@pytest.fixture
def health(db: None) -> Organisation:
    return Organisation.objects.create(name="Mobil sundhed (invented)", kind=Kind.HEALTH, country="DK", language="da")


@pytest.fixture
def plan(dorte: Member) -> Plan:
    return import_plan(member=dorte, content=ADDENDUM.read_bytes()).plan


@pytest.fixture
def third(plan: Plan) -> Initiative:
    with scopes_disabled():
        return Initiative.objects.select_related("plan").get(plan=plan, number=3)


@pytest.fixture
def delivered(third: Initiative, dorte: Member, bogdan: Member, health: Organisation) -> Initiative:
    """Lanternen delivers in Region Sjælland, the health organisation in Region Syddanmark from July 2016."""
    add_delivery(
        member=dorte, initiative=third, organisation=bogdan.organisation, areas=["DK-85"], from_month="2016-01"
    )
    add_delivery(member=dorte, initiative=third, organisation=health, areas=["DK-83"], from_month="2016-07")
    return third


def visit(
    number: int,
    organisation: Organisation,
    day: date,
    area: str,
    *,
    place_kind: str = "clinic",
    outcome: str = "spoke",
    interpreter: str = "none",
    spoken: int = 0,
    new: int = 0,
    groups: dict[str, int] | None = None,
    languages: dict[str, int] | None = None,
) -> None:
    """Record the facts that one visit gives."""

    def fact(kind: str, value: int, **dimensions: str) -> Fact:
        return Fact(
            kind=kind,
            day=day,
            area=area,
            organisation_id=organisation.pk,
            value=value,
            dimensions={"place_kind": place_kind, **dimensions},
        )

    facts = [
        fact("visit", 1, outcome=outcome, interpreter=interpreter),
        fact("people_spoken_to", spoken),
        fact("people_new", new),
        *(fact("people_by_nationality", n, nationality_group=code) for code, n in (groups or {}).items()),
        *(fact("people_by_language", n, language=code) for code, n in (languages or {}).items()),
    ]
    record_facts(source=f"visit:test{number}", facts=facts)


@pytest.fixture
def season(delivered: Initiative, bogdan: Member, health: Organisation) -> Initiative:
    """What a hand can count.

    Lanternen, Næstved (Sjælland): 20 clinic visits in March 2016, 2 people spoken to and 1 new in each, all
    South-East Asia; 6 of them with an interpreter by phone. Health, Odense (Syddanmark): 10 clinic visits in
    September 2016, refused. And what must not count: an escort visit, a visit in Aarhus (another region), a visit of the
    health organisation in Odense in March 2016 (before its delivery began).
    """
    own = bogdan.organisation
    for n in range(20):
        visit(
            n,
            own,
            date(2016, 3, n + 1),
            NAESTVED,
            interpreter="phone" if n < 6 else "none",
            spoken=2,
            new=1,
            groups={"southeast_asia": 2},
            languages={"th": 2},
        )
    for n in range(10):
        visit(100 + n, health, date(2016, 9, n + 1), ODENSE, outcome="refused")
    visit(201, own, date(2016, 3, 5), NAESTVED, place_kind="escort", spoken=50)
    visit(202, own, date(2016, 3, 5), AARHUS, spoken=50)
    visit(203, health, date(2016, 3, 5), ODENSE, spoken=50)
    return delivered
