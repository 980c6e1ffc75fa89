"""A season as docs/season.md tells it, in the browser and on the phone: every button that is pressed stands on that page.

Plan, visit, a sign and a second look, a decision of two people, messages that another team's opt-out stops, a trial with its result.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from django_scopes import scope, scopes_disabled
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from lygte.care.concern.models import Telling
from lygte.care.intake.handover import publish_shipped
from lygte.care.outreach.handover import bulk_places
from lygte.care.outreach.models import Place, Visit
from lygte.care.rounds.models import Round
from lygte.core.models import Member
from lygte.knowledge.trials.models import Result, Trial
from tests.care.netreach.world import make_message
from tests.knowledge.trials.conftest import drafted, frozen, health, here, live_through  # noqa: F401 (fixtures)

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("here")]
GUIDE = " ".join((Path(__file__).parents[2] / "docs" / "season.md").read_text("utf-8").split())
PLACES = {"Blue Heron": "DK-607", "Red Finch": "DK-461", "Grey Seal": "DK-607", "West Wind": "DK-101"}


def told(name: str) -> str:
    """Return a name that the page tells people to press or look for, so that the page cannot drift from the product."""
    assert f"*{name}*" in GUIDE, f"docs/season.md does not speak of *{name}*"
    return name


def press(page: Page, name: str, role: str = "button") -> None:
    page.get_by_role(role, name=told(name), exact=True).first.click()  # type: ignore[arg-type]


def follow(page: Page, name: str) -> None:
    press(page, name, "link")


def sees(page: Page, *words: str) -> None:
    for word in words:
        expect(page.locator("main")).to_contain_text(word)


def today(page: Page) -> None:
    page.goto("/today/")


@pytest.fixture
def world(live_server: Any, everyone: dict[str, Member], frozen: Callable[..., Trial]) -> dict[str, Member]:  # noqa: F811
    """Four places in two regions, the visit form, a message of the other team, and a trial that is over."""
    bogdan, known = everyone["bogdan"], timezone.localdate() - timedelta(days=400)
    with scope(organisation=bogdan.organisation):
        publish_shipped(bogdan.organisation, bogdan)
    rows = [{"code_name": name, "kind": "clinic", "area": area, "created_on": known} for name, area in PLACES.items()]
    bulk_places(bogdan.organisation, rows)
    make_message(everyone["chika"])
    live_through(frozen(), refused=2)
    return everyone


def test_a_season_goes_as_its_page_in_the_documentation_tells(open_page: Any, world: dict[str, Member]) -> None:
    amina, bogdan = (open_page(world[name], width=1280) for name in ("amina", "bogdan"))
    plan_a_round(bogdan)
    go_with_the_phone(amina, open_page(width=360))
    bogdan.reload()
    sees(bogdan, "Under way", "1 of 2 places")
    note_and_look_again(amina, bogdan)
    ask_and_refuse(amina, bogdan)
    write_to_people(bogdan, open_page(world["chika"], width=1280))
    try_a_method(open_page(world["freja"], width=1280), bogdan)
    close_the_season(bogdan)


def plan_a_round(page: Page) -> None:
    today(page)
    follow(page, "Rounds")
    follow(page, "Plan a round")
    sees(page, "Blue Heron", "Red Finch", "Grey Seal")
    expect(page.locator("main")).not_to_contain_text("West Wind")  # of another region
    page.get_by_label("Grey Seal on the round").uncheck()
    for box in page.locator("[name=going]").all():
        box.uncheck()
    page.get_by_label("Amina").check()
    authority = page.get_by_label(told("Somebody of the police, tax, immigration or another authority comes along"))
    authority.check()
    press(page, "Plan the round")
    sees(page, "422.662")
    with scopes_disabled():
        far = Place.objects.get(code_name="West Wind")
    authority.uncheck()
    # A form that names a place of another region all the same, as no page offers it.
    page.locator("[name=place]").last.evaluate("(box, ref) => { box.value = ref; box.checked = true; }", far.ref)
    press(page, "Plan the round")
    sees(page, "422.663", "West Wind")
    page.get_by_label("West Wind on the round").uncheck()
    press(page, "Plan the round")
    sees(page, "Blue Heron", "Red Finch", told("To visit"))
    with scopes_disabled():
        one = Round.objects.get()
        assert one.stops.count() == 2 and [member.user.name for member in one.members.all()] == ["Amina"]


def go_with_the_phone(desk: Page, phone: Page) -> None:
    today(desk)
    follow(desk, "Phones")
    follow(desk, "Add a phone")
    desk.locator("[name=label]").fill("Blue phone")
    press(desk, "Add the phone and show its code")
    link = re.search(r"http://[^\"<\s]+/field/#connect=[\w-]+", desk.content())
    assert link
    phone.goto(link[0])
    for field in ("code", "again"):
        phone.locator(f"[name={field}]").fill("a heron at dusk")
    press(phone, "Start")
    stops = phone.locator("article.f-card li")
    expect(stops).to_have_count(2, timeout=30_000)
    first = re.search(r"Blue Heron|Red Finch", stops.first.inner_text())
    assert first
    stops.first.get_by_role("button", name=told("Record a visit")).click()
    expect(phone.locator(".q").get_by_role("radio", name=first[0])).to_be_checked()
    phone.get_by_text(told("We spoke with somebody")).click()
    for _step in range(12):
        if phone.locator(".q-review").count():
            break
        for name, number in (("present", 3), ("spoken_to", 2)):
            if (asked := phone.locator(f".q[data-name='/data/people/{name}']")).count():
                asked.locator("input").fill(str(number))
        for box in phone.locator(".q:visible", has_text="Minutes on site").all():
            box.locator(".q-chip", has_text="15").click()
        phone.locator(".q-next").click()
        phone.wait_for_timeout(150)
    phone.get_by_role("button", name=told("Finish and seal")).click()
    expect(phone.locator("[data-queue] .f-tag--green")).to_have_text(told("Sent"), timeout=30_000)
    phone.get_by_role("button", name=told("Today")).click()
    expect(phone.locator("article.f-card li", has_text=first[0])).to_contain_text(told("✓ Visited"))
    expect(phone.locator("article.f-card li", has_text="✓")).to_have_count(1)
    with scopes_disabled():
        visit = Visit.objects.get()
        assert (visit.outcome, visit.place.code_name, visit.present, visit.spoken_to) == ("spoke", first[0], 3, 2)


def note_a_sign(page: Page, known: str) -> None:
    page.get_by_label("Very long days, without breaks or days off").check()
    page.get_by_label(known).check()
    page.get_by_label("Rather sure").check()
    press(page, "Note the sign")


def note_and_look_again(amina: Page, bogdan: Page) -> None:
    today(amina)
    follow(amina, "Places")
    amina.get_by_role("link", name="Blue Heron").click()
    follow(amina, "See the signs, or note one")
    note_a_sign(amina, "Somebody who works there told us")
    sees(amina, told("Waits for a second look"))
    note_a_sign(amina, "We saw or heard it there ourselves")  # nobody confirms themselves
    expect(amina.locator("main")).not_to_contain_text("Place of concern")
    today(bogdan)
    bogdan.get_by_role("link", name="1 place waits for a second look").click()
    bogdan.get_by_role("link", name="Blue Heron").click()
    press(bogdan, "I have looked, and noticed it too", "link")
    note_a_sign(bogdan, "We saw or heard it there ourselves")
    sees(bogdan, told("Place of concern"), "Two people have noticed it now", "Amina", "Bogdan")


def ask_and_refuse(amina: Page, bogdan: Page) -> None:
    amina.reload()
    amina.get_by_text(told("Telling an authority")).click()
    follow(amina, "Ask a second person to decide")
    amina.locator("select[name=authority]").select_option("police")
    amina.get_by_label("People who work there want it").check()
    amina.get_by_label("We asked the people there, and they agree").check()
    amina.get_by_label("The municipality").check()
    amina.locator("[name=why]").fill("They asked us to")
    press(amina, "Ask a second person to decide")
    sees(amina, "Nothing has been told")
    expect(amina.get_by_role("button", name="Confirm as the second person")).to_have_count(0)
    today(bogdan)
    follow(bogdan, "A colleague wants to tell an authority about a place")
    sees(bogdan, "They asked us to", "Exactly this, and nothing else")
    expect(bogdan.get_by_role("button", name=told("Confirm as the second person"))).to_be_visible()
    press(bogdan, "Tell nothing")
    sees(bogdan, told("Decided: nothing is told"), "Bogdan")
    expect(bogdan.locator("main")).not_to_contain_text("They asked us to")
    with scopes_disabled():
        assert Telling.objects.get().why == ""


def write_to_people(bogdan: Page, chika: Page) -> None:
    follow(bogdan, "Netreach")
    follow(bogdan, "Somebody wants no more messages")
    bogdan.locator("[name=handles]").fill("20 30 40 50")
    press(bogdan, "Note it")
    sees(bogdan, "Nobody here will write first")
    today(chika)
    follow(chika, "Netreach")
    follow(chika, "Write to people")
    for name in ("message", "language", "area"):
        chosen = chika.locator(f"main select[name={name}] option:not([value=''])").first.get_attribute("value")
        chika.locator(f"main select[name={name}]").select_option(chosen)
    chika.get_by_label("SMS").check()
    chika.get_by_label("Saying who we are").check()
    chika.locator("[name=handles]").fill("+45 20304050\n+45 20304051")
    press(chika, "Check whom I may write to")
    sees(chika, told("You may write to 1, not to those below"))
    assert chika.locator(".govuk-list--bullet li").all_inner_texts() == ["+45 20304050"]
    follow(chika, "Write down what came of it")
    for name in ("sent", "answered", "hostile"):
        chika.locator(f"[name={name}]").fill("1")
    press(chika, "Save the figures")
    follow(chika, "Netreach")
    follow(chika, "Reach and harm")
    row = chika.locator("tr", has_text="Hostile answers")
    expect(row.locator("td").first).to_have_text("1")


def try_a_method(freja: Page, bogdan: Page) -> None:
    today(freja)
    follow(freja, "Method trials")
    follow(freja, "Plan a trial")
    freja.locator("[name=title]").fill("Coffee at the door")
    freja.locator("[name=question]").fill("Do more people want to talk when we bring coffee?")
    freja.locator("[name=arms]").fill("As always\nWith coffee")
    freja.get_by_label(told("Drawn by period")).check()
    freja.get_by_label(told("A team, by week")).check()
    now = timezone.localdate()
    freja.locator("[name=first_day]").fill((now + timedelta(days=7 - now.weekday())).isoformat())
    freja.locator("[name=count_1]").select_option(label=told("People spoken to"))
    freja.locator("[name=per_1]").select_option(label=told("Visits"))
    press(freja, "Save the plan")
    press(freja, "Register the plan")
    sees(freja, "422.710", "0 sites take part")
    follow(freja, "Ask an organisation")
    freja.locator("[name=organisation]").select_option(label="Lanternen (invented)")
    freja.locator("main form button[type=submit]").last.click()
    sees(freja, "They have been asked")
    address = freja.url
    today(bogdan)
    bogdan.get_by_role("link", name=told("Take part in a method trial?")).click()
    press(bogdan, "We take part")
    sees(bogdan, "You take part")
    freja.goto(address)
    press(freja, "Register the plan")
    sees(freja, "registered and frozen", "Fingerprint")
    follow(freja, "Schedule")
    assert freja.locator("tbody tr").count() == 12
    follow(freja, "Method trials")
    freja.get_by_role("link", name="Tea or leaflet").click()  # the one that is over
    press(freja, "Work out the result")
    sees(freja, "That speaks for “Tea first”")
    with scopes_disabled():
        result = Result.objects.get()
    paper = freja.request.get(f"/trials/results/{result.ref}/en.pdf")
    assert "Tea first" in "\n".join(sheet.extract_text() for sheet in PdfReader(io.BytesIO(paper.body())).pages)


def close_the_season(page: Page) -> None:
    today(page)
    follow(page, "Rounds")
    follow(page, "Coverage")
    row = page.locator("tr", has_text="Region Syddanmark").first
    expect(row.locator("td").nth(0)).to_have_text("3")  # known
    expect(row.locator("td").nth(1)).to_have_text("1")  # visited
    follow(page, "Rounds")
    page.locator("main").get_by_role("link", name="Today", exact=True).click()
    press(page, "End the round")
    sees(page, told("Back in the pool"), "Visited")
    sees(page, "Place of concern")
