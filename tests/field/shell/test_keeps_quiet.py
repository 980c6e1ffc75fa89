"""What a phone shows to whoever takes it: nothing without the code, an empty app with the second one, nothing when emptied."""

from __future__ import annotations

import time
from typing import Any

import pytest
from django_scopes import scope
from playwright.sync_api import Page, expect

from lygte.care.intake.actions import revoke_device
from lygte.core.models import Member
from tests.field.shell.conftest import CODE, NOTE, MakePhone, fill_form, what_is_stored

pytestmark = pytest.mark.browser
SECOND = "4711"


def put_away(page: Page) -> None:
    page.evaluate(
        """() => { Object.defineProperty(document, "hidden", { value: true, configurable: true });
                   document.dispatchEvent(new Event("visibilitychange")); }"""
    )


def hide(page: Page) -> None:
    put_away(page)
    page.locator("#code").wait_for()
    page.evaluate("delete document.hidden")


def hold(page: Page, selector: str) -> None:
    """Press with a thumb and keep it there until the app is empty."""
    page.locator(selector).hover()
    page.mouse.down()
    page.get_by_role("heading", name="Set up this app").wait_for()
    page.mouse.up()


def locked_keys(page: Page) -> list[bytes]:
    """The first bytes of every slot: the notebook's key, locked under the code."""
    heads = page.evaluate(
        """async () => {
          const asked = (request) => new Promise((done) => { request.onsuccess = () => done(request.result); });
          const database = await asked(indexedDB.open("app"));
          const slots = database.transaction("slots").objectStore("slots");
          const found = await Promise.all([0, 1, 2, 3].map((slot) => asked(slots.get(slot))));
          database.close();
          return found.map((slot) => [...slot.slice(0, 64)]);
        }"""
    )
    return [bytes(head) for head in heads]


def is_empty(page: Page) -> bool:
    stored = what_is_stored(page)
    # Emptied, the app loads itself anew from the server and keeps itself again; nothing else.
    return stored["sizes"] in ({}, {"bulk": [], "outbox": [], "slots": []}) and stored["local"] == {}


def test_a_draft_survives_the_lock_and_only_the_code_brings_it_back(
    make_phone: MakePhone, link: str, form: Any
) -> None:
    phone = make_phone()
    phone.page.clock.install()
    phone.set_up(link)
    fill_form(phone.page, "a wren in the hedge", finish=False)
    phone.page.locator("#lock").click()  # inside the form, right after the last letter
    expect(phone.page.locator("#code")).to_be_visible()
    assert "wren" not in phone.page.content() and "Lanternen" not in phone.page.content()
    phone.page.get_by_role("button", name="Open", exact=True).click()
    expect(phone.page.get_by_role("alert")).to_contain_text("Type your code first")
    phone.page.locator("#code").fill("not the code at all")
    phone.page.get_by_role("button", name="Open", exact=True).click()
    expect(phone.page.get_by_role("alert")).to_contain_text("does not open anything")
    phone.unlock()
    phone.go("forms")
    phone.page.get_by_role("button", name="Go on").click()
    expect(phone.page.locator(NOTE)).to_have_value("a wren in the hedge")
    # Put down and forgotten, it locks itself: not while somebody may still be reading, and not much later.
    phone.page.clock.fast_forward("01:30")
    expect(phone.page.locator(NOTE)).to_be_visible()
    phone.page.clock.fast_forward("01:00")
    expect(phone.page.locator("#code")).to_be_visible()
    assert "wren" not in phone.page.content()
    phone.page.context.close()
    assert b"a wren in the hedge" not in phone.bytes_on_disk()


def test_the_second_code_opens_an_empty_app_and_looks_the_same_from_outside(
    make_phone: MakePhone, link: str, form: Any
) -> None:
    phone = make_phone()
    phone.set_up(link)
    fill_form(phone.page, "a wren in the hedge", finish=False)
    phone.page.wait_for_timeout(800)
    hide(phone.page)
    phone.unlock()
    before = what_is_stored(phone.page)["sizes"]
    phone.go("more")
    phone.page.get_by_role("button", name="Settings").click()
    form_of_code = phone.page.locator("[data-code=second]")
    form_of_code.locator("[name=second]").fill(SECOND)
    form_of_code.locator("[name=second-again]").fill(SECOND)
    form_of_code.get_by_role("button").click()
    expect(form_of_code.get_by_role("status")).to_contain_text("The second code is set")
    assert what_is_stored(phone.page)["sizes"] == before  # who looks at the storage does not see that there is one
    assert len(set(before["slots"][:4])) == 1 and len(before["slots"]) == 5
    assert len(before["bulk"]) % 32 == 0 and len(set(before["bulk"])) == 1

    phone.page.locator("#lock").click()
    phone.unlock(SECOND)
    expect(phone.page.locator("main")).to_contain_text("no link to an organisation")
    for way in ("forms", "queue", "safe", "more"):
        phone.go(way)
        shown = phone.page.locator("main").inner_text()
        assert "wren" not in shown and "Evening" not in shown and "Bogdan" not in shown
    phone.page.locator("#lock").click()
    phone.unlock()
    phone.go("forms")
    expect(phone.page.get_by_role("button", name="Go on")).to_be_visible()


