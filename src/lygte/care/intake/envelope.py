"""The envelope of an encrypted form: which key, which files, in which order. Nothing of it is an answer."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lygte.core.problems import Problem
from lygte.core.vault.ciphers import bind, lock, random_key
from lygte.core.vault.odk import seal_key_for

from . import storage
from .instance import Instance, Node, files_named_in
from .models import FormVersion
from .storage import Bytes, StoredFile

QUARANTINE = bind("a file beside an encrypted form")
MAX_FILES = 1000


@dataclass(frozen=True)
class Envelope:
    """Media in the order in which the phone encrypted them; the form itself comes last."""

    sealed_key: bytes
    key_as_written: str
    media: list[str]
    form_file: str
    signature: bytes

    @property
    def files(self) -> list[str]:
        return [*self.media, self.form_file]


def envelope_of(instance: Instance) -> Envelope:
    """Read the envelope by local names: the page of the specification and the phones differ in the namespace."""
    root = instance.root
    written = _text(root, "base64EncryptedKey")
    media = [
        file.value
        for child in root.children
        if child.name == "media"
        for file in child.children
        if file.name == "file" and file.value
    ]
    if len(media) > MAX_FILES:
        raise Problem("400.414", what="media")
    signature = _bytes(_text(root, "base64EncryptedElementSignature"), "base64EncryptedElementSignature")
    return Envelope(_bytes(written, "base64EncryptedKey"), written, media, _text(root, "encryptedXmlFile"), signature)


def _text(root: Node, name: str) -> str:
    found = root.child(name)
    if found is None or not found.value:
        raise Problem("400.414", what=name)
    return found.value


def _bytes(text: str, name: str) -> bytes:
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        raise Problem("400.414", what=name) from None


def must_fit(instance: Instance, version: FormVersion) -> None:
    """Refuse what should have been encrypted and is not, and what nobody could ever open."""
    has_key = bool(version.outline.get("public_key"))
    if has_key and not instance.encrypted:
        raise Problem("422.412", form_id=instance.form_id)
    if instance.encrypted and not has_key:
        raise Problem("422.413", form_id=instance.form_id)


def files_wanted(instance: Instance, outline: Mapping[str, Any]) -> set[str]:
    """Return the names of the files that belong to a filled form, encrypted or not."""
    if instance.encrypted:
        return set(envelope_of(instance).files)
    return files_named_in(instance, outline["files"])


def store_sealed(name: str, content: Bytes, public_key: str) -> StoredFile:
    """Keep a file that came in the open where everything should be encrypted: sealed with the key of the form."""
    key = random_key()
    stored = storage.store_file(name, lock(key, bytes(content), QUARANTINE))
    return StoredFile(name, stored.stored_as, stored.size, stored.sha256, seal_key_for(public_key, key))
