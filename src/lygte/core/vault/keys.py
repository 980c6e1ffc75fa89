"""What people do with keys: set up, make one's own, let a colleague in, shut one out, change a passphrase."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from ..access import Verb, may
from ..actions import action
from ..organisations import Organisation
from ..people import Member
from ..problems import Problem
from . import ciphers
from .keyring import Keyring, keyring_of, open_keyring
from .models import KeyGrant, MemberKey, OrganisationKey, Wrapped
from .wraps import current_key

LEAST_HOLDERS = 2


@dataclass(frozen=True)
class SetUp:
    """A fresh organisation key: the keyring of who made it, and the two recovery halves, shown once on paper."""

    organisation_key: OrganisationKey
    keyring: Keyring
    halves: tuple[bytes, bytes]

    @property
    def ref(self) -> str:
        return self.organisation_key.organisation.ref


class Standing(StrEnum):
    """How a member stands to the organisation's key."""

    NO_KEY = "no_key"  # has made no key yet
    WAITING = "waiting"  # has a key, and nobody has let them in yet
    HOLDS = "holds"


# One's own key ---------------------------------------------------------------------------------------------------------
def _lock_member_key(member: Member, private: bytes, passphrase: str) -> None:
    """Store a member's private key under a passphrase, in place of what was stored before."""
    salt, cost = ciphers.new_salt(), ciphers.Cost(*settings.LYGTE_STRETCH)
    box = ciphers.lock(ciphers.stretch(passphrase, salt, cost), private, ciphers.bind("member", member.ref))
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


def replace_member_key(member: Member, passphrase: str) -> Keyring:
    """Make a member's pair in place of an earlier one, whose grants end with it; inside the caller's action."""
    list(MemberKey.objects.select_for_update().filter(member=member))  # nobody seals to the old one meanwhile
    KeyGrant.objects.filter(member=member).delete()
    _public, private = ciphers.new_pair()
    _lock_member_key(member, private, passphrase)
    return Keyring(member, private)


@action(Verb.KEY_MAKE)
def make_member_key(*, member: Member, passphrase: str) -> Keyring:
    """Make a member's own pair. An earlier one, and what was granted to it, ends: its passphrase is forgotten.

    Raises Problem 409.10 for the last one who holds the organisation's key: the two papers let them in, with a new
    passphrase (`recovery.recover`).
    """
    _line_up(member.organisation_id)
    _keep_one_holder(member)
    return replace_member_key(member, passphrase)


@action(Verb.KEY_MAKE)
def change_passphrase(*, member: Member, old: str, new: str) -> Keyring:
    """Lock the member's key under a new passphrase; nobody needs to let them in again. Problem 423.2 if `old` is wrong."""
    keyring = open_keyring(member, old)
    _lock_member_key(member, keyring.private, new)
    return keyring


# The organisation's ----------------------------------------------------------------------------------------------------
@action(Verb.KEY_SET_UP)
def set_up(*, member: Member, passphrase: str) -> SetUp:
    """Make the organisation's first key, held by the member and by two papers. Problem 409.12 if there is one."""
    _line_up(member.organisation_id)
    _make_room(member.organisation)
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
    grant(made, private, member, by=member)
    return SetUp(made, keyring, ciphers.split(recovery_private))


def _make_room(organisation: Organisation) -> None:
    """Raise Problem 409.12 if there is a key, unless nobody holds it and nothing was ever locked under it."""
    existing = OrganisationKey.objects.filter(organisation=organisation)
    if existing.filter(grants__isnull=False).exists() or existing.filter(wrapped__isnull=False).exists():
        raise Problem("409.12")
    existing.delete()


def grant(organisation_key: OrganisationKey, private: bytes, to: Member, by: Member | None) -> KeyGrant:
    """Seal an organisation's private key to a member, inside the caller's action; an earlier grant is replaced."""
    key = MemberKey.objects.select_for_update().filter(member=to).first()
    if key is None:
        raise Problem("423.3")
    made, _new = KeyGrant.objects.update_or_create(
        organisation_key=organisation_key,
        member=to,
        defaults={"box": ciphers.seal(bytes(key.public), private), "granted_by": by},
    )
    return made


