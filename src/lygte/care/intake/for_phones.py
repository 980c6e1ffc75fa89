"""What phones fetch of forms: versions, files given with them, drafts."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db.models import QuerySet

from lygte.core.models import Member, Organisation

from .beside import PhoneFile
from .models import Form, FormDraft, FormFile, FormVersion
from .receivers import MEDIA
from .storage import path_of

# For the phones -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class MediaFile:
    filename: str
    content: bytes

    @property
    def md5(self) -> str:
        return hashlib.md5(self.content, usedforsecurity=False).hexdigest()


def given_files(form: Form) -> list[PhoneFile]:
    """Return the files that coordinators gave a form."""
    return [_given(file) for file in FormFile.objects.filter(form=form, replaced_at=None)]


def _given(file: FormFile) -> PhoneFile:
    return PhoneFile(file.name, file.md5, path_of(file.stored_as).read_bytes)


def draft_files(draft: FormDraft) -> list[PhoneFile]:
    """Return the files of a draft: its own, then those of the form as it is published, then those made by the server."""
    found = {file.name: _given(file) for file in draft.files.filter(replaced_at=None)}
    published = Form.objects.filter(organisation=draft.organisation, form_id=draft.form_id).first()
    for given in given_files(published) if published else []:
        found.setdefault(given.filename, given)
    for made in media_of(draft.organisation, draft.form_id):
        found.setdefault(made.filename, PhoneFile(made.filename, made.md5, partial(bytes, made.content)))
    return [found[name] for name in sorted(found)]


def drafts_of(member: Member) -> QuerySet[FormDraft]:
    """Drafts of the organisation, without their bytes."""
    drafts = FormDraft.objects.filter(organisation=member.organisation).select_related("made_by__user")
    return drafts.defer("workbook", "xform")


def media_of(organisation: Organisation, form_id: str) -> list[MediaFile]:
    """Return the server-made files of a form that have content for this organisation."""
    made = [MediaFile(name, provide(organisation)) for name, provide in MEDIA.get(form_id, {}).items()]
    return [file for file in made if file.content]


def versions_for_phones(organisation: Organisation, *, form_id: str = "", every: bool = False) -> list[FormVersion]:
    """Return the newest version of each open form, or all versions of them, for `formList`."""
    versions = (
        FormVersion.objects.filter(organisation=organisation, form__state=Form.State.OPEN)
        .select_related("form")
        .defer("workbook", "xform", "outline", "warnings")
        .order_by("form__title", "form_id", "-pk")
    )
    if form_id:
        versions = versions.filter(form__form_id=form_id)
    if every:
        return list(versions)
    newest: dict[Any, FormVersion] = {}
    for version in versions:
        newest.setdefault(version.form.pk, version)
    return list(newest.values())
