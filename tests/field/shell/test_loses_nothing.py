"""The worst evening: no network, three forms with photos, a battery that dies. All three arrive, once; nobody read them."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest
from django_scopes import scope, scopes_disabled
from playwright.sync_api import expect

from lygte.care.intake.actions import find_device_by_token, publish_form
from lygte.care.intake.models import Attachment, Submission
from lygte.care.intake.views import field
from lygte.core.models import Member
from tests.field.shell.conftest import CODE, NOTE, WORKBOOK, MakePhone, fill_form

pytestmark = pytest.mark.browser
WORDS = [f"kingfisher number {word} under the bridge" for word in ("one", "two", "three")]


def arrived() -> tuple[int, int]:
    with scopes_disabled():
        return Submission.objects.count(), Attachment.objects.count()


def test_three_forms_filled_in_without_a_network_arrive_once_after_the_browser_was_killed(
    make_phone: MakePhone, link: str, device: Any, form: Any, photo: Path
) -> None:
    phone = make_phone()
    phone.set_up(link)
    phone.go("forms")
    expect(phone.page.get_by_role("button", name="Fill in")).to_be_visible()
    assert phone.page.evaluate(
        """() => navigator.serviceWorker.ready.then(({ active }) => active.state === "activated" || new Promise(
            (done) => active.addEventListener("statechange", () => done(active.state === "activated"))))"""
    )
    assert phone.page.evaluate("fetch(document.querySelector('link[rel=manifest]').href).then((one) => one.ok)")
    assert "connect" not in phone.page.url

    phone.close()
    phone.start(offline=True)
    phone.page.goto("/field/")
    phone.no_background_sync()
    phone.unlock()
    for words in WORDS:
        fill_form(phone.page, words, photo)
    expect(phone.page.locator("#waiting")).to_contain_text("Waiting to be sent: 3")
    phone.go("forms")  # what is sealed is no draft any more: nobody can send it once again, or read it
    phone.page.get_by_role("button", name="Fill in").wait_for()
    assert phone.page.get_by_role("button", name="Go on").count() == 0
    assert arrived() == (0, 0)

    phone.kill()
    with scopes_disabled():
        assert find_device_by_token(device.token) is None, "the browser's history keeps the link, so it must be dead"
    own = phone.tokens - {device.token}
    assert own
    secrets = [*WORDS, "kingfisher", *own, CODE, "Lanternen", "Evening counts"]
    on_disk = phone.bytes_on_disk()
    assert len(on_disk) > 3_000_000
    assert [word for word in secrets if word.encode() in on_disk or word.encode("utf-16-le") in on_disk] == []

    phone.start()
    phone.page.goto("/field/")
    phone.unlock()
    phone.go("queue")
    expect(phone.page.locator("#waiting")).to_have_text("Nothing waits to be sent.")
    expect(phone.page.locator("[data-queue] .f-tag--green")).to_have_count(3)
    assert arrived() == (3, 3)
    with scopes_disabled():
        found = sorted(bytes(one.xml).decode() for one in Submission.objects.all())
    assert all(any(words in xml for xml in found) for words in WORDS)


def test_a_draft_goes_on_in_its_own_version_and_a_damaged_form_is_not_taken(
    make_phone: MakePhone, link: str, form: Any, everyone: dict[str, Member]
) -> None:
    phone = make_phone()
    phone.set_up(link)
    page, label = phone.page, phone.page.locator(".f-form .q").first
    fill_form(page, WORDS[0], finish=False)
    page.wait_for_timeout(800)
    page.locator(".q-icon").first.click()
    newer = WORKBOOK.replace("What was it", "Which bird").replace("| 1       |", "| 2       |")
    with scope(organisation=everyone["bogdan"].organisation):
        publish_form(member=everyone["bogdan"], workbook=newer.encode(), filename="heron.md")

    def asks(words: str, way: str = "Fill in") -> None:
        """Look for the forms anew; whichever is opened then asks this. Nothing is written in it."""
        phone.go("queue")
        with page.expect_response("**/formList"):
            page.locator("#send").click()
        page.wait_for_timeout(700)
        phone.go("forms")
        page.get_by_role("button", name=way).click()
        expect(label).to_contain_text(words)

    phone.context.route("**/forms/*.xml", lambda way: way.fulfill(body=way.fetch().body().replace(b"bird", b"word")))
    asks("What was it")
    page.locator(".q-icon").first.click()
    phone.context.unroute("**/forms/*.xml")
    asks("Which bird")
    page.locator(".q-icon").first.click()
    asks("What was it", "Go on")
    expect(page.locator(NOTE)).to_have_value(WORDS[0])
    page.get_by_role("button", name="All answers").click()
    page.locator(".q-next").click()
    page.locator("#waiting", has_text="Nothing waits to be sent.").wait_for()
    with scopes_disabled():
        assert Submission.objects.get().form_version.version == "1"


def test_an_answer_lost_on_the_way_and_two_tabs_make_no_double(
    make_phone: MakePhone, link: str, form: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone = make_phone()
    phone.set_up(link)
    phone.go("forms")
    phone.page.get_by_role("button", name="Fill in").wait_for()
    taken, lose = [], threading.Event()
    lose.set()
    take = field.receive_envelope

    def takes_and_forgets_to_answer(**given: Any) -> Any:
        taken.append(take(**given))
        if lose.is_set():
            raise OSError("the line is gone")
        return taken[-1]

    monkeypatch.setattr(field, "receive_envelope", takes_and_forgets_to_answer)
    for words in WORDS[:2]:
        fill_form(phone.page, words)
    expect(phone.page.locator("[data-queue] .f-tag--amber")).to_have_count(2)
    for _ in range(50):
        if taken:
            break
        phone.page.wait_for_timeout(100)
    assert taken, "nothing was sent at all"
    lose.clear()
    other = phone.context.new_page()
    other.goto("/field/")
    other.locator("#code").fill(CODE)
    other.get_by_role("button", name="Open", exact=True).click()
    other.locator("#way-queue").click()
    for page in (other, phone.page):
        page.locator("#send").click()
    expect(other.locator("#waiting")).to_have_text("Nothing waits to be sent.")
    assert arrived()[0] == 2
    assert len(taken) > 2
