"""The app is served as it was built, at its own address, under a policy that lets nothing from elsewhere in."""

from __future__ import annotations

import re

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


def test_the_page_comes_under_a_strict_policy() -> None:
    answer = Client().get("/field/")
    policy = answer.headers["Content-Security-Policy"]
    assert answer.status_code == 200
    assert "script-src 'self' 'wasm-unsafe-eval';" in policy.replace(" ;", ";") + ";"
    assert "unsafe-inline" not in policy and "'unsafe-eval'" not in policy
    assert "default-src 'none'" in policy and "form-action 'none'" in policy
    assert answer.headers["Referrer-Policy"] == "no-referrer"


def test_the_page_names_no_script_inside_itself_and_nothing_elsewhere() -> None:
    page = Client().get("/field/").content.decode()
    assert not re.search(r"<script(?![^>]*\bsrc=)", page)
    assert not re.search(r'(?:src|href)="(?!/field/)', page)


def test_what_the_page_needs_is_there_and_kept_for_ever() -> None:
    page = Client().get("/field/").content.decode()
    names = re.findall(r'(?:src|href)="(/field/assets/[^"]+)"', page)
    assert len(names) >= 2
    for name in names:
        answer = Client().get(name)
        assert answer.status_code == 200 and "immutable" in answer.headers["Cache-Control"]


def test_the_worker_may_keep_the_whole_app_and_is_asked_for_anew() -> None:
    answer = Client().get("/field/sw.js")
    assert answer.status_code == 200 and answer.headers["Content-Type"] == "text/javascript"
    assert answer.headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize("name", ["../views.py", "..%2fviews.py", "lygte-stamp", "assets", "nothing.js"])
def test_nothing_else_of_the_house_comes_out(name: str) -> None:
    assert Client().get(f"/field/{name}").status_code == 404


def test_name_and_icon_are_the_workers_choice_from_a_closed_list() -> None:
    chosen = Client().get("/field/app.webmanifest?name=weather&icon=cloud").json()
    assert chosen["name"] == "Weather" and chosen["icons"][0]["src"] == "/field/icons/cloud.svg"
    made_up = Client().get("/field/app.webmanifest?name=<b>x&icon=../x").json()
    assert made_up["name"] == "Notes" and made_up["icons"][0]["src"] == "/field/icons/note.svg"
    for icon in chosen["icons"]:
        assert Client().get(icon["src"]).status_code == 200
