"""The pages of services: found by everybody, changed only by those who keep them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from django.test import Client
from django.urls import reverse

from lygte.core.consent.recipients import name_of, recipients_for
from lygte.core.models import Member
from lygte.directory.services import codes
from lygte.directory.services.actions import Entry, add_service
from lygte.directory.services.models import Service

from .conftest import ENTRY

ClientOf = Callable[[Member], Client]
FILLED = {
    "name": "Legal hour (invented)",
    "kind": "legal",
    "run_by": "Advokatvagten (invented)",
    "what": "Half an hour with a lawyer.",
    "regions": ["DK"],
    "languages": ["da", "en"],
    "need_goal": "on",
    "why_goal": "To find the right lawyer",
}


def names(response: object) -> set[str]:
    return {service.name for service, _areas, _more in response.context["rows"]}  # type: ignore[attr-defined]


@pytest.fixture
def others(bogdan: Member, clinic: Service) -> None:
    legal = Entry(name="Legal hour (invented)", kind="legal", run_by="Advokatvagten (invented)", areas=("DK",))
    add_service(member=bogdan, entry=replace(legal, languages=("ro",)))
    add_service(member=bogdan, entry=replace(ENTRY, name="Aarhus clinic (invented)", areas=("DK-751",)))


@pytest.mark.usefixtures("others")
@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", {"Evening", "Legal", "Aarhus"}),
        ("q=lawyer", set()),
        ("q=advokat", {"Legal"}),
        ("kind=legal", {"Legal"}),
        ("area=DK-751", {"Legal", "Aarhus"}),
        ("area=DK-84", {"Evening", "Legal"}),
        ("language=ro", {"Legal"}),
        ("state=closed", set()),
        ("mine=on", {"Evening", "Legal", "Aarhus"}),
        ("kind=nonsense&area=nowhere", {"Evening", "Legal", "Aarhus"}),
    ],
)
def test_the_list_is_narrowed(amina: Member, signed_in: ClientOf, query: str, found: set[str]) -> None:
    response = signed_in(amina).get(reverse("services:list") + f"?{query}")
    assert {name.split()[0] for name in names(response)} == found


@pytest.mark.parametrize("who", ["amina", "chika", "dorte", "emil", "freja", "gitte", "hugo"])
def test_every_member_finds_services_and_reads_what_they_ask_for(
    everyone: dict[str, Member], signed_in: ClientOf, clinic: Service, who: str
) -> None:
    client = signed_in(everyone[who])
    assert clinic.name in names(client.get(reverse("services:list")))
    text = client.get(reverse("services:service", args=[clinic.ref])).content.decode()
    assert "To call you in from the waiting room" in text


def test_a_coordinator_adds_a_service_with_what_it_needs(bogdan: Member, signed_in: ClientOf) -> None:
    response = signed_in(bogdan).post(reverse("services:add"), FILLED)
    made = Service.objects.get()
    assert response.url == reverse("services:service", args=[made.ref])
    assert (made.runner, made.areas, made.organisation) == ("Advokatvagten (invented)", ["DK"], bogdan.organisation)
    assert [(need.field, need.why) for need in made.needs.all()] == [("goal", "To find the right lawyer")]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"why_goal": ""}, "A service says why it needs something"),
        ({"regions": []}, "Say where people come from"),
        ({"kind": "police"}, "Police, tax and immigration authorities cannot ask for anything here"),
        ({"kind": "housing", "front_gate": "Kerkstraat 4"}, "The address of a shelter is never kept here"),
        ({"name": ""}, "This field is required"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_written_stays(
    bogdan: Member, signed_in: ClientOf, changes: dict[str, object], sentence: str
) -> None:
    response = signed_in(bogdan).post(reverse("services:add"), {**FILLED, **changes})
    text = response.content.decode()
    assert response.status_code == 400 and sentence in text and "Half an hour with a lawyer." in text
    assert not Service.objects.exists()


def test_a_change_confirms_the_entry_today(bogdan: Member, signed_in: ClientOf, clinic: Service) -> None:
    Service.objects.update(checked_on="2020-01-05")
    form = signed_in(bogdan).get(reverse("services:change", args=[clinic.ref])).context["form"]
    filled = {bound.name: bound.value() for bound in form if bound.value() not in (None, False)}
    signed_in(bogdan).post(reverse("services:change", args=[clinic.ref]), {**filled, "opening": "Never on Sundays"})
    clinic.refresh_from_db()
    assert clinic.opening == "Never on Sundays" and clinic.checked_on.year > 2020
    assert {need.field: need.why for need in clinic.needs.all()} == dict(ENTRY.needs)


def test_a_worker_cannot_change_services(amina: Member, signed_in: ClientOf, clinic: Service) -> None:
    for name in ("change", "close", "reopen"):
        url = reverse(f"services:{name}", args=[clinic.ref])
        assert signed_in(amina).post(url).status_code == 403
    assert signed_in(amina).post(reverse("services:add"), FILLED).status_code == 403


def test_another_organisation_reads_a_service_and_cannot_change_it(
    chika: Member, signed_in: ClientOf, clinic: Service
) -> None:
    client = signed_in(chika)
    text = client.get(reverse("services:service", args=[clinic.ref])).content.decode()
    assert "Change" not in text and "Close this service" not in text
    for name in ("change", "close", "reopen"):
        assert client.post(reverse(f"services:{name}", args=[clinic.ref])).status_code == 404


def test_closing_can_be_undone(bogdan: Member, signed_in: ClientOf, clinic: Service) -> None:
    client = signed_in(bogdan)
    page = client.post(reverse("services:close", args=[clinic.ref]), follow=True)
    assert "Nothing can be referred to it" in page.content.decode()
    assert clinic.name not in names(client.get(reverse("services:list") + "?state="))
    client.post(reverse("services:reopen", args=[clinic.ref]))
    assert clinic.name in names(client.get(reverse("services:list")))


def test_an_authority_is_shown_as_one_to_which_nothing_is_referred(bogdan: Member, signed_in: ClientOf) -> None:
    entry = Entry(name="Police (invented)", kind="police", run_by="Police (invented)", areas=("DK",))
    police = add_service(member=bogdan, entry=entry)
    text = signed_in(bogdan).get(reverse("services:service", args=[police.ref])).content.decode()
    assert "Nothing can be referred here" in text and "What they need to know" not in text
    assert set(codes.AUTHORITY_KINDS) == {"police", "tax", "immigration"}


def test_consent_knows_services_and_authorities_by_name_each_for_its_own_purpose(
    bogdan: Member, clinic: Service
) -> None:
    police = add_service(
        member=bogdan, entry=Entry(name="Police (invented)", kind="police", run_by="Police (invented)", areas=("DK",))
    )
    listed = dict(recipients_for(bogdan, "referral"))
    assert listed[clinic.recipient] == f"{clinic.name}, {bogdan.organisation.name}" and police.recipient not in listed
    assert recipients_for(bogdan, "authority") == [(police.recipient, "Police (invented)")]
    assert police.recipient.startswith("authority:") and name_of(police.recipient) == "Police (invented)"
    assert name_of(clinic.recipient) == clinic.name and name_of("service:" + "a" * 26) == "a service"
