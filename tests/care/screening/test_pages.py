"""The pages of the library, and that a reading leaves nothing behind."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from lygte.core.models import Member

SignedIn = Callable[[Member], Client]
READ = reverse("screening:reading", args=["ilo_delphi_labour"])


def test_the_library_says_what_is_not_confirmed_and_what_is_empty(signed_in: SignedIn, amina: Member) -> None:
    page = signed_in(amina).get(reverse("screening:library")).content.decode()
    assert "To be confirmed" in page and "No signs in it yet" in page and "Eleven signs of forced labour" in page


def test_answers_are_read_and_nothing_is_written(signed_in: SignedIn, amina: Member) -> None:
    said = {"exploitation__hours": "yes", "exploitation__hazard": "yes", "coercion_destination__debt": "declined"}
    client = signed_in(amina)
    client.get(READ)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        response = client.post(READ, said)
    page = response.content.decode()
    assert response["Cache-Control"] == "no-store"
    assert "What the answers give" in page and "never a label" not in page
    assert "Somebody must compare them" in page
    written = [query["sql"] for query in asked if query["sql"].split()[0] in ("INSERT", "UPDATE", "DELETE")]
    assert written == []


def test_there_is_no_table_in_which_a_result_could_be_kept_of_somebody() -> None:
    """Counts and instruments of one's own are kept; neither leads to a person, a case, a visit or a place."""
    tables = {model.__name__: model for model in apps.get_app_config("screening").get_models()}
    assert set(tables) == {"Counted", "OwnInstrument"}
    leads = {
        field.related_model.__name__ for model in tables.values() for field in model._meta.fields if field.is_relation
    }
    assert leads == {"Organisation", "Member"}
    assert not any(field.name == "member" for field in tables["Counted"]._meta.fields)


def test_an_answer_outside_the_scale_is_told_and_nothing_is_lost(signed_in: SignedIn, amina: Member) -> None:
    page = signed_in(amina).post(READ, {"exploitation__hours": "sure", "exploitation__hazard": "yes"}).content.decode()
    assert "What the answers give" not in page and "Something needs another look" in page
    kept = [one for one in re.findall(r"<input[^>]*exploitation__hazard[^>]*>", page) if 'value="yes"' in one]
    assert len(kept) == 1 and "checked" in kept[0]


def test_under_18_other_signs_are_asked(signed_in: SignedIn, amina: Member) -> None:
    client = signed_in(amina)
    assert "no_social_protection" in client.get(READ).content.decode()
    assert "no_social_protection" not in client.get(READ + "?group=child").content.decode()
    assert client.get(READ + "?group=nonsense").status_code == 200


@pytest.mark.parametrize("page", ["workbook", "reading"])
def test_an_empty_place_offers_nothing(page: str, signed_in: SignedIn, amina: Member) -> None:
    answer = signed_in(amina).get(reverse(f"screening:{page}", args=["ilo_delphi_sexual"]))
    assert answer.status_code == 404 and "404.600" in answer.content.decode()


def test_what_a_result_is_worth_stands_in_the_address(signed_in: SignedIn, amina: Member) -> None:
    client = signed_in(amina)
    page = client.get(reverse("screening:value") + "?prevalence=1.4&sensitivity=100&specificity=61").content.decode()
    assert "Of 100 people with a positive result, 3.5 are concerned." in page
    assert "Something needs another look" in client.get(reverse("screening:value") + "?prevalence=140").content.decode()


def test_funders_and_authorities_have_no_instruments(signed_in: SignedIn, dorte: Member, emil: Member) -> None:
    for member in (dorte, emil):
        assert signed_in(member).get(reverse("screening:library")).status_code == 403
