"""What only a browser can tell: the way out leaves no way back, keys work, and pages work without scripts."""

from __future__ import annotations

import re
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.urls import reverse
from playwright.sync_api import Page, expect

from lygte.core.models import Member

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def elsewhere(live_server: Any, monkeypatch: pytest.MonkeyPatch) -> str:
    """A neutral page to leave to; the real one is another site, which no test may call."""
    address = f"{live_server.url}/static/lygte.svg"
    monkeypatch.setattr(settings, "LYGTE_EXIT_URL", address)
    return address


def leave_by_button(page: Page) -> None:
    page.get_by_role("link", name="Leave this page").click()


def leave_by_keys(page: Page) -> None:
    for _ in range(3):
        page.keyboard.press("Shift")


@pytest.mark.parametrize("leave", [leave_by_button, leave_by_keys])
@pytest.mark.parametrize("width", [360, 1280])
def test_leaving_goes_to_the_neutral_page_and_leaves_no_way_back(leave, width, elsewhere, open_page) -> None:
    page = open_page(width=width)
    page.goto("/accessibility/")
    page.goto("/privacy/")
    leave(page)
    page.wait_for_url(elsewhere)
    page.go_back()
    expect(page).to_have_url(re.compile("/accessibility/$"))


def test_the_way_out_stays_in_reach_at_the_end_of_a_long_page(open_page) -> None:
    page = open_page(width=360)
    page.goto("/privacy/")
    page.keyboard.press("End")
    way_out = page.get_by_role("link", name="Leave this page")
    expect(way_out).to_be_in_viewport()
    box = way_out.bounding_box()
    assert box is not None and box["height"] >= 44
    last = page.get_by_role("button", name="As this device").bounding_box()
    assert last is not None and last["y"] + last["height"] <= box["y"]


def test_keys_search_go_help_and_close(open_page, bogdan: Member) -> None:
    page = open_page(bogdan, width=1280)
    page.goto(reverse("site:look"))
    page.keyboard.press("/")
    search = page.get_by_role("searchbox").first
    expect(search).to_be_focused()
    page.keyboard.type("g?m")
    expect(search).to_have_value("g?m")
    page.get_by_role("heading", name="The look").click()
    search.blur()
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Keys")
    expect(dialog).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    page.keyboard.press("g")
    page.keyboard.press("m")
    page.wait_for_url("**" + reverse("core:member_list"))


def test_keys_can_be_switched_off_for_people_who_speak_to_their_device(open_page, bogdan: Member) -> None:
    page = open_page(bogdan, width=1280)
    page.goto(reverse("site:today"))
    page.get_by_role("button", name="Keys").click()
    page.get_by_label("Use these keys on this device").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("g")
    page.keyboard.press("m")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_hidden()
    expect(page).to_have_url(re.compile(reverse("site:today") + "$"))


def test_on_a_phone_the_navigation_is_a_menu_that_escape_closes(open_page, bogdan: Member) -> None:
    page = open_page(bogdan, width=320)
    page.goto(reverse("site:today"))
    members = page.get_by_role("link", name="Members")
    expect(members).to_be_hidden()
    page.get_by_text("Menu", exact=True).click()
    expect(members).to_be_visible()
    page.keyboard.press("Escape")
    expect(members).to_be_hidden()


def test_pages_work_without_scripts(browser, live_server, bogdan: Member, signed_in) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 800})
    session = signed_in(bogdan).cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
    page = context.new_page()
    page.goto(live_server.url + reverse("site:today"))
    page.get_by_text("Menu", exact=True).click()
    page.get_by_role("button", name="Dark").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    expect(page.get_by_role("button", name="Keys")).to_be_hidden()
    page.locator(".ly-menu > summary").click()
    page.get_by_role("button", name="Dansk").click()
    expect(page.locator("html")).to_have_attribute("lang", "da")
    context.close()


def test_a_value_can_be_copied(open_page, bogdan: Member) -> None:
    page = open_page(bogdan, width=1280)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(reverse("site:look"))
    page.get_by_role("button", name="Copy address for the phone").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert page.evaluate("() => navigator.clipboard.readText()") == "https://lygte.example/d/4f2kq7"


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_axe_finds_nothing_at_all_on_the_style_page(theme: str, width: int, open_page, bogdan: Member) -> None:
    page = open_page(bogdan, theme=theme, width=width)
    page.goto(reverse("site:look"))
    found = Axe().run(page).response["violations"]
    assert [(fault["id"], fault["nodes"][0]["html"], fault["nodes"][0]["failureSummary"]) for fault in found] == []
    assert page.evaluate("() => document.documentElement.scrollWidth") <= width


def test_focus_is_drawn_in_lamp_yellow_inside_ink(open_page, bogdan: Member) -> None:
    page = open_page(bogdan, width=1280)
    page.goto(reverse("site:look"))
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    drawn = page.evaluate(
        "() => { const s = getComputedStyle(document.activeElement); return [s.outlineColor, s.outlineWidth, s.boxShadow] }"
    )
    assert drawn[:2] == ["rgb(255, 207, 64)", "3px"]
    assert drawn[2].startswith("rgb(29, 42, 47)")


def test_print_shows_only_the_page_on_white(open_page, bogdan: Member) -> None:
    page = open_page(bogdan, width=1280)
    page.goto(reverse("site:look"))
    page.emulate_media(media="print")
    expect(page.locator(".ly-side")).to_be_hidden()
    expect(page.locator(".ly-filters").first).to_be_hidden()
    expect(page.get_by_role("table").first).to_be_visible()
    assert page.evaluate("() => getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"


def test_an_impatient_finger_sends_a_form_once(open_page, bogdan: Member) -> None:
    page = open_page(bogdan, width=1280)
    page.goto(reverse("core:member_add"))
    stopped = page.evaluate("""() => {
        const stopped = [];
        const form = document.querySelector("main form");
        addEventListener("submit", (event) => { stopped.push(event.defaultPrevented); event.preventDefault(); });
        form.requestSubmit();
        form.requestSubmit();
        return stopped;
    }""")
    assert stopped == [False, True]
