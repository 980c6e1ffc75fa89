"""What people do with keys: set up, make one's own, let a colleague in, shut one out, change a passphrase."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings

from ..access import Verb
from ..actions import action
from ..people import Member
from ..problems import Problem
from . import ciphers
from .keyring import Keyring, keyring_of, open_keyring
from .models import KeyGrant, MemberKey, OrganisationKey
from .wraps import current_key

LEAST_HOLDERS = 2
RECOVERY_BOUND = b"recovery"


@dataclass(frozen=True)
class SetUp:
    """A fresh organisation key: the keyring of who made it, and the two recovery halves, shown once on paper."""

    organisation_key: OrganisationKey
    keyring: Keyring
    halves: tuple[bytes, bytes]

    @property
    def ref(self) -> str:
        return self.organisation_key.organisation.ref


def _lock_member_key(member: Member, private: bytes, passphrase: str) -> None:
    """Store a member's private key under a passphrase, in place of what was stored before."""
    salt, cost = ciphers.new_salt(), ciphers.Cost(*settings.LYGTE_STRETCH)
    box = ciphers.lock(ciphers.stretch(passphrase, salt, cost), private, f"member|{member.ref}".encode())
    MemberKey.objects.update_or_create(
        member=member,
        defaults={
            "public": ciphers.public_of(private),
            "salt": salt,
            "passes": cost.passes,
            "memory": cost.memory,
            "box": box,
        },
    )


@action(Verb.KEY_MAKE)
def make_member_key(*, member: Member, passphrase: str) -> Keyring:
    """Make a member's own pair. An earlier one, and what was granted to it, ends: its passphrase is forgotten."""
    KeyGrant.objects.filter(member=member).delete()
    _public, private = ciphers.new_pair()
    _lock_member_key(member, private, passphrase)
    return Keyring(member, private)


@action(Verb.KEY_MAKE)
def change_passphrase(*, member: Member, old: str, new: str) -> Keyring:
    """Lock the member's key under a new passphrase; nobody needs to let them in again. Problem 423.2 if `old` is wrong."""
    keyring = open_keyring(member, old)
    _lock_member_key(member, keyring.private, new)
    return keyring


@action(Verb.KEY_SET_UP)
def set_up(*, member: Member, passphrase: str) -> SetUp:
    """Make the organisation's first key, held by the member and by two papers. Problem 409.12 if there is one."""
    if OrganisationKey.objects.filter(organisation=member.organisation).exists():
        raise Problem("409.12")
    keyring = make_member_key(member=member, passphrase=passphrase)
    public, private = ciphers.new_pair()
    recovery_public, recovery_private = ciphers.new_pair()
    made = OrganisationKey.objects.create(
        organisation=member.organisation,
        public=public,
        index_box=ciphers.seal(public, ciphers.random_key()),
        recovery_public=recovery_public,
        recovery_box=ciphers.seal(recovery_public, private),
    )
    _grant(made, private, member, by=member)
    return SetUp(made, keyring, ciphers.split(recovery_private))


def _grant(organisation_key: OrganisationKey, private: bytes, to: Member, by: Member | None) -> KeyGrant:
    public = bytes(MemberKey.objects.get(member=to).public)
    return KeyGrant.objects.create(
        organisation_key=organisation_key, member=to, box=ciphers.seal(public, private), granted_by=by
    )


@action(Verb.KEY_LET_IN)
def let_in(*, member: Member, other: Member) -> Member:
    """Give a colleague, who has made a key, every generation of the organisation's key that the member holds."""
    if not MemberKey.objects.filter(member=other).exists():
        raise Problem("423.3")
    keyring = keyring_of(member)
    for organisation_key in OrganisationKey.objects.filter(organisation=member.organisation):
        if not KeyGrant.objects.filter(organisation_key=organisation_key, member=other).exists():
            _grant(organisation_key, keyring.organisation_private(organisation_key), other, by=member)
    return other


def holders(organisation_id: int) -> int:
    """Return how many active members hold the organisation's current key."""
    return (
        KeyGrant.objects.filter(
            organisation_key__organisation=organisation_id, organisation_key__retired_at=None, member__active=True
        )
        .values("member")
        .distinct()
        .count()
    )


def require_two_holders(member: Member) -> None:
    """Raise Problem 423.4 or 423.5 unless something may be locked under the organisation's key."""
    current_key(member.organisation)
    if holders(member.organisation_id) < LEAST_HOLDERS:
        raise Problem("423.5")
