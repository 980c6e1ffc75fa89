"""The coordinator's pages: trying a form out, encrypting and opening it, reviewing, lists and tables; each through its view."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django_scopes import scope

from lygte.care.intake.actions import publish_form
from lygte.care.intake.entities.models import Entity, EntityList
from lygte.care.intake.exports.models import Feed
from lygte.care.intake.models import Form, FormDraft, FormVersion, Review, Submission
from lygte.core.models import Member
from tests.care.intake.collect.encrypting import PHONES, encrypted
from tests.care.intake.conftest import Phone, basic_workbook, filled
from tests.care.intake.entities.conftest import Trees, trees  # noqa: F401
from tests.care.intake.grades.conftest import graded

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everywhere")]
PASSPHRASE = "quiet lantern over water"


@pytest.fixture
def coordinator(signed_in: Callable[[Member], Client], bogdan: Member) -> Client:
    return signed_in(bogdan)


def text(answer: Any) -> str:
    return str(answer.content.decode())


def test_a_form_is_tried_out_and_published_or_thrown_away(coordinator: Client, basic: FormVersion) -> None:
    def upload(version: str) -> FormDraft:
        book = SimpleUploadedFile("basic.md", basic_workbook(version))
        assert coordinator.post("/intake/forms/publish/", {"workbook": book, "do": "try"}).status_code == 302
        return FormDraft.objects.get()

    draft = upload("2")
    page = coordinator.get(f"/intake/drafts/{draft.ref}/")
    assert "/-/test/" in text(page) and page.headers["Cache-Control"] == "no-store"
    address = re.search(r"(/-/test/\w[\w-]+)", text(page))
    assert address and Client().get(f"{address[1]}/formList").status_code == 200
    assert coordinator.post(f"/intake/drafts/{draft.ref}/publish/").status_code == 302
    assert Form.objects.get().versions.count() == 2 and Client().get(f"{address[1]}/formList").status_code == 404
    draft = upload("3")
    assert coordinator.post(f"/intake/drafts/{draft.ref}/discard/").headers["Location"] == "/intake/forms/"
    assert not FormDraft.objects.exists() and Form.objects.get().versions.count() == 2


def test_a_review_needs_its_reason_and_can_be_taken_back(coordinator: Client, phone: Phone, basic: FormVersion) -> None:
    phone.send(filled())
    submission = Submission.objects.get()
    page = f"/intake/submissions/{submission.ref}/"
    assert coordinator.post(page + "review/", {}).status_code == 400
    refused = coordinator.post(page + "review/", {"state": "has_issues", "comment": ""})
    assert refused.status_code >= 400 and not Review.objects.exists()
    coordinator.post(page + "review/", {"state": "has_issues", "comment": "The number does not fit."})
    shown = text(coordinator.get(page))
    assert "The number does not fit." in shown and "Has issues" in shown
    coordinator.post(f"/intake/reviews/{Review.objects.get().ref}/undo/")
    submission.refresh_from_db()
    assert submission.review == "received" and "The number does not fit." in text(coordinator.get(page))


def test_an_encrypted_form_is_opened_for_one_answer(coordinator: Client, phone: Phone, basic: FormVersion) -> None:
    ways = f"/intake/forms/{basic.form.ref}/encrypt/"
    assert "not the same" in text(coordinator.post(ways, {"passphrase": PASSPHRASE, "again": "another one entirely"}))
    assert coordinator.post(ways, {"passphrase": "short", "again": "short"}).status_code >= 400
    assert coordinator.post(ways, {"passphrase": PASSPHRASE, "again": PASSPHRASE}).status_code == 302
    version = basic.form.versions.order_by("-pk")[0]
    key = version.outline["public_key"]
    xml = filled(instance_id="uuid:1", version=version.version, people=41)
    envelope, files = encrypted(key, "basic", version.version, "uuid:1", xml, {}, namespace=PHONES)
    assert phone.send(envelope, *files.items()).status_code == 201
    page = f"/intake/submissions/{Submission.objects.get().ref}/"
    assert "This form is encrypted" in text(coordinator.get(page)) and "Blåbærgrød" not in text(coordinator.get(page))
    wrong = coordinator.post(page + "open/", {"passphrase": PASSPHRASE + "x"})
    assert wrong.status_code == 422 and "422.416" in text(wrong)
    opened = coordinator.post(page + "open/", {"passphrase": PASSPHRASE})
    assert opened.headers["Cache-Control"] == "no-store"
    assert "41" in text(opened) and "Blåbærgrød" in text(opened) and PASSPHRASE not in text(opened)
    assert "Blåbærgrød" not in text(coordinator.get(page)), "nothing of it was kept"


def test_two_values_of_one_field_are_shown_and_somebody_decides(
    coordinator: Client,
    trees: Trees,  # noqa: F811
    bogdan: Member,
) -> None:
    trees.create()
    trees.update(base=1, label="Oak", species="elm")
    trees.update(by=bogdan, base=1, label="Oak", species="ash")
    entry, one = Entity.objects.get(), EntityList.objects.get(name="trees")
    assert entry.label in text(coordinator.get(f"/intake/lists/{one.ref}/?state=conflict"))
    page = f"/intake/entries/{entry.ref}/"
    shown = text(coordinator.get(page))
    assert "elm" in shown and "ash" in shown and "Amina" in shown and "Bogdan" in shown
    choices = re.findall(
        r'name="(field:species)"[^>]*value="([^"]+)"|value="([^"]+)"[^>]*name="(field:species)"', shown
    )
    values = [first or second for _name, first, second, _other in choices]
    assert len(values) >= 2
    stale = coordinator.post(page + "decide/", {"version": "1", "field:species": values[-1]})
    assert stale.status_code == 409 and Entity.objects.get().conflict
    version = re.search(r'name="version"[^>]*value="(\d+)"', shown)
    assert version
    done = coordinator.post(page + "decide/", {"version": version[1], "field:species": values[-1]})
    assert done.status_code == 302 and not Entity.objects.get().conflict
    assert text(coordinator.get(f"/intake/lists/{one.ref}/csv")).startswith("name,label")
    gone = text(coordinator.post(page + "delete/", follow=True))
    assert f'action="{page}restore/"' in gone and "is off the list" in gone
    assert entry.label in text(coordinator.get(f"/intake/lists/{one.ref}/?state=deleted"))


def test_a_locked_form_leads_to_the_sealed_forms_and_never_offers_tables(
    coordinator: Client, bogdan: Member, key_holders: tuple[Member, Member]
) -> None:
    with scope(organisation=bogdan.organisation):
        version = publish_form(member=bogdan, workbook=graded("locked"), filename="graded.md")
    form = f"/intake/forms/{version.form.ref}/"
    shown = text(coordinator.get(form))
    assert f'href="/intake/sealed/?form={version.form.ref}"' in shown and "/encrypt/" not in shown
    assert f'href="/intake/submissions/?form={version.form.ref}"' not in shown
    tables = text(coordinator.get(form + "tables/"))
    assert "never leaves as a table" in tables and "Download" not in tables and "Make a feed" not in tables
    assert "Locked: sealed when it arrives" in text(coordinator.get("/intake/forms/"))


def test_tables_are_chosen_and_a_feed_shows_its_key_once(coordinator: Client, phone: Phone, basic: FormVersion) -> None:
    phone.send(filled(people=7))
    page = f"/intake/forms/{basic.form.ref}/tables/"
    assert coordinator.get(page).status_code == 200
    assert coordinator.get(page + "download?format=xlsx&since=2026-02-02&until=2026-01-01").status_code == 400
    table = coordinator.get(page + "download?format=csv")
    assert b"".join(table.streaming_content)[:2] in (b"PK", b"in", b"\xef\xbb")
    feeds = f"/intake/forms/{basic.form.ref}/feeds/"
    assert coordinator.post(feeds, {"label": ""}).status_code == 400
    once = coordinator.post(feeds, {"label": "Figures of the board"})
    assert once.status_code == 200 and once.headers["Cache-Control"] == "no-store"
    assert "Figures of the board" in text(coordinator.get(page))
    coordinator.post(f"/intake/feeds/{Feed.objects.get().ref}/close/")
    assert "Figures of the board" not in text(coordinator.get(page)) or "losed" in text(coordinator.get(page))
