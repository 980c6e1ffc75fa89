"""What is kept of a phone's generated password for HTTP Digest: the digest that the protocol needs, sealed."""

from __future__ import annotations

import hashlib

from lygte.core.vault.small import open_for_server, seal_for_server

REALM = "Lygte"
BOX = "phone digest"


def digest_box(device_ref: str, username: str, password: str) -> bytes:
    """Return the box to keep. Without the server's pepper, which is in no backup, it opens nothing."""
    return seal_for_server(BOX, device_ref, md5_of(f"{username}:{REALM}:{password}").encode())


def open_digest_box(device_ref: str, box: bytes | memoryview | None) -> bytes | None:
    """Return the digest, or None where there is none: phones added before this, or another server's pepper."""
    return None if box is None else open_for_server(BOX, device_ref, box)


def md5_of(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
