"""Taking filled forms in: exactly once, byte for byte, and handing them to the room that understands them."""

from __future__ import annotations

import hashlib
import logging
import uuid
from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, OperationalError, transaction
from django.utils import timezone, translation

from lygte.core.access import Verb, fetch
from lygte.core.actions import action
from lygte.core.models import Member
from lygte.core.personal_signs import refuse_signs
from lygte.core.problems import Problem

from .. import storage
from ..beside import tell_stored
from ..instance import Instance, answers_of, build_instance, files_named_in, parse_instance
from ..models import Attachment, Device, Form, FormVersion, Submission
from ..reads import the_one
from ..receivers import RECEIVERS, Received
from ..rules import correct, known_paths
from ..storage import Bytes, StoredFile

log = logging.getLogger(__name__)


def receive(*, member: Member, device: Device | None, xml: bytes, files: Mapping[str, Bytes]) -> Submission:
    """Take a filled form in, exactly once however often it is sent; files are added or replaced each time."""
    instance = parse_instance(xml)
    version = _version_for(member, instance)
    sha256 = hashlib.sha256(xml).hexdigest()
    stored = _stored(version, instance)
    if stored is None:
        if version.form.state == Form.State.CLOSED:
            raise Problem("409.148", form_id=instance.form_id)
        if instance.deprecated_id:
            raise Problem("409.150")
    elif stored.sha256 != sha256:
        raise Problem("409.149")
    wanted = files_named_in(instance, version.outline["files"])
    kept = _store_files({name: content for name, content in files.items() if name in wanted})
    try:
        return _store_or_add(member, device, instance, version, xml, sha256, stored, kept)
    except BaseException:
        storage.remove_files(file.stored_as for file in kept)
        raise


def _store_files(files: Mapping[str, Bytes]) -> list[StoredFile]:
    return [storage.store_file(name, content) for name, content in files.items()]


def _store_or_add(
    member: Member,
    device: Device | None,
    instance: Instance,
    version: FormVersion,
    xml: bytes,
    sha256: str,
    stored: Submission | None,
    kept: list[StoredFile],
) -> Submission:
    if stored is None:
        try:
            return store_submission(
                member=member, device=device, instance=instance, version=version, xml=xml, sha256=sha256, kept=kept
            )
        except IntegrityError:
            # Somebody stored the same instance between our look and our write.
            stored = _stored(version, instance)
            if stored is None:
                raise
            if stored.sha256 != sha256:
                raise Problem("409.149") from None
    if kept:
        add_files(member=member, submission=stored, kept=kept)
    return stored


def _version_for(member: Member, instance: Instance) -> FormVersion:
    version = the_one(
        FormVersion.objects.filter(
            organisation=member.organisation, form__form_id=instance.form_id, version=instance.version
        )
        .select_related("form")
        .only("ref", "version", "outline", "organisation", "form__form_id", "form__state")
    )
    if version is not None:
        return version
    if Form.objects.filter(organisation=member.organisation, form_id=instance.form_id).exists():
        raise Problem("404.147", form_id=instance.form_id, version=instance.version)
    raise Problem("404.146", form_id=instance.form_id)


def _stored(version: FormVersion, instance: Instance) -> Submission | None:
    same = Submission.objects.filter(form=version.form_id, instance_id=instance.instance_id)
    return the_one(same.only("ref", "sha256", "organisation"))


@action(Verb.SUBMISSION_RECEIVE, details=lambda submission: {"state": submission.state})
def store_submission(
    *,
    member: Member,
    device: Device | None,
    instance: Instance,
    version: FormVersion,
    xml: bytes,
    sha256: str,
    kept: list[StoredFile],
) -> Submission:
    """Store a filled form and hand it to the room that takes it in. Raises IntegrityError where it is stored."""
    receiver = RECEIVERS.get(instance.form_id)
    submission = Submission.objects.create(
        organisation=member.organisation,
        form=version.form,
        form_version=version,
        instance_id=instance.instance_id,
        device=device,
        member=member,
        received_at=timezone.now(),
        xml=xml,
        sha256=sha256,
        state=Submission.State.TAKEN if receiver else Submission.State.RECEIVED,
    )
    Attachment.objects.bulk_create(_attachment(submission, file) for file in kept)
    tell_stored(submission, instance)
    if receiver is not None:
        problem = hand_over(receiver, received_from(submission, instance))
        if problem is not None:
            _needs_look(submission, problem)
    return submission


def received_from(submission: Submission, instance: Instance) -> Received:
    """Return what the next room may have of a filled form, corrections applied."""
    answers = answers_of(instance, submission.form_version.outline["repeats"])
    return Received(
        ref=submission.ref,
        organisation=submission.organisation,
        form_id=submission.form.form_id,
        version=submission.form_version.version,
        instance_id=submission.instance_id,
        answers=correct(answers, submission.corrections),
        day=timezone.localdate(submission.received_at),
        member=submission.member,
    )


