"""From the plan to the result by hand: every step on its page, for those whose step it is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from django_scopes import scopes_disabled

from lygte.core.models import Member
from lygte.knowledge.trials.engine import apart
from lygte.knowledge.trials.models import Result, Trial, Version

from .conftest import live_through, part_of
from .example import running_trial

pytestmark = pytest.mark.django_db
SignIn = Callable[[Member], Client]


def next_monday() -> str:
    today = timezone.localdate()
    return (today + timedelta(days=7 - today.weekday())).isoformat()


def filled_in(**more: object) -> dict[str, object]:
    plain = {
        f"{name}_{n}": value for n in (1, 2, 3, 4) for name, value in (("count", ""), ("per", ""), ("better", "more"))
    }
    said = {
        "title": "Tea or leaflet",
        "question": "Do more people talk with us when we begin with tea?",
        "arms": "Leaflet first\nTea first",
        "design": "parallel",
        "unit": "area_week",
        "first_day": next_monday(),
        "periods": 8,
        "turn": 1,
        "washout": 0,
        "alpha": "0.05",
        "silent": "nought",
    }
    return {**plain, **said, "count_1": "people_spoken_to", "per_1": "visit", **more}


def test_a_trial_is_planned_agreed_registered_and_followed(
    freja: Member, bogdan: Member, amina: Member, chika: Member, signed_in: SignIn
) -> None:
    researcher, coordinator = signed_in(freja), signed_in(bogdan)
    page = researcher.post("/trials/new/", filled_in(count_1="", per_1=""), follow=True)
    assert b"no main outcome" in page.content
    with scopes_disabled():
        trial = Trial.objects.get()
    address = f"/trials/{trial.ref}/"
    refused = researcher.post(f"{address}register/")
    assert refused.status_code == 422 and b"no main outcome" in refused.content and b"422.710" in refused.content
    assert b"The plan cannot be registered yet: 2 things stand in the way" in refused.content
    assert refused.context["trial"] == trial  # told on the page of the trial, where it can be mended
    assert researcher.post(f"{address}change/", filled_in()).status_code == 302
    invited = {"organisation": bogdan.organisation.ref, "areas": ["DK-461", "DK-607"]}
    assert researcher.post(f"{address}invite/", invited).status_code == 302
    assert signed_in(chika).get(address).status_code == 404
    assert b"Take part in a method trial?" in coordinator.get("/today/").content
    with scopes_disabled():
        part = part_of(trial, bogdan)
    assert coordinator.post(f"/trials/parts/{part.ref}/answer/", {"answer": "agree"}).status_code == 302
    assert researcher.post(f"{address}register/").status_code == 302
    with scopes_disabled():
        trial.refresh_from_db()
        assert trial.state == "registered" and Version.objects.get().after_start is False
    schedule = signed_in(amina).get(f"{address}schedule/").content.decode()
    assert schedule.count("Tea first") == schedule.count("Leaflet first") == 8
    table = signed_in(amina).get(f"{address}schedule.csv").content.decode("utf-8-sig").splitlines()
    assert len(table) == 1 + 16 and table[1].split(",")[0] == f"{bogdan.organisation.ref}:DK-461"
    assert researcher.get(f"{address}change/").status_code == 409


def test_pressing_again_and_again_starts_no_second_calculation(
    frozen: Callable[..., Trial], freja: Member, signed_in: SignIn
) -> None:
    trial = frozen()
    with apart._at_work:  # as while another request works something out
        answered = signed_in(freja).post(f"/trials/{trial.ref}/work-out/")
    assert answered.status_code == 409 and b"409.690" in answered.content and answered.context["trial"] == trial
    with scopes_disabled():
        assert not Result.objects.exists()
    assert apart._at_work.acquire(blocking=False)  # and whoever was refused holds nothing
    apart._at_work.release()


def test_a_result_is_worked_out_once_and_read_in_three_languages(
    frozen: Callable[..., Trial], here: None, freja: Member, emil: Member, signed_in: SignIn
) -> None:
    trial = frozen()
    live_through(trial, refused=2)
    researcher, outsider = signed_in(freja), signed_in(emil)
    assert outsider.get(f"/trials/{trial.ref}/").status_code == 404
    answered = researcher.post(f"/trials/{trial.ref}/work-out/")
    assert answered.status_code == 302, answered.content
    address = answered.url
    again = researcher.post(f"/trials/{trial.ref}/work-out/")
    assert again.status_code == 409 and b"409.712" in again.content
    for language, words in (("en", "That speaks for"), ("da", "Det taler for"), ("nl", "Dat pleit voor")):
        page = outsider.get(f"{address}?language={language}").content.decode()
        assert words in page and 'class="trial-forest"' in page
        paper = outsider.get(f"{address}{language}.pdf")
        assert paper.status_code == 200 and paper.content.startswith(b"%PDF")
    assert outsider.get(f"{address}xx.pdf").status_code == 404
    assert outsider.get(f"/trials/{trial.ref}/").url == address


def test_outcomes_are_chosen_by_kind_and_one_is_asked_to_look_only_where_there_is_something(
    freja: Member, signed_in: SignIn
) -> None:
    client = signed_in(freja)
    page = client.get("/trials/new/").content.decode()
    main = page.split('name="count_1"')[1].split("</select>")[0]
    assert main.count("<optgroup") > 5 and '<option value="" selected>Choose …</option>' in main
    assert "I have looked" not in page
    with_number = filled_in(question="Do more people call 20 31 41 59?")
    refused = client.post("/trials/new/", with_number)
    assert refused.status_code == 400 and b"I have looked" in refused.content
    assert client.post("/trials/new/", {**with_number, "checked": "on"}).status_code == 302


def test_a_tuesday_is_told_with_the_next_monday_and_a_trial_that_is_over_offers_no_amending(
    frozen: Callable[..., Trial], freja: Member, signed_in: SignIn
) -> None:
    client = signed_in(freja)
    page = client.post("/trials/new/", filled_in(first_day="2099-12-08"), follow=True).content.decode()
    assert "8 December 2099 is not a Monday" in page and "such as 14 December 2099" in page
    over = f"/trials/{frozen().ref}/"
    assert "Amend the plan" not in client.get(over).content.decode()
    assert "The trial is over" in client.get(f"{over}amend/").content.decode()
    with scopes_disabled():
        now = running_trial(freja)
    assert "Amend the plan" in client.get(f"/trials/{now.ref}/").content.decode()