def test_holding_the_lock_empties_the_app_and_a_tap_does_not(make_phone: MakePhone, link: str, form: Any) -> None:
    phone = make_phone()
    phone.set_up(link)
    fill_form(phone.page, "a wren in the hedge", finish=False)
    phone.page.wait_for_timeout(800)
    hide(phone.page)
    phone.unlock()
    phone.page.locator("#lock").click()
    expect(phone.page.locator("#code")).to_be_visible()
    assert not is_empty(phone.page)
    phone.unlock()
    phone.go("forms")
    phone.page.get_by_role("button", name="Go on").click()
    phone.page.locator(NOTE).fill("a wren in the hedge again")
    for _ in range(20):  # the draft is written once more, a moment after the last letter
        phone.page.wait_for_timeout(500)
        keys = locked_keys(phone.page)
        if all(key in phone.bytes_on_disk() for key in keys):
            break
    else:
        pytest.fail("the locked keys were not found on the disk while they were in use")
    hold(phone.page, "#lock")  # inside a form as well
    assert is_empty(phone.page)
    phone.close()
    on_disk = phone.bytes_on_disk()
    for word in ("a wren in the hedge", "Evening counts", "Lanternen", CODE):
        assert word.encode() not in on_disk and word.encode("utf-16-le") not in on_disk
    assert not any(key in on_disk for key in keys), "whoever gets the code later could open what was"


def test_a_phone_that_was_cut_off_is_empty_after_its_next_contact(
    make_phone: MakePhone, link: str, device: Any, form: Any, everyone: dict[str, Member]
) -> None:
    phone = make_phone()
    phone.set_up(link)
    phone.go("forms")
    phone.page.get_by_role("button", name="Fill in").wait_for()
    member = everyone["bogdan"]
    with scope(organisation=member.organisation):
        device.device.refresh_from_db()
        revoke_device(member=member, device=device.device)
    phone.go("queue")
    phone.page.locator("#send").click()
    expect(phone.page.get_by_role("heading", name="Set up this app")).to_be_visible()
    assert is_empty(phone.page)


def test_a_hotel_page_in_between_empties_nothing(
    make_phone: MakePhone, link: str, form: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.http import HttpResponse

    from lygte.care.intake import phone_json

    phone = make_phone()
    phone.set_up(link)
    phone.go("forms")
    phone.page.get_by_role("button", name="Fill in").wait_for()
    monkeypatch.setattr(phone_json, "said", lambda *_: HttpResponse("<h1>Welcome to the hotel</h1>", status=403))
    phone.go("queue")
    phone.page.locator("#send").click()
    time.sleep(1)
    expect(phone.page.locator("#waiting")).to_be_visible()
    assert not is_empty(phone.page)

    # It says “fine” to a form that is sent, too: only our own server's word takes one out of the queue.
    phone.no_background_sync()
    said = iter([200, 201] * 50)
    phone.context.route("**/field/send/*", lambda way: way.fulfill(status=next(said), body="<h1>Welcome</h1>"))
    fill_form(phone.page, "a wren in the hedge")
    for _ in range(2):
        with phone.page.expect_response("**/field/send/*"):
            phone.page.locator("#send").click()
        phone.page.wait_for_timeout(300)
    expect(phone.page.locator("#waiting")).to_contain_text("Waiting to be sent: 1")


def test_the_link_works_once(make_phone: MakePhone, link: str, form: Any) -> None:
    first, second = make_phone("first"), make_phone("second")
    first.set_up(link)
    first.go("forms")
    first.page.get_by_role("button", name="Fill in").wait_for()
    second.follow(link)
    expect(second.page.locator("main")).to_contain_text("does not know this phone any more")
