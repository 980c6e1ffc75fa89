"""Every screen of the app, behind the unlock: nothing serious for axe, nothing too wide at 320 pixels, every button by keyboard."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django_scopes import scope, scopes_disabled
from playwright.sync_api import Page, expect

from lygte.care.intake.actions import publish_form
from lygte.care.outreach.models import Place
from lygte.core.models import Member
from tests.conftest import open_vault
from tests.field.form.test_screens import SERIOUS
from tests.field.shell.conftest import CODE, NOTE, MakePhone, Phone, fill_form
from tests.field.shell.test_keeps_quiet import is_empty

pytestmark = pytest.mark.browser
LOOKS = [("en", "light"), ("da", "dark"), ("nl", "light"), ("ar", "dark")]
LOCKED = """
| survey |
|        | type     | name  | label::English (en) | label::Dansk (da)    | label::Nederlands (nl) | label::العربية (ar) | hint::Dansk (da) |
|        | text     | said  | What was said       | Hvad blev der sagt   | Wat werd er gezegd     | ماذا قيل            | Med dine ord     |
|        | geopoint | where | Where               | Hvor                 | Waar                   | أين                 |                  |
|        | image    | door  | The door            | Døren                | De deur                | الباب               |                  |
| settings |
|          | form_title     | form_id     | version | lygte_grade |
|          | Words in quiet | quiet_words | 1       | locked      |
"""
SECOND = "4711"


def looked_like(page: Page, language: str, theme: str) -> None:
    """Let the open app speak another language, in another light."""
    page.evaluate("(language) => localStorage.setItem('language', language)", language)
    page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]


def faults(page: Page) -> list[str]:
    found = [
        f"{one['id']}: {one['nodes'][0]['html'][:160]}"
        for one in Axe().run(page).response["violations"]
        if one["impact"] in SERIOUS
    ]
    wide = page.evaluate("() => document.documentElement.scrollWidth - innerWidth")
    small = page.evaluate(
        """() => [...document.querySelectorAll("button, select, input:not(.q-file):not([type=radio]):not([type=checkbox])")]
            .filter((one) => one.offsetParent && one.getBoundingClientRect().height < 44).map((one) => one.outerHTML.slice(0, 80))"""
    )
    return (
        found + ([f"{wide} pixels too wide"] if wide > 0 else []) + [f"too small for a thumb: {one}" for one in small]
    )


def unlocked(phone: Phone, code: str = CODE) -> None:
    phone.page.locator("#code").fill(code)
    phone.page.keyboard.press("Enter")
    phone.page.locator(".f-ways").wait_for()


def walk(phone: Phone) -> Iterator[str]:
    """Show every screen in turn and say which one it is. The app is open when it begins and ends."""
    page = phone.page
    page.locator("#lock").click()
    page.locator("#code").fill("no code at all")
    page.keyboard.press("Enter")
    page.get_by_role("alert").wait_for()
    yield "unlock"
    unlocked(phone)
    page.locator(".f-contact, .f-notice").first.wait_for()
    yield "today"
    page.locator("main section .f-button--secondary").last.click()
    yield "places"
    phone.go("forms")
    page.locator(".f-row").last.wait_for()
    yield "forms"
    page.locator("main > .f-list .f-button--primary").last.click()
    page.locator(".f-form .q").first.wait_for()
    yield "form"
    page.locator(".q-next").click()
    page.locator("details summary").first.click()
    yield "form, a position"
    page.locator(".q-icon").nth(1).click()
    page.locator(".q-review").wait_for()
    yield "review"
    page.locator(".q-icon").first.click()
    page.locator(".f-ways").wait_for()
    phone.go("queue")
    yield "queue"
    phone.go("safe")
    yield "safe"
    phone.go("more")
    yield "more"
    page.locator("main .f-stack button").first.click()
    yield "settings"
    phone.go("more")
    page.locator("main .f-stack button").nth(1).click()
    page.locator(".f-holds dd").last.wait_for()
    yield "holds"
    page.locator("#lock").click()
    unlocked(phone, SECOND)
    yield "second code"
    page.locator("#lock").click()
    unlocked(phone)


@pytest.fixture
def busy_phone(make_phone: MakePhone, link: str, form: Any, everyone: dict[str, Member]) -> Callable[..., Phone]:
    """A phone that was in use: places, a draft, two sealed forms of which one waits, a second code."""
    holder = open_vault(everyone["bogdan"], everyone["amina"])[0]
    with scope(organisation=holder.organisation):
        publish_form(member=everyone["bogdan"], workbook=LOCKED.encode(), filename="quiet.md")
    with scopes_disabled():
        for number in range(10):
            Place.objects.create(
                organisation=holder.organisation, kind="clinic", area="DK-461", code_name=f"Quiet Heron {number}",
                short_code=f"AAA{number:03}", languages=["th", "ro"], created_on=date(2026, 1, 5),
            )  # fmt: skip

    def make(look: Callable[[str, Page], None], looks: list[tuple[str, str]], width: int = 320) -> Phone:
        phone = make_phone(viewport={"width": width, "height": 640})
        page = phone.page
        page.goto(link)
        page.locator("[name=code]").wait_for()
        for language, theme in looks:
            page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
            page.locator("#language").select_option(language)
            page.locator("form button[type=submit]").click()  # too short a code: an error stands there
            look(f"set-up {language}", page)
        page.locator("#language").select_option("en")
        for name in ("code", "again"):
            page.locator(f"[name={name}]").fill(CODE)
        page.locator("form button[type=submit]").click()
        page.locator(".f-ways").wait_for()
        phone.no_background_sync()
        phone.go("forms")
        page.get_by_role("button", name="Fill in").nth(1).wait_for()
        fill_form(page, "a bittern")
        expect(page.locator("[data-queue] .f-tag--green")).to_have_count(1)
        phone.context.set_offline(True)
        fill_form(page, "a kestrel")
        fill_form(page, "a wren", finish=False)
        page.wait_for_timeout(800)
        page.locator(".q-icon").first.click()
        phone.go("more")
        page.locator("main .f-stack button").first.click()
        second = page.locator("[data-code=second]")
        for name in ("second", "second-again"):
            second.locator(f"[name={name}]").fill(SECOND)
        second.get_by_role("button").click()
        second.get_by_role("status").wait_for()
        return phone

    return make


def tab_to(page: Page, selector: str) -> None:
    for _ in range(60):
        if page.evaluate("(selector) => document.activeElement.matches(selector)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{selector} is not reached with Tab")


def test_by_keyboard_alone_from_the_link_to_the_empty_app(make_phone: MakePhone, link: str, form: Any) -> None:
    phone = make_phone()
    page, keys = phone.page, phone.page.keyboard
    page.goto(link)
    page.locator("[name=code]").wait_for()
    for name in ("code", "again"):
        tab_to(page, f"[name={name}]")
        keys.type(CODE)
    keys.press("Enter")
    page.locator("#way-forms").wait_for()
    tab_to(page, "#way-forms")
    keys.press("Enter")
    page.get_by_role("button", name="Fill in").wait_for()
    tab_to(page, "main .f-button--primary")
    keys.press("Enter")
    page.locator(NOTE).wait_for()
    page.keyboard.press("Tab")
    tab_to(page, ".q-icon")
    keys.press("Enter")  # opened and left again: that is no draft
    page.get_by_role("button", name="Fill in").wait_for()
    assert page.get_by_role("button", name="Go on").count() == 0
    tab_to(page, "main .f-button--primary")
    keys.press("Enter")
    page.locator(NOTE).wait_for()
    tab_to(page, NOTE)
    keys.type("a dipper")
    keys.press("Enter")
    page.locator("input[type=file]").first.wait_for(state="attached")
    for _ in range(2):
        tab_to(page, ".q-next")
        keys.press("Enter")
    page.locator("#waiting").wait_for()
    tab_to(page, "#lock")
    keys.press("Enter")
    page.locator("#code:focus").wait_for()  # ready to be typed into
    keys.type(CODE)
    keys.press("Enter")
    page.locator("#lock").wait_for()
    tab_to(page, "#lock")
    keys.down("Enter")
    page.get_by_role("heading", name="Set up this app").wait_for()
    keys.up("Enter")
    assert is_empty(page)


def test_every_screen_in_four_languages_and_both_lights(busy_phone: Callable[..., Phone]) -> None:
    found: dict[str, list[str]] = {}

    def look(name: str, page: Page) -> None:
        found[name] = faults(page)

    phone = busy_phone(look, LOOKS)
    for language, theme in LOOKS:
        looked_like(phone.page, language, theme)
        phone.go("more")
        phone.page.locator("#language").select_option(language)
        for screen in walk(phone):
            look(f"{screen} {language}", phone.page)
            assert phone.page.evaluate("() => document.documentElement.dir") == ("rtl" if language == "ar" else "ltr")
    assert {name: wrong for name, wrong in found.items() if wrong} == {}
    assert len(found) == len(LOOKS) * 14
