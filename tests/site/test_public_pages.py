"""Public pages: light enough for a poor line, the way out in reach, nothing from anywhere else."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import reverse

PUBLIC = ["site:front", "site:about", "site:privacy", "site:accessibility", "account_login"]
BUDGET = 60_000
pytestmark = pytest.mark.django_db


def html_of(name: str) -> str:
    response = Client().get(reverse(name))
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize("name", PUBLIC)
def test_a_page_has_one_heading_a_language_and_a_title(name: str) -> None:
    html = html_of(name)
    assert html.count("<h1") == 1
    assert '<html lang="en"' in html
    title = re.search(r"<title>(.*?)</title>", html)
    assert title is not None and "Lygte" in title.group(1)


@pytest.mark.parametrize("name", PUBLIC)
def test_the_language_comes_before_anything_else_one_can_choose(name: str) -> None:
    html = html_of(name)
    assert 0 < html.index('name="language"') < html.index("Leave this page") < html.index("<h1")


@pytest.mark.parametrize("name", PUBLIC)
def test_the_way_out_leads_to_the_configured_page_and_tells_it_nothing(name: str, settings: object) -> None:
    settings.LYGTE_EXIT_URL = "https://weather.example/"
    link = re.search(r"<a [^>]*govuk-js-exit-this-page-button[^>]*>", html_of(name))
    assert link is not None
    assert 'href="https://weather.example/"' in link.group()
    assert "noreferrer" in link.group()


@pytest.mark.parametrize("name", PUBLIC)
def test_nothing_is_loaded_from_elsewhere_and_nothing_runs_inside_the_page(name: str) -> None:
    html = html_of(name)
    loaded = re.findall(r'<(?:script|img|link|iframe|source)[^>]*?(?:src|href)="([^"]*)"', html)
    assert loaded
    assert [address for address in loaded if not address.startswith("/static/")] == []
    assert re.findall(r"<style|\sstyle=|\son[a-z]+=", html) == []
    inline = [tag for tag in re.findall(r"<script[^>]*>", html) if "src=" not in tag and "application/json" not in tag]
    assert inline == []


@pytest.mark.parametrize("name", PUBLIC)
def test_a_page_with_its_style_and_script_stays_under_sixty_kilobytes(name: str) -> None:
    html = html_of(name)
    weight = len(gzip.compress(html.encode()))
    for address in re.findall(r'(?:src|href)="/static/([^"]+)"', html):
        found = finders.find(address)
        assert found, f"{address} is not built: run `npm run build`"
        weight += len(gzip.compress(Path(str(found)).read_bytes()))
    assert weight < BUDGET


@pytest.mark.parametrize("name", PUBLIC)
def test_the_title_and_icon_give_nothing_away(name: str) -> None:
    html = html_of(name)
    title = re.search(r"<title>(.*?)</title>", html)
    assert title is not None
    assert not re.search(r"sex|traffick|victim|exploit|help", title.group(1), re.IGNORECASE)
    assert "lygte.svg" in html


@pytest.mark.parametrize("name", PUBLIC)
def test_no_page_uses_a_word_that_labels_someone(name: str) -> None:
    assert not re.search(r"\b(victim|prostitut|rescue)", html_of(name), re.IGNORECASE)


def test_stylesheets_fetch_nothing_and_name_no_font_that_is_not_ours() -> None:
    for name in ("lygte.css", "public.css"):
        css = Path(str(finders.find(f"build/{name}"))).read_text("utf-8")
        assert not re.search(r"url\(|@import|@font-face|GDS", css)


def test_a_signed_in_member_finds_the_way_back_to_work(signed_in, amina) -> None:
    html = signed_in(amina).get(reverse("site:front")).content.decode()
    assert reverse("site:today") in html
    assert reverse("account_login") not in html
