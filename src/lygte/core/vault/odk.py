"""The ciphers of encrypted forms as the ODK specification fixes them: RSA-OAEP and AES-CFB, for nothing else.

We would choose neither; phones do. The recipe is in docs/rooms/intake.md.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Sequence

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.decrepit.ciphers.modes import CFB
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms
from cryptography.hazmat.primitives.hashes import SHA256

from .ciphers import Unopenable

BITS = 2048
BLOCK = 16
_OAEP = padding.OAEP(mgf=padding.MGF1(SHA256()), algorithm=SHA256(), label=None)


def new_rsa_pair() -> tuple[str, bytes]:
    """Return a fresh pair: the public half as it stands in a form, the private half as DER."""
    private = rsa.generate_private_key(public_exponent=65537, key_size=BITS)
    public = private.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    der = private.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return base64.b64encode(public).decode("ascii"), der


def _public(text: str) -> rsa.RSAPublicKey | None:
    try:
        key = serialization.load_der_public_key(base64.b64decode("".join(text.split()), validate=True))
    except (ValueError, binascii.Error, UnsupportedAlgorithm):
        return None
    return key if isinstance(key, rsa.RSAPublicKey) and key.key_size == BITS else None


def is_public_key(text: str) -> bool:
    """Tell whether a text is a key with which phones can encrypt forms: RSA of 2048 bits, DER, base64."""
    return _public(text) is not None


def seal_key_for(public: str, key: bytes) -> bytes:
    """Return a key that only the holder of a form's private key can open."""
    found = _public(public)
    if found is None:
        raise ValueError("not a public key of a form")
    return found.encrypt(key, _OAEP)


def open_rsa_key(private: bytes, sealed: bytes) -> bytes:
    """Return what was encrypted with a form's public key. Raises Unopenable for another key or any changed bit."""
    key = serialization.load_der_private_key(private, password=None)
    assert isinstance(key, rsa.RSAPrivateKey)
    try:
        return key.decrypt(sealed, _OAEP)
    except ValueError:
        raise Unopenable from None


def decrypt_files(key: bytes, instance_id: str, files: Sequence[bytes | None]) -> list[bytes | None]:
    """Return the contents of the files of one record, in the order in which the phone encrypted them; None has not come."""
    if len(key) != 32:
        raise Unopenable
    seed = bytearray(hashlib.md5(instance_id.encode() + key, usedforsecurity=False).digest())
    found: list[bytes | None] = []
    for number, content in enumerate(files):
        seed[number % BLOCK] = (seed[number % BLOCK] + 1) % 256
        if content is None:
            found.append(None)
            continue
        decryptor = Cipher(algorithms.AES(key), CFB(bytes(seed))).decryptor()
        found.append(_unpadded(decryptor.update(content) + decryptor.finalize()))
    return found


def _unpadded(content: bytes) -> bytes:
    count = content[-1] if content else 0
    if not 1 <= count <= BLOCK or len(content) % BLOCK or content[-count:] != bytes([count]) * count:
        raise Unopenable
    return content[:-count]
