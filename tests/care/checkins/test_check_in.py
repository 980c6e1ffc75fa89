"""Visiting alone: whoever does not come back in time is missed by the one they chose, and by nobody who need not know."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone
from django_scopes import scope, scopes_disabled

from lygte.care.checkins import jobs
from lygte.care.checkins.actions import start_check_in
from lygte.care.checkins.models import CheckIn
from lygte.care.intake.actions import NewDevice, add_device
from lygte.core.models import Member
from lygte.core.problems import Problem
from lygte.core.today import collect

SignedIn = Callable[[Member], Client]
LATER = timedelta(minutes=45)


def start(member: Member, told: Member, due: timedelta = LATER, **more: Any) -> CheckIn:
    with scope(organisation=member.organisation):
        timer: CheckIn = start_check_in(member=member, colleague=told.ref, due_at=timezone.now() + due, **more)
        return timer


def alerts(member: Member) -> list[str]:
    with scope(organisation=member.organisation):
        return [need.title for need in collect(member) if "checked in" in need.title]


def let_time_pass(timer: CheckIn, minutes: int) -> None:
    with scopes_disabled():
        CheckIn.objects.filter(pk=timer.pk).update(due_at=timezone.now() - timedelta(minutes=minutes))


@pytest.fixture
def phone(amina: Member) -> NewDevice:
    with scope(organisation=amina.organisation):
        return add_device(member=amina, label="blue phone")


def say(phone: NewDevice, path: str, content: Any = None) -> Any:
    body = json.dumps(content if content is not None else {})
    return Client().post(f"/-/{phone.token}/{path}", body, content_type="application/json")


def test_the_chosen_colleague_sees_the_lamp_when_time_is_over_and_not_before(amina: Member, bogdan: Member) -> None:
    timer = start(amina, bogdan)
    assert alerts(bogdan) == []
    let_time_pass(timer, 1)
    assert alerts(bogdan) == ["Amina has not checked in"]
    with scope(organisation=bogdan.organisation):
        assert next(need for need in collect(bogdan) if "checked in" in need.title).urgent


def test_coordinators_see_it_when_nobody_answered_and_colleagues_do_not(
    amina: Member, bogdan: Member, everyone: dict[str, Member]
) -> None:
    timer = start(bogdan, amina)
    let_time_pass(timer, 1)
    assert alerts(amina) == ["Bogdan has not checked in"]
    other = start(amina, bogdan)
    let_time_pass(other, 14)
    assert alerts(everyone["chika"]) == []
    with scopes_disabled():
        CheckIn.objects.filter(pk=other.pk).update(colleague=amina)
    assert alerts(bogdan) == []
    let_time_pass(other, 16)
    assert alerts(bogdan) == ["Amina has not checked in"]


def test_saying_that_one_is_safe_ends_it_and_only_oneself_can(
    amina: Member, bogdan: Member, signed_in: SignedIn
) -> None:
    timer = start(amina, bogdan)
    let_time_pass(timer, 1)
    assert signed_in(bogdan).post(f"/checkins/{timer.ref}/end/").status_code == 404
    assert alerts(bogdan) == ["Amina has not checked in"]
    assert signed_in(amina).post(f"/checkins/{timer.ref}/end/").status_code == 302
    assert alerts(bogdan) == []


def test_whoever_was_told_says_that_they_reached_her(amina: Member, bogdan: Member, signed_in: SignedIn) -> None:
    timer = start(amina, bogdan)
    let_time_pass(timer, 1)
    page = signed_in(bogdan).get("/checkins/").content.decode()
    assert "Amina has not checked in" in page and "I have reached them" in page
    assert signed_in(bogdan).post(f"/checkins/{timer.ref}/reached/").status_code == 302
    assert alerts(bogdan) == []
    assert signed_in(bogdan).post(f"/checkins/{timer.ref}/reached/").status_code == 409


def test_a_strangers_timer_does_not_exist(amina: Member, bogdan: Member, chika: Member, signed_in: SignedIn) -> None:
    timer = start(amina, bogdan)
    for way in ("end", "reached"):
        assert signed_in(chika).post(f"/checkins/{timer.ref}/{way}/").status_code == 404
    with pytest.raises(Problem, match=r"422\.521"):
        start(chika, bogdan)
    with pytest.raises(Problem, match=r"422\.521"):
        start(amina, amina)


def test_a_timer_is_started_on_the_page(amina: Member, bogdan: Member, signed_in: SignedIn) -> None:
    client = signed_in(amina)
    assert "45 minutter" in client.get("/checkins/", headers={"Accept-Language": "da"}).content.decode()
    assert client.post("/checkins/start/", {"colleague": bogdan.ref, "minutes": "30"}).status_code == 302
    assert "Your timer" in client.get("/checkins/").content.decode()
    assert client.post("/checkins/start/", {"colleague": "nobody", "minutes": "30"}).status_code == 400


def test_the_same_start_from_a_phone_is_one_timer_however_often_it_comes(phone: NewDevice, bogdan: Member) -> None:
    due = (timezone.now() + LATER).isoformat()
    said = [say(phone, "checkins", {"id": "1f", "colleague": bogdan.ref, "due": due, "place": ""}) for _ in range(3)]
    assert [one.status_code for one in said] == [200, 200, 200] and said[0].json()["state"] == "known"
    with scopes_disabled():
        assert CheckIn.objects.count() == 1
    assert say(phone, "checkins/1f/safe").json() == {"state": "safe"}
    assert say(phone, "checkins/1f/safe").json() == {"state": "safe"}
    assert say(phone, "checkins/2f/safe").json() == {"state": "unknown_timer"}
    with scopes_disabled():
        assert CheckIn.objects.get().ended_at is not None


def test_a_timer_that_reached_the_server_after_its_end_alerts_at_once(phone: NewDevice, bogdan: Member) -> None:
    due = (timezone.now() - timedelta(minutes=5)).isoformat()
    assert say(phone, "checkins", {"id": "1f", "colleague": bogdan.ref, "due": due}).status_code == 200
    assert alerts(bogdan) == ["Amina has not checked in"]


@pytest.mark.parametrize(
    "content",
    [{"id": "1f", "colleague": 7, "due": "x"}, {"id": "1f", "due": "2026-11-29T20:00:00"}, [], {"id": "1" * 40}],
)
def test_what_no_app_sends_is_refused_by_number(phone: NewDevice, content: Any) -> None:
    answer = say(phone, "checkins", content)
    assert answer.status_code in (400, 422) and answer.json()["number"] in ("400.521", "422.521")
    with scopes_disabled():
        assert not CheckIn.objects.exists()


def test_a_timer_of_a_whole_day_is_refused(phone: NewDevice, bogdan: Member) -> None:
    due = (timezone.now() + timedelta(hours=13)).isoformat()
    answer = say(phone, "checkins", {"id": "1f", "colleague": bogdan.ref, "due": due})
    assert answer.json()["number"] == "422.520"


def test_mail_says_only_that_somebody_should_look(amina: Member, bogdan: Member, settings: Any) -> None:
    let_time_pass(start(amina, bogdan), 1)
    assert jobs.look() == 1 and mail.outbox == []  # nothing is mailed where nobody set it up
    settings.LYGTE_MAIL_FROM = "lygte@example.org"
    with scopes_disabled():
        CheckIn.objects.update(alerted_at=None)
    assert jobs.look() == 1 and jobs.look() == 0
    assert len(mail.outbox) == 1
    said = mail.outbox[0].subject + mail.outbox[0].body
    assert mail.outbox[0].to == ["bogdan@example.org"] and "Amina" not in said and "checked in" not in said


def test_timers_are_forgotten_after_a_week(amina: Member, bogdan: Member) -> None:
    timer = start(amina, bogdan)
    assert jobs.forget() == 0
    with scopes_disabled():
        CheckIn.objects.filter(pk=timer.pk).update(due_at=timezone.now() - timedelta(days=8))
    assert jobs.forget() == 1


def test_a_phone_gets_names_of_colleagues_and_who_relies_on_its_carrier(
    phone: NewDevice, amina: Member, bogdan: Member
) -> None:
    start(bogdan, amina)
    notes = Client().get(f"/-/{phone.token}/today").json()
    assert notes["colleagues"] == [{"ref": bogdan.ref, "name": "Bogdan"}]
    assert [one["name"] for one in notes["watching"]] == ["Bogdan"]
    assert set(notes) == {"day", "places", "rounds", "colleagues", "watching", "visits"}
