"""A page that cannot be shown says what happened, what to do next, and that nothing was lost."""

from __future__ import annotations

import pytest
from django.shortcuts import render
from django.test import Client, RequestFactory
from django.urls import reverse

from lygte.core.models import Member
from lygte.core.problems import Problem
from lygte.site import views


def test_an_absent_page_is_a_calm_404_in_every_language(db: None) -> None:
    for language in ("en", "da", "nl"):
        response = Client(headers={"accept-language": language}).get("/nowhere/")
        html = response.content.decode()
        assert response.status_code == 404
        assert "404.1" in html
        assert f'<html lang="{language}"' in html


def test_a_member_keeps_the_way_to_their_work_on_a_404(signed_in, amina: Member) -> None:
    html = signed_in(amina).get("/nowhere/").content.decode()
    assert 'class="ly-side"' in html
    assert reverse("site:today") in html
    assert "Nothing you had saved is lost." in html


def test_a_stranger_keeps_the_way_out_on_a_404(db: None) -> None:
    assert "Leave this page" in Client().get("/nowhere/").content.decode()


def test_a_page_that_is_not_for_a_role_says_whom_to_ask(signed_in, amina: Member) -> None:
    response = signed_in(amina).get(reverse("core:log"))
    assert response.status_code == 403
    assert "ask the coordinator" in response.content.decode()


def test_a_form_from_an_old_page_says_that_nothing_changed(db: None) -> None:
    response = Client(enforce_csrf_checks=True).post(reverse("account_login"), {"login": "a@example.org"})
    assert response.status_code == 403
    html = response.content.decode()
    assert "403.3" in html
    assert "Nothing was changed." in html


def test_several_problems_are_listed_with_their_places(db: None, rf: RequestFactory) -> None:
    request = rf.get("/")
    problem = Problem("400.1", parts=[Problem("400.1", at="sheet survey, row 12"), Problem("400.1", at="row 13")])
    html = render(request, "problem.html", {"problem": problem}).content.decode()
    assert "sheet survey, row 12" in html
    assert html.count('ly-problem__part"') == 2


def test_the_page_for_a_broken_house_asks_no_database(rf: RequestFactory) -> None:
    """No `db` fixture: a query would fail the test."""
    response = views.server_error(rf.get("/"))
    assert response.status_code == 500
    assert "500.1" in response.content.decode()


@pytest.mark.django_db
def test_a_crash_is_answered_with_that_page(monkeypatch: pytest.MonkeyPatch, signed_in, amina: Member) -> None:
    def broken(member: Member) -> list[object]:
        raise RuntimeError("a secret detail")

    monkeypatch.setattr(views, "collect", broken)
    client = signed_in(amina)
    client.raise_request_exception = False
    response = client.get(reverse("site:today"))
    html = response.content.decode()
    assert response.status_code == 500
    assert "500.1" in html
    assert "a secret detail" not in html
