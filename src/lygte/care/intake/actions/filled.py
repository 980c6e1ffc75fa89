"""Taking filled forms in: exactly once, byte for byte, and handing them to the room that understands them."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, InterfaceError, InternalError, OperationalError, transaction
from django.utils import timezone, translation

from lygte.core.access import Verb, fetch
from lygte.core.actions import action
from lygte.core.lookups import Lookup
from lygte.core.models import Member
from lygte.core.personal_signs import refuse_signs
from lygte.core.problems import Problem
from lygte.core.vault.arrivals import arrival_token

from .. import storage
from ..beside import tell_stored
from ..client_audit import ingest_audit, without_places
from ..coarsening import coarsened
from ..envelope import files_wanted, must_fit, store_sealed
from ..grades import LOCKED, OPEN, SEALED
from ..instance import Instance, build_instance, parse_instance
from ..lists import the_one
from ..models import Attachment, Device, Form, FormVersion, ReviewState, SealedSubmission, Submission
from ..receivers import RECEIVERS
from ..rules import known_paths
from ..storage import Bytes, StoredFile
from ..telling import hand_over
from .sealed import seal_on_arrival

VERSION = Lookup(
    lambda **named: (
        FormVersion.objects.filter(**named)
        .select_related("form")
        .only("ref", "version", "outline", "grade", "organisation", "form__form_id", "form__state")
    ),
    organisation=(-1, -2),
    form__form_id=("a?", "b?"),
    version=("c?", "d?"),
)
STORED = Lookup(
    lambda **named: Submission.objects.filter(**named).only(
        "ref", "sha256", "organisation", "trashed_at", "replaced_by"
    ),
    form=(-1, -2),
    instance_id=("a?", "b?"),
)


def receive(
    *, member: Member, device: Device | None, xml: bytes, files: Mapping[str, Bytes]
) -> Submission | SealedSubmission:
    """Take a filled form in, exactly once however often it is sent; files are added or replaced each time.

    One that names a `deprecatedID` is an edit: it takes the place of that form, which is kept behind it. One that its
    grade locks is sealed before anything of it is written. What a grade makes coarser is coarse before it is stored; the
    hash that tells whether the same came before is of the bytes as received, and keyed: a bare one would confirm a guess.
    """
    instance = parse_instance(xml)
    version = version_named(member, instance.form_id, instance.version)
    if version.grade in (LOCKED, SEALED):
        return seal_on_arrival(member=member, device=device, instance=instance, version=version, xml=xml, files=files)
    sha256 = hashlib.sha256(xml).hexdigest()
    if version.grade == OPEN:
        sha256, received = arrival_token(xml), xml
        xml = coarsened(received, version.outline, version.grade)
        instance = instance if xml is received else parse_instance(xml)
    stored = _stored(version, instance)
    if stored is not None:
        _must_be_the_same(stored, sha256)
    elif version.form.state == Form.State.CLOSED:
        raise Problem("409.148", form_id=instance.form_id)
    must_fit(instance, version)
    files = without_places(instance, version.outline, files)
    kept = _store_files(files, files_wanted(instance, version.outline), version if instance.encrypted else None)
    try:
        return _store_or_add(member, device, instance, version, xml, sha256, stored, kept)
    except (OperationalError, InterfaceError, InternalError):
        raise  # a commit whose answer got lost may have stored it: its files stay, `jobs.py` removes them if it did not
    except BaseException:
        storage.remove_files(file.stored_as for file in kept)
        raise


def _must_be_the_same(stored: Submission, sha256: str) -> None:
    """Confirm what is stored already, and nothing else under the same name."""
    if stored.trashed_at is not None:
        raise Problem("409.402")
    if stored.sha256 != sha256:
        raise Problem("409.149")


def _store_files(files: Mapping[str, Bytes], wanted: set[str], locked: FormVersion | None) -> list[StoredFile]:
    """Store what the form names and ignore the rest; beside an encrypted form the rest is sealed, not ignored."""
    kept: list[StoredFile] = []
    try:
        for name, content in files.items():
            if name in wanted:
                kept.append(storage.store_file(name, content))
            elif locked is not None and not name.endswith(".enc"):
                kept.append(store_sealed(name, content, locked.outline["public_key"]))
    except BaseException:
        storage.remove_files(file.stored_as for file in kept)
        raise
    return kept


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
            _must_be_the_same(stored, sha256)
    if kept:
        add_files(member=member, submission=stored, kept=kept)
    return stored


def version_named(member: Member, form_id: str, version: str) -> FormVersion:
    """Return a published version of a form of the member's organisation, or raise Problem 404.146 or 404.147."""
    found = VERSION.one(organisation=member.organisation_id, form__form_id=form_id, version=version)
    if found is not None:
        return found
    if Form.objects.filter(organisation=member.organisation, form_id=form_id).exists():
        raise Problem("404.147", form_id=form_id, version=version)
    raise Problem("404.146", form_id=form_id)


def _stored(version: FormVersion, instance: Instance) -> Submission | None:
    return STORED.one(form=version.form_id, instance_id=instance.instance_id)


