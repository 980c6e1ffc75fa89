"""Files that a form needs on the phone: given by a coordinator, for a published form or for a draft."""

from __future__ import annotations

import hashlib
from pathlib import PurePosixPath

from django.utils import timezone

from lygte.core.access import Verb
from lygte.core.actions import action
from lygte.core.models import Member
from lygte.core.problems import Problem

from .. import storage
from ..beside import names_offered
from ..models import Form, FormDraft, FormFile
from ..receivers import MEDIA

MAX_BYTES = 20_000_000
TEXTS = (".csv", ".xml", ".geojson", ".json")


@action(Verb.FORM_PUBLISH, details=lambda file: {"md5": file.md5})
def add_form_file(*, member: Member, to: Form | FormDraft, name: str, content: bytes) -> FormFile:
    """Give a form a file that it names. A file of that name takes the place of the one before, which is kept."""
    name = PurePosixPath(name.replace("\\", "/")).name
    if name not in names_to_give(to):
        raise Problem("422.420", name=name[:100])
    if not content:
        raise Problem("422.422", name=name)
    if len(content) > MAX_BYTES:
        raise Problem("413.421", megabytes=-(-len(content) // 1_000_000), limit=MAX_BYTES // 1_000_000)
    if name.lower().endswith(TEXTS):
        _must_be_utf_8(content)
    stored = storage.store_file(name, content)
    try:
        FormFile.objects.filter(**_of(to), name=name, replaced_at=None).update(replaced_at=timezone.now())
        return FormFile.objects.create(
            organisation=member.organisation,
            **_of(to),
            name=name,
            stored_as=stored.stored_as,
            size=stored.size,
            md5=hashlib.md5(content, usedforsecurity=False).hexdigest(),
            sha256=stored.sha256,
            added_at=timezone.now(),
            added_by=member,
        )
    except BaseException:
        storage.remove_files([stored.stored_as])
        raise


def names_to_give(to: Form | FormDraft) -> list[str]:
    """Return the names of the files that the form names and that are not made by the server."""
    if isinstance(to, FormDraft):
        outline = to.outline
    else:
        newest = to.versions.defer("workbook", "xform").first()
        outline = newest.outline if newest else {"media": []}
    made = {*MEDIA.get(to.form_id, {}), *names_offered(to.organisation, outline)}
    return [name for name in outline["media"] if name not in made]


def _of(to: Form | FormDraft) -> dict[str, Form | FormDraft]:
    return {"draft": to} if isinstance(to, FormDraft) else {"form": to}


def _must_be_utf_8(content: bytes) -> None:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Problem("422.104", position=error.start) from None
