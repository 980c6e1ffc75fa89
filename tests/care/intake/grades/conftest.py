"""Forms of every grade, published as they really are, and a phone of our own app."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django_scopes import scope

from lygte.care.intake.actions import publish_form
from lygte.care.intake.models import FormVersion
from lygte.core.models import Member
from lygte.core.vault.envelopes import seal_envelope
from tests.care.intake.conftest import Phone, body

HEAD = """\
| survey |
|        | type    | name  | label     | appearance | parameters |
|        | integer | count | How many  |            |            |
{rows}| settings |
|        | form_title | form_id | version | {column} |
|        | Graded     | graded  | {version} | {grade} |
"""


def graded(grade: str, *rows: str, version: str = "1") -> bytes:
    """A workbook of a grade with more rows: "type | name | label | appearance | parameters"."""
    more = "".join(f"|        | {row}{' |' * (5 - row.count('|') - 1)} |\n" for row in rows)
    column = "lygte_grade" if grade else "default_language"
    return HEAD.format(rows=more, version=version, grade=grade, column=column).encode()


def answered(inner: str, *, version: str = "1", instance: str = "", meta: str = "") -> bytes:
    """A filled form of the graded kind, as a phone writes it."""
    instance = instance or f"uuid:{uuid.uuid4()}"
    return (
        f'<?xml version="1.0" ?><data xmlns:orx="http://openrosa.org/xforms" id="graded" version="{version}">'
        f"<count>3</count>{inner}<orx:meta><orx:instanceID>{instance}</orx:instanceID>{meta}</orx:meta></data>"
    ).encode()


@pytest.fixture
def grade_of_forms_that_declare_none() -> None:
    """Here a form that declares no grade is what it is outside of tests."""


@pytest.fixture
def publish(bogdan: Member) -> Callable[..., FormVersion]:
    def do(workbook: bytes, grade: str = "") -> FormVersion:
        with scope(organisation=bogdan.organisation):
            return publish_form(member=bogdan, workbook=workbook, filename="graded.md", grade=grade)

    return do


LOCKED_ROWS = ("text | said | What was said", "image | photo | Photo of the door", "geopoint | where | Where")


@pytest.fixture
def locked(key_holders: tuple[Member, Member], publish: Callable[..., FormVersion]) -> FormVersion:
    """A locked form with words, a photo and a point."""
    return publish(graded("locked", *LOCKED_ROWS))


class OurApp:
    """Our own app on a phone: it fetches keys, seals and sends."""

    def __init__(self, phone: Phone) -> None:
        self.phone, self.client = phone, Client(enforce_csrf_checks=True)

    def keys(self) -> Any:
        return self.client.get(self.phone.url("keys"))

    def seal(self, xml: bytes, *files: tuple[str, bytes], sealed_for: str = "organisation", **other: Any) -> Any:
        told = self.keys().json()
        key = told["intake" if sealed_for == "intake" else "organisation_key"]
        instance = xml.partition(b"<orx:instanceID>")[2].partition(b"<")[0].decode()
        header = {
            "organisation": told["organisation"]["ref"],
            "form": "graded",
            "version": "1",
            "instance": instance,
            "sealed_for": sealed_for,
            **other,
        }
        return seal_envelope(bytes.fromhex(key["public"]), content=xml, files=files, **header)

    def send(self, envelope: bytes, boxes: dict[int, bytes] | list[bytes] = ()) -> Any:  # type: ignore[assignment]
        numbered = boxes if isinstance(boxes, dict) else dict(enumerate(boxes))
        parts: list[tuple[str, str | None, bytes]] = [("envelope", "envelope", envelope)]
        parts += [(f"file-{number}", "blob", box) for number, box in numbered.items()]
        return self.client.post(
            self.phone.url("sealed"),
            data=body(parts),
            content_type="multipart/form-data; boundary=boundary-of-the-test",
        )


@pytest.fixture
def app(phone: Phone) -> OurApp:
    return OurApp(phone)
