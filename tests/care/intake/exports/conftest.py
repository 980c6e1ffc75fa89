"""Forms with repeats in repeats, filled in by the dozen, for the tests of exports."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable
from datetime import datetime
from typing import Any
from xml.sax.saxutils import escape

import pytest
from django.test import Client
from django.utils import timezone
from django_scopes import scope, scopes_disabled

from lygte.care.intake.actions import publish_form
from lygte.care.intake.exports.actions import make_feed
from lygte.care.intake.models import Form, FormVersion, Submission
from lygte.core.models import Member

ROUND = """\
| survey |
|        | type                  | name    | label         |
|        | text                  | note    | Note          |
|        | integer               | people  | How many      |
|        | decimal               | weight  | Weight        |
|        | date                  | day     | Day           |
|        | dateTime              | at      | When          |
|        | geopoint              | where   | Where         |
|        | select_multiple fruit | fruits  | Fruits        |
|        | begin_group           | about   | About         |
|        | text                  | name    | Name          |
|        | image                 | photo   | Photo         |
|        | end_group             |         |               |
|        | begin_repeat          | item    | Item          |
|        | text                  | what    | What          |
|        | begin_repeat          | part    | Part          |
|        | integer               | size    | Size          |
|        | end_repeat            |         |               |
|        | end_repeat            |         |               |
| choices |
|        | list_name | name  | label |
|        | fruit     | apple | Apple |
|        | fruit     | pear  | Pear  |
| settings |
|        | form_title | form_id | version |
|        | Round      | round   | 1       |
"""


def answers(**given: Any) -> str:
    """Return answers as XML; a list is a repeat, a dictionary a group."""
    made = ""
    for name, value in given.items():
        for one in value if isinstance(value, list) else [value]:
            made += f"<{name}>{answers(**one) if isinstance(one, dict) else escape(str(one))}</{name}>"
    return made


def put(version: FormVersion, member: Member, body: str = "", **columns: Any) -> Submission:
    """Store a filled form as it would have come."""
    instance = f"uuid:{uuid.uuid4()}"
    root = version.outline["root"]
    xml = (
        f'<{root} id="{version.form.form_id}" version="{version.version}">{body}'
        f"<meta><instanceID>{instance}</instanceID></meta></{root}>"
    ).encode()
    columns.setdefault("received_at", timezone.now())
    with scopes_disabled():
        return Submission.objects.create(
            organisation=member.organisation,
            form=version.form,
            form_version=version,
            instance_id=instance,
            member=member,
            xml=xml,
            sha256=hashlib.sha256(xml).hexdigest(),
            **columns,
        )


def outlined(member: Member, outline: dict[str, Any], xform: bytes, form: Form | None = None) -> FormVersion:
    """Store a version of which only the outline matters."""
    with scopes_disabled():
        number = FormVersion.objects.count()
        form = form or Form.objects.create(organisation=member.organisation, form_id=f"form{number}", title="Form")
        return FormVersion.objects.create(
            organisation=member.organisation,
            form=form,
            version=f"v{number}",
            workbook=b"",
            workbook_name="form.xlsx",
            xform=xform,
            md5="",
            outline=outline,
        )


EMPTY_XFORM = b'<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"><h:body/></h:html>'


@pytest.fixture
def round_form(bogdan: Member) -> FormVersion:
    with scope(organisation=bogdan.organisation):
        return publish_form(member=bogdan, workbook=ROUND.encode(), filename="round.md")


Get = Callable[..., Any]


class Reader:
    """A spreadsheet with the key of a feed."""

    def __init__(self, form: Form, member: Member) -> None:
        with scope(organisation=member.organisation):
            self.new = make_feed(member=member, form=form, label="Figures")
        self.form = form
        self.client = Client(enforce_csrf_checks=True)

    def get(self, path: str = "", *, token: str | None = None, ref: str | None = None, **headers: str) -> Any:
        url = path if path.startswith("http") else f"/odata/{ref or self.form.ref}.svc{path}"
        headers = {"Authorization": f"Bearer {self.new.token if token is None else token}", **headers}
        return self.client.get(url, headers=headers)

    def rows(self, path: str, pages: list[int] | None = None, **headers: str) -> list[dict[str, Any]]:
        """Return the rows of a table, following the links from page to page."""
        found: list[dict[str, Any]] = []
        while path:
            response = self.get(path, **headers)
            assert response.status_code == 200, response.content
            page = response.json()
            found += page["value"]
            if pages is not None:
                pages.append(len(page["value"]))
            path = page.get("@odata.nextLink", "")
        return found


@pytest.fixture
def reader(round_form: FormVersion, bogdan: Member) -> Reader:
    return Reader(round_form.form, bogdan)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)
