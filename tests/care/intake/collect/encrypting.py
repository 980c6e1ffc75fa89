"""Encrypting a filled form as the phone does, by the recipe of the specification; written apart from what opens it."""

from __future__ import annotations

import base64
import hashlib
import os

from cryptography.hazmat.decrepit.ciphers.modes import CFB
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key

SPECIFICATION = "http://opendatakit.org/submissions"
PHONES = "http://www.opendatakit.org/xforms/encrypted"


def oaep(public: str, content: bytes) -> bytes:
    key = load_der_public_key(base64.b64decode(public))
    return key.encrypt(content, padding.OAEP(padding.MGF1(SHA256()), SHA256(), None))  # type: ignore[union-attr,no-any-return]


def encrypted(
    public: str, form_id: str, version: str, instance_id: str, xml: bytes, media: dict[str, bytes], *,
    namespace: str = PHONES, noted: bytes | None = None,
) -> tuple[bytes, dict[str, bytes]]:  # fmt: skip
    """Return the envelope and the files that go with it. `noted` is what the phone claims the form was."""
    key = os.urandom(32)
    sealed = base64.b64encode(oaep(public, key)).decode()
    seed = bytearray(hashlib.md5(instance_id.encode() + key, usedforsecurity=False).digest())
    files, lines = {}, [form_id, *([version] if version else []), sealed, instance_id]
    for number, (name, content) in enumerate([*media.items(), ("submission.xml", xml)]):
        seed[number % 16] = (seed[number % 16] + 1) % 256
        fill = 16 - len(content) % 16
        encryptor = Cipher(algorithms.AES(key), CFB(bytes(seed))).encryptor()
        files[f"{name}.enc"] = encryptor.update(content + bytes([fill]) * fill) + encryptor.finalize()
        plain = noted if noted is not None and name == "submission.xml" else content
        lines.append(f"{name}::{hashlib.md5(plain, usedforsecurity=False).hexdigest()}")
    digest = hashlib.md5("".join(f"{line}\n" for line in lines).encode(), usedforsecurity=False).digest()
    signature = base64.b64encode(oaep(public, digest)).decode()
    media_tags = "".join(f"<media><file>{name}.enc</file></media>" for name in media)
    attribute = f' version="{version}"' if version else ""
    envelope = (
        f'<data xmlns="{namespace}" id="{form_id}"{attribute} encrypted="yes">'
        f"<base64EncryptedKey>{sealed}</base64EncryptedKey>"
        f'<orx:meta xmlns:orx="http://openrosa.org/xforms"><orx:instanceID>{instance_id}</orx:instanceID></orx:meta>'
        f"{media_tags}<encryptedXmlFile>submission.xml.enc</encryptedXmlFile>"
        f"<base64EncryptedElementSignature>{signature}</base64EncryptedElementSignature></data>"
    )
    return envelope.encode(), files
