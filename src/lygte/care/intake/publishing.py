"""From a workbook to a version: with the key of the form in it, never under a version that says something else."""

from __future__ import annotations

import hashlib

from lygte.core.models import Member, Organisation
from lygte.core.problems import Problem
from lygte.core.vault.arrivals import current_public
from lygte.core.vault.odk import is_public_key

from .beside import names_offered, tell_published
from .grades import LOCKED, SEALED
from .injection import reason_against, with_key
from .models import Form, FormFile, FormKey, FormVersion
from .problems import NOT_WITH_ENCRYPTION
from .receivers import MEDIA, RECEIVERS
from .rules import title_for
from .xlsform import Converted, as_problem, convert_workbook

FILE_NOT_HELD = "200.105"


def read_workbook(organisation: Organisation, workbook: bytes, filename: str, grade: str = "") -> Converted:
    """Return the form that a workbook makes; a form that has a key pair here is made with it."""
    converted = convert_workbook(workbook, filename, grade)
    public_key = converted.outline.get("public_key", "")
    if public_key and not is_public_key(public_key):
        place = {"sheet": "settings", "row": 2, "column": "public_key"}
        raise Problem("422.100", parts=[as_problem({"number": "422.417", **place, "details": {}})], count=1)
    held = FormKey.objects.filter(organisation=organisation, form__form_id=converted.form_id).first()
    if not public_key and held is not None:
        public_key = held.public_key
        converted = with_key(converted, converted.version, public_key)
    reason = reason_against(converted, converted.form_id in RECEIVERS) if public_key else ""
    if reason:
        raise Problem("422.423", form_id=converted.form_id, reason=NOT_WITH_ENCRYPTION[reason])
    return converted


def published_already(organisation: Organisation, converted: Converted) -> FormVersion | None:
    """Return the version that is the same, or None. One of that name with other contents is Problem 409.135."""
    existing = FormVersion.objects.filter(
        organisation=organisation, form__form_id=converted.form_id, version=converted.version
    ).first()
    if existing is not None and existing.grade != converted.grade:
        raise Problem("409.485", version=converted.version, form_id=converted.form_id)
    if existing is not None and bytes(existing.xform) != converted.xform:
        raise Problem("409.135", version=converted.version, form_id=converted.form_id)
    return existing


def store_version(member: Member, converted: Converted, workbook: bytes, filename: str) -> FormVersion:
    """Write the version down, inside the action that publishes it."""
    if converted.grade in (LOCKED, SEALED) and current_public(member.organisation) is None:
        raise Problem("423.479", form_id=converted.form_id)
    form, _created = Form.objects.get_or_create(
        organisation=member.organisation, form_id=converted.form_id, defaults={"title": title_for(converted.outline)}
    )
    Form.objects.filter(pk=form.pk).update(title=title_for(converted.outline))
    published = FormVersion.objects.create(
        organisation=member.organisation,
        form=form,
        version=converted.version,
        workbook=workbook,
        workbook_name=filename[-120:],
        xform=converted.xform,
        md5=hashlib.md5(converted.xform, usedforsecurity=False).hexdigest(),
        outline=converted.outline,
        warnings=[found for found in converted.warnings if found["number"] != FILE_NOT_HELD]
        + files_not_held(member.organisation, converted, form),
        grade=converted.grade,
        published_by=member,
    )
    tell_published(published)
    return published


def files_not_held(organisation: Organisation, converted: Converted, form: Form) -> list[dict[str, object]]:
    """Return a remark for each file that the form names and nobody has given."""
    held = {*MEDIA.get(converted.form_id, {}), *names_offered(organisation, converted.outline)}
    held |= set(FormFile.objects.filter(form=form, replaced_at=None).values_list("name", flat=True))
    return [
        {"number": FILE_NOT_HELD, "sheet": "", "row": 0, "column": "", "details": {"value": name}}
        for name in converted.outline["media"]
        if name not in held
    ]
