"""A form that writes and reads a list of trees, its phone, and what the phone sends."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from django_scopes import scope

from lygte.care.intake.actions import publish_form, receive
from lygte.care.intake.entities.models import Entity, EntityList, Feed
from lygte.care.intake.models import FormVersion, Submission
from lygte.core.models import Member
from tests.care.intake.conftest import phone  # noqa: F401  (Amina's phone)

TREES = """\
| survey |
|        | type                          | name    | label   | save_to |
|        | select_one_from_file trees.csv | tree    | Tree    |         |
|        | select_one kinds              | species | Species | species |
|        | select_one kinds              | state   | State   | state   |
| choices |
|        | list_name | name | label |
|        | kinds     | oak  | Oak   |
| entities |
|          | list_name | label          | entity_id | create_if      | update_if      |
|          | trees     | ${species}     | ${tree}   | ${tree} = ''   | ${tree} != ''  |
| settings |
|          | form_title | form_id | version | lygte_grade |
|          | Trees      | trees   | 1       | open        |
"""


def new_uuid() -> str:
    return str(uuid.uuid4())


def tree_form(
    uuid: str,
    *,
    label: str = "",
    create: bool = False,
    base: object = "",
    trunk: object = "",
    branch: str = "",
    instance_id: str = "",
    deprecated: str = "",
    **answers: str,
) -> bytes:
    """A filled form as a phone writes it: an entity created, or updated on a base."""
    asked = "".join(f"<{name}>{value}</{name}>" for name, value in answers.items())
    what = 'create="1"' if create else 'update="1"'
    named = f"<label>{label}</label>" if label else ""
    old = f"<deprecatedID>{deprecated}</deprecatedID>" if deprecated else ""
    return (
        f'<data id="trees" version="1">{asked}<meta>'
        f'<entity dataset="trees" id="{uuid}" {what} baseVersion="{base}" trunkVersion="{trunk}" branchId="{branch}">'
        f"{named}</entity><instanceID>{instance_id or 'uuid:' + new_uuid()}</instanceID>{old}</meta></data>"
    ).encode()


@dataclass
class Trees:
    """The list of trees of one organisation, and a way to send forms to it without a phone."""

    member: Member
    version: FormVersion
    uuid: str = field(default_factory=new_uuid)

    def send(self, xml: bytes, by: Member | None = None) -> Submission:
        return receive(member=by or self.member, device=None, xml=xml, files={})

    def create(self, by: Member | None = None, **options: Any) -> Submission:
        return self.send(tree_form(self.uuid, create=True, **({"label": "Oak", "species": "oak"} | options)), by)

    def update(self, by: Member | None = None, **options: Any) -> Submission:
        return self.send(tree_form(self.uuid, **options), by)

    @property
    def list(self) -> EntityList:
        return EntityList.objects.get(name="trees", organisation=self.member.organisation)

    @property
    def entity(self) -> Entity:
        return Entity.objects.get(list=self.list, uuid=self.uuid)

    def problem(self, submission: Submission) -> str:
        found = Feed.objects.filter(submission=submission).first()
        return found.problem_number if found else "none"


def publish(member: Member, workbook: str, name: str = "form.md") -> FormVersion:
    with scope(organisation=member.organisation):
        return publish_form(member=member, workbook=workbook.encode(), filename=name)


@pytest.fixture
def trees(bogdan: Member, amina: Member) -> Trees:
    return Trees(amina, publish(bogdan, TREES))


@pytest.fixture
def rule(trees: Trees) -> Callable[..., EntityList]:
    """Change what the list declares."""

    def change(**declared: Any) -> EntityList:
        with scope(organisation=trees.member.organisation):
            EntityList.objects.filter(pk=trees.list.pk).update(**declared)
            return trees.list

    return change
