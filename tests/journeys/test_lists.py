"""Lists answer while one narrows them, keep it in the address, and work the same without scripts."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django_scopes import scopes_disabled
from playwright.sync_api import expect

from lygte.care.outreach.models import Place
from lygte.core.models import Member

pytestmark = pytest.mark.browser


@pytest.fixture
def places(live_server: Any, everyone: dict[str, Member]) -> None:
    """A clinic and a hotel."""
    with scopes_disabled():
        for number, (kind, name) in enumerate([("clinic", "Quiet Heron"), ("hotel", "Loud Goose")]):
            Place.objects.create(
                organisation=everyone["amina"].organisation, kind=kind, area="DK-461", code_name=name,
                short_code=f"A{number}B{number}", created_on=date(2026, 1, 5),
            )  # fmt: skip


def test_a_choice_narrows_the_list_without_loading_the_page_again(
    open_page: Any, everyone: dict[str, Member], places: None
) -> None:
    page = open_page(everyone["amina"], width=1280)
    page.goto("/places/")
    page.evaluate("window.stayed = true")
    page.locator("[name=kind]").select_option("hotel")
    expect(page.locator("#found")).not_to_contain_text("Quiet Heron")
    expect(page.locator("#found")).to_contain_text("Loud Goose")
    expect(page).to_have_url(re.compile("kind=hotel"))
    assert page.evaluate("window.stayed") is True
    page.locator("[name=q]").press_sequentially("heron")
    expect(page.locator("#found")).to_contain_text("No place matches")
    page.reload()
    expect(page.locator("#found")).to_contain_text("No place matches")


def test_the_same_choice_works_without_scripts(open_page: Any, everyone: dict[str, Member], places: None) -> None:
    page = open_page(everyone["amina"], width=1280, scripts=False)
    page.goto("/places/")
    page.locator("[name=kind]").select_option("hotel")
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page.locator("#found")).to_contain_text("Loud Goose")
    expect(page.locator("#found")).not_to_contain_text("Quiet Heron")
