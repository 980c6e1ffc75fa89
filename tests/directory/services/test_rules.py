"""What an entry of a service may say: a closed vocabulary, reasons, no address of a shelter, nothing for authorities."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.db import IntegrityError, transaction

from lygte.core.consent.codes import EVERY_GROUP
from lygte.core.models import Member
from lygte.core.problems import Problem
from lygte.directory.services import codes, reads
from lygte.directory.services.actions import Entry, add_service, change_service, close_service, reopen_service
from lygte.directory.services.models import Need, Service
from lygte.directory.services.rules import looks_like_an_address, serves

from .conftest import ENTRY


def refused(member: Member, **changes: object) -> str:
    with pytest.raises(Problem) as caught:
        add_service(member=member, entry=replace(ENTRY, **changes))  # type: ignore[arg-type]
    assert not Service.objects.exists()
    return caught.value.number


def test_everything_that_can_be_asked_for_belongs_to_a_group_of_consent() -> None:
    assert {ask.group for ask in codes.ASKS.values()} <= EVERY_GROUP
    assert not {"papers", "citizenship", "address", "cpr", "photo"} & set(codes.ASKS)


def test_what_is_not_in_the_vocabulary_cannot_be_asked_for(bogdan: Member) -> None:
    assert refused(bogdan, needs={"citizenship": "we like to know"}) == "422.450"


def test_a_service_says_why_it_needs_something(bogdan: Member) -> None:
    assert refused(bogdan, needs={"alias": "  "}) == "422.452"


@pytest.mark.parametrize("kind", codes.AUTHORITY_KINDS)
def test_an_authority_can_ask_for_nothing(bogdan: Member, kind: str) -> None:
    assert refused(bogdan, kind=kind, run_by="Authority (invented)") == "422.453"


@pytest.mark.parametrize("kind", codes.AUTHORITY_KINDS)
def test_no_organisation_on_lygte_is_an_authority_that_keeps_services(bogdan: Member, kind: str) -> None:
    assert refused(bogdan, kind=kind, needs={}) == "422.454"
    with pytest.raises(IntegrityError), transaction.atomic():
        Service.objects.create(organisation=bogdan.organisation, name="x", kind=kind, checked_on="2026-01-05")


def test_what_an_authority_needs_is_nothing_even_if_a_row_says_otherwise(bogdan: Member) -> None:
    entry = Entry(name="Police (invented)", kind="police", run_by="Police (invented)", areas=("DK",))
    police = add_service(member=bogdan, entry=entry)
    Need.objects.create(service=police, field="alias", why="because")
    assert reads.needs_of(reads.service(bogdan, police.ref)) == {}


def test_a_kind_that_is_not_known_counts_as_an_authority() -> None:
    assert codes.is_authority("ministry") and not codes.is_authority("health")


def test_a_service_cannot_become_an_authority(bogdan: Member, clinic: Service) -> None:
    with pytest.raises(Problem) as caught:
        change_service(member=bogdan, service=clinic, entry=replace(ENTRY, kind="police", run_by="Police", needs={}))
    assert caught.value.number == "409.451"


@pytest.mark.parametrize(
    ("text", "is_address"),
    [
        ("Nørregade 12", True),
        ("Kerkstraat 4, Utrecht", True),
        ("3511 AB", True),
        ("Telephone 70 20 30 40, weekdays", False),
        ("Ask at the square", False),
    ],
)
def test_an_address_is_recognised(text: str, is_address: bool) -> None:
    assert looks_like_an_address(text) is is_address


def test_the_address_of_a_shelter_is_not_kept(bogdan: Member) -> None:
    assert refused(bogdan, kind="housing", front_gate="Nørregade 12, Aarhus") == "422.451"
    assert refused(bogdan, kind="housing", what="A quiet house, Kerkstraat 4.") == "422.451"


def test_the_address_of_a_clinic_may_be_told(bogdan: Member) -> None:
    assert add_service(member=bogdan, entry=replace(ENTRY, front_gate="Nørregade 12")).front_gate == "Nørregade 12"


def test_a_personal_number_is_not_kept(bogdan: Member) -> None:
    assert refused(bogdan, what="Ask for 010190-1234") == "422.10"


def test_a_name_is_taken_once_in_an_organisation(bogdan: Member, chika: Member, clinic: Service) -> None:
    with pytest.raises(Problem) as caught:
        add_service(member=bogdan, entry=replace(ENTRY, name=ENTRY.name.upper()))
    assert caught.value.number == "409.450"
    assert add_service(member=chika, entry=ENTRY).pk


def test_closing_and_opening_twice_is_told(bogdan: Member, clinic: Service) -> None:
    close_service(member=bogdan, service=clinic)
    with pytest.raises(Problem) as caught:
        close_service(member=bogdan, service=clinic)
    assert caught.value.number == "409.452"
    reopen_service(member=bogdan, service=clinic)
    with pytest.raises(Problem) as caught:
        reopen_service(member=bogdan, service=clinic)
    assert caught.value.number == "409.453"


@pytest.mark.parametrize(
    ("areas", "wanted", "there"),
    [
        (["DK-84"], "DK-101", True),
        (["DK-101"], "DK-84", True),
        (["DK"], "DK-101", True),
        (["DK-101"], "DK-101", True),
        (["DK-751"], "DK-101", False),
        (["NL"], "DK-101", False),
        ([], "DK-101", False),
    ],
)
def test_a_service_is_for_those_inside_and_around_its_areas(areas: list[str], wanted: str, there: bool) -> None:
    assert serves(areas, wanted) is there
