"""Opening an encrypted form with a passphrase, in memory, for one request. Nothing of it is ever stored."""

from __future__ import annotations

import hashlib
import io
import zipfile
from dataclasses import dataclass

from lygte.core.problems import Problem
from lygte.core.vault.ciphers import Unopenable, unlock
from lygte.core.vault.odk import decrypt_files, open_rsa_key
from lygte.core.vault.small import UnderPassphrase, open_under_passphrase

from .envelope import QUARANTINE, Envelope, envelope_of
from .instance import Instance, parse_instance
from .models import FormKey, Submission
from .storage import path_of

MAX_BYTES = 200_000_000


@dataclass(frozen=True)
class Opened:
    """A decrypted form. `checked` is None where files are missing; it finds damage, and says nothing of who sent it."""

    ref: str
    xml: bytes
    instance: Instance
    files: dict[str, bytes]
    in_the_open: dict[str, bytes]
    missing: list[str]
    checked: bool | None

    def as_zip(self) -> bytes:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("submission.xml", self.xml)
            for folder, files in (("", self.files), ("came-in-the-open/", self.in_the_open)):
                for name, content in files.items():
                    archive.writestr(folder + name.replace("/", "_").replace("\\", "_").lstrip("."), content)
        return out.getvalue()


def key_of(submission: Submission) -> FormKey:
    """Return the key pair whose public half the form was encrypted with, or Problem 404.424."""
    public_key = submission.form_version.outline.get("public_key", "")
    found = FormKey.objects.filter(form=submission.form, public_key=public_key).first()
    if found is None:
        raise Problem("404.424")
    return found


def open_encrypted(submission: Submission, passphrase: str) -> Opened:
    """Decrypt a form and its files. Raises Problem 422.416 for a wrong passphrase, 422.418 for what cannot be opened."""
    found = key_of(submission)
    attachments = {file.name: file for file in submission.attachments.all()}
    size = sum(file.size for file in attachments.values())
    if size > MAX_BYTES:
        raise Problem("413.425", megabytes=size // 1_000_000)
    kept = UnderPassphrase(bytes(found.box), bytes(found.salt), found.passes, found.memory)
    try:
        private = open_under_passphrase(passphrase, kept, "form key", found.ref)
    except Unopenable:
        raise Problem("422.416") from None
    contents = {
        file.name: path_of(file.stored_as).read_bytes()
        for file in attachments.values()
        if path_of(file.stored_as).is_file()
    }
    try:
        return _opened(submission, private, contents)
    except Unopenable:
        raise Problem("422.418") from None


def _opened(submission: Submission, private: bytes, contents: dict[str, bytes]) -> Opened:
    outer = parse_instance(bytes(submission.xml))
    envelope = envelope_of(outer)
    key = open_rsa_key(private, envelope.sealed_key)
    plain = decrypt_files(key, outer.instance_id, [contents.get(name) for name in envelope.files])
    xml = plain.pop()
    if xml is None:
        raise Problem("422.418")
    media = dict(zip(envelope.media, plain, strict=True))
    files = {name.removesuffix(".enc"): content for name, content in media.items() if content is not None}
    missing = [name for name, content in media.items() if content is None]
    checked = None if missing else _fits(private, outer, envelope, {**files, "submission.xml": xml})
    quarantined = [file for file in submission.attachments.all() if file.sealed_key is not None]
    in_the_open = {
        file.name: unlock(open_rsa_key(private, bytes(file.sealed_key)), contents[file.name], QUARANTINE)
        for file in quarantined
        if file.sealed_key is not None and file.name in contents
    }
    return Opened(submission.ref, xml, parse_instance(xml), files, in_the_open, missing, checked)


def _fits(private: bytes, outer: Instance, envelope: Envelope, files: dict[str, bytes]) -> bool:
    """Compare what was decrypted with what the phone noted. Whoever has the form could have noted it."""
    lines = [outer.form_id, *([outer.version] if outer.version else []), envelope.key_as_written, outer.instance_id]
    lines += [f"{name}::{_md5(content)}" for name, content in files.items()]
    noted = "".join(f"{line}\n" for line in lines).encode()
    try:
        expected = open_rsa_key(private, envelope.signature)
    except Unopenable:
        return False
    return expected == hashlib.md5(noted, usedforsecurity=False).digest()


def _md5(content: bytes) -> str:
    return hashlib.md5(content, usedforsecurity=False).hexdigest()
