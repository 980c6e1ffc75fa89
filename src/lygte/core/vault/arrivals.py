"""Forms that arrive under seal: the server's own pair for those it may read at once, and the keys of those it may not.

The pair for open forms lies beside the epoch's key as `intake-<number>`: never in a database, never in a backup. A new one
is made every 30 days; an old one is kept for 210 days more, since a phone may have been without a signal for that long.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from django.utils import timezone

from ..organisations import Organisation
from ..people import Member
from ..problems import Problem
from ..refs import new_ref
from . import ciphers, epochs
from .envelopes import Envelope, key_id, open_key, open_part
from .keyring import keyring_of
from .models import OrganisationKey, Wrapped
from .passing import wrapping
from .wraps import destroy_keys, open_for_organisation, wrap_for_organisation, wrap_outside

FRESH = timedelta(days=30)
KEPT = timedelta(days=210)
_NAME = re.compile(r"intake-(\d+)")


@dataclass(frozen=True)
class PublicKey:
    """The half of a pair that phones get."""

    public: bytes

    @property
    def id(self) -> str:
        return key_id(self.public)

    @property
    def fingerprint(self) -> str:
        return ciphers.fingerprint(self.public)


# The server's pair for open forms --------------------------------------------------------------------------------------
def numbers() -> list[int]:
    """Return the numbers of the intake keys that exist, oldest first."""
    found = (_NAME.fullmatch(path.name) for path in epochs.folder().glob("intake-*"))
    return sorted(int(match[1]) for match in found if match)


def _read(number: int) -> tuple[bytes, datetime]:
    content = (epochs.folder() / f"intake-{number}").read_bytes()
    if len(content) != ciphers.KEY + 8:
        raise epochs.missing()
    return content[: ciphers.KEY], datetime.fromtimestamp(int.from_bytes(content[ciphers.KEY :], "big"), UTC)


def _begin(number: int) -> None:
    _public, private = ciphers.new_pair()
    put(number, private, int(timezone.now().timestamp()))


def put(number: int, private: bytes, since: int) -> None:
    """Store an intake key, as it was made or as a sealed copy gave it back."""
    epochs.write_secret(epochs.folder() / f"intake-{number}", private + since.to_bytes(8, "big"))


def intake_key() -> PublicKey:
    """Return the public half of the newest intake key, making the first where there is none."""
    if not numbers():
        _begin(1)
    return PublicKey(ciphers.public_of(_read(numbers()[-1])[0]))


def intake_keys() -> list[tuple[int, PublicKey, datetime]]:
    """Return number, public half and first day of every intake key that still opens something."""
    return [(n, PublicKey(ciphers.public_of(private)), since) for n in numbers() for private, since in [_read(n)]]


def intake_private(wanted: str) -> bytes | None:
    """Return the private half of the intake key with this id, or None when it was destroyed or never was."""
    for number in reversed(numbers()):
        private, _since = _read(number)
        if key_id(ciphers.public_of(private)) == wanted:
            return private
    return None


def renew_intake_key(*, now: bool = False) -> bool:
    """Make a new intake key when the newest is 30 days old, and destroy those that no phone can still use."""
    existing = numbers()
    if not existing:
        return False
    due = now or timezone.now() - _read(existing[-1])[1] >= FRESH
    if due:
        _begin(existing[-1] + 1)
    for number, follower in pairwise(existing):
        if timezone.now() - _read(follower)[1] >= KEPT:
            epochs.overwrite_and_remove(epochs.folder() / f"intake-{number}")
    return due


def exported() -> list[dict[str, int | str]]:
    """Return the intake keys for a sealed copy."""
    return [{"number": n, "key": private.hex(), "since": int(since.timestamp())}
            for n in numbers() for private, since in [_read(n)]]  # fmt: skip


# Keys of sealed forms --------------------------------------------------------------------------------------------------
def organisation_key(organisation: Organisation, wanted: str) -> OrganisationKey | None:
    """Return the generation of an organisation's key that has this id, if somebody can still open what is sealed to it."""
    for one in OrganisationKey.objects.filter(organisation=organisation).order_by("-generation"):
        if key_id(bytes(one.public)) == wanted:
            opens = one.retired_at is None or one.late_box or one.grants.exists()
            return one if opens else None
    return None


def current_public(organisation: Organisation) -> PublicKey | None:
    found = OrganisationKey.objects.filter(organisation=organisation, retired_at=None).first()
    return PublicKey(bytes(found.public)) if found else None


def keep_key(envelope: Envelope, sealed_to: OrganisationKey) -> None:
    """Put the sealed key of an envelope among the wrapped keys, as it came, under the epoch."""
    with wrapping():
        row = Wrapped(ref=new_ref(), kind=Wrapped.FORM, about=envelope.header.id, organisation_key=sealed_to)
        wrap_outside(row, envelope.sealed_key, epochs.current())
        row.save(force_insert=True)


def new_form_key(organisation: Organisation, about: str, sealed_to: OrganisationKey) -> bytes:
    """Make and wrap a key for something that the server itself seals; whoever holds the organisation's key opens it."""
    key = random_key()
    wrap_form_key(key, about, sealed_to)
    return key


def random_key() -> bytes:
    return ciphers.random_key()


def wrap_form_key(key: bytes, about: str, sealed_to: OrganisationKey) -> None:
    wrap_for_organisation(kind=Wrapped.FORM, about=about, key=key, organisation_key=sealed_to)


def throw_away(about: list[str]) -> None:
    """Throw the keys of sealed forms or files away; with the next epoch no copy of them opens any more."""
    if about:
        destroy_keys(about)


def open_on_arrival(envelope: Envelope) -> bytes | None:
    """Return the key of an envelope that is sealed to this server; None where that key is gone, 422.20 where it is wrong."""
    private = intake_private(envelope.header.key)
    if private is None:
        return None
    try:
        return open_key(private, envelope)
    except ciphers.Unopenable:
        raise Problem("422.20", what=envelope.header.id) from None


def open_sealed_key(member: Member, about: str) -> bytes:
    """Return the key of a sealed form with a member's open keyring; 423.1 without one, 410.2 when it was thrown away."""
    keyring = keyring_of(member)
    row = Wrapped.objects.filter(
        kind=Wrapped.FORM, about=about, organisation_key__organisation=member.organisation_id
    ).first()
    if row is None or row.organisation_key_id is None:
        raise Problem("410.2")
    return open_for_organisation(row, keyring.organisation_private(row.organisation_key_id))


def open_sealed_part(key: bytes, raw_header: bytes, part: str, box: bytes | memoryview, what: str) -> bytes:
    """Return the content of a part of a sealed form; Problem 422.20 when it was changed or moved."""
    try:
        return open_part(key, bytes(raw_header), part, box)
    except ciphers.Unopenable:
        raise Problem("422.20", what=what) from None


def arrival_token(content: bytes | memoryview, label: str = "arrival") -> str:
    """Return what tells whether the same bytes came before, to this server alone: a bare hash would confirm a guess."""
    return ciphers.token(ciphers.derive(epochs.pepper(), f"intake/{label}"), bytes(content)).hex()