@action(Verb.KEY_LET_IN)
def let_in(*, member: Member, other: Member) -> Member:
    """Give a colleague, who has made a key, every generation of the organisation's key that is still in use.

    Raises Problem 404.1 for somebody of another organisation, 403.1 for a role that may hold no key, 423.3 without one.
    """
    if other.organisation_id != member.organisation_id:
        raise Problem("404.1")
    if not may(other, Verb.KEY_MAKE):
        raise Problem("403.1")
    _line_up(member.organisation_id)
    keyring = keyring_of(member)
    for organisation_key in in_use(member.organisation_id):
        grant(organisation_key, keyring.organisation_private(organisation_key), other, by=member)
    return other


@action(Verb.KEY_SHUT_OUT)
def shut_out(*, member: Member, other: Member) -> Member:
    """Take the organisation's key from a colleague, whose open sessions lose it at once. Their membership stays.

    Raises Problem 409.10 for the last holder. Renew the organisation's key afterwards (`renewal_is_due`).
    """
    if other.organisation_id != member.organisation_id:
        raise Problem("404.1")
    _line_up(member.organisation_id)
    _keep_one_holder(other)
    end_grants(other)
    return other


def leave(other: Member, by: Member) -> None:
    """End what a member holds, inside the action by which they leave; Problem 409.10 if they were the last."""
    _keep_one_holder(other)
    end_grants(other)


def end_grants(other: Member) -> None:
    """Delete a member's grants, and note on the organisation's keys that somebody who held them no longer does."""
    held = list(KeyGrant.objects.filter(member=other).values_list("organisation_key", flat=True))
    KeyGrant.objects.filter(member=other).delete()
    OrganisationKey.objects.filter(pk__in=held).update(holder_left_at=timezone.now())


def _line_up(organisation_id: int) -> None:
    """Let changes of who holds an organisation's key happen one after the other."""
    Organisation.objects.select_for_update().get(pk=organisation_id)


def _keep_one_holder(other: Member) -> None:
    """Raise Problem 409.10 if nobody could open what is locked once this member holds the key no more."""
    if standing(other) != Standing.HOLDS or holders(other.organisation_id, besides=other):
        return
    if Wrapped.objects.filter(organisation_key__organisation=other.organisation_id).exists():
        raise Problem("409.10", name=other.user.name)


# Who holds it ----------------------------------------------------------------------------------------------------------
def in_use(organisation_id: int) -> list[OrganisationKey]:
    """Return the generations of the key that open something: the current one, and one whose renewal is under way."""
    used = Q(grants__isnull=False) | Q(wrapped__isnull=False)
    return list(OrganisationKey.objects.filter(used, organisation=organisation_id).distinct().order_by("generation"))


def retired_in_use(organisation_id: int) -> list[OrganisationKey]:
    """Return the generations that a renewal has still to put away."""
    return [one for one in in_use(organisation_id) if one.retired_at is not None]


def standing(member: Member) -> Standing:
    """Tell how a member stands to their organisation's current key."""
    if KeyGrant.objects.filter(
        member=member, organisation_key__organisation=member.organisation_id, organisation_key__retired_at=None
    ).exists():
        return Standing.HOLDS
    return Standing.WAITING if MemberKey.objects.filter(member=member).exists() else Standing.NO_KEY


def holders(organisation_id: int, besides: Member | None = None) -> int:
    """Return how many active members hold the organisation's current key."""
    found = KeyGrant.objects.filter(
        organisation_key__organisation=organisation_id, organisation_key__retired_at=None, member__active=True
    )
    if besides is not None:
        found = found.exclude(member=besides)
    return found.values("member").distinct().count()


def require_two_holders(member: Member) -> None:
    """Raise Problem 423.4 or 423.5 unless something may be locked under the organisation's key."""
    current_key(member.organisation)
    if holders(member.organisation_id) < LEAST_HOLDERS:
        raise Problem("423.5")


def renewal_is_due(organisation_id: int) -> bool:
    """Tell whether somebody who held the organisation's key has left since it was made, or a renewal was broken off."""
    left = OrganisationKey.objects.filter(organisation=organisation_id, retired_at=None, holder_left_at__isnull=False)
    return left.exists() or bool(retired_in_use(organisation_id))