@action(Verb.SUBMISSION_RECEIVE, details=lambda submission: {"state": submission.state, "review": submission.review})
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
    earlier = _to_be_replaced(version, instance) if instance.deprecated_id else None
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
        state=Submission.State.TAKEN if instance.form_id in RECEIVERS else Submission.State.RECEIVED,
        encrypted=instance.encrypted,
        review=ReviewState.EDITED if earlier else ReviewState.RECEIVED,
    )
    Attachment.objects.bulk_create(_attachment(submission, file) for file in kept)
    carried: list[str] = []
    try:
        if earlier is not None:
            earlier.replaced_by = submission
            earlier.save(update_fields=["replaced_by"])
            _carry_forward(earlier, submission, files_wanted(instance, version.outline), carried)
        ingest_audit(submission, instance)
        tell_stored(submission, instance)
        problem = _in_the_open(kept) or hand_over(submission, instance, edited=earlier)
        if problem is not None:
            _needs_look(submission, problem)
    except BaseException:
        storage.remove_files(carried)
        raise
    return submission


def _to_be_replaced(version: FormVersion, instance: Instance) -> Submission:
    """Return the filled form that an edit changes, locked; it must be the newest of its line and not in the trash."""
    same = Submission.objects.filter(form=version.form_id, instance_id=instance.deprecated_id)
    earlier = the_one(same.select_for_update(of=("self",)))
    if earlier is None:
        raise Problem("404.410")
    if earlier.trashed_at is not None:
        raise Problem("409.402")
    if earlier.replaced_by_id is not None:
        raise Problem("409.401")
    return earlier


def _carry_forward(earlier: Submission, submission: Submission, named: set[str], carried: list[str]) -> None:
    """Give an edit the files that its answers name and that came with the form before it; note them in `carried`."""
    wanting = named - set(submission.attachments.values_list("name", flat=True))
    for file in earlier.attachments.filter(name__in=wanting) if wanting else ():
        carried.append(storage.same_file_again(file.stored_as))
        Attachment.objects.create(
            organisation_id=submission.organisation_id,
            submission=submission,
            name=file.name,
            stored_as=carried[-1],
            size=file.size,
            sha256=file.sha256,
            sealed_key=file.sealed_key,
        )


def _in_the_open(kept: list[StoredFile]) -> Problem | None:
    count = sum(file.sealed_key is not None for file in kept)
    return Problem("422.415", count=count) if count else None


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
        sealed_key=file.sealed_key,
    )


@action(Verb.SUBMISSION_RECEIVE, details=lambda submission: {"files": "added"})
def add_files(*, member: Member, submission: Submission, kept: list[StoredFile]) -> Submission:
    """Add files that came after the form, or replace those of the same name."""
    names = [file.name for file in kept]
    replaced = submission.attachments.select_for_update().filter(name__in=names)
    old = [attachment.stored_as for attachment in replaced]
    replaced.delete()
    Attachment.objects.bulk_create(_attachment(submission, file) for file in kept)
    if problem := _in_the_open(kept):
        _needs_look(submission, problem)
    ingest_audit(submission, parse_instance(bytes(submission.xml)))
    newer = submission.replaced_by  # files may come late, when the form has been edited already
    while newer is not None:
        instance = parse_instance(bytes(newer.xml))
        _carry_forward(submission, newer, files_wanted(instance, newer.form_version.outline), [])
        newer = newer.replaced_by
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
    must_stand(submission)
    if submission.state != Submission.State.NEEDS_LOOK or submission.encrypted:
        raise Problem("409.172")
    submission.corrections = {**submission.corrections, **corrections}
    problem = hand_over(submission, parse_instance(bytes(submission.xml)), edited=submission.earlier)
    if problem is not None:
        raise problem
    taken = submission.form.form_id in RECEIVERS
    submission.state = Submission.State.TAKEN if taken else Submission.State.RECEIVED
    submission.problem_number = submission.problem_at = ""
    submission.problem_details, submission.problem_parts = {}, []
    submission.save()
    return submission


@action(Verb.SUBMISSION_READ, details=lambda submission: {"decrypted": True})
def note_opened(*, member: Member, submission: Submission) -> Submission:
    """Write in the log that somebody opened an encrypted form, before it is shown."""
    return submission


@action(Verb.SUBMISSION_RESOLVE, details=lambda submission: {"files": "destroyed"})
def destroy_files_in_the_open(*, member: Member, submission: Submission) -> Submission:
    """Destroy what came in the open beside an encrypted form; the form itself needs nothing any more."""
    submission = Submission.objects.select_for_update(of=("self",)).get(pk=submission.pk)
    found = list(submission.attachments.filter(sealed_key__isnull=False))
    if not found:
        raise Problem("409.426")
    submission.attachments.filter(pk__in=[file.pk for file in found]).delete()
    submission.state = Submission.State.RECEIVED
    submission.problem_number = ""
    submission.problem_details = {}
    submission.save(update_fields=["state", "problem_number", "problem_details"])
    transaction.on_commit(lambda: storage.remove_files(file.stored_as for file in found))
    return submission


def must_stand(submission: Submission) -> None:
    """Raise a Problem where a newer edit has taken the form's place, or where it lies in the trash."""
    if submission.replaced_by_id is not None:
        raise Problem("409.403")
    if submission.trashed_at is not None:
        raise Problem("409.407")


def submit_answers(*, member: Member, form_id: str, answers: Mapping[str, Any]) -> Submission | SealedSubmission:
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
