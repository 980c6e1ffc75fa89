"""Forms, a phone and filled forms for the tests of intake."""

from __future__ import annotations

import io
import uuid
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import openpyxl
import pytest
from django.test import Client
from django_scopes import scope

from lygte.care.intake import receivers
from lygte.care.intake.actions import NewDevice, add_device, publish_form
from lygte.care.intake.models import FormVersion
from lygte.core.models import Member

BASIC = """\
| survey |
|        | type            | name   | label::English (en) | label::Dansk (da) | constraint |
|        | integer         | people | How many people     | Hvor mange        | . < 100    |
|        | text            | note   | Note                | Note              |            |
|        | image           | photo  | Photo               | Foto              |            |
|        | begin_repeat    | item   | Item                | Ting              |            |
|        | select_one kind | kind   | Kind                | Slags             |            |
|        | end_repeat      |        |                     |                   |            |
| choices |
|        | list_name | name | label::English (en) | label::Dansk (da) |
|        | kind      | a    | Apple               | Æble              |
|        | kind      | b    | Pear                | Pære              |
| settings |
|        | form_title | form_id | version |
|        | Basic form | basic   | {version} |
"""


def basic_workbook(version: str = "1") -> bytes:
    return BASIC.replace("{version}", version).encode()


def filled(
    *,
    form_id: str = "basic",
    version: str = "1",
    instance_id: str = "",
    people: object = 3,
    extra: str = "",
    meta: str = "",
) -> bytes:
    """A filled form as a phone writes it."""
    instance_id = instance_id or f"uuid:{uuid.uuid4()}"
    return (
        f'<?xml version="1.0" ?><data xmlns:orx="http://openrosa.org/xforms" id="{form_id}" version="{version}">'
        f"<people>{people}</people><note>Blåbærgrød</note>{extra}"
        f"<orx:meta><orx:instanceID>{instance_id}</orx:instanceID>{meta}</orx:meta></data>"
    ).encode()


def xlsx(sheets: dict[str, list[list[Any]]]) -> bytes:
    """A workbook with these sheets and rows."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def rezipped(workbook: bytes, change: Callable[[str, bytes], bytes]) -> bytes:
    """The workbook with `change(name, content)` applied to every part."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(name, change(name, source.read(name)))
    return out.getvalue()


BOUNDARY = "boundary-of-the-test"


def body(parts: list[tuple[str, str | None, bytes]], boundary: str = BOUNDARY) -> bytes:
    """A multipart body, its names as raw UTF-8: (name, file name or None, content)."""
    out = b""
    for name, filename, content in parts:
        file = f'; filename="{filename}"' if filename is not None else ""
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"{file}\r\n\r\n'
        out += head.encode() + content + b"\r\n"
    return out + f"--{boundary}--\r\n".encode()


@dataclass
class Phone:
    """A phone with its token: it speaks OpenRosa to the test client."""

    device: NewDevice
    client: Client

    def url(self, path: str) -> str:
        return f"/-/{self.device.token}/{path}"

    def get(self, path: str, **options: Any) -> Any:
        return self.client.get(self.url(path), **options)

    def send(self, xml: bytes, *files: tuple[str, bytes], incomplete: bool = False, **options: Any) -> Any:
        parts: list[tuple[str, str | None, bytes]] = [("xml_submission_file", "form.xml", xml)]
        parts += [(name, name, content) for name, content in files]
        if incomplete:
            parts.append(("*isIncomplete*", None, b"yes"))
        return self.send_raw(body(parts), **options)

    def send_raw(
        self, data: bytes, content_type: str = f"multipart/form-data; boundary={BOUNDARY}", **options: Any
    ) -> Any:
        return self.client.post(self.url("submission"), data=data, content_type=content_type, **options)


@pytest.fixture
def basic(bogdan: Member) -> FormVersion:
    """A small form, published for Amina's and Bogdan's organisation."""
    with scope(organisation=bogdan.organisation):
        return publish_form(member=bogdan, workbook=basic_workbook(), filename="basic.md")


@pytest.fixture
def phone(amina: Member) -> Phone:
    """Amina's phone."""
    with scope(organisation=amina.organisation):
        return Phone(add_device(member=amina, label="blue phone"), Client(enforce_csrf_checks=True))


@pytest.fixture
def receiver() -> Iterator[list[receivers.Received]]:
    """Have the basic form taken in by a list."""
    got: list[receivers.Received] = []
    receivers.on_submission("basic", got.append)
    yield got
    receivers.RECEIVERS.pop("basic", None)
    receivers.FOLLOWERS.pop("basic", None)


def edit_of(earlier: str, **answers: Any) -> bytes:
    """The filled form as a phone sends it after somebody changed it."""
    return filled(meta=f"<orx:deprecatedID>{earlier}</orx:deprecatedID>", **answers)
