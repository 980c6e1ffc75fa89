"""Everybody can use every page: axe finds nothing serious, in three languages, light and dark, at 320 pixels.

The pages come from the resolver: a new one is looked at unasked. Also: nothing is fetched from anywhere else, nothing
breaks the Content-Security-Policy, and no page is wider than the phone. Night changes colours and nothing else, and
no colour depends on the language: so colours are looked at in English only, by day and then by night without opening
the page again.
"""

from __future__ import annotations

from typing import Any

from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from playwright.sync_api import Page

from lygte.core.access import may
from lygte.core.models import Member
from tests.conftest import open_vaults
from tests.every_url.examples import EXAMPLES, NO_PAGE
from tests.every_url.walk import Address, addresses

SERIOUS = {"serious", "critical"}


def visitor(address: Address, everyone: dict[str, Member]) -> Member | None:
    """Return somebody who may see the page; a coordinator before a worker, since they see more of it."""
    if address.public and not address.name.startswith(("mfa_", "account_")):
        return None
    if address.public:
        return everyone["amina"]
    order = ["bogdan", "amina", "dorte", "emil", "freja", "gitte", "hugo", "henk"]
    return next(everyone[name] for name in order if may(everyone[name], address.view.verb))


ANOTHER_LANGUAGE = {"rules": {"color-contrast": {"enabled": False}}}
AT_NIGHT = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}


def serious(page: Page, options: dict[str, Any] | None = None) -> list[str]:
    return [
        f"{violation['id']}: " + "; ".join(node["html"][:140] for node in violation["nodes"][:3])
        for violation in Axe().run(page, options=options).response["violations"]
        if violation["impact"] in SERIOUS
    ]


def faults(page: Page, url: str, others: list[str], language: str) -> list[str]:
    response = page.request.get(url)
    if response.status == 405 or not response.headers.get("content-type", "").startswith("text/html"):
        return []  # what only takes POST, and files
    page.goto(url)
    found = [] if response.status < 400 or url.count("a" * 26) else [f"status {response.status}"]
    found += serious(page, None if language == "en" else ANOTHER_LANGUAGE)
    too_wide = page.evaluate("() => document.documentElement.scrollWidth - window.innerWidth")
    if too_wide > 0:
        found.append(f"{too_wide} pixels wider than the screen")
    if language == "en":
        page.evaluate("() => document.documentElement.setAttribute('data-theme', 'dark')")
        found += [f"by night: {fault}" for fault in serious(page, AT_NIGHT)]
    return found + others


def walk_pages(language: str, open_page: Any, live_server: Any, everyone: dict[str, Member]) -> None:
    """Open every page there is in one language, and fail with all that was found."""
    TOTP.activate(everyone["amina"].user, generate_totp_secret())
    RecoveryCodes.activate(everyone["amina"].user)
    open_vaults(everyone)
    pages: dict[int | None, tuple[Page, list[str]]] = {}
    bad: dict[str, list[str]] = {}
    seen = 0
    for address in addresses():
        if address.name in NO_PAGE:
            continue
        member = visitor(address, everyone)
        key = member.pk if member else None
        if key not in pages:
            page, strange = open_page(member, language, width=320), []
            page.on("console", lambda message, s=strange: s.append(message.text) if message.type == "error" else None)
            page.on("request", lambda request, s=strange: s.append(f"request to {request.url}") if not request.url.startswith((live_server.url, "data:")) else None)  # fmt: skip
            pages[key] = (page, strange)
        page, strange = pages[key]
        strange.clear()
        url = reverse(address.name, kwargs=EXAMPLES[address.name](everyone["bogdan"]) if address.parameters else {})
        if found := faults(page, url, strange, language):
            bad[f"{address.name} {url}"] = found
        seen += 1
    assert seen > 100
    assert not bad, "\n".join(f"{page}\n    " + "\n    ".join(found) for page, found in bad.items())