def hand_over(receiver: Any, received: Received) -> Problem | None:
    """Call the receiver; what it wrote is undone and the problem returned where it fails, however it fails."""
    try:
        with transaction.atomic():
            receiver(received)
    except Problem as problem:
        return problem
    except OperationalError:
        raise  # the database is busy or full: nothing is acknowledged, the phone sends again
    except Exception as error:  # a fault in a room must not lose what a worker wrote in the field
        log.exception("the receiver of a form failed")
        return Problem("422.171", kind=type(error).__name__)
    return None


def _needs_look(submission: Submission, problem: Problem) -> None:
    submission.state = Submission.State.NEEDS_LOOK
    submission.problem_number = problem.number
    with translation.override("en"):  # kept in the language of the code, told later in the reader's
        submission.problem_at = str(problem.at)[:200]
        submission.problem_details = _plain(problem.details)
        submission.problem_parts = [
            {"number": part.number, "at": str(part.at), "details": _plain(part.details)} for part in problem.parts
        ]
    submission.save(update_fields=["state", "problem_number", "problem_at", "problem_details", "problem_parts"])


def _plain(details: Mapping[str, Any]) -> dict[str, Any]:
    """Keep numbers and texts of a problem so that it can be told again, in any language."""
    return {key: value if isinstance(value, (int, float, str)) else str(value) for key, value in details.items()}


def _attachment(submission: Submission, file: StoredFile) -> Attachment:
    return Attachment(
        organisation_id=submission.organisation_id,
        submission=submission,
        name=file.name,
        stored_as=file.stored_as,
        size=file.size,
        sha256=file.sha256,
    )


@action(Verb.SUBMISSION_RECEIVE, details=lambda submission: {"files": "added"})
def add_files(*, member: Member, submission: Submission, kept: list[StoredFile]) -> Submission:
    """Add files that came after the form, or replace those of the same name."""
    names = [file.name for file in kept]
    replaced = submission.attachments.select_for_update().filter(name__in=names)
    old = [attachment.stored_as for attachment in replaced]
    replaced.delete()
    Attachment.objects.bulk_create(_attachment(submission, file) for file in kept)
    transaction.on_commit(lambda: storage.remove_files(old))
    return submission


@action(Verb.SUBMISSION_READ)
def open_submission(*, member: Member, ref: str) -> Submission:
    """Return one filled form of the member's organisation; the log says who opened it."""
    return fetch(member, Submission, ref)


@action(Verb.SUBMISSION_READ, details=lambda attachment: {"file": True})
def open_attachment(*, member: Member, ref: str) -> Attachment:
    """Return a file sent with a filled form; the log says who opened it."""
    return fetch(member, Attachment, ref)


@action(Verb.SUBMISSION_RESOLVE)
def resolve_submission(
    *, member: Member, submission: Submission, corrections: Mapping[str, str], looked: bool = False
) -> Submission:
    """Hand a filled form over once more, with corrections by path ("people/present"). Raises what still fails.

    The form stays as received; corrections are kept beside it. One that seems to point at a person is asked about
    (Problem 422.11) unless somebody has looked; a personal number is refused (422.10).
    """
    for path, value in corrections.items():
        refuse_signs(value, looked=looked, at=path)
    submission = Submission.objects.select_for_update(of=("self",)).get(pk=submission.pk)
    if submission.state != Submission.State.NEEDS_LOOK:
        raise Problem("409.172")
    submission.corrections = {**submission.corrections, **corrections}
    receiver = RECEIVERS.get(submission.form.form_id)
    if receiver is not None:
        problem = hand_over(receiver, received_from(submission, parse_instance(bytes(submission.xml))))
        if problem is not None:
            raise problem
    submission.state = Submission.State.TAKEN if receiver else Submission.State.RECEIVED
    submission.problem_number = submission.problem_at = ""
    submission.problem_details, submission.problem_parts = {}, []
    submission.save()
    return submission


def submit_answers(*, member: Member, form_id: str, answers: Mapping[str, Any]) -> Submission:
    """Take in a form that was filled in on a page: it becomes XML and goes the way of all others."""
    version = (
        FormVersion.objects.filter(organisation=member.organisation, form__form_id=form_id)
        .defer("workbook", "xform")
        .first()
    )
    if version is None:
        raise Problem("404.175", name=member.organisation.name, form_id=form_id)
    xml = build_instance(
        root=version.outline["root"],
        form_id=form_id,
        version=version.version,
        instance_id=f"uuid:{uuid.uuid4()}",
        answers=answers,
        known=known_paths(version.outline),
    )
    return receive(member=member, device=None, xml=xml, files={})
