"""Two choices that are on every page: which language, and light or dark. Both keep the page."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format

from lygte.core.models import Member

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("chosen", ["light", "dark"])
def test_a_chosen_light_is_in_the_page_from_its_first_byte(chosen: str) -> None:
    client = Client()
    response = client.post(reverse("site:theme"), {"theme": chosen, "next": "/privacy/"})
    assert response.status_code == 302
    assert response["Location"] == "/privacy/"
    assert f'data-theme="{chosen}"' in client.get("/privacy/").content.decode()[:300]


def test_as_this_device_leaves_the_choice_to_the_device() -> None:
    client = Client()
    client.post(reverse("site:theme"), {"theme": "dark"})
    client.post(reverse("site:theme"), {"theme": "auto"})
    assert "data-theme" not in client.get("/").content.decode()


def test_the_cookie_cannot_be_read_by_scripts_and_holds_one_word() -> None:
    cookie = Client().post(reverse("site:theme"), {"theme": "dark"}).cookies["theme"]
    assert cookie.value == "dark"
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"


@pytest.mark.parametrize("chosen", ["", "blue", 'dark" onload="x'])
def test_a_light_that_does_not_exist_changes_nothing(chosen: str) -> None:
    response = Client().post(reverse("site:theme"), {"theme": chosen})
    assert response.status_code == 302
    assert "theme" not in response.cookies


def test_a_forged_cookie_is_ignored() -> None:
    client = Client()
    client.cookies["theme"] = 'dark" onload="x'
    html = client.get("/").content.decode()
    assert "data-theme" not in html
    assert "onload" not in html


@pytest.mark.parametrize("back", ["https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)", ""])
def test_the_switch_never_leads_to_another_site(back: str) -> None:
    assert Client().post(reverse("site:theme"), {"theme": "dark", "next": back})["Location"] == "/"


def test_the_switch_takes_no_get() -> None:
    assert Client().get(reverse("site:theme")).status_code == 405


@pytest.mark.parametrize("code", ["da", "nl", "en"])
def test_a_chosen_language_keeps_the_page_with_its_filters(code: str) -> None:
    client = Client()
    response = client.post(reverse("set_language"), {"language": code, "next": "/about/?x=1"})
    assert response["Location"] == "/about/?x=1"
    assert f'<html lang="{code}"' in client.get("/about/").content.decode()


@pytest.mark.parametrize("address", ["/", "/about/", "/account/login/", "/nowhere/"])
def test_each_language_is_offered_in_its_own_name_on_public_pages(address: str) -> None:
    html = Client().get(address).content.decode()
    for name in ("English", "Dansk", "Nederlands"):
        assert f">{name}</button>" in html


def test_both_switches_are_on_staff_pages(signed_in, amina) -> None:
    html = signed_in(amina).get(reverse("site:today")).content.decode()
    assert ">Nederlands</button>" in html
    assert 'name="theme"' in html
    assert 'value="/today/"' in html


@pytest.mark.parametrize("name", ["site:front", "site:theme"])
def test_the_switches_refuse_a_request_from_another_page(name: str) -> None:
    response = Client(enforce_csrf_checks=True).post(reverse(name), {"theme": "dark"})
    assert response.status_code in {403, 405}
    assert "theme" not in response.cookies


def test_an_address_that_only_takes_a_form_says_so_on_a_page_with_a_way_back() -> None:
    answer = Client().get(reverse("site:theme"))
    assert answer.status_code == 405
    assert "405.1" in answer.content.decode()
    assert "POST" in answer["Allow"]
    assert Client().head(reverse("site:theme")).status_code == 405


def test_a_refused_form_offers_no_switch_that_would_lose_what_was_written(signed_in, bogdan: Member) -> None:
    client, path = signed_in(bogdan), reverse("outreach:place_create")
    assert b"ly-switch__choice" in client.get(path).content
    refused = client.post(path, {"code_name": "Quiet Heron"})
    assert b"Quiet Heron" in refused.content and b"ly-switch__choice" not in refused.content


def test_a_short_date_in_dutch_breaks_nowhere() -> None:
    with translation.override("nl"):
        assert date_format(date(2026, 11, 29), "SHORT_DATE_FORMAT") == "29\u00a0nov\u00a02026"
