"""The keys that one open session holds: a member's own, the organisation's, and through it those of persons."""

from __future__ import annotations

from collections.abc import Iterable

from ..people import Member
from ..problems import Problem
from . import ciphers, wraps
from .models import KeyGrant, MemberKey, OrganisationKey, Wrapped


class Keyring:
    """Opened by a passphrase, kept for the length of a request (see `sessions.py`), never stored in the clear."""

    def __init__(self, member: Member, private: bytes) -> None:
        self.member = member
        self._private = private
        self._generations: dict[int, bytes] = {}
        self._persons: dict[str, bytes] = {}
        self._index: bytes | None = None

    @property
    def private(self) -> bytes:
        """The member's private key."""
        return self._private

    def organisation_private(self, organisation_key: OrganisationKey | int) -> bytes:
        """Return one generation of the organisation's private key, or Problem 423.3 when nobody let the member in."""
        number = organisation_key if isinstance(organisation_key, int) else organisation_key.pk
        if number not in self._generations:
            self._generations[number] = self._open_grant(number)
        return self._generations[number]

    def _open_grant(self, number: int) -> bytes:
        grant = (
            KeyGrant.objects.filter(
                organisation_key=number, organisation_key__organisation=self.member.organisation_id, member=self.member
            )
            .select_related("organisation_key")
            .first()
        )
        if grant is None:
            return self._open_late(number)
        try:
            private = ciphers.unseal(self._private, grant.box)
        except ciphers.Unopenable:
            raise Problem("423.3") from None
        if ciphers.public_of(private) != bytes(grant.organisation_key.public):
            raise Problem("422.20", what=str(grant.organisation_key))
        return private

    def _open_late(self, number: int) -> bytes:
        """Return the private half of a retired pair that is kept for forms which phones sealed before they heard of it."""
        old = OrganisationKey.objects.filter(pk=number, organisation=self.member.organisation_id).first()
        if old is None or old.retired_at is None or not old.late_box:
            raise Problem("423.3")
        for later in self._later(old):
            try:
                return ciphers.unseal(self.organisation_private(later), old.late_box)
            except ciphers.Unopenable:
                continue
        raise Problem("422.20", what=str(old))

    def _later(self, old: OrganisationKey) -> Iterable[OrganisationKey]:
        """Return the generations after one, the current first: a renewal that was broken off leaves a box to the one between."""
        after = OrganisationKey.objects.filter(organisation=old.organisation_id, generation__gt=old.generation)
        return after.order_by("-generation")

    def current_private(self) -> bytes:
        """Return the organisation's current private key."""
        return self.organisation_private(wraps.current_key(self.member.organisation))

    def index_key(self) -> bytes:
        """Return the key of search tokens inside the organisation; it stays the same when the pair is renewed."""
        if self._index is None:
            current = wraps.current_key(self.member.organisation)
            try:
                self._index = ciphers.unseal(self.organisation_private(current), current.index_box)
            except ciphers.Unopenable:
                raise Problem("422.20", what=str(current)) from None
        return self._index

    def person_keys(self, persons: Iterable[str]) -> dict[str, bytes]:
        """Return the keys of several persons; those that were erased are missing from the answer."""
        wanted = [person for person in persons if person not in self._persons]
        rows = Wrapped.objects.filter(
            kind=Wrapped.PERSON, about__in=wanted, organisation_key__organisation=self.member.organisation_id
        )
        for row in rows:
            assert row.organisation_key_id is not None
            self._persons[row.about] = wraps.open_for_organisation(
                row, self.organisation_private(row.organisation_key_id)
            )
        return {person: self._persons[person] for person in persons if person in self._persons}

    def person_key(self, person: str) -> bytes:
        """Return the key of one person, or Problem 410.2 when it was erased."""
        found = self.person_keys([person])
        if person not in found:
            raise Problem("410.2")
        return found[person]


def open_keyring(member: Member, passphrase: str) -> Keyring:
    """Open a member's key by passphrase. Raises Problem 423.3 without a key, 423.2 for a wrong passphrase."""
    found = MemberKey.objects.filter(member=member).first()
    if found is None:
        raise Problem("423.3")
    stretched = ciphers.stretch(passphrase, bytes(found.salt), ciphers.Cost(found.passes, found.memory))
    try:
        return Keyring(member, ciphers.unlock(stretched, found.box, ciphers.bind("member", member.ref)))
    except ciphers.Unopenable:
        raise Problem("423.2") from None


def keyring_of(member: Member) -> Keyring:
    """Return the keyring that the member's session holds open, or Problem 423.1."""
    found = getattr(member, "keyring", None)
    if found is None:
        raise Problem("423.1")
    assert isinstance(found, Keyring)
    return found
