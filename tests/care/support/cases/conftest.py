"""A person with a case, as most tests of this room need one: agreed to everything, or to a part."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

import pytest
from django.test import Client
from django_scopes import scope

from lygte.care.support.cases.actions import open_case
from lygte.care.support.cases.actions.cases import Agreed, Told
from lygte.care.support.cases.models import Case
from lygte.core.consent.codes import EVERY_GROUP
from lygte.core.consent.ledger import Said
from lygte.core.models import Member
from tests.conftest import keep_open

SPOKEN = Said("en")
MakeCase = Callable[..., Case]


def make_case(
    member: Member, groups: Collection[str] = EVERY_GROUP, purposes: Collection[str] = (), **given: Any
) -> Case:
    """Open a case the way the page does."""
    fields = {"area": "DK-461", "way_in": "visit", "language": "th", **given}
    return open_case(member=member, said=SPOKEN, agreed=Agreed(groups, purposes), **fields)


@pytest.fixture
def amina(key_holders: tuple[Member, Member]) -> Member:
    """Amina with her keyring open, and her organisation's scope around the test."""
    return key_holders[0]


@pytest.fixture
def bogdan(key_holders: tuple[Member, Member]) -> Member:
    return key_holders[1]


@pytest.fixture(autouse=True)
def _inside(request: pytest.FixtureRequest) -> Any:
    """Tests of this room stand inside Lanternen, as a request of its members does."""
    if "key_holders" not in request.fixturenames:
        yield
        return
    amina, _bogdan = request.getfixturevalue("key_holders")
    with scope(organisation=amina.organisation):
        yield


@pytest.fixture
def a_case(amina: Member) -> Case:
    """A case of Amina's, in which everything was agreed to be kept."""
    return make_case(amina, told=Told("A room of my own", {"called": "Mali"}, {"phone": "+45 20 00 00 01"}))


@pytest.fixture
def client_of(signed_in: Callable[[Member], Client]) -> Callable[[Member], Client]:
    """Return a signed-in client with the locked part open."""
    return lambda member: keep_open(signed_in(member), member)
