"""Forms under seal: kept as boxes from the moment they arrive, opened in the session of somebody who holds the key.

What a form of a locked grade says is in memory while it is taken in or looked at, and nowhere else.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import IntegrityError, InterfaceError, InternalError, OperationalError, transaction
from django.utils import timezone

from lygte.core.access import Verb, fetch
from lygte.core.actions import action
from lygte.core.models import Member
from lygte.core.problems import Problem
from lygte.core.refs import new_ref
from lygte.core.vault import arrivals, envelopes, epochs
from lygte.core.vault.models import OrganisationKey
from lygte.core.vault.wraps import current_key

from .. import storage
from ..coarsening import coarsened
from ..grades import SEALED
from ..instance import Instance, answers_of, files_named_in, parse_instance
from ..lists import the_one
from ..models import Device, Form, FormVersion, SealedFile, SealedSubmission
from ..pictures import cleaned
from ..receivers import RECEIVERS, Received, Receiver
from ..storage import Bytes, StoredFile

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Boxed:
    """A box on disk, and what it is bound to."""

    ref: str
    part: str
    own_key: bytes | None
    stored: StoredFile
    digest: str


# Arriving in the open, for a form that must not lie here in the open ---------------------------------------------------
def seal_on_arrival(
    *,
    member: Member,
    device: Device | None,
    instance: Instance,
    version: FormVersion,
    xml: bytes,
    files: Mapping[str, Bytes],
) -> SealedSubmission:
    """Seal a filled form that came unsealed, before anything of it is written, and store the boxes exactly once."""
    if version.grade == SEALED:
        raise Problem("403.478", form_id=instance.form_id)
    digest = arrivals.arrival_token(xml)
    name = envelopes.instance_name(instance.instance_id, epochs.pepper())
    stored = stored_as(version, name, digest)
    if stored is None:
        refuse_closed(version)
        if instance.deprecated_id:
            raise Problem("409.480")
    key = the_key(member, instance.form_id)
    wanted = files_named_in(instance, version.outline["files"])
    clean = {one: cleaned(one, content).content for one, content in files.items() if one in wanted}
    ref = new_ref()
    header = stored.header if stored else _header(ref, key, member, instance, version, name)
    boxes = [_box_of(bytes(header), one, content, arrivals.arrival_token(files[one])) for one, content in clean.items()]
    with removing_unless_stored(boxes):
        if stored is not None:
            return add_boxes(member=member, submission=stored, boxes=boxes, key=key) if boxes else stored
        return store_sealed_here(
            member=member, version=version, instance=name, ref=ref, header=bytes(header), digest=digest,
            content=coarsened(xml, version.outline, version.grade), key=key, boxes=boxes,
        )  # fmt: skip


@contextmanager
def removing_unless_stored(boxes: list[Boxed]) -> Iterator[None]:
    """Take files away again where the rows that speak of them could not be written.

    Where somebody stored the same between our look and our write, the phone is told to come again, and is confirmed then.
    """
    try:
        yield
    except (OperationalError, InterfaceError, InternalError):
        raise  # a commit whose answer got lost may have stored it: its files stay, `jobs.py` removes them if it did not
    except BaseException as error:
        storage.remove_files(box.stored.stored_as for box in boxes)
        if isinstance(error, IntegrityError):
            raise Problem("503.161") from None
        raise


def refuse_closed(version: FormVersion) -> None:
    if version.form.state == Form.State.CLOSED:
        raise Problem("409.148", form_id=version.form.form_id)


def the_key(member: Member, form_id: str) -> OrganisationKey:
    try:
        return current_key(member.organisation)
    except Problem:
        raise Problem("423.479", form_id=form_id) from None


def stored_as(version: FormVersion, name: str, digest: str) -> SealedSubmission | None:
    """Return the sealed form that is stored under an instance id; Problem 409.149 where it is another one."""
    found = the_one(SealedSubmission.objects.filter(form=version.form_id, instance_id=name))
    if found is not None and found.digest != digest:
        raise Problem("409.149")
    return found


def _header(
    ref: str, key: OrganisationKey, member: Member, instance: Instance, version: FormVersion, name: str
) -> bytes:
    return envelopes.write_header(
        envelopes.Header(
            envelopes.ORGANISATION,
            envelopes.key_id(bytes(key.public)),
            ref,
            member.organisation.ref,
            instance.form_id,
            version.version,
            name,
        )
    )


def _box_of(header: bytes, name: str, content: bytes, digest: str) -> Boxed:
    """Lock one file under a key of its own: the key of its form cannot be had any more once that is stored."""
    part = envelopes.part_of_name(arrivals.arrival_token(name.encode(), "name"))
    key = arrivals.random_key()
    box = envelopes.lock_part(key, header, part, envelopes.pack_file(name, content))
    return Boxed(new_ref(), part, key, storage.store_file("", box), digest)


@action(Verb.SUBMISSION_RECEIVE, details=lambda submission: {"sealed": submission.sealed})
def store_sealed_here(
    *,
    member: Member,
    version: FormVersion,
    instance: str,
    ref: str,
    header: bytes,
    digest: str,
    content: bytes,
    key: OrganisationKey,
    boxes: list[Boxed],
) -> SealedSubmission:
    """Lock a form under a new key and store it."""
    secret = arrivals.new_form_key(member.organisation, ref, key)
    box = envelopes.lock_part(secret, header, envelopes.FORM, content)
    submission = _store(member, version, instance, ref, header, digest, box, SealedSubmission.By.ARRIVAL)
    _store_boxes(submission, boxes, key)
    return submission


def _store(
    member: Member, version: FormVersion, instance: str, ref: str, header: bytes, digest: str, box: bytes, by: str
) -> SealedSubmission:
    return SealedSubmission.objects.create(
        ref=ref,
        organisation=member.organisation,
        form=version.form,
        form_version=version,
        instance_id=instance,
        member=member,
        day=timezone.localdate(),
        sealed=by,
        header=header,
        box=box,
        digest=digest,
    )


def _store_boxes(submission: SealedSubmission, boxes: list[Boxed], key: OrganisationKey | None) -> None:
    for box in boxes:
        if box.own_key is not None:
            assert key is not None
            arrivals.wrap_form_key(box.own_key, box.ref, key)
        SealedFile.objects.create(
            ref=box.ref,
            organisation_id=submission.organisation_id,
            submission=submission,
            part=box.part,
            own_key=box.own_key is not None,
            stored_as=box.stored.stored_as,
            size=box.stored.size,
            digest=box.digest,
        )
    if boxes:
        submission.file_count = submission.files.count()
        submission.save(update_fields=["file_count"])


@action(Verb.SUBMISSION_RECEIVE, details=lambda submission: {"files": "added"})
def add_boxes(
    *, member: Member, submission: SealedSubmission, boxes: list[Boxed], key: OrganisationKey | None
) -> SealedSubmission:
    """Add files that came after the form. The same again changes nothing; other contents under a name replace it."""
    held = {file.part: file for file in submission.files.select_for_update()}
    same = [box for box in boxes if box.part in held and held[box.part].digest == box.digest]
    fresh = [box for box in boxes if box not in same]
    old = [held[box.part] for box in fresh if box.part in held]
    SealedFile.objects.filter(pk__in=[file.pk for file in old]).delete()
    arrivals.throw_away([file.ref for file in old if file.own_key])
    _store_boxes(submission, fresh, key)
    unused = [file.stored_as for file in old] + [box.stored.stored_as for box in same]
    transaction.on_commit(lambda: storage.remove_files(unused))
    return submission


# Arriving sealed to the organisation -----------------------------------------------------------------------------------
@action(Verb.SUBMISSION_RECEIVE, details=lambda submission: {"sealed": submission.sealed})
def store_sealed_by_phone(
    *,
    member: Member,
    version: FormVersion,
    envelope: envelopes.Envelope,
    digest: str,
    key: OrganisationKey,
    boxes: list[Boxed],
) -> SealedSubmission:
    """Store what a phone sealed, as it came; only its key gets the wrapping that every key has here."""
    arrivals.keep_key(envelope, key)
    header = envelope.header
    submission = _store(
        member,
        version,
        header.instance,
        header.id,
        envelope.raw_header,
        digest,
        envelope.box,
        SealedSubmission.By.PHONE,
    )
    _store_boxes(submission, boxes, None)
    return submission


# Opening, in the session of somebody who holds the key ------------------------------------------------------------------
@dataclass(frozen=True)
class OpenedFile:
    ref: str
    name: str


@dataclass(frozen=True)
class Opened:
    """A sealed form while somebody looks at it. Nothing of this is ever stored."""

    submission: SealedSubmission
    xml: bytes
    files: list[OpenedFile]
    missing: list[str]

    @property
    def ref(self) -> str:
        return self.submission.ref


def _content(member: Member, submission: SealedSubmission) -> bytes:
    """Return what a form says: as coarse as its grade, and really the form that its outside says it is."""
    key = arrivals.open_sealed_key(member, submission.ref)
    xml = arrivals.open_sealed_part(key, bytes(submission.header), envelopes.FORM, submission.box, submission.ref)
    instance = parse_instance(xml)
    name = envelopes.instance_name(instance.instance_id, epochs.pepper())
    inside = (instance.form_id, instance.version, name)
    if inside != (submission.form.form_id, submission.form_version.version, submission.instance_id):
        raise Problem("422.477")
    return coarsened(xml, submission.form_version.outline, submission.form_version.grade)


def _file(member: Member, file: SealedFile) -> tuple[str, bytes]:
    about = file.ref if file.own_key else file.submission.ref
    key = arrivals.open_sealed_key(member, about)
    box = storage.path_of(file.stored_as).read_bytes()
    packed = arrivals.open_sealed_part(key, bytes(file.submission.header), file.part, box, file.ref)
    return envelopes.unpack_file(packed)


@action(Verb.SUBMISSION_READ, details=lambda opened: {"sealed": True})
def open_sealed(*, member: Member, ref: str) -> Opened:
    """Open a sealed form for somebody whose session holds the key (423.1 otherwise); the log says who opened it."""
    submission = fetch(member, SealedSubmission, ref)
    xml = _content(member, submission)
    files = [OpenedFile(file.ref, _file(member, file)[0]) for file in submission.files.all()]
    named = files_named_in(parse_instance(xml), submission.form_version.outline["files"])
    if submission.state == SealedSubmission.State.WAITS and submission.form.form_id not in RECEIVERS:
        submission.state = SealedSubmission.State.OPENED
        submission.save(update_fields=["state"])
    return Opened(submission, xml, files, sorted(named - {file.name for file in files}))


@dataclass(frozen=True)
class OpenedContent:
    ref: str
    name: str
    content: bytes


@action(Verb.SUBMISSION_READ, details=lambda opened: {"file": True, "sealed": True})
def open_sealed_file(*, member: Member, ref: str) -> OpenedContent:
    """Open a file of a sealed form, without what is hidden in it. Raises Problem 415.482 for one that stays unshown."""
    file = fetch(member, SealedFile, ref)
    name, content = _file(member, file)
    clean = cleaned(name, content)
    if clean.quarantined:
        raise Problem("415.482", reason=clean.reason)
    return OpenedContent(file.ref, name, clean.content)


@action(Verb.SUBMISSION_RESOLVE, details=lambda submission: {"state": submission.state})
def take_in_sealed(*, member: Member, submission: SealedSubmission) -> SealedSubmission:
    """Open a sealed form and hand it to the room that takes it in; what lies here stays sealed."""
    submission = SealedSubmission.objects.select_for_update(of=("self",)).get(pk=submission.pk)
    if submission.state == SealedSubmission.State.TAKEN:
        raise Problem("409.483")
    instance = parse_instance(_content(member, submission))
    received = Received(
        ref=submission.ref,
        organisation=submission.organisation,
        form_id=submission.form.form_id,
        version=submission.form_version.version,
        instance_id=submission.instance_id,
        answers=answers_of(instance, submission.form_version.outline["repeats"]),
        day=submission.day,
        member=submission.member,
    )
    receiver = RECEIVERS.get(submission.form.form_id)
    problem = _handed(receiver, received) if receiver else None
    states = SealedSubmission.State
    submission.state = states.NEEDS_LOOK if problem else states.TAKEN if receiver else states.OPENED
    submission.problem_number = problem.number if problem else ""
    submission.save(update_fields=["state", "problem_number"])
    return submission


def _handed(receiver: Receiver, received: Received) -> Problem | None:
    """Call the receiver; what it wrote is undone where it fails. The log says that it failed, and never with which words."""
    try:
        with transaction.atomic():
            receiver(received)
    except Problem as problem:
        return problem
    except (OperationalError, InterfaceError, InternalError):
        raise
    except Exception as error:
        log.error("the receiver of a sealed form failed: %s", type(error).__name__)
        return Problem("422.171", kind=type(error).__name__)
    return None
