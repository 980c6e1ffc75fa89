"""Filled forms under seal: one envelope for a form and its files, whoever sealed it (the twin of assets/js/vault/sealing.js).

An envelope says in the open for whom it is and what it belongs to; everything it says is bound to every box in it. The
bytes are written down in docs/rooms/intake.md. One key locks the form and its files, and is itself sealed to a public key
in the same way as any other key, so that it can go among the wrapped keys as it came.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from ..refs import LENGTH, new_ref
from . import ciphers
from .wraps import inner_of, key_of

MAGIC = b"LYG\x01"
LONGEST_HEADER = 2_000
LONGEST_SEALED_KEY = 200
MOST_FILES = 200
INTAKE, ORGANISATION = "intake", "organisation"
_REF = re.compile(rf"[a-z2-7]{{{LENGTH}}}")
_KEY_ID = re.compile(r"[0-9a-f]{24}")
_INSTANCE = re.compile(r"uuid:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|mac:[0-9a-f]{64}")


class NotAnEnvelope(ValueError):
    """Bytes that are not an envelope, or one whose header cannot be true."""


@dataclass(frozen=True)
class Header:
    """What an envelope says in the open."""

    sealed_for: str  # INTAKE or ORGANISATION
    key: str  # which public key: the first 96 bits of its SHA-256
    id: str
    organisation: str
    form: str
    version: str
    instance: str
    files: int = 0


@dataclass(frozen=True)
class Envelope:
    """An envelope taken apart; nothing in it has been opened."""

    header: Header
    raw_header: bytes
    sealed_key: bytes
    box: bytes


def key_id(public: bytes) -> str:
    return ciphers.fingerprint(public).replace(" ", "")


def instance_name(instance_id: str, secret: bytes) -> str:
    """Return the instance id where it is the random one that apps make, else a keyed hash: it might hold words."""
    if _INSTANCE.fullmatch(instance_id) and instance_id.startswith("uuid:"):
        return instance_id
    return "mac:" + ciphers.token(ciphers.derive(secret, "intake/instance"), instance_id.encode()).hex()


def write_header(header: Header) -> bytes:
    return json.dumps(asdict(header), ensure_ascii=False, separators=(",", ":")).encode()


def read_header(raw: bytes) -> Header:
    """Read a header strictly: exactly these fields, each of the kind it must be."""
    try:
        said: Any = json.loads(raw)
        header = Header(**said)
    except (ValueError, TypeError, RecursionError):
        raise NotAnEnvelope("header") from None
    texts = (header.key, header.id, header.organisation, header.form, header.version, header.instance)
    if not all(isinstance(text, str) for text in texts) or type(header.files) is not int:
        raise NotAnEnvelope("header")
    patterns = ((_KEY_ID, header.key), (_REF, header.id), (_REF, header.organisation), (_INSTANCE, header.instance))
    fits = all(pattern.fullmatch(text) for pattern, text in patterns)
    named = 0 < len(header.form) < 250 and len(header.version) < 250 and "\0" not in header.form + header.version
    if header.sealed_for not in (INTAKE, ORGANISATION) or not fits or not named or not 0 <= header.files <= MOST_FILES:
        raise NotAnEnvelope("header")
    return header


def bound(raw_header: bytes, part: str) -> bytes:
    """Return what a box is bound to: the version of the format, which part it is, and the whole header as it stands."""
    return f"sealed/1|{part}|".encode() + raw_header


def part_of_file(number: int) -> str:
    return f"file|{number}"


def part_of_name(token: str) -> str:
    """Return the part of a file that the server sealed: known by a keyed hash of its name."""
    return f"file|{token}"


FORM = "form"


def pack(envelope: Envelope) -> bytes:
    return b"".join(
        [
            MAGIC,
            len(envelope.raw_header).to_bytes(2, "big"),
            envelope.raw_header,
            len(envelope.sealed_key).to_bytes(2, "big"),
            envelope.sealed_key,
            envelope.box,
        ]
    )


def unpack(whole: bytes | memoryview) -> Envelope:
    """Take an envelope apart, or raise NotAnEnvelope."""
    whole = bytes(whole)
    if whole[: len(MAGIC)] != MAGIC:
        raise NotAnEnvelope("magic")
    raw_header, rest = _cut(whole[len(MAGIC) :], LONGEST_HEADER)
    sealed_key, box = _cut(rest, LONGEST_SEALED_KEY)
    if not box:
        raise NotAnEnvelope("box")
    return Envelope(read_header(raw_header), raw_header, sealed_key, box)


def _cut(data: bytes, longest: int) -> tuple[bytes, bytes]:
    size = int.from_bytes(data[:2], "big")
    if len(data) < 2 or not 0 < size <= longest or len(data) < 2 + size:
        raise NotAnEnvelope("length")
    return data[2 : 2 + size], data[2 + size :]


def pack_file(name: str, content: bytes | memoryview) -> bytes:
    """Return what the box of a file holds: its name stands inside, never beside it."""
    encoded = name.encode()
    return len(encoded).to_bytes(2, "big") + encoded + bytes(content)


def unpack_file(packed: bytes) -> tuple[str, bytes]:
    size = int.from_bytes(packed[:2], "big")
    try:
        return packed[2 : 2 + size].decode(), packed[2 + size :]
    except UnicodeDecodeError:
        raise ciphers.Unopenable from None


def seal_envelope(
    public: bytes,
    *,
    sealed_for: str,
    organisation: str,
    form: str,
    version: str,
    instance: str,
    content: bytes,
    files: Sequence[tuple[str, bytes]] = (),
) -> tuple[bytes, list[bytes]]:
    """Seal a form and its files to a public key, as a phone does; return the envelope and the box of each file."""
    ref = new_ref()
    header = Header(sealed_for, key_id(public), ref, organisation, form, version, instance, len(files))
    raw, key = write_header(header), ciphers.random_key()
    box = lock_part(key, raw, FORM, content)
    envelope = Envelope(header, raw, ciphers.seal(public, inner_of(key, ref)), box)
    boxes = [lock_part(key, raw, part_of_file(n), pack_file(*file)) for n, file in enumerate(files)]
    return pack(envelope), boxes


def lock_part(key: bytes, raw_header: bytes, part: str, content: bytes) -> bytes:
    return ciphers.lock(key, content, bound(raw_header, part))


def open_key(private: bytes, envelope: Envelope) -> bytes:
    """Return the key of an envelope. Raises Unopenable for another recipient or another envelope's key."""
    return key_of(ciphers.unseal(private, envelope.sealed_key), envelope.header.id)


def open_part(key: bytes, raw_header: bytes, part: str, box: bytes | memoryview) -> bytes:
    """Return the content of one part. Raises Unopenable where it, or a word of the header, was changed or moved."""
    return ciphers.unlock(key, box, bound(raw_header, part))
