"""A real Chromium against a real server: sign-in by cookie, any language, light or dark, any width."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Page, sync_playwright

from lygte.core.models import Member
from lygte.core.vault.ciphers import lock, random_key
from lygte.core.vault.sessions import SLOT, cookie_name, encode

CHROMIUM = os.environ.get("LYGTE_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


def opened_vault(client: Client, member: Member) -> dict[str, str]:
    """Open the locked part in a signed-in client, as the unlock page does; return the cookie that keeps it open."""
    secret, session = random_key(), client.session
    box = lock(secret, member.keyring.private, f"session|{member.ref}".encode())
    session[SLOT] = {"member": member.ref, "box": encode(box)}
    session.save()
    return {cookie_name(): encode(secret)}


OpenPage = Callable[..., Page]


@pytest.fixture
def open_page(browser: Browser, live_server: Any) -> Iterator[OpenPage]:
    """Return a function that opens a browser page for a member (or for nobody)."""
    contexts: list[Any] = []

    def open_for(
        member: Member | None = None,
        language: str = "en",
        theme: str = "light",
        width: int = 360,
        scripts: bool = True,
    ) -> Page:
        context = browser.new_context(
            base_url=live_server.url,
            viewport={"width": width, "height": 800},
            color_scheme=theme,
            reduced_motion="reduce",
            java_script_enabled=scripts,
        )
        contexts.append(context)
        cookies = {settings.LANGUAGE_COOKIE_NAME: language, "theme": theme}
        if member is not None:
            client = Client()
            client.force_login(member.user)
            session = client.session  # as if the password had just been given: pages of security ask for it
            session["account_authentication_methods"] = [{"method": "password", "at": time.time()}]
            session.save()
            cookies[settings.SESSION_COOKIE_NAME] = client.cookies[settings.SESSION_COOKIE_NAME].value
            if getattr(member, "keyring", None) is not None:  # as if they had opened the locked part as well
                cookies |= opened_vault(client, member)
        context.add_cookies([{"name": k, "value": v, "url": live_server.url} for k, v in cookies.items()])
        page = context.new_page()
        page.set_default_timeout(15_000)
        return page

    yield open_for
    for context in contexts:
        context.close()
