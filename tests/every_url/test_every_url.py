"""Every address x every role x another organisation's objects; and the walk is proved able to find a leak."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import include, path
from django_scopes import scopes_disabled

from lygte.core.access import Verb, page
from lygte.core.models import Kind, Member, Organisation, Role, User
from tests.conftest import keep_open, open_vaults

from .examples import EXAMPLES, SHARED_PREFIXES, other_half
from .walk import Finding, addresses, walk_objects, walk_signed_out, walk_verbs

PUBLIC = Path(__file__).with_name("public_pages.txt")


def findings(walk: object) -> list[Finding]:
    """Return what the walk found, having made sure that it walked at all."""
    steps = list(walk)  # type: ignore[call-overload]
    assert len(steps) > 20, "the walk went nowhere"
    found = [step for step in steps if step]
    print(f"{len(addresses())} addresses, {len(steps)} requests, {len(found)} findings")
    return found


@pytest.fixture
def everyone(everyone: dict[str, Member]) -> dict[str, Member]:
    """All of the cast; where an organisation keeps records of persons, its members have the locked part open."""
    return open_vaults(everyone)


@pytest.fixture
def client_of() -> Callable[[Member], Client]:
    clients: dict[int, Client] = {}

    def client(member: Member) -> Client:
        if member.pk not in clients:
            clients[member.pk] = Client()
            clients[member.pk].force_login(member.user)
            if hasattr(member, "keyring"):
                keep_open(clients[member.pk], member)
        return clients[member.pk]

    return client


def test_every_address_with_a_parameter_has_an_example() -> None:
    missing = [a.name for a in addresses() if a.parameters and a.name not in EXAMPLES]
    assert not missing, f"give tests/every_url/examples.py an example for {missing}"


def test_the_public_pages_are_the_reviewed_ones() -> None:
    now = sorted(a.name for a in addresses() if a.public)
    assert now == PUBLIC.read_text().split(), "a page became public or stopped being so: review public_pages.txt"


def test_other_organisations_objects_look_absent(
    everyone: dict[str, Member], client_of: Callable[[Member], Client]
) -> None:
    assert findings(walk_objects(EXAMPLES, everyone["bogdan"], everyone, client_of, SHARED_PREFIXES)) == []


def test_objects_of_the_other_country_look_absent_to_us(
    everyone: dict[str, Member], client_of: Callable[[Member], Client]
) -> None:
    assert findings(walk_objects(EXAMPLES, everyone["chika"], everyone, client_of, SHARED_PREFIXES)) == []


def test_roles_open_what_the_table_says_and_nothing_else(
    everyone: dict[str, Member], client_of: Callable[[Member], Client]
) -> None:
    def own(member: Member) -> Member:
        return other_half(member, everyone)

    assert findings(walk_verbs(EXAMPLES, own, everyone, client_of)) == []


def test_signed_out_nothing_opens_but_the_public_pages(everyone: dict[str, Member]) -> None:
    assert findings(walk_signed_out(EXAMPLES, everyone["bogdan"])) == []


def test_plans_look_absent_to_those_who_have_no_part_in_them(
    everyone: dict[str, Member], client_of: Callable[[Member], Client]
) -> None:
    """Plans are read across organisations by rule: not by another country's, another funder's or an idle deliverer's."""
    strangers = {
        "chika": everyone["chika"],
        "hugo": everyone["hugo"],
        "dirk": stranger("Fonds (invented)", Kind.FUNDER, "NL", Role.PROGRAMME_OFFICER),
        "iben": stranger("Pulje to (invented)", Kind.FUNDER, "DK", Role.PROGRAMME_OFFICER),
        "jonas": stranger("En anden lygte (invented)", Kind.OUTREACH, "DK", Role.COORDINATOR),
    }
    assert findings(walk_objects(EXAMPLES, everyone["bogdan"], strangers, client_of, only=("programme:",))) == []


def stranger(name: str, kind: Kind, country: str, role: Role) -> Member:
    organisation = Organisation.objects.create(name=name, kind=kind, country=country)
    user = User.objects.create_user(f"{role}@{kind}.{country}.example.org", name=name)
    return Member.objects.create(user=user, organisation=organisation, role=role)


@page(Verb.PLACE_READ)
def leak(request: HttpRequest, ref: str) -> HttpResponse:
    """A view as somebody might write it who does not know `fetch`."""
    with scopes_disabled():
        from lygte.care.outreach.models import Place

        found = Place.objects.filter(ref=ref).first()
    return HttpResponse("found" if found else "absent", status=200 if found else 404)


def test_the_walk_finds_a_planted_leak(
    everyone: dict[str, Member], client_of: Callable[[Member], Client], settings: object
) -> None:
    planted = ModuleType("planted_urls")
    planted.urlpatterns = [path("leak/<ref:ref>/", leak, name="leak"), path("", include("lygte.site.urls"))]  # type: ignore[attr-defined]
    settings.ROOT_URLCONF = planted  # type: ignore[attr-defined]
    examples = {**EXAMPLES, "leak": EXAMPLES["outreach:place"]}
    found = findings(
        walk_objects(examples, everyone["bogdan"], {"chika": everyone["chika"]}, client_of, only=("leak", "outreach:"))
    )
    assert {finding.address for finding in found} == {"leak"}


def open_door(request: HttpRequest) -> HttpResponse:
    return HttpResponse("open")


def test_the_walk_finds_a_door_without_a_lock(everyone: dict[str, Member], settings: object) -> None:
    planted = ModuleType("planted_urls")
    planted.urlpatterns = [path("open/", open_door, name="open"), path("", include("lygte.site.urls"))]  # type: ignore[attr-defined]
    settings.ROOT_URLCONF = planted  # type: ignore[attr-defined]
    assert {f.address for f in findings(walk_signed_out(EXAMPLES, everyone["bogdan"]))} == {"open"}
