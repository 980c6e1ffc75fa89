"""A form that only key-holders read, from the first tap to the opened answer; and what may happen to it on the way.

Filled in behind the unlock without a network, with a photo and a position, over an update of the app and a lock; sent
while the app is locked; opened with the organisation's key: coarse, without what was hidden in the photo.
"""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from django_scopes import scope, scopes_disabled
from PIL import Image
from playwright.sync_api import expect

from lygte.care.intake.actions import publish_form
from lygte.care.intake.actions.sealed import _file
from lygte.care.intake.instance import parse_instance
from lygte.care.intake.models import SealedSubmission, Submission
from lygte.core.models import Member
from lygte.core.vault import arrivals, envelopes
from lygte.site import views_field
from tests.conftest import open_vault
from tests.field.form.test_kinds import photo_with_place
from tests.field.shell.conftest import CODE, MakePhone, Phone, fill_form
from tests.field.shell.test_keeps_quiet import hide, put_away

pytestmark = pytest.mark.browser
WORKBOOK = """
| survey |
|        | type     | name  | label::English (en) | hint::English (en) | hint::Dansk (da) | default            |
|        | text     | said  | What was said       |                    | Med dine ord     |                    |
|        | geopoint | where | Where               |                    |                  |                    |
|        | image    | door  | The door            |                    |                  |                    |
|        | geopoint | start | Where we started    |                    |                  | 55.67612 12.56834 0 0 |
| settings |
|          | form_title  | form_id     | version | lygte_grade |
|          | Quiet words | quiet_words | 1       | locked      |
"""
SAID = "a lapwing behind the third house"
AT = {"latitude": 55.67612345, "longitude": 12.56834567, "accuracy": 4}


@pytest.fixture
def holder(everyone: dict[str, Member]) -> Member:
    """Somebody whose session has the organisation's key open."""
    return open_vault(everyone["bogdan"], everyone["amina"])[0]


@pytest.fixture
def locked_form(holder: Member, everyone: dict[str, Member]) -> Any:
    with scope(organisation=holder.organisation):
        return publish_form(member=everyone["bogdan"], workbook=WORKBOOK.encode(), filename="quiet.md")


def background_sync(phone: Phone) -> None:
    """What the system does when it finds a network: it wakes the service worker, whatever the page shows."""
    cdp = phone.context.new_cdp_session(phone.page)
    ids: list[str] = []
    cdp.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda said: ids.extend(one["registrationId"] for one in said["registrations"]),
    )
    cdp.send("ServiceWorker.enable")
    for _ in range(50):
        if ids:
            break
        phone.page.wait_for_timeout(100)
    sync = {"origin": phone.url, "registrationId": ids[-1], "tag": "send", "lastChance": True}
    cdp.send("ServiceWorker.dispatchSyncEvent", sync)


def opened_as_it_came(member: Member, sealed: SealedSubmission) -> tuple[bytes, list[tuple[str, bytes]]]:
    """What the phone sealed, before the server makes anything coarser or cleaner."""
    key = arrivals.open_sealed_key(member, sealed.ref)
    xml = arrivals.open_sealed_part(key, bytes(sealed.header), envelopes.FORM, sealed.box, sealed.ref)
    return xml, [_file(member, file) for file in sealed.files.all()]


