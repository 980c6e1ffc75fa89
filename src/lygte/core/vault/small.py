"""Small secrets outside any person's record: what the server seals for itself, and what opens with a passphrase alone.

The server's own lie under the pepper, which is in no database and no backup: a stolen table of them is of no use.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings

from . import ciphers, epochs


def seal_for_server(label: str, ref: str, content: bytes) -> bytes:
    """Return a box that only this server can open, and only for the row `ref`."""
    return ciphers.lock(ciphers.derive(epochs.pepper(), label), content, ciphers.bind(label, ref))


def open_for_server(label: str, ref: str, box: bytes | memoryview) -> bytes | None:
    """Return what the server sealed for a row, or None where the box is another's or the pepper was lost."""
    try:
        return ciphers.unlock(ciphers.derive(epochs.pepper(), label), box, ciphers.bind(label, ref))
    except ciphers.Unopenable:
        return None


def stamp(label: str, message: bytes) -> bytes:
    """Return what shows later that this server wrote the message."""
    return ciphers.token(ciphers.derive(epochs.pepper(), label), message)


@dataclass(frozen=True)
class UnderPassphrase:
    """A box that opens with a passphrase, and what stretching it took. All of it may be stored."""

    box: bytes
    salt: bytes
    passes: int
    memory: int


def lock_under_passphrase(passphrase: str, content: bytes, *about: str) -> UnderPassphrase:
    salt, cost = ciphers.new_salt(), ciphers.Cost(*settings.LYGTE_STRETCH)
    box = ciphers.lock(ciphers.stretch(passphrase, salt, cost), content, ciphers.bind(*about))
    return UnderPassphrase(box, salt, cost.passes, cost.memory)


def open_under_passphrase(passphrase: str, kept: UnderPassphrase, *about: str) -> bytes:
    """Return the content; raises ciphers.Unopenable for a wrong passphrase or any changed bit."""
    key = ciphers.stretch(passphrase, kept.salt, ciphers.Cost(kept.passes, kept.memory))
    return ciphers.unlock(key, kept.box, ciphers.bind(*about))
