"""The pages by which files leave and come in, as a browser without scripts walks them."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from lygte.care.support.cases.handover import person_of
from lygte.care.support.cases.models import Case
from lygte.care.support.exchange import boxes
from lygte.care.support.exchange.models import Takeout
from lygte.care.support.exchange.wiring import files
from lygte.core.consent.models import Person
from lygte.core.consent.recipients import name_of
from lygte.core.models import Member
from lygte.core.today import collect
from lygte.directory.services.models import Service

from .conftest import say_yes, table_of, whole_life
from .test_portable import file_of
from .test_tables_in import table

ClientOf = Callable[[Member], Client]
GIVEN = {"said_in": "en", "manner": "spoken", "language": "ro", "area": "DK-461", "way_in": "organisation"}


def hidden_of(page: str) -> dict[str, str]:
    """Return what a page carries in hidden fields, as a browser would send it."""
    found = re.findall(r'<input type="hidden" name="(content|token)" value="([^"]*)"', page)
    return {name: html.unescape(value) for name, value in found}


def upload(client: Client, content: bytes, name: str = "file.csv") -> Any:
    return client.post(reverse("exchange:choose"), {"file": SimpleUploadedFile(name, content)})


# Out -----------------------------------------------------------------------------------------------------------------------
def test_from_the_case_to_the_file_in_four_steps(
    amina: Member, mali: Person, shelter: Service, police: Service, client_of: ClientOf
) -> None:
    client = client_of(amina)
    case = client.get(reverse("cases:case", args=[Case.objects.get(person=mali).ref])).content.decode()
    assert reverse("exchange:person", args=[mali.ref]) in case
    page = client.get(reverse("exchange:person", args=[mali.ref])).content.decode()
    assert shelter.name in page and police.name not in page
    there = client.post(reverse("exchange:person", args=[mali.ref]), {"service": shelter.ref})
    address = reverse("exchange:fields", args=[mali.ref, shelter.ref])
    assert there["Location"] == address
    assert "have not been asked" in client.get(address).content.decode()
    say_yes(amina, mali, shelter, ["identity"])
    page = client.get(address).content.decode()
    assert "Kvinde" not in page and "Feminine" in page
    assert "Suksai" in page and "mali@example.org" not in page and "checked" not in page.split("Kind of file")[0]
    none = client.post(address, {"format": "csv"})
    assert none.status_code == 400 and "Tick at least one field" in none.content.decode()
    answer = client.post(address, {"fields_out": ["prs_SecondName"], "format": "csv"})
    assert answer["Content-Disposition"] == 'attachment; filename="cases.csv"'
    assert "no-store" in answer["Cache-Control"]
    row = table_of(answer.content)[0]
    assert row["prs_SecondName"] == "Suksai" and row["prs_FirstName"] == ""
    assert "1" in client.get(reverse("exchange:home")).content.decode()


def test_what_would_leave_is_said_in_plain_words_beside_the_code(
    amina: Member, mali: Person, shelter: Service, client_of: ClientOf
) -> None:
    say_yes(amina, mali, shelter)
    page = client_of(amina).get(reverse("exchange:fields", args=[mali.ref, shelter.ref])).content.decode()
    for words, code in (
        ("Assessed as exposed to trafficking", "vic_TraffickingStatus: ActualVictimOfTrafficking"),
        ("Thailand, Denmark", "prs_Citizenship: TH;DK"),
        ("Thai", "prs_PrimaryLanguage: tha"),
        ("Open", "cas_Status: Active"),
    ):
        assert f'<strong class="exchange-value">{words}</strong>' in page and f">{code}</span>" in page
    assert '<strong class="exchange-value">Actual' not in page


def test_an_address_with_an_authority_in_it_leads_nowhere(
    amina: Member, mali: Person, police: Service, client_of: ClientOf
) -> None:
    say_yes(amina, mali, police)
    client = client_of(amina)
    address = reverse("exchange:fields", args=[mali.ref, police.ref])
    for answer in (client.get(address), client.post(address, {"fields_out": ["prs_FirstName"], "format": "csv"})):
        assert answer.status_code == 403 and "403.610" in answer.content.decode()
    assert not Takeout.objects.exists()


def test_several_people_by_two_colleagues(
    amina: Member, bogdan: Member, mali: Person, shelter: Service, client_of: ClientOf
) -> None:
    other = whole_life(amina)
    say_yes(amina, mali, shelter)
    say_yes(amina, other, shelter, ["contact"])
    client, second = client_of(amina), client_of(bogdan)
    address = reverse("exchange:several")
    assert mali.code in client.get(address).content.decode()
    assert "You work with nobody yet" in second.get(address).content.decode()
    chosen = {"service": shelter.ref, "people": [mali.ref, other.ref]}
    assert client.post(address, {"service": shelter.ref, "people": [mali.ref]}).status_code == 400
    page = client.post(address, chosen | {"step": "people"}).content.decode()
    assert "agreed: 1 of 2" in page and "agreed: 2 of 2" in page and "Suksai" not in page
    asked = client.post(
        address, chosen | {"step": "fields", "fields_out": ["prs_Email", "prs_SecondName"], "format": "csv"}
    )
    takeout = Takeout.objects.get()
    assert asked["Location"] == reverse("exchange:takeout", args=[takeout.ref])
    assert "Confirm as the second person" not in client.get(asked["Location"]).content.decode()
    needs = [need.url for need in collect(bogdan)]
    assert asked["Location"] in needs and asked["Location"] not in [need.url for need in collect(amina)]
    assert "Confirm as the second person" in second.get(asked["Location"]).content.decode()
    second.post(reverse("exchange:confirm", args=[takeout.ref]))
    assert "Make the file, once" in client.get(asked["Location"]).content.decode()
    rows = table_of(client.post(reverse("exchange:make", args=[takeout.ref])).content)
    assert {(row["prs_SecondName"], bool(row["prs_Email"])) for row in rows} == {("Suksai", True), ("", True)}
    again = client.post(reverse("exchange:make", args=[takeout.ref]))
    assert again.status_code == 409 and "409.612" in again.content.decode()


def test_who_is_not_on_the_team_is_told_so_and_sees_nothing(
    bogdan: Member, mali: Person, shelter: Service, client_of: ClientOf
) -> None:
    page = client_of(bogdan).get(reverse("exchange:person", args=[mali.ref])).content.decode()
    assert "Only the team" in page and shelter.name not in page
    assert client_of(bogdan).get(reverse("exchange:fields", args=[mali.ref, shelter.ref])).status_code == 403


def test_the_panel_counts_files_and_the_recipient_has_a_name(
    amina: Member, mali: Person, shelter: Service, client_of: ClientOf
) -> None:
    assert str(files(amina, mali).summary) == "No file left."  # type: ignore[union-attr]
    say_yes(amina, mali, shelter)
    client_of(amina).post(
        reverse("exchange:fields", args=[mali.ref, shelter.ref]), {"fields_out": ["prs_FirstName"], "format": "json"}
    )
    assert str(files(amina, mali).summary) == "One file left."  # type: ignore[union-attr]
    assert name_of(f"file:{shelter.ref}") == "Night shelter (invented), in a file"
    ask = client_of(amina).get(reverse("consent:ask", args=[mali.ref, "referral"])).content.decode()
    assert "Night shelter (invented), in a file" in ask


# In ------------------------------------------------------------------------------------------------------------------------
def test_a_table_is_looked_at_before_it_becomes_cases(amina: Member, client_of: ClientOf) -> None:
    client = client_of(amina)
    look = upload(client, table({"con_Consent": "TRUE", "prs_FirstName": "Ana", "prs_Title": "Dr", "x": "1"}))
    page = look.content.decode()
    assert look.status_code == 200 and "Ana" in page and "prs_Title" in page and not Case.objects.exists()
    given = GIVEN | hidden_of(page)
    missing = client.post(reverse("exchange:table"), given)
    assert missing.status_code == 400 and not Case.objects.exists()
    again = GIVEN | hidden_of(missing.content.decode()) | {"asked": "on", "leave_out": "on"}
    done = client.post(reverse("exchange:table"), again)
    assert done.status_code == 302 and Case.objects.get().language == "ro"
    twice = client.post(reverse("exchange:table"), again)
    assert twice.status_code == 409 and "409.610" in twice.content.decode() and Case.objects.count() == 1


def test_a_table_with_problems_shows_all_of_them_and_offers_no_button(amina: Member, client_of: ClientOf) -> None:
    look = upload(client_of(amina), table({"con_Consent": "no", "prs_Gender": "?"}))
    page = look.content.decode()
    assert look.status_code == 422
    assert "422.612" in page and "row 2, prs_Gender" in page and "Bring them in" not in page


def test_a_persons_own_file_is_brought_in_with_them(
    amina: Member, bogdan: Member, mali: Person, client_of: ClientOf
) -> None:
    client = client_of(bogdan)
    look = upload(client, file_of(amina, mali), "notes.zip")
    page = look.content.decode()
    assert look.status_code == 200 and "My health (1)" in page and "sentinel-health" not in page
    assert 'value="identity" checked' not in page and Case.objects.count() == 1
    given = GIVEN | hidden_of(page)
    assert client.post(reverse("exchange:own_file"), given).status_code == 400
    done = client.post(reverse("exchange:own_file"), given | {"here": "on", "groups": ["goals", "notes"]})
    person = person_of(bogdan, done["Location"].rstrip("/").rsplit("/", 1)[1])
    assert person.pk != mali.pk
    along = client.get(reverse("exchange:person", args=[person.ref])).content.decode()
    assert "Who wrote it at Lanternen" in along and "Amina" in along


@pytest.mark.parametrize(
    ("content", "number"),
    [
        (b"nothing", "422.610"),
        (b"a,b\nc,d", "422.611"),
        (b"PK\x03\x04", "422.620"),
        (b"{", "422.610"),
        (b"x" * (boxes.LARGEST + 1), "413.610"),
    ],
)
def test_a_file_that_is_none_is_a_numbered_problem_beside_the_field(
    amina: Member, client_of: ClientOf, content: bytes, number: str
) -> None:
    answer = upload(client_of(amina), content)
    assert answer.status_code == 400 and number in answer.content.decode()


@pytest.mark.parametrize("carried", ["", "%%%", "bm90aGluZw=="])
@pytest.mark.parametrize("page", ["exchange:table", "exchange:own_file"])
def test_what_a_page_carries_is_not_believed(amina: Member, client_of: ClientOf, page: str, carried: str) -> None:
    answer = client_of(amina).post(reverse(page), GIVEN | {"content": carried, "token": "a" * 26})
    assert answer.status_code == 422 and not Case.objects.exists()


def test_without_an_open_session_the_pages_lead_to_the_unlock_page(
    amina: Member, mali: Person, shelter: Service, signed_in: ClientOf
) -> None:
    client = signed_in(amina)
    for address in (
        reverse("exchange:choose"), reverse("exchange:several"), reverse("exchange:fields", args=[mali.ref, shelter.ref]),
    ):  # fmt: skip
        assert client.get(address).status_code == 423
