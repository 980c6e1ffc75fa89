"""A person met on a visit asks for help: the whole way in a browser on a phone-sized screen, in three languages.

She agrees to two things and refuses a third, is referred twice, changes her mind, looks who has seen her record, adds
her own words, takes it away and is erased. Every step is a click on what the page before shows.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django_scopes import scopes_disabled
from playwright.sync_api import Page, expect

from lygte.care.support.referrals.models import Package
from lygte.core.consent.models import Consent, Erasure, Person
from lygte.core.models import Member, User
from lygte.core.people import Role
from lygte.core.vault.models import Wrapped
from lygte.directory.services.actions import Entry, add_service
from lygte.directory.services.models import Service
from tests.conftest import PASSWORD, open_vault
from tests.every_url.examples import visit
from tests.secrets_in_logs import listen_for

pytestmark = pytest.mark.browser

ASKED = "Sentinelword: I want to know whether I must pay this debt"
CALLED = "Sentinelname"
NOTE = "Sentinelnote: she will come again on Thursday"
OWN_WORDS = "Sentinelown: the debt is not mine"
listen_for("Sentinelword", "Sentinelname", "Sentinelnote", "Sentinelown")

LANGUAGES = ["en", "da", "nl"]


@pytest.fixture
def shots(request: pytest.FixtureRequest) -> Path | None:
    """A folder for pictures of every page, where somebody asks for them with LYGTE_SHOTS."""
    import os

    folder = os.environ.get("LYGTE_SHOTS")
    return Path(folder) if folder else None


class Walk:
    """One browser page, with a picture of every step where somebody wants to look."""

    def __init__(self, page: Page, name: str, shots: Path | None) -> None:
        self.page, self.name, self.shots, self.count = page, name, shots, 0

    def look(self, what: str) -> None:
        wide = self.page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
        assert not wide, f"{what} is wider than the screen"
        if self.shots:
            self.count += 1
            self.page.screenshot(path=self.shots / f"{self.name}-{self.count:02}-{what}.png", full_page=True)

    def go(self, path: str, what: str) -> None:
        response = self.page.goto(path)
        assert response and response.status == 200, f"{what}: {response and response.status}"
        self.look(what)

    def follow(self, link: str, what: str) -> None:
        """Follow a link whose address matches."""
        self.page.locator(f"main a[href*='{link}']:visible").first.click()
        self.page.wait_for_load_state()
        expect(self.page.locator("main h1")).to_be_visible()
        self.look(what)

    def press(self, form: str, what: str, button: str = "button:visible") -> None:
        """Press the button of a form whose address ends so."""
        self.page.locator(f"main form[action$='{form}'] {button}").last.click()
        self.page.wait_for_load_state()
        self.look(what)

    def text(self) -> str:
        return self.page.locator("body").inner_text()


def sign_in(walk: Walk, member: Member) -> None:
    """Sign in by password, as people do: it opens the key as well."""
    walk.page.goto("/account/login/")
    walk.page.locator("[name=login]").fill(member.user.email)
    walk.page.locator("[name=password]").fill(PASSWORD)
    walk.page.locator("main form button[type=submit]").click()
    expect(walk.page.locator("main h1")).to_be_visible()


def services(amina_house: Member) -> tuple[Service, Service]:
    """Add a legal service on Lygte and a shelter without an account; both invented."""
    hugo = Member.objects.get(user__email="hugo@example.org")
    user = User.objects.create_user("jan@example.org", PASSWORD, name="Jan")
    jan = Member.objects.create(user=user, organisation=hugo.organisation, role=Role.COORDINATOR)
    open_vault(jan, hugo)
    needs = {"alias": "To call you by it", "goal": "To find the right lawyer", "situation": "To prepare"}
    legal = add_service(
        member=jan, entry=Entry(name="Legal hour (invented)", kind="legal", areas=("DK", "NL"), needs=needs)
    )
    shelter = add_service(
        member=amina_house,
        entry=Entry(
            name="A bed (invented)",
            kind="housing",
            areas=("DK",),
            needs={"alias": "To expect you"},
            run_by="Somebody without an account (invented)",
        ),
    )
    return legal, shelter


def open_case(walk: Walk, met: Any) -> None:
    """From the visit: read the text, tick what she said yes to, write what she asks for."""
    walk.go(f"/visits/{met.ref}/", "visit")
    walk.follow("/cases/open/", "open")
    page = walk.page
    for group in ("goals", "identity", "notes", "account", "referrals"):
        page.locator(f"[name=groups][value={group}]").check()
    page.locator("[name=purposes][value=statistics]").check()  # yes to being counted, no to being contacted
    page.locator("[name=asked]").fill(ASKED)
    page.locator("main select[name=language]").select_option("th")
    assert page.locator("select[name=area]").input_value() == met.area
    page.locator("[name=called]").fill(CALLED)
    walk.press("/cases/open/", "case")
    expect(page.locator("main")).to_contain_text("Sentinelword")


def refuse_contact(walk: Walk, person: Person) -> None:
    """Ask whether she may be contacted, and write down her no."""
    walk.follow(f"/people/{person.ref}/consent/", "consent")
    walk.follow("/consent/ask/contact/", "asked-contact")
    walk.page.locator("main button[name=answer][value=no]").click()
    walk.page.wait_for_load_state()
    walk.look("said-no")


def refer(walk: Walk, case: str, person: Person, service: Service, values: dict[str, str], no_to: str = "") -> None:
    """Refer to a service: fill in what it asks for, show what would leave, take her yes to each part."""
    page = walk.page
    walk.go(case, "case-again")
    walk.follow(f"/referrals/people/{person.ref}/", "referrals")
    walk.follow(f"/referrals/people/{person.ref}/send/", "choose-service")
    walk.follow(service.ref, "what-they-ask")
    for name, value in values.items():
        page.locator(f"[name=is-{name}]").fill(value)
    walk.press(f"{service.ref}/", "what-would-leave")
    for box in page.locator("main input[name^=agree_]").all():
        if box.get_attribute("name") != f"agree_{no_to}":
            box.check()
    page.locator("main select[name=language]").select_option("th")
    page.locator("main button[name=step][value=send]").click()
    page.wait_for_load_state()
    walk.look("sent")


def make_slip(walk: Walk, case: str, person: Person) -> list[str]:
    walk.go(case, "case-before-slip")
    walk.go(f"/people/{person.ref}/paper/", "slip")
    walk.press("/paper/", "slip-shown")
    return [str(word) for word in walk.page.locator(".door-slip__words li").all_inner_texts()]


def door_of(open_page: Any, language: str, words: list[str], name: str, shots: Path | None) -> Walk:
    """Open the person's own page on another phone."""
    walk = Walk(open_page(None, language=language, width=360), name, shots)
    walk.go("/mine/", "door")
    walk.page.locator("[name=code]").fill("  ".join(word.upper() for word in words))
    walk.press("/mine/", "mine")
    return walk