def test_a_locked_form_with_a_photo_goes_the_whole_way(
    make_phone: MakePhone,
    link: str,
    locked_form: Any,
    holder: Member,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    door = tmp_path / "IMG_2026_home.jpg"
    door.write_bytes(photo_with_place())
    phone = make_phone(geolocation=AT, permissions=["geolocation"])
    phone.set_up(link)
    page = phone.page
    phone.go("forms")
    expect(page.locator("main")).to_contain_text("Only your organisation’s key-holders can read it.")
    page.evaluate("navigator.serviceWorker.ready")
    fill_form(page, SAID, finish=False)
    assert page.locator(".q-hint", has_text="-").count() == 0, "pyxform writes “-” where a language has no hint"

    # A new version of the app comes while the form is open: nothing happens until the app is locked.
    read = views_field._file

    def newer(name: str) -> tuple[bytes, str] | None:
        found = read(name)
        return (found[0] + b"\n// newer", found[1]) if found and name == "sw.js" else found

    monkeypatch.setattr(views_field, "_file", newer)
    page.evaluate("window.same = true")
    waits = """() => navigator.serviceWorker.ready.then((one) => one.update()).then(() => new Promise((done) => {
        const look = () => navigator.serviceWorker.ready.then((one) => (one.waiting ? done(true) : setTimeout(look, 100)));
        look(); }))"""
    assert page.evaluate(waits)
    page.get_by_role("button", name="Next").click()
    page.get_by_role("button", name="Take the position").click()
    expect(page.locator(".q-told", has_text="Kept")).to_contain_text("a square of about 1 km")
    page.get_by_role("button", name="Next").click()
    page.locator("input[type=file]").last.set_input_files(door)
    page.locator(".q-shown img").wait_for()
    page.wait_for_timeout(900)
    assert page.evaluate("window.same") is True
    with page.expect_event("load"):
        put_away(page)  # the new version starts, the draft stays
    page.locator("#code").wait_for()
    assert page.evaluate("window.same") is None
    phone.context.set_offline(True)
    phone.no_background_sync()
    phone.unlock()
    phone.go("forms")
    page.get_by_role("button", name="Go on").click()
    page.locator(".q-shown img").wait_for()
    page.get_by_role("button", name="All answers").click()
    expect(page.locator(".q-review")).to_contain_text(SAID)
    page.locator(".q-next").click()
    page.locator("#waiting", has_text="Waiting to be sent: 1").wait_for()
    page.locator("#lock").click()
    page.locator("#code").wait_for()
    with scopes_disabled():
        assert not SealedSubmission.objects.exists()

    # Locked, and back in the network: the service worker sends, by the ticket alone.
    phone.context.set_offline(False)
    background_sync(phone)
    with scopes_disabled():
        for _ in range(100):
            if SealedSubmission.objects.filter(file_count=1).exists():
                break
            page.wait_for_timeout(100)
        sealed = SealedSubmission.objects.get()
        assert not Submission.objects.exists()
        assert page.locator("#code").is_visible()
        xml, files = opened_as_it_came(holder, sealed)
    assert SAID.encode() in xml and parse_instance(xml).form_id == "quiet_words"
    assert b"<where>55.675 12.565 0 0</where>" in xml and b"<start>55.675 12.565 0 0</start>" in xml
    assert b"55.6761" not in xml and b"12.5683" not in xml
    [(name, photo)] = files
    assert name.startswith("door-") and name.encode() in xml and "IMG" not in name
    assert not Image.open(io.BytesIO(photo)).getexif() and b"Maker-of-phones" not in photo
    for word in (SAID, "55.6761", "Maker-of-phones", "Quiet words", CODE):
        assert word.encode() not in phone.bytes_on_disk()


def test_a_draft_ends_by_itself_also_where_no_server_is_reached(make_phone: MakePhone, link: str, form: Any) -> None:
    phone = make_phone()
    phone.set_up(link)
    fill_form(phone.page, "a wren in the hedge", finish=False)
    phone.page.wait_for_timeout(900)
    phone.page.clock.install()
    hide(phone.page)
    phone.context.set_offline(True)
    start = phone.page.evaluate("() => Date.now()") / 1000
    for hours, left in ((71, 1), (73, 0)):
        phone.page.clock.set_system_time(start + hours * 3600)
        phone.unlock()
        phone.go("forms")
        phone.page.get_by_role("button", name="Fill in").wait_for()
        assert phone.page.get_by_role("button", name="Go on").count() == left
        phone.page.locator("#lock").click()
