"""Today: what waits for me, what is urgent first, and what to do where nothing waits."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.formats import date_format

from lygte.core import today
from lygte.core.models import Member, Role
from lygte.core.today import Need
from lygte.site.views import FIRST_STEPS


@pytest.fixture
def waiting(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Need]]:
    """Only these needs, for everybody."""
    found: list[Need] = []
    monkeypatch.setattr(today, "SOURCES", [lambda member: found])
    yield found


def page_for(client: Client) -> str:
    response = client.get(reverse("site:today"))
    assert response.status_code == 200
    return response.content.decode()


def test_strangers_are_asked_to_sign_in(db: None) -> None:
    response = Client().get(reverse("site:today"))
    assert response.status_code == 302
    assert response["Location"].startswith(reverse("account_login"))


def test_what_is_urgent_comes_first_and_says_so_in_a_word(signed_in, amina: Member, waiting: list[Need]) -> None:
    waiting += [
        Need("Write the status", "The figures are ready.", "/a/", due=date(2027, 6, 30)),
        Need("File three visits", "The place is unknown.", "/b/", urgent=True, count=3),
    ]
    html = page_for(signed_in(amina))
    assert html.index("File three visits") < html.index("Write the status")
    assert html.count("ly-need--urgent") == 1
    assert ">Now</span>" in html
    assert f"due {date_format(date(2027, 6, 30), 'SHORT_DATE_FORMAT')}" in html
    assert 'href="/b/"' in html


def test_nothing_waiting_says_what_to_do_first(signed_in, everyone: dict[str, Member], waiting: list[Need]) -> None:
    for member in everyone.values():
        html = page_for(signed_in(member))
        assert "Nothing waits for you" in html
        assert str(FIRST_STEPS[Role(member.role)]) in html


def test_every_role_has_a_first_step() -> None:
    assert set(FIRST_STEPS) == set(Role)


def test_a_need_is_text_not_markup(signed_in, amina: Member, waiting: list[Need]) -> None:
    waiting.append(Need("<script>x</script>", "<b>y</b>", "/a/"))
    html = page_for(signed_in(amina))
    assert "<script>x" not in html
    assert "<b>y" not in html


def test_a_member_sees_what_they_can_start(signed_in, amina: Member, henk: Member, waiting: list[Need]) -> None:
    assert reverse("outreach:visit_record") in page_for(signed_in(amina))
    assert reverse("outreach:visit_record") not in page_for(signed_in(henk))
