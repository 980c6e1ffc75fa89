"""A small form and a phone, as the target."""

from __future__ import annotations

import pytest
from django.test import Client
from django_scopes import scope

from lygte.care.intake.actions import add_device, publish_form
from lygte.care.intake.handover import publish_shipped
from lygte.core.models import Member

from .range import Range

FORM = """\
| survey |
|        | type            | name   | label           |
|        | audit           | audit  |                 |
|        | integer         | people | How many people |
|        | text            | note   | Note            |
|        | image           | photo  | Photo           |
|        | begin_repeat    | item   | Item            |
|        | select_one kind | kind   | Kind            |
|        | end_repeat      |        |                 |
| choices |
|        | list_name | name | label |
|        | kind      | a    | Apple |
| settings |
|        | form_title | form_id | version |
|        | Basic form | basic   | 1       |
"""


def range_for(bogdan: Member, amina: Member) -> Range:
    """Publish two forms, add a phone, send one form, and open fire from a coordinator's browser too."""
    publish_shipped(bogdan.organisation, bogdan)
    with scope(organisation=bogdan.organisation):
        version = publish_form(member=bogdan, workbook=FORM.encode(), filename="basic.md")
        phone = add_device(member=amina, label="blue phone")
    staff = Client(enforce_csrf_checks=True)
    staff.force_login(bogdan.user)
    return Range(token=phone.token, refs=[version.ref, version.form.ref, phone.ref], staff=staff)


@pytest.fixture
def target(bogdan: Member, amina: Member) -> Range:
    return range_for(bogdan, amina)
