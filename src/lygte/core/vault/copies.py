"""Sealed copies of the epoch's key, for the day the machine burns: only the host's two papers open them.

A copy lies on removable media, never in a backup, and is destroyed when its epoch ends: a procedure, so it has a log.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from django.utils import timezone

from ..problems import Problem
from . import arrivals, ciphers, epochs, reach
from .models import SealedCopy

HEAD = "lygte sealed copy 1"


def _public_file() -> Path:
    return epochs.folder() / "host.public"


def host_public() -> bytes:
    """Return the public half of the host's offline key, or Problem 423.8."""
    if not _public_file().exists():
        raise Problem("423.8")
    return _public_file().read_bytes()


def make_host_key() -> tuple[bytes, bytes]:
    """Make the host's offline key and return its two halves, shown once. Copies made for an earlier one stay its own."""
    public, private = ciphers.new_pair()
    _public_file().unlink(missing_ok=True)
    epochs.write_secret(_public_file(), public)
    return ciphers.split(private)


def _two(first: str, second: str) -> None:
    if not first.strip() or not second.strip() or first.strip().casefold() == second.strip().casefold():
        raise Problem("422.25")


def seal_copy(*, to: Path, by: str, before: str) -> SealedCopy:
    """Write the current epoch's key, the pepper, the intake keys and the opt-out key, sealed to the host's offline key, and log who did it before whom."""
    _two(by, before)
    public, now = host_public(), epochs.current()
    content = {
        "epoch": now,
        "key": epochs.key(now).hex(),
        "since": int(epochs.began_at(now).timestamp()),
        "pepper": epochs.pepper().hex(),
        "intake": arrivals.exported(),
        "opt_outs": reach.exported_opt_out_key(),
    }
    box = ciphers.seal(public, json.dumps(content).encode())
    epochs.write_secret(to, f"{HEAD}\nepoch {now}\nfor {ciphers.fingerprint(public)}\n{box.hex()}\n".encode())
    return SealedCopy.objects.create(epoch=now, where=str(to)[-120:], made_by=by, made_before=before)


def restore_copy(*, file: Path, halves: Sequence[bytes]) -> int:
    """Put the key of a sealed copy back into an empty folder of keys; return its epoch.

    Raises Problem 422.24 for wrong papers, 410.3 for the copy of an epoch that this machine has ended on purpose.
    """
    epoch, fingerprint, box = _read(file)
    private = ciphers.join(*halves)
    try:
        content = json.loads(ciphers.unseal(private, box))
    except ciphers.Unopenable:
        raise Problem("422.24", fingerprint=fingerprint) from None
    existing = epochs.numbers()
    if existing and epoch < existing[-1]:
        raise Problem("410.3")
    epochs.put(epoch, bytes.fromhex(content["key"]), datetime.fromtimestamp(content["since"], UTC))
    epochs.write_secret(epochs.folder() / "pepper", bytes.fromhex(content["pepper"]))
    epochs.write_secret(_public_file(), ciphers.public_of(private))
    for one in content.get("intake", []):
        arrivals.put(one["number"], bytes.fromhex(one["key"]), one["since"])
    if kept := content.get("opt_outs"):
        reach.put_opt_out_key(bytes.fromhex(kept))
    return epoch


def _read(file: Path) -> tuple[int, str, bytes]:
    try:
        head, epoch, fingerprint, box = file.read_text().splitlines()
        if head != HEAD:
            raise ValueError
        return int(epoch.removeprefix("epoch ")), fingerprint.removeprefix("for "), bytes.fromhex(box)
    except (OSError, ValueError):
        raise Problem("422.24", fingerprint="?") from None


def note_destroyed(*, copy: SealedCopy, by: str, before: str) -> SealedCopy:
    """Log that a copy was destroyed, by whom and before whose eyes."""
    _two(by, before)
    copy.destroyed_at, copy.destroyed_by, copy.destroyed_before = timezone.now(), by, before
    copy.save(update_fields=["destroyed_at", "destroyed_by", "destroyed_before"])
    return copy
