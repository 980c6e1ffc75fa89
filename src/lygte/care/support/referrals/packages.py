"""Packages: sealed under a fresh key, opened by whom it was made for, ended by throwing that key away.

A package's key is random: nothing leads from it to the key of the person, nor back.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone

from lygte.core.consent.persons import new_code
from lygte.core.models import Member, Organisation
from lygte.core.problems import Problem
from lygte.core.vault import ciphers, fields, wraps
from lygte.core.vault.keyring import keyring_of
from lygte.core.vault.models import Wrapped
from lygte.directory.services.models import Service

from . import recipients, twelve
from .models import Package

TABLE = Package._meta.db_table
ANSWERS = "referral/answer"  # what a stored check of the twelve words is derived for; it opens nothing


@dataclass(frozen=True)
class Sealed:
    """A package that was sealed, and the twelve words where it goes by link; they are nowhere else."""

    package: Package
    words: tuple[str, ...] = ()


def _place(package: Package, column: str) -> bytes:
    return fields.place_of(TABLE, column, package.ref, package.code, 1)


def lookup_of(secret: bytes) -> str:
    """Return what recognises the words of a link after the key is gone, so that a recall can be told and confirmed."""
    return ciphers.derive(secret, ANSWERS).hex()


def seal_package(*, sender: Organisation, service: Service, values: Mapping[str, str], until: date) -> Sealed:
    """Seal values for a service and save them. Raises Problem 403.540 for an authority, 409.541 for a closed service."""
    receiver = recipients.require_receiver(service)
    house = recipients.house_of(receiver)
    secret = twelve.new_secret() if house is None else None
    package = Package(
        code=_free_code(),
        service=receiver,
        kind=receiver.kind,
        sender=sender,
        recipient=house,
        fields=list(values),
        sent_at=timezone.now(),
        until=until,
        lookup=lookup_of(secret) if secret else None,
    )
    key = ciphers.random_key()
    package.locked = fields.lock_values(key, values, _place(package, "locked"))
    package.save(force_insert=True)
    if house is not None:
        wraps.wrap_for_organisation(
            kind=Wrapped.PACKAGE, about=package.ref, key=key, organisation_key=wraps.current_key(house)
        )
        return Sealed(package)
    assert secret is not None
    wraps.wrap_for_code(kind=Wrapped.PACKAGE, about=package.ref, key=key, secret=secret, until=_end_of(until))
    return Sealed(package, tuple(twelve.words_of(secret)))


def _free_code() -> str:
    while True:
        code = new_code()
        if not Package.objects.filter(code=code).exists():
            return code


def _end_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))


def open_for_house(package: Package, member: Member) -> Mapping[str, Any]:
    """Return what is in a package of the member's organisation. Raises Problem 410.540 when its key is gone, 423.1."""
    keyring = keyring_of(member)
    row = Wrapped.objects.filter(
        kind=Wrapped.PACKAGE, about=package.ref, organisation_key__organisation=member.organisation_id
    ).first()
    if row is None or package.locked is None or row.organisation_key_id is None:
        raise Problem("410.540")
    key = wraps.open_for_organisation(row, keyring.organisation_private(row.organisation_key_id))
    return _values(package, key)


def open_by_words(package: Package, secret: bytes) -> Mapping[str, Any]:
    """Return what is in a package to whoever has its words. Raises Problem 410.540 when its key is gone."""
    found = wraps.open_by_code(kind=Wrapped.PACKAGE, secret=secret)
    if found is None or package.locked is None or found[0].about != package.ref:
        raise Problem("410.540")
    return _values(package, found[1])


def _values(package: Package, key: bytes) -> Mapping[str, Any]:
    assert package.locked is not None
    return fields.open_values(key, bytes(package.locked), _place(package, "locked"), str(package))


# A few words that come back -------------------------------------------------------------------------------------------
def put_reply(package: Package, text: str) -> None:
    """Seal a note of the receiver for the sender, on the object; the caller saves it. Needs no open session."""
    drop_reply(package)
    if not text:
        return
    key = ciphers.random_key()
    package.reply_ref = secrets.token_hex(13)
    package.reply = fields.lock_values(key, {"note": text}, _reply_place(package))
    wraps.wrap_for_organisation(
        kind=Wrapped.PACKAGE,
        about=package.reply_ref,
        key=key,
        organisation_key=wraps.current_key(package.sender),
    )


def _reply_place(package: Package) -> bytes:
    return fields.place_of(TABLE, "reply", package.ref, package.reply_ref, 1)


def open_reply(package: Package, member: Member) -> str:
    """Return the note of the receiver to a key-holder of the sender, or nothing."""
    if package.reply is None or package.sender_id != member.organisation_id:
        return ""
    row = Wrapped.objects.filter(kind=Wrapped.PACKAGE, about=package.reply_ref).first()
    if row is None or row.organisation_key_id is None:
        return ""
    key = wraps.open_for_organisation(row, keyring_of(member).organisation_private(row.organisation_key_id))
    return str(fields.open_values(key, bytes(package.reply), _reply_place(package), str(package)).get("note", ""))


def drop_reply(package: Package) -> None:
    """Throw a note away, on the object; the caller saves it."""
    if package.reply_ref:
        wraps.destroy_keys([package.reply_ref])
    package.reply_ref, package.reply = "", None


# The end --------------------------------------------------------------------------------------------------------------
CLOSED = ["locked"]
ENDED = [*CLOSED, "end", "ended_at"]


def close(package: Package) -> None:
    """Throw the key and the content away; the caller saves. What was seen stays seen."""
    wraps.destroy_keys([package.ref])
    package.locked = None


def end(packages: Iterable[Package], how: str) -> int:
    """End packages for good, inside the caller's transaction: keys first, then content; return how many."""
    count = 0
    for package in packages:
        close(package)
        package.end, package.ended_at = how, timezone.now()
        package.save(update_fields=ENDED)
        count += 1
    return count