def package_answer(client: Client, package: Package) -> int:
    return client.get(f"/referrals/inbox/{package.ref}/").status_code


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_person_asks_for_help_changes_her_mind_and_is_erased(
    open_page: Any, live_server: Any, everyone: dict[str, Member], language: str, shots: Path | None
) -> None:
    amina, bogdan = everyone["amina"], everyone["bogdan"]
    open_vault(bogdan, amina)
    with scopes_disabled():
        legal, shelter = services(bogdan)
        met = visit(amina)

    walk = Walk(open_page(None, language=language, width=360), language, shots)
    sign_in(walk, amina)
    open_case(walk, met)
    case = re.sub(r"^https?://[^/]+", "", walk.page.url)
    with scopes_disabled():
        person = Person.objects.get()

    # She agreed to two purposes and refuses a third; the no changes nothing in what can be done.
    refuse_contact(walk, person)
    with scopes_disabled():
        granted = set(Consent.objects.filter(person=person, kind="grant").values_list("purpose", flat=True))
        said_no = set(Consent.objects.exclude(kind__in=["grant", "withdraw"]).values_list("purpose", flat=True))
    assert granted == {"support", "statistics"} and said_no == {"contact"}

    # A note, a goal; then two referrals, each with no more than was asked for and agreed to.
    walk.go(case, "case-for-note")
    walk.follow("/new/note/", "note")
    walk.page.locator("[name=text]").fill(NOTE)
    walk.press("/new/note/", "noted")
    refer(walk, case, person, legal, {"alias": CALLED, "goal": ASKED, "situation": "Owes money"}, no_to="situation")
    refer(walk, case, person, shelter, {"alias": CALLED})
    with scopes_disabled():
        packages = {package.service_id: package for package in Package.objects.all()}
    assert set(packages) == {legal.pk, shelter.pk}
    assert Wrapped.objects.filter(kind="package").count() == 2

    # The lawyer opens it: what she agreed to pass on is there, what she did not is not.
    desk = Walk(open_page(None, language=language, width=360), f"{language}-lawyer", shots)
    sign_in(desk, Member.objects.get(user__email="hugo@example.org"))
    desk.go("/referrals/inbox/", "inbox")
    desk.follow(packages[legal.pk].ref, "package")
    assert "Sentinelword" in desk.text() and "Owes money" not in desk.text()

    # Her own page, on her own phone, with the paper: she sees the lawyer's look, and changes her mind.
    words = make_slip(walk, case, person)
    assert len(words) == 12
    mine = door_of(open_page, language, words, f"{language}-mine", shots)
    mine.follow("/mine/list/", "who-has-seen-me")
    seen = mine.text()
    assert "Amina" in seen and "Hugo" in seen, "everybody who looked stands in her list"
    mine.go("/mine/all/", "record")
    mine.page.locator("main a[href*='part=notes']").click()
    mine.look("record-notes")
    assert "Sentinelnote" in mine.text()
    mine.go("/mine/write/", "write")
    mine.page.locator("[name=text]").fill(OWN_WORDS)
    mine.press("/mine/write/", "written")
    mine.go("/mine/yes/", "agreed")
    taken_back = mine.page.locator(f"main form:has(input[name=recipient][value='service:{legal.ref}']) button")
    taken_back.click()
    mine.page.wait_for_load_state()
    mine.look("taken-back")
    desk.page.goto(f"/referrals/inbox/{packages[legal.pk].ref}/")
    desk.look("recalled")
    assert "Sentinelword" not in desk.text(), "after she took it back nobody reads it"
    assert Wrapped.objects.filter(kind="package").count() == 1

    # She takes everything away.
    mine.go("/mine/file/", "take")
    with mine.page.expect_download() as waiting:
        mine.page.locator("main form[action$='/mine/file/'] button").click()
    archive = zipfile.ZipFile(io.BytesIO(Path(waiting.value.path()).read_bytes()))
    said = json.loads(archive.read(next(name for name in archive.namelist() if name.endswith(".json"))))
    for word in ("Sentinelword", "Sentinelname", "Sentinelnote", "Sentinelown"):
        assert word in json.dumps(said)

    # And is erased: the door opens nothing, the worker finds nothing, one line stays that says nothing.
    mine.go("/mine/end/", "end")
    mine.page.locator("[name=when][value=now]").check()
    mine.page.locator("[name=understood]").check()
    mine.press("/mine/end/", "gone")
    again = Walk(open_page(None, language=language, width=360), f"{language}-again", shots)
    again.go("/mine/", "door-again")
    again.page.locator("[name=code]").fill(" ".join(words))
    again.page.locator("main form[action$='/mine/'] button").last.click()
    again.page.wait_for_load_state()
    assert "Sentinel" not in again.text()
    response = walk.page.goto(case)
    assert response and response.status == 404
    with scopes_disabled():
        assert not Person.objects.exists() and not Consent.objects.exists() and not Wrapped.objects.exists()
        assert Erasure.objects.get().at.date() <= timezone.now().date()
