"""A person with a case, a legal service on Lygte, a shelter without an account, and the police: all invented."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django_scopes import scope, scopes_disabled

from lygte.care.support.cases.actions.cases import Told
from lygte.care.support.referrals.actions.sending import Sent, send_referral
from lygte.care.support.referrals.models import Package, Referral
from lygte.core.consent.codes import EVERY_GROUP
from lygte.core.consent.ledger import Said
from lygte.core.consent.models import Person
from lygte.core.models import Member, Role, User
from lygte.directory.services.actions import Entry, add_service
from lygte.directory.services.models import Service
from tests.care.support.cases.conftest import make_case
from tests.conftest import PASSWORD, keep_open, make_member, open_vault

SPOKEN = Said("th")
ALL = {
    "alias": "Mali",
    "age_group": "25_34",
    "contact": "Ring 20 00 00 01 after four, say it is Ann",
    "language": "th",
    "access": "A stroller",
    "situation": "Owes money to the one who rents out the room",
    "health_need": "A test",
    "goal": "To know whether I must pay",
}
LEGAL_NEEDS = {"alias": "To call you by it", "contact": "To set a time", "goal": "To find the right lawyer"}


@pytest.fixture
def amina(key_holders: tuple[Member, Member]) -> Member:
    """Amina with her keyring open; she is on the team."""
    return key_holders[0]


@pytest.fixture
def bogdan(key_holders: tuple[Member, Member]) -> Member:
    """Bogdan with his keyring open; he is coordinator and not on the team."""
    return key_holders[1]


@pytest.fixture(autouse=True)
def _inside(key_holders: tuple[Member, Member]) -> Iterator[None]:
    """Tests of this room stand inside Lanternen, as a request of its members does."""
    with scope(organisation=key_holders[0].organisation):
        yield


@pytest.fixture
def legal_aid(db: None) -> tuple[Member, Member]:
    """Hugo and Jan hold the key of a legal aid organisation, and their sessions have it open."""
    first = make_member("hugo")
    user = User.objects.create_user("jan@example.org", PASSWORD, name="Jan")
    second = Member.objects.create(user=user, organisation=first.organisation, role=Role.COORDINATOR)
    return open_vault(second, first)


@pytest.fixture
def hugo(legal_aid: tuple[Member, Member]) -> Member:
    return legal_aid[0]


@pytest.fixture
def jan(legal_aid: tuple[Member, Member]) -> Member:
    return legal_aid[1]


def legal_of(member: Member, needs: dict[str, str] | None = None) -> Service:
    entry = Entry(
        name="Legal hour (invented)", kind="legal", areas=("DK", "NL"), needs=LEGAL_NEEDS if needs is None else needs
    )
    return add_service(member=member, entry=entry)


@pytest.fixture
def legal(hugo: Member, jan: Member) -> Service:
    """A service that runs on Lygte: packages go to Hugo's organisation."""
    return legal_of(jan)


@pytest.fixture
def shelter(bogdan: Member) -> Service:
    """A service without an account: packages go by link and words."""
    return add_service(
        member=bogdan,
        entry=Entry(
            name="Night shelter (invented)",
            kind="housing",
            run_by="A foundation (invented)",
            areas=("DK",),
            front_gate="Telephone 00 00 00 00",
            needs={"alias": "To call you by it", "language": "To have an interpreter", "health_need": "To find a bed"},
        ),
    )


@pytest.fixture
def police(bogdan: Member) -> Service:
    entry = Entry(name="Police district (invented)", kind="police", run_by="Police (invented)", areas=("DK",))
    return add_service(member=bogdan, entry=entry)


@pytest.fixture
def mali(amina: Member) -> Person:
    """A person who agreed that everything is kept, and to be counted."""
    told = Told("To know whether I must pay", {"called": "Mali"}, {"phone": "20 00 00 01"})
    return make_case(amina, EVERY_GROUP, ["statistics"], told=told).person


def in_days(days: int) -> date:
    return timezone.localdate() + timedelta(days=days)


def refer(member: Member, person: Person, service: Service, **given: Any) -> Sent:
    """Send a referral of everything that is asked for, with everything agreed to, unless it is said otherwise."""
    given = {"chosen": ALL, "agreed": EVERY_GROUP, "said": SPOKEN, "until": in_days(30), **given}
    with scope(organisation=member.organisation):
        return send_referral(member=member, person=person, service=service, **given)


@pytest.fixture
def to_legal(amina: Member, mali: Person, legal: Service) -> Sent:
    return refer(amina, mali, legal)


@pytest.fixture
def to_shelter(amina: Member, mali: Person, shelter: Service) -> Sent:
    return refer(amina, mali, shelter)


@dataclass
class Now:
    """How a referral stands in the database."""

    referral: Referral
    package: Package


def now_of(sent: Sent) -> Now:
    with scopes_disabled():
        found = Referral.objects.select_related("package", "person").get(pk=sent.referral.pk)
    return Now(found, found.package)


@pytest.fixture
def client_of(signed_in: Callable[[Member], Client]) -> Callable[[Member], Client]:
    """Return a signed-in client with the locked part open."""
    return lambda member: keep_open(signed_in(member), member)
