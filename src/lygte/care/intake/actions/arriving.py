"""What a phone sealed, taken in: open forms are opened at once and go the way of all others, locked ones stay boxes."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from lygte.core.models import Member
from lygte.core.problems import Problem
from lygte.core.refs import new_ref
from lygte.core.vault import arrivals, envelopes
from lygte.core.vault.envelopes import Envelope, Header

from .. import storage
from ..grades import SEALED
from ..instance import parse_instance
from ..models import Device, FormVersion, SealedSubmission, Submission
from ..storage import Bytes
from .filled import receive, version_named
from .sealed import Boxed, add_boxes, refuse_closed, removing_unless_stored, store_sealed_by_phone, stored_as


def receive_envelope(
    *, member: Member, device: Device | None, whole: bytes, files: Mapping[int, Bytes]
) -> Submission | SealedSubmission:
    """Take in what a phone sealed, exactly once however often it comes; files may come over several requests."""
    try:
        envelope = envelopes.unpack(whole)
    except envelopes.NotAnEnvelope:
        raise Problem("400.474") from None
    header = envelope.header
    if header.organisation != member.organisation.ref:
        raise Problem("409.475")
    boxes = {number: content for number, content in files.items() if 0 <= number < header.files}
    if header.sealed_for == envelopes.INTAKE:
        return _open(member, device, envelope, boxes)
    return _keep(member, version_named(member, header.form, header.version), envelope, whole, boxes)


def _open(
    member: Member, device: Device | None, envelope: Envelope, boxes: Mapping[int, Bytes]
) -> Submission | SealedSubmission:
    """Open a form that is sealed to this server, and take it in as if it had come in the open."""
    version = version_named(member, envelope.header.form, envelope.header.version)
    if version.grade == SEALED:
        raise Problem("403.478", form_id=envelope.header.form)
    key = arrivals.open_on_arrival(envelope)
    if key is None:
        raise Problem("410.476")
    try:
        xml = arrivals.open_sealed_part(key, envelope.raw_header, envelopes.FORM, envelope.box, envelope.header.id)
        packed = [
            arrivals.open_sealed_part(key, envelope.raw_header, envelopes.part_of_file(number), box, envelope.header.id)
            for number, box in sorted(boxes.items())
        ]
        files = dict(map(envelopes.unpack_file, packed))
    except Problem:
        raise Problem("422.477") from None
    _must_be_inside(envelope.header, xml)
    return receive(member=member, device=device, xml=xml, files=files)


def _must_be_inside(header: Header, xml: bytes) -> None:
    instance = parse_instance(xml)
    if (instance.form_id, instance.version, instance.instance_id) != (header.form, header.version, header.instance):
        raise Problem("422.477")


def _keep(
    member: Member, version: FormVersion, envelope: Envelope, whole: bytes, files: Mapping[int, Bytes]
) -> SealedSubmission:
    """Keep a form that only a holder of the organisation's key can open. Nothing here can look into it."""
    digest = hashlib.sha256(whole).hexdigest()
    stored = stored_as(version, envelope.header.instance, digest)
    if stored is None:
        refuse_closed(version)
    key = arrivals.organisation_key(member.organisation, envelope.header.key)
    if key is None:
        raise Problem("410.476")
    boxes = [_box_of(number, content) for number, content in sorted(files.items())]
    with removing_unless_stored(boxes):
        if stored is not None:
            return add_boxes(member=member, submission=stored, boxes=boxes, key=None) if boxes else stored
        return store_sealed_by_phone(
            member=member, version=version, envelope=envelope, digest=digest, key=key, boxes=boxes
        )


def _box_of(number: int, content: Bytes) -> Boxed:
    stored = storage.store_file("", content)
    return Boxed(new_ref(), envelopes.part_of_file(number), None, stored, stored.sha256)
