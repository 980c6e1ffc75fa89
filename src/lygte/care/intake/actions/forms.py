"""Publishing a form, closing it, opening it again."""

from __future__ import annotations

import hashlib

from lygte.core.access import Verb
from lygte.core.actions import action
from lygte.core.models import Member
from lygte.core.problems import Problem
from lygte.core.vault.arrivals import current_public

from ..beside import names_offered, tell_published
from ..grades import LOCKED, SEALED
from ..models import Form, FormVersion
from ..receivers import MEDIA
from ..rules import title_for
from ..xlsform import Converted, convert_workbook


def publish_form(*, member: Member, workbook: bytes, filename: str, grade: str = "") -> FormVersion:
    """Publish a workbook as a new version. The same workbook again gives the version that exists.

    A grade makes the form at least so strict, whatever the workbook declares. Raises Problem 423.479 where a form must
    be sealed and the organisation has no key.
    """
    converted = convert_workbook(workbook, filename, grade)
    existing = FormVersion.objects.filter(
        organisation=member.organisation, form__form_id=converted.form_id, version=converted.version
    ).first()
    if existing is not None:
        return _same_or_problem(existing, converted)
    return _publish(member=member, converted=converted, workbook=workbook, filename=filename)


def _same_or_problem(existing: FormVersion, converted: Converted) -> FormVersion:
    if bytes(existing.xform) == converted.xform and existing.grade == converted.grade:
        return existing
    if existing.grade != converted.grade:
        raise Problem("409.485", version=converted.version, form_id=converted.form_id)
    raise Problem("409.135", version=converted.version, form_id=converted.form_id)


@action(Verb.FORM_PUBLISH, details=lambda version: {"version": version.version})
def _publish(*, member: Member, converted: Converted, workbook: bytes, filename: str) -> FormVersion:
    if converted.grade in (LOCKED, SEALED) and current_public(member.organisation) is None:
        raise Problem("423.479", form_id=converted.form_id)
    form, _created = Form.objects.get_or_create(
        organisation=member.organisation, form_id=converted.form_id, defaults={"title": title_for(converted.outline)}
    )
    Form.objects.filter(pk=form.pk).update(title=title_for(converted.outline))
    held = {*MEDIA.get(converted.form_id, {}), *names_offered(member.organisation, converted.outline)}
    missing = [
        {"number": "200.105", "sheet": "", "row": 0, "column": "", "details": {"value": name}}
        for name in converted.outline["media"]
        if name not in held
    ]
    published = FormVersion.objects.create(
        organisation=member.organisation,
        form=form,
        version=converted.version,
        workbook=workbook,
        workbook_name=filename[-120:],
        xform=converted.xform,
        md5=hashlib.md5(converted.xform, usedforsecurity=False).hexdigest(),
        outline=converted.outline,
        warnings=converted.warnings + missing,
        grade=converted.grade,
        published_by=member,
    )
    tell_published(published)
    return published


@action(Verb.FORM_RETIRE)
def change_form_state(*, member: Member, form: Form, state: Form.State) -> Form:
    """Close a form, or open it again. Phones see a closed form no more, and it takes nothing in."""
    form.state = state
    form.save(update_fields=["state"])
    return form
