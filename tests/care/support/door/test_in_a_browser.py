"""On a phone, with somebody in the next room: every page can be used by everybody, and leaving leaves nothing behind."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.urls import reverse
from playwright.sync_api import Page

from lygte.care.support.door.models import Opening
from lygte.care.support.door.slips import Slip
from lygte.core.consent.models import Person
from lygte.core.models import Member
from lygte.core.vault.sessions import cookie_name
from tests.conftest import keep_open

from .conftest import Worker

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
PAGES = ["home", "seen", "record", "write", "agreed", "take", "end", "enter"]


def come_in(page: Page, slip: Slip) -> None:
    page.goto(reverse("door:enter"))
    page.get_by_label("Your twelve words").fill("\n".join(slip.numbers))
    page.get_by_role("button", name="Open").click()
    page.get_by_role("heading", level=1, name="This is yours").wait_for()


def faults(page: Page) -> list[str]:
    found = [
        f"{v['id']}: {v['nodes'][0]['html'][:120]}"
        for v in Axe().run(page).response["violations"]
        if v["impact"] in ("serious", "critical")
    ]
    too_wide = page.evaluate("() => document.documentElement.scrollWidth - window.innerWidth")
    return found + ([f"{too_wide} pixels wider than the screen"] if too_wide > 0 else [])


@pytest.mark.parametrize(("theme", "width"), [("light", 320), ("dark", 320), ("light", 1280)])
def test_no_page_shuts_anybody_out(
    theme: str, width: int, slip: Slip, person: Person, key_holders: Worker, open_page: Any, live_server: Any,
    signed_in: Callable[[Member], Any],
) -> None:  # fmt: skip
    page = open_page(None, "en", theme, width)
    strange: list[str] = []
    page.on("console", lambda message: strange.append(message.text) if message.type == "error" else None)
    page.on("request", lambda r: strange.append(r.url) if not r.url.startswith((live_server.url, "data:")) else None)
    come_in(page, slip)
    page.goto(reverse("door:write"))
    page.get_by_label("Your words").fill("I see it another way.")
    page.get_by_role("button", name="Save my words").click()
    bad = {}
    for address in [
        *(reverse(f"door:{name}") for name in PAGES),
        *(f"{reverse('door:record')}?part={g}" for g in ("notes", "account")),
    ]:
        page.goto(address)
        if found := faults(page):
            bad[address] = found
    staff = open_page(key_holders[0], "en", theme, width)
    client = keep_open(signed_in(key_holders[0]), key_holders[0])
    names = [settings.SESSION_COOKIE_NAME, cookie_name()]
    staff.context.add_cookies([{"name": n, "value": client.cookies[n].value, "url": live_server.url} for n in names])
    for name in ("seen_by", "words", "slip_make"):
        staff.goto(reverse(f"door:{name}", args=[person.ref]))
        if found := faults(staff):
            bad[name] = found
    staff.get_by_role("button", name="Make the paper").click()
    staff.get_by_role("heading", level=1, name="Shown once").wait_for()
    if found := faults(staff):
        bad["slip shown"] = found
    assert not bad and strange == []


@pytest.mark.parametrize("scripts", [True, False])
def test_leaving_closes_the_page_and_going_back_shows_nothing(
    scripts: bool, slip: Slip, open_page: Any, live_server: Any, settings: Any
) -> None:
    settings.LYGTE_EXIT_URL = f"{live_server.url}{reverse('site:accessibility')}"
    page = open_page(None, scripts=scripts)
    come_in(page, slip)
    page.goto(f"{reverse('door:record')}?part=notes")
    assert "sentinel-one" in page.content()
    page.locator(".govuk-js-exit-this-page-button").click()
    page.wait_for_url("**/accessibility/")
    assert not Opening.objects.exists()
    for _ in range(4):
        page.go_back()
        assert "sentinel" not in page.content()
        assert page.title() in ("Notes", "") or "Accessibility" in page.title()


def test_everything_works_without_scripts(slip: Slip, person: Person, open_page: Any) -> None:
    page = open_page(None, scripts=False)
    come_in(page, slip)
    page.get_by_role("link", name="Who has seen me").click()
    assert "You opened these pages" in page.content()
    page.get_by_role("link", name="Start").click()
    page.get_by_role("link", name="What I said yes to").click()
    page.get_by_role("button", name="Take this back").click()
    assert "Taken back" in page.content() and "Nothing now" in page.content()
    page.get_by_role("link", name="Start").click()
    page.get_by_role("link", name="Take it with me").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Save the file").click()
    assert download.value.suggested_filename == "notes.zip"
    page.get_by_role("link", name="Start").click()
    page.get_by_role("link", name="Erase everything").click()
    page.get_by_label("Now", exact=True).check()
    page.get_by_label("I know that nobody can bring it back").check()
    page.get_by_role("button", name="Erase everything").click()
    assert page.get_by_role("heading", level=1).inner_text() == "This page is empty now"
    page.goto(reverse("door:home"))
    assert page.url.endswith("/mine/?closed=1")
