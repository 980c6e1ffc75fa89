"""Every page of a case, filled, on the smallest phone and a wide screen, light and dark: axe finds nothing serious.

With LYGTE_PICTURES=folder the pages are photographed there as well, to be looked at.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from lygte.care.support.cases import actions
from lygte.care.support.cases.actions.cases import Told
from lygte.care.support.cases.models import Case, Note
from lygte.core.models import Member
from lygte.core.vault.sessions import cookie_name
from tests.conftest import keep_open

from .conftest import make_case

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
OpenPage = Callable[..., Page]
ASKED = "A room where nobody knocks at night, and somebody who reads my letters."
REACH = {"phone": "+45 00 00 00 01", "ways": "Text first", "safe_times": "Before noon", "cover_name": "The library"}
WHO5 = ("spirits", "calm", "energy", "rested", "interest")


@pytest.fixture
def with_keys(open_page: OpenPage, live_server: Any) -> OpenPage:
    """Return a function that opens a page for a member whose locked part is open."""

    def open_for(member: Member, **look: Any) -> Page:
        page = open_page(member, **look)
        client = Client()
        client.force_login(member.user)
        keep_open(client, member)
        names = (settings.SESSION_COOKIE_NAME, cookie_name())
        page.context.add_cookies(
            [{"name": name, "value": client.cookies[name].value, "url": live_server.url} for name in names]
        )
        return page

    return open_for


@pytest.fixture
def filled(amina: Member) -> Case:
    """A case in which there is something of everything."""
    today = timezone.localdate()
    case = make_case(amina, told=Told(ASKED, {"called": "Mali (invented)"}, REACH))
    person = case.person
    goal = actions.add_goal(member=amina, person=person, words="To have the key to my own room.", life_area="home")
    actions.add_goal(member=amina, person=person, words="To understand the letters", life_area="rights")
    for what, days in (("Call together", 0), ("Look at the tenancy", -3), ("Bring the letters", 5)):
        actions.add_step(member=amina, person=person, what=what, due=today + timedelta(days=days), goal=goal)
    actions.set_step_state(
        member=amina, step=actions.add_step(member=amina, person=person, what="First talk"), state="done"
    )
    actions.start_phases(member=amina, person=person, starts_on=today - timedelta(days=40))
    for days in (1, 9):
        actions.add_note(
            member=amina, person=person, text="Tea, and the first letter.", day=today - timedelta(days=days)
        )
    for days, answer in ((80, 1), (20, 3)):
        answers = dict.fromkeys(WHO5, answer)
        day = today - timedelta(days=days)
        actions.add_measure(member=amina, person=person, instrument="who5", answers=answers, day=day)
    begun = today - timedelta(days=20)
    actions.add_deadline(member=amina, person=person, kind="reflection_dk", starts_on=begun)
    actions.add_identification(member=amina, person=person, state="interview", day=begun, by="An office (invented)")
    make_case(amina, ["notes"])
    return case


def addresses(case: Case) -> dict[str, str]:
    tabs = {tab: reverse(f"cases:{tab}", args=[case.ref]) for tab in ("case", "notes", "about", "measures", "dates")}
    new = {
        f"new_{kind}": reverse("cases:new", args=[case.ref, kind])
        for kind in ("step", "note", "measure", "deadline", "identification", "situation")
    }
    lists = {name: reverse(f"cases:{name}") for name in ("open", "case_list", "my_day", "deadlines")}
    note = Note.objects.filter(person=case.person).first()
    assert note
    return {**lists, **tabs, **new, "change_note": reverse("cases:record", args=["note", note.ref])}


@pytest.mark.parametrize(("width", "theme", "who"), [(320, "light", 0), (1280, "dark", 0), (360, "dark", 1)])
def test_no_page_of_a_case_shuts_anybody_out(
    width: int, theme: str, who: int, filled: Case, key_holders: tuple[Member, Member], with_keys: OpenPage
) -> None:
    """Amina sees everything; Bogdan is not on the team and sees a code."""
    member = key_holders[who]
    page = with_keys(member, width=width, theme=theme)
    bad: dict[str, list[str]] = {}
    for name, url in addresses(filled).items():
        if who and name.startswith(("new", "change")):
            continue
        page.goto(url)
        found = [
            f"{one['id']}: {one['nodes'][0]['html'][:140]}"
            for one in Axe().run(page).response["violations"]
            if one["impact"] in ("serious", "critical")
        ]
        if (wide := page.evaluate("() => document.documentElement.scrollWidth - window.innerWidth")) > 0:
            found.append(f"{wide} pixels wider than the screen")
        if found:
            bad[name] = found
        if folder := os.environ.get("LYGTE_PICTURES"):
            page.screenshot(path=Path(folder) / f"{name}-{width}-{theme}-{who}.png", full_page=True)
    assert not bad


def test_a_case_is_opened_from_a_visit_by_clicking_without_scripts(
    amina: Member, with_keys: OpenPage, live_server: Any
) -> None:
    """From the visit's page to a case with a goal, on a phone, with consent to two things and not to a third."""
    from tests.every_url.examples import visit

    page = with_keys(amina, width=360, scripts=False)
    page.goto(reverse("outreach:visit", args=[visit(amina).ref]))
    page.get_by_role("link", name="Open a case").click()
    page.get_by_label("My goals and the plan").check()
    page.get_by_label("Name and date of birth").check()
    page.get_by_label("What do they ask for").fill(ASKED)
    page.get_by_label("Language you speak together").select_option("th")
    page.get_by_label("What they want to be called").fill("Mali (invented)")
    page.get_by_role("button", name="Open the case").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Mali (invented)")
    expect(page.get_by_text("Not agreed").first).to_be_visible()
    assert Case.objects.get().area == "DK-461" and Case.objects.get().way_in == "visit"
    page.get_by_role("link", name="Set a goal").click()
    page.get_by_label("The goal, in the person's words").fill("The key to my own room")
    page.get_by_role("button", name="Set the goal").click()
    expect(page.get_by_role("heading", name="The key to my own room")).to_be_visible()
    page.get_by_role("button", name="Reached").click()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("heading", name="The key to my own room")).to_be_visible()
