"""The ciphers, and nothing else: the only file that imports them. Keys are 32 bytes, everything else is bytes.

XChaCha20-Poly1305 for content, sealed boxes (X25519) for handing keys over, Argon2id for passphrases, HKDF-SHA256
to derive keys with one label each, HMAC-SHA256 for tokens. A first byte names the version of the format.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
import threading
import unicodedata
from dataclasses import dataclass

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from nacl import bindings, exceptions, pwhash
from nacl.public import PrivateKey, PublicKey, SealedBox

KEY = 32
CODE = 16  # bytes of a code on paper, at the least: 128 bits cannot be tried out
VERSION = b"\x01"
NONCE = bindings.crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
STEPS = (256, 1024, 4096, 16384, 65536)
SALT = pwhash.argon2id.SALTBYTES


class Unopenable(Exception):
    """A box that was changed, moved, or locked with another key. It never gives anything back."""


def random_key() -> bytes:
    return secrets.token_bytes(KEY)


def padded_size(length: int) -> int:
    """Return the size to which a content of `length` bytes is filled up, so that sizes tell little.

    256 B, 1, 4, 16, 64 KiB, then steps of 64 KiB; four bytes are for the true length.
    """
    needed = length + 4
    for step in STEPS:
        if needed <= step:
            return step
    return -(-needed // STEPS[-1]) * STEPS[-1]


def _pad(content: bytes) -> bytes:
    return len(content).to_bytes(4, "big") + content + bytes(padded_size(len(content)) - len(content) - 4)


def _unpad(padded: bytes) -> bytes:
    length = int.from_bytes(padded[:4], "big")
    if len(padded) < 4 or length + 4 > len(padded) or len(padded) != padded_size(length):
        raise Unopenable
    return padded[4 : 4 + length]


def bind(*parts: str) -> bytes:
    """Return the parts as associated data, such that no other parts give the same."""
    if any("|" in part for part in parts):
        raise ValueError("a part of what a box is bound to may not hold the mark that parts them")
    return "|".join(parts).encode()


def lock(key: bytes, content: bytes, bound_to: bytes) -> bytes:
    """Return version, nonce and ciphertext of the padded content; `bound_to` must be given again to open it."""
    nonce = secrets.token_bytes(NONCE)
    ciphertext = bindings.crypto_aead_xchacha20poly1305_ietf_encrypt(_pad(content), VERSION + bound_to, nonce, key)
    return VERSION + nonce + bytes(ciphertext)


def unlock(key: bytes, box: bytes | memoryview, bound_to: bytes) -> bytes:
    """Return the content of a box. Raises Unopenable for a wrong key, place or version, or any changed bit."""
    box = bytes(box)
    if box[:1] != VERSION or len(box) < 1 + NONCE + 16:
        raise Unopenable
    try:
        padded = bindings.crypto_aead_xchacha20poly1305_ietf_decrypt(
            box[1 + NONCE :], VERSION + bound_to, box[1 : 1 + NONCE], key
        )
    except exceptions.CryptoError:
        raise Unopenable from None
    return _unpad(bytes(padded))


def new_pair() -> tuple[bytes, bytes]:
    """Return a fresh (public, private) pair for sealed boxes."""
    private = PrivateKey.generate()
    return bytes(private.public_key), bytes(private)


def public_of(private: bytes) -> bytes:
    return bytes(PrivateKey(private).public_key)


def seal(public: bytes, content: bytes) -> bytes:
    """Return a box that only the holder of the private key can open; nobody learns who made it."""
    return VERSION + bytes(SealedBox(PublicKey(public)).encrypt(content))


def unseal(private: bytes, box: bytes | memoryview) -> bytes:
    """Return the content of a sealed box. Raises Unopenable for a wrong key or any changed bit."""
    box = bytes(box)
    if box[:1] != VERSION:
        raise Unopenable
    try:
        return bytes(SealedBox(PrivateKey(private)).decrypt(box[1:]))
    except (exceptions.CryptoError, ValueError, TypeError):
        raise Unopenable from None


@dataclass(frozen=True)
class Cost:
    """What stretching a passphrase costs; kept beside each salt, so that it can grow later."""

    passes: int = 3
    memory: int = 64 * 1024 * 1024


# As many at a time as there are cores: more would only fill the memory. It is a pool, not a lock: nobody waits for
# one particular other, and pages that need no stretching never wait at all.
_pool = threading.BoundedSemaphore(max(2, os.cpu_count() or 2))


def stretch(passphrase: str, salt: bytes, cost: Cost) -> bytes:
    """Return a key from a passphrase by Argon2id. Takes about a third of a second and 64 MiB at the usual cost.

    The same letters count as the same whichever keyboard put them together ("é" has two spellings in Unicode).
    """
    letters = unicodedata.normalize("NFKC", passphrase).encode()
    with _pool:
        return pwhash.argon2id.kdf(KEY, letters, salt, opslimit=cost.passes, memlimit=cost.memory)


def new_salt() -> bytes:
    return secrets.token_bytes(SALT)


def derive(key: bytes, label: str, length: int = KEY) -> bytes:
    """Return a key derived for one use, named by the label (HKDF-SHA256, RFC 5869)."""
    return HKDF(algorithm=hashes.SHA256(), length=length, salt=None, info=b"lygte/" + label.encode()).derive(key)


def token(key: bytes, message: bytes) -> bytes:
    """Return HMAC-SHA256: equal for equal messages, and nothing else can be learnt without the key."""
    return hmac.new(key, message, hashlib.sha256).digest()


def digest(message: bytes) -> bytes:
    """Return SHA-256, for binding a key to the name of its owner; never for anything that can be guessed."""
    return hashlib.sha256(message).digest()


def fingerprint(public: bytes) -> str:
    """Return the first 96 bits of SHA-256 of a public key in groups that people can compare aloud.

    Not fewer: somebody who wants to put their own key in its place may try out as many pairs as they can pay for.
    """
    digits = digest(bytes(public)).hex()[:24]
    return " ".join(digits[i : i + 4] for i in range(0, 24, 4))


def same(one: bytes, other: bytes) -> bool:
    """Compare in a time that does not tell where two secrets begin to differ."""
    return hmac.compare_digest(one, other)


def split(secret: bytes) -> tuple[bytes, bytes]:
    """Return two halves, each of which alone says nothing about the secret; joining them gives it back."""
    first = secrets.token_bytes(len(secret))
    return first, bytes(a ^ b for a, b in zip(first, secret, strict=True))


def join(first: bytes, second: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(first, second, strict=True))
