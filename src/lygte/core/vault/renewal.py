"""Renewing an organisation's key after somebody who held it has left: a new pair, everything wrapped for it, the old one gone.

Killed anywhere, it goes on where it stopped. A person's own key stays the same: whoever copied it, with the content,
keeps what they copied; what they cannot do is open anything with the old pair and a copy of the database made later.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import QuerySet
from django.utils import timezone

from ..access import Verb
from ..actions import action
from ..organisations import Organisation
from ..people import Member
from ..problems import Problem
from ..transactions import writing
from . import ciphers, epochs
from .keyring import Keyring, keyring_of
from .keys import grant, retired_in_use
from .models import KeyGrant, OrganisationKey, Wrapped
from .passing import destroying, lasting
from .wraps import current_key, inner_of, open_for_organisation, wrap_outside

BATCH = 200
LATE = timedelta(days=210)


@dataclass(frozen=True)
class Renewed:
    """What a renewal did: the generation that counts now, and how many keys were sealed to it anew."""

    generation: int
    resealed: int


def renew_organisation_key(*, member: Member) -> Renewed:
    """Renew the key of the member's organisation; a renewal that was broken off is finished instead of beginning another.

    Needs the member's open keyring (423.1). Raises Problem 422.23 where a key is damaged: the old pair is kept then.
    """
    if not retired_in_use(member.organisation_id):
        begin_renewal(member=member)
    return finish_renewal(member=member)


@action(Verb.KEY_RENEW)
def begin_renewal(*, member: Member) -> Organisation:
    """Make the next generation and give it to everybody who holds this one. From now on all that is new is under it."""
    keyring = keyring_of(member)
    Organisation.objects.select_for_update().get(pk=member.organisation_id)
    old = current_key(member.organisation)
    keyring.organisation_private(old)  # who does not hold the key cannot renew it
    if retired_in_use(member.organisation_id):
        raise Problem("423.7")
    public, private = ciphers.new_pair()
    holding = list(KeyGrant.objects.filter(organisation_key=old, member__active=True).select_related("member"))
    index_key = keyring.index_key()
    OrganisationKey.objects.filter(pk=old.pk).update(retired_at=timezone.now())
    new = OrganisationKey.objects.create(
        organisation=member.organisation,
        generation=old.generation + 1,
        public=public,
        index_box=ciphers.seal(public, index_key),
        recovery_public=bytes(old.recovery_public),
        recovery_box=ciphers.seal(bytes(old.recovery_public), private),
        recovery_tested_at=old.recovery_tested_at,
    )
    for one in holding:
        grant(new, private, one.member, by=member)
    return member.organisation


def finish_renewal(*, member: Member) -> Renewed:
    """Seal everything to the current generation, batch by batch, then put the retired ones away."""
    keyring, count = keyring_of(member), 0
    new = current_key(member.organisation)
    for old in retired_in_use(member.organisation_id):
        private, ended = keyring.organisation_private(old), False
        while not ended:
            count += sum(_reseal(batch, old, private, new) for batch in _batches(old))
            ended = _end(old, private, new)
    _carry_late_keys(keyring, new)
    return Renewed(new.generation, count)


def _under(old: OrganisationKey) -> QuerySet[Wrapped]:
    """Return what is sealed to a generation, besides what a restored backup brought back from an ended epoch."""
    return Wrapped.objects.filter(organisation_key=old, epoch__in=epochs.numbers())


def _batches(old: OrganisationKey) -> Iterator[list[int]]:
    last = 0
    while True:
        rows = _under(old).filter(pk__gt=last).order_by("pk")
        batch = list(rows.values_list("pk", flat=True)[:BATCH])
        if not batch:
            return
        yield batch
        last = batch[-1]


def _reseal(batch: list[int], old: OrganisationKey, private: bytes, new: OrganisationKey) -> int:
    """Seal a batch to the new generation in one transaction; damaged rows stay as they are."""
    done = []
    with lasting():
        for row in Wrapped.objects.select_for_update().filter(pk__in=batch, organisation_key=old).order_by("pk"):
            if (key := _key_in(row, private)) is None:
                continue
            row.organisation_key = new
            wrap_outside(row, ciphers.seal(bytes(new.public), inner_of(key, row.about)), row.epoch)
            done.append(row)
        Wrapped.objects.bulk_update(done, ["organisation_key", "epoch", "box"])
    return len(done)


def _key_in(row: Wrapped, private: bytes) -> bytes | None:
    try:
        return open_for_organisation(row, private)
    except Problem as problem:
        if problem.number == "422.20":
            return None
        raise


def _carry_late_keys(keyring: Keyring, new: OrganisationKey) -> None:
    """Seal to the current generation what opens forms that phones sealed to earlier ones; after a while, drop it."""
    with writing():
        for old in OrganisationKey.objects.filter(organisation=new.organisation_id).exclude(late_box=b""):
            assert old.retired_at is not None
            if timezone.now() - old.retired_at >= LATE:
                old.late_box = b""
            else:
                old.late_box = ciphers.seal(bytes(new.public), keyring.organisation_private(old))
            old.save(update_fields=["late_box"])


def _end(old: OrganisationKey, private: bytes, new: OrganisationKey) -> bool:
    """Delete the ways to the old pair if nothing is left under it; False where something was sealed to it meanwhile.

    One way stays for a while, for whoever holds the current key: phones may bring forms that they sealed before.
    """
    with destroying():
        left = list(_under(old))
        damaged = [row for row in left if _key_in(row, private) is None]
        if len(damaged) < len(left):
            return False
        if damaged:
            raise Problem("422.23", count=len(damaged))
        OrganisationKey.objects.filter(pk=old.pk).update(
            recovery_box=b"", index_box=b"", late_box=ciphers.seal(bytes(new.public), private)
        )
        KeyGrant.objects.filter(organisation_key=old).delete()
    return True
