"""A phone: a Chromium with a profile folder of its own, which can be switched off the network, killed and started again."""

from __future__ import annotations

import contextlib
import os
import re
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django_scopes import scope
from PIL import Image
from playwright.sync_api import BrowserContext, Page, expect

from lygte.care.intake.actions import NewDevice, add_device, publish_form
from lygte.core.models import Member
from tests.browser import CHROMIUM, FLAGS

expect.set_options(timeout=30_000)  # a busy machine is not a broken app
NOTE = ".f-form .q input[type=text], .f-form .q textarea"
CODE = "a heron at dusk"
WORKBOOK = """
| survey |
|        | type  | name  | label       |
|        | text  | note  | What was it |
|        | image | photo | A photo     |
| settings |
|          | form_title     | form_id     | version |
|          | Evening counts | heron_count | 1       |
"""


class Phone:
    """A browser with a profile on the disk."""

    def __init__(self, playwright: Any, folder: Path, url: str, language: str = "en", **settings: Any) -> None:
        self.playwright, self.folder, self.url, self.language = playwright, folder, url, language
        self.settings = settings
        self.context: BrowserContext
        self.tokens: set[str] = set()  # by which the app made itself known
        self.start()

    def start(self, **more: Any) -> Page:
        settings = {"viewport": {"width": 360, "height": 740}, "reduced_motion": "reduce", **self.settings, **more}
        self.context = self.playwright.chromium.launch_persistent_context(
            str(self.folder), executable_path=CHROMIUM, args=FLAGS, base_url=self.url, locale=self.language, **settings
        )
        self.context.set_default_timeout(60_000)
        self.context.on("request", lambda request: self.tokens.update(re.findall(r"/-/([^/]+)/", request.url)))
        return self.page

    @property
    def page(self) -> Page:
        return self.context.pages[0]

    def kill(self) -> None:
        """End the browser as an empty battery does."""
        for process in Path("/proc").iterdir():
            with contextlib.suppress(OSError, ValueError):
                words = (process / "cmdline").read_bytes()
                if f"--user-data-dir={self.folder}".encode() in words:
                    os.kill(int(process.name), signal.SIGKILL)
        with contextlib.suppress(Exception):
            self.context.close()
        for name in ("SingletonLock", "SingletonCookie", "SingletonSocket"):
            (self.folder / name).unlink(missing_ok=True)

    def close(self) -> None:
        with contextlib.suppress(Exception):
            self.context.close()

    # What a worker does ----------------------------------------------------------------------------------------------
    def set_up(self, link: str, code: str = CODE) -> None:
        self.follow(link, code)
        self.page.locator(".f-ways").wait_for()

    def follow(self, link: str, code: str = CODE) -> None:
        """Open the link and choose a code; what the server says of the link comes after."""
        self.page.goto(link)
        self.page.locator("[name=code]").fill(code)
        self.page.locator("[name=again]").fill(code)
        self.page.get_by_role("button", name="Start").click()

    def unlock(self, code: str = CODE) -> None:
        self.page.locator("#code").fill(code)
        self.page.get_by_role("button", name="Open", exact=True).click()
        self.page.locator(".f-ways").wait_for()

    def go(self, way: str) -> None:
        self.page.locator(f"#way-{way}").click()

    def no_background_sync(self) -> None:
        """Switched off the network by a test, a service worker that the system wakes still reaches the server at times."""
        self.page.evaluate("() => { SyncManager.prototype.register = async () => undefined; }")

    def bytes_on_disk(self) -> bytes:
        """Everything in the profile folder."""
        return b"\0".join(path.read_bytes() for path in self.folder.rglob("*") if path.is_file())


@pytest.fixture(scope="session")
def playwright_of_phones(browser: Any) -> Any:
    """The same Playwright as every browser test of the process: two of them do not get along."""
    return browser.browser_type


MakePhone = Callable[..., Phone]


@pytest.fixture
def make_phone(playwright_of_phones: Any, live_server: Any, tmp_path: Path) -> Iterator[MakePhone]:
    made: list[Phone] = []

    class Kit:
        chromium = playwright_of_phones

    def make(name: str = "phone", language: str = "en", **settings: Any) -> Phone:
        made.append(Phone(Kit, tmp_path / name, live_server.url, language, **settings))
        return made[-1]

    yield make
    for phone in made:
        phone.close()


@pytest.fixture
def form(everyone: dict[str, Member]) -> Any:
    member = everyone["bogdan"]
    with scope(organisation=member.organisation):
        return publish_form(member=member, workbook=WORKBOOK.encode(), filename="heron.md")


@pytest.fixture
def device(everyone: dict[str, Member]) -> NewDevice:
    member = everyone["amina"]
    with scope(organisation=member.organisation):
        return add_device(member=member, label="blue phone")


@pytest.fixture
def link(device: NewDevice, live_server: Any) -> str:
    return f"{live_server.url}/field/#connect={device.token}"


def fill_form(page: Page, words: str, photo: Path | None = None, finish: bool = True) -> None:
    """Fill in the heron form, by whichever half of the app shows it, and finish it."""
    page.locator("#way-forms").click()
    page.get_by_role("button", name="Fill in").first.click()
    page.locator(NOTE).fill(words)
    if not finish:
        return
    for _ in range(6):  # questions, review, sealed
        if page.locator(".f-form input[type=file]").count() and photo:
            page.locator(".f-form input[type=file]").first.set_input_files(photo)
            photo = None
            page.wait_for_timeout(400)
        last = page.locator(".q-review").count() > 0  # pressed once: the button goes while the form is being sealed
        page.locator(".q-next").click()
        if last:
            break
        page.wait_for_timeout(150)
    page.locator("#waiting").wait_for()


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """A picture that looks like a photo: large, and hard to press together."""
    path = tmp_path / "photo.jpg"
    Image.frombytes("RGB", (640, 480), os.urandom(640 * 480 * 3)).save(path, quality=90)
    return path


def what_is_stored(page: Page) -> Any:
    """Everything that scripts can find in this browser: names and sizes in the database, caches, local storage."""
    return page.evaluate(
        """async () => {
          const sizes = {};
          if ((await indexedDB.databases()).length) {
            const database = await new Promise((done) => {
              const request = indexedDB.open("app");
              request.onsuccess = () => done(request.result);
            });
            for (const name of database.objectStoreNames) {
              const store = database.transaction(name).objectStore(name);
              const values = await new Promise((done) => {
                const request = store.getAll();
                request.onsuccess = () => done(request.result);
              });
              sizes[name] = values.map((value) => value.length ?? value.envelope.length);
            }
            database.close();
          }
          return { sizes, caches: await caches.keys(), local: { ...localStorage } };
        }"""
    )
