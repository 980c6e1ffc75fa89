"""Trying a form out before it is published: a secret link of its own, and test forms that never meet the real ones."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone

from lygte.core.access import Verb
from lygte.core.actions import action
from lygte.core.models import Member
from lygte.core.problems import Problem
from lygte.core.refs import new_ref
from lygte.core.vault.small import stamp

from .. import storage
from ..client_audit import without_places
from ..envelope import files_wanted
from ..instance import parse_instance
from ..lists import the_one
from ..models import Form, FormDraft, FormFile, FormVersion, TestSubmission
from ..publishing import published_already, read_workbook, store_version
from ..rules import title_for
from ..storage import Bytes
from ..xlsform import Converted
from .phones import hash_of


def token_of(draft_ref: str) -> str:
    """Return the secret of a draft's link. It can be shown again, and cannot be had from a copy of the database."""
    return base64.urlsafe_b64encode(stamp("draft link", draft_ref.encode())).decode("ascii").rstrip("=")


def upload_draft(*, member: Member, workbook: bytes, filename: str, grade: str = "") -> FormDraft:
    """Make a draft of a workbook, or put it in the place of the draft before it, whose test forms go."""
    converted = read_workbook(member.organisation, workbook, filename, grade)
    published_already(member.organisation, converted)
    return _put_draft(member=member, converted=converted, workbook=workbook, filename=filename)


@action(Verb.FORM_PUBLISH, details=lambda draft: {"draft": draft.version})
def _put_draft(*, member: Member, converted: Converted, workbook: bytes, filename: str) -> FormDraft:
    same = FormDraft.objects.filter(organisation=member.organisation, form_id=converted.form_id)
    draft = same.select_for_update().first()
    if draft is None:
        ref = new_ref()
        draft = FormDraft(
            ref=ref,
            organisation=member.organisation,
            form_id=converted.form_id,
            token_hash=hash_of(token_of(ref)),
        )
    else:
        _forget_test_forms(draft)
    draft.title = title_for(converted.outline)
    draft.version = converted.version
    draft.workbook, draft.workbook_name = workbook, filename[-120:]
    draft.xform, draft.outline, draft.warnings = converted.xform, converted.outline, converted.warnings
    draft.md5 = hashlib.md5(converted.xform, usedforsecurity=False).hexdigest()
    draft.made_at, draft.made_by = timezone.now(), member
    draft.save()
    return draft


@action(Verb.FORM_PUBLISH, details=lambda version: {"version": version.version, "from": "draft"})
def publish_draft(*, member: Member, draft: FormDraft) -> FormVersion:
    """Publish a draft as it was tried out, with its files. Its link and its test forms end."""
    draft = FormDraft.objects.select_for_update().get(pk=draft.pk)
    converted = Converted(bytes(draft.xform), draft.outline, draft.warnings)
    given = list(draft.files.filter(replaced_at=None))
    form = Form.objects.filter(organisation=member.organisation, form_id=draft.form_id).first()
    if form is None:
        form = Form.objects.create(organisation=member.organisation, form_id=draft.form_id, title=draft.title)
    FormFile.objects.filter(form=form, replaced_at=None, name__in=[file.name for file in given]).update(
        replaced_at=timezone.now()
    )
    for file in given:
        file.form, file.draft = form, None
        file.save(update_fields=["form", "draft"])
    version = published_already(member.organisation, converted)
    version = version or store_version(member, converted, bytes(draft.workbook), draft.workbook_name)
    _forget_draft(draft)
    return version


@action(Verb.FORM_PUBLISH, details=lambda draft: {"draft": "discarded"})
def discard_draft(*, member: Member, draft: FormDraft) -> FormDraft:
    """Throw a draft away, with its link, its files and its test forms."""
    _forget_draft(FormDraft.objects.select_for_update().get(pk=draft.pk))
    return draft


def _forget_draft(draft: FormDraft) -> None:
    _forget_test_forms(draft)
    files = list(draft.files.values_list("stored_as", flat=True))
    draft.delete()
    transaction.on_commit(lambda: storage.remove_files(files))


def _forget_test_forms(draft: FormDraft) -> None:
    files = [file["stored_as"] for form in draft.test_submissions.all() for file in form.files.values()]
    draft.test_submissions.all().delete()
    transaction.on_commit(lambda: storage.remove_files(files))


def find_draft(token: str) -> FormDraft | None:
    """Return the draft of a secret link. Call it with scopes disabled: the organisation is not known yet."""
    return the_one(FormDraft.objects.filter(token_hash=hash_of(token)).select_related("organisation"))


def receive_test(*, draft: FormDraft, xml: bytes, files: Mapping[str, Bytes]) -> TestSubmission:
    """Keep a test form, of any version of the draft. It is handed to nobody and counted nowhere."""
    instance = parse_instance(xml)
    if instance.form_id != draft.form_id:
        raise Problem("404.146", form_id=instance.form_id)
    files = without_places(instance, draft.outline, files)
    wanted = files_wanted(instance, draft.outline)
    kept = [storage.store_file(name, content) for name, content in files.items() if name in wanted]
    try:
        with transaction.atomic():
            return _keep_test(draft, instance.instance_id, xml, kept)
    except BaseException:
        storage.remove_files(file.stored_as for file in kept)
        raise


def _keep_test(draft: FormDraft, instance_id: str, xml: bytes, kept: list[storage.StoredFile]) -> TestSubmission:
    FormDraft.objects.select_for_update().get(pk=draft.pk)  # one after the other: the same form may come twice at once
    sha256 = hashlib.sha256(xml).hexdigest()
    found, _made = TestSubmission.objects.get_or_create(
        organisation=draft.organisation,
        draft=draft,
        instance_id=instance_id,
        defaults={"received_at": timezone.now(), "xml": xml, "sha256": sha256},
    )
    if found.sha256 != sha256:
        raise Problem("409.149")
    old = [found.files[file.name]["stored_as"] for file in kept if file.name in found.files]
    found.files |= {file.name: {"stored_as": file.stored_as, "size": file.size} for file in kept}
    found.save(update_fields=["files"])
    transaction.on_commit(lambda: storage.remove_files(old))
    return found
