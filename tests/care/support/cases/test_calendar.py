"""The calendar address tells days and nothing else, to whoever holds it, until it is taken back."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from lygte.care.support.cases import actions
from lygte.care.support.cases.actions.cases import Told
from lygte.care.support.cases.models import Feed
from lygte.core.models import Member

from .conftest import make_case


def made_by(client: Client) -> str:
    page = client.post(reverse("cases:feed_make")).content.decode()
    found = re.search(r"/cases/calendar/[\w-]+\.ics", page)
    assert found
    return found[0]


def test_the_calendar_has_the_days_without_a_word(amina: Member, client_of: Callable[[Member], Client]) -> None:
    today = timezone.localdate()
    case = make_case(amina, told=Told(name={"called": "Mali"}))
    for days in (0, 0, 9):
        actions.add_step(member=amina, person=case.person, what="Call the harbour", due=today + timedelta(days=days))
    actions.add_deadline(member=amina, person=case.person, kind="reflection_dk", starts_on=today)
    answer = Client().get(made_by(client_of(amina)))
    text = answer.content.decode()
    assert answer["Content-Type"].startswith("text/calendar") and "no-store" in answer["Cache-Control"]
    days = re.findall(r"DTSTART;VALUE=DATE:(\d+)", text)
    assert days == [f"{today + timedelta(days=n):%Y%m%d}" for n in (0, 9, 30)]
    assert set(re.findall(r"SUMMARY:(.*)\r", text)) == {"Lygte: something is due"}
    for word in ("Mali", "harbour", case.person.code, case.ref, case.person.ref, amina.ref, "Amina", "Lanternen"):
        assert word not in text
    assert all(len(line) <= 75 for line in text.split("\r\n"))


def test_only_its_hash_is_kept(amina: Member, client_of: Callable[[Member], Client]) -> None:
    token = made_by(client_of(amina)).split("/")[-1].removesuffix(".ics")
    assert token not in str(Feed.objects.values().get())


def test_a_new_address_ends_the_old_one_and_it_can_be_taken_back(
    amina: Member, client_of: Callable[[Member], Client]
) -> None:
    client = client_of(amina)
    first, second = made_by(client), made_by(client)
    assert Client().get(first).status_code == 404 and Client().get(second).status_code == 200
    client.post(reverse("cases:feed_revoke"))
    assert Client().get(second).status_code == 404


def test_who_is_no_longer_a_member_has_no_calendar(amina: Member, client_of: Callable[[Member], Client]) -> None:
    address = made_by(client_of(amina))
    Member.objects.filter(pk=amina.pk).update(active=False)
    assert Client().get(address).status_code == 404


def test_a_guess_gets_404(amina: Member) -> None:
    answer = Client().get(reverse("cases:calendar", args=["a" * 43]))
    assert answer.status_code == 404 and "404.500" in answer.content.decode()
