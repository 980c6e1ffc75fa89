"""Keys of persons and packages: made, wrapped twice, opened, wrapped anew, thrown away."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import partial

from django.db import transaction
from django.utils import timezone

from ..organisations import Organisation
from ..problems import Problem
from ..refs import new_ref
from ..transactions import writing
from . import ciphers, epochs
from .models import OrganisationKey, SearchToken, Wrapped
from .passing import wrapping


def _bound(row: Wrapped) -> bytes:
    return ciphers.bind("wrapped", row.ref, row.kind, row.about, str(row.epoch))


def inner_of(key: bytes, about: str) -> bytes:
    """Return what the inner box holds: the key, and whose it is, so that two boxes cannot change places."""
    return key + ciphers.digest(about.encode())


def key_of(inner: bytes, about: str) -> bytes:
    """Return the key in an inner box; Unopenable where it is somebody else's."""
    if len(inner) != 2 * ciphers.KEY or not ciphers.same(inner[ciphers.KEY :], ciphers.digest(about.encode())):
        raise ciphers.Unopenable
    return inner[: ciphers.KEY]


def wrap_outside(row: Wrapped, inner_box: bytes, epoch: int) -> None:
    """Put the epoch's wrapping around a row's inner box; the caller saves the row."""
    row.epoch = epoch
    row.box = ciphers.lock(epochs.key(epoch), inner_box, _bound(row))


def unwrap_outside(row: Wrapped) -> bytes:
    """Return a row's inner box. Raises Problem 410.1 or 503.1 without the epoch's key, 422.20 if it was changed."""
    try:
        return ciphers.unlock(_epoch_key(row), row.box, _bound(row))
    except ciphers.Unopenable:
        raise Problem("422.20", what=row.about) from None


def _epoch_key(row: Wrapped) -> bytes:
    """Return the key around a row, reading the row again if the epoch has turned since it was read."""
    try:
        return epochs.key(row.epoch)
    except Problem:
        found = Wrapped.objects.filter(pk=row.pk).exclude(epoch=row.epoch).first()
        if found is None:
            raise
        row.epoch, row.box = found.epoch, found.box
        return epochs.key(row.epoch)


def current_key(organisation: Organisation) -> OrganisationKey:
    """Return the organisation's current key, or Problem 423.4."""
    found = OrganisationKey.objects.filter(organisation=organisation, retired_at=None).first()
    if found is None:
        raise Problem("423.4")
    return found


def wrap_for_organisation(*, kind: str, about: str, key: bytes, organisation_key: OrganisationKey) -> Wrapped:
    """Wrap a key for whoever holds an organisation's key, and save it. Needs no open session."""
    with wrapping():
        if OrganisationKey.objects.filter(pk=organisation_key.pk, retired_at=None).exists():
            now = organisation_key
        else:  # it was renewed since the caller looked
            now = current_key(organisation_key.organisation)
        row = Wrapped(ref=new_ref(), kind=kind, about=about, organisation_key=now)
        wrap_outside(row, ciphers.seal(bytes(now.public), inner_of(key, about)), epochs.current())
        row.save(force_insert=True)
    return row


def wrap_for_code(*, kind: str, about: str, key: bytes, secret: bytes, until: datetime | None = None) -> Wrapped:
    """Wrap a key for whoever has a code of at least 128 bits, and save it. The code itself is never stored."""
    if len(secret) < ciphers.CODE:
        raise ValueError("a code under 128 bits can be guessed")
    with wrapping():
        row = Wrapped(ref=new_ref(), kind=kind, about=about, lookup=lookup_of(secret, kind), until=until)
        inner = ciphers.lock(ciphers.derive(secret, f"{kind}/key"), inner_of(key, about), about.encode())
        wrap_outside(row, inner, epochs.current())
        row.save(force_insert=True)
    return row


def lookup_of(secret: bytes, kind: str) -> str:
    """Return what finds the row of a code. 128 random bits need no slow hash: there is nothing to try out."""
    return ciphers.derive(secret, f"{kind}/lookup").hex()


def open_by_code(*, kind: str, secret: bytes) -> tuple[Wrapped, bytes] | None:
    """Return the row of a code and the key in it, or None when there is no such code or it has run out."""
    row = Wrapped.objects.filter(kind=kind, lookup=lookup_of(secret, kind)).first()
    if row is None or (row.until is not None and row.until <= timezone.now()):
        return None
    try:
        inner = ciphers.unlock(ciphers.derive(secret, f"{kind}/key"), unwrap_outside(row), row.about.encode())
        return row, key_of(inner, row.about)
    except ciphers.Unopenable:
        raise Problem("422.20", what=row.about) from None


def open_for_organisation(row: Wrapped, private: bytes) -> bytes:
    """Return the key in a row wrapped for an organisation."""
    try:
        return key_of(ciphers.unseal(private, unwrap_outside(row)), row.about)
    except ciphers.Unopenable:
        raise Problem("422.20", what=row.about) from None


def make_person_key(*, organisation: Organisation, person: str) -> bytes:
    """Make, wrap and return the key of a new person. Anybody may do this; opening it later needs a key-holder."""
    key = ciphers.random_key()
    wrap_for_organisation(kind=Wrapped.PERSON, about=person, key=key, organisation_key=current_key(organisation))
    return key


def destroy_keys(about: Iterable[str]) -> int:
    """Delete every wrapping of the keys of persons or packages, slips and search tokens included; return how many keys.

    What was destroyed is noted beside the epoch's key once the transaction stands: a backup restored before the next
    turn of the epoch would bring the keys back, and `turning.replay` takes them away again.
    """
    gone = list(about)
    with writing():
        SearchToken.objects.filter(person__in=gone).delete()
        rows = Wrapped.objects.filter(about__in=gone)
        _note(rows.values_list("about", "epoch"), epochs.ABOUT)
        return rows.delete()[0]


def destroy_slips(about: Iterable[str]) -> int:
    """Delete what the codes on paper of these persons open, and nothing else; return how many there were.

    They may get new slips afterwards, so what is noted is the slip, not the person.
    """
    with writing():
        rows = Wrapped.objects.filter(about__in=list(about), kind=Wrapped.SLIP)
        _note(rows.values_list("ref", "epoch"), epochs.ROW)
        return rows.delete()[0]


def _note(gone: Iterable[tuple[str, int]], kind: str) -> None:
    by_epoch: dict[int, set[str]] = {}
    for ref, epoch in gone:
        by_epoch.setdefault(epoch, set()).add(ref)
    for epoch, refs in by_epoch.items():
        transaction.on_commit(partial(epochs.note_destroyed, sorted(refs), epoch, kind), robust=True)
