"""The two papers: halves of a recovery key, as 24 words each, kept by two people; together they let a member in.

What they open is the organisation's key, nothing else: one half says nothing at all.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from django.utils import timezone
from django.utils.translation import gettext as _
from mnemonic import Mnemonic

from ..access import Verb
from ..actions import action
from ..organisations import Organisation
from ..people import Member
from ..problems import Problem
from . import ciphers
from .keyring import Keyring, keyring_of
from .keys import grant, in_use, replace_member_key
from .models import OrganisationKey
from .wraps import current_key

Halves = tuple[bytes, bytes]
WORDS = 24


@cache
def _list() -> Mnemonic:
    return Mnemonic("english")


def words_of(half: bytes) -> str:
    """Return 32 bytes as 24 words of the BIP39 list; the last one holds a checksum."""
    return _list().to_mnemonic(half)


def half_of(words: str) -> bytes:
    """Return the bytes of 24 words, in any case and spacing; four letters are enough to know a word by.

    Raises Problem 422.21, naming the first word that is on no list.
    """
    given = [_whole(word) for word in words.lower().replace(",", " ").split() if not word.strip(".").isdigit()]
    for number, word in enumerate(given, 1):
        if word not in _list().wordlist:
            raise Problem("422.21", at=_("word {number}").format(number=number))
    if len(given) != WORDS or not _list().check(" ".join(given)):
        raise Problem("422.21")
    return bytes(_list().to_entropy(given))


def _whole(word: str) -> str:
    """Return the word of the list that begins like this: no two on the list share their first four letters."""
    fitting = [one for one in _list().wordlist if one.startswith(word)] if len(word) >= 4 else []
    return word if word in _list().wordlist or len(fitting) != 1 else fitting[0]


def paper_fingerprint(organisation: Organisation) -> str:
    """Return what stands on both papers, so that people find the two that belong together."""
    return ciphers.fingerprint(bytes(current_key(organisation).recovery_public))


def _join(organisation: Organisation, halves: Sequence[bytes]) -> bytes:
    """Return the recovery key of the two halves, in any order; Problem 422.22 unless it is this organisation's."""
    first, second = halves
    if len(first) != ciphers.KEY or len(second) != ciphers.KEY:
        raise Problem("422.21")
    joined = ciphers.join(first, second)
    if ciphers.public_of(joined) != bytes(current_key(organisation).recovery_public):
        raise Problem("422.22", fingerprint=paper_fingerprint(organisation))
    return joined


def _open(organisation_key: OrganisationKey, recovery_private: bytes) -> bytes:
    try:
        private = ciphers.unseal(recovery_private, organisation_key.recovery_box)
    except ciphers.Unopenable:
        raise Problem("422.20", what=str(organisation_key)) from None
    if ciphers.public_of(private) != bytes(organisation_key.public):
        raise Problem("422.20", what=str(organisation_key))
    return private


def _generations(organisation: Organisation) -> list[OrganisationKey]:
    """Return every generation that is still needed, also where nobody holds a key any more."""
    now = current_key(organisation)
    return [now, *(one for one in in_use(organisation.pk) if one.pk != now.pk)]


@action(Verb.KEY_RECOVER)
def recover(*, member: Member, passphrase: str, halves: Sequence[bytes]) -> Keyring:
    """Let the member in by the two papers, with a new key of their own under a new passphrase.

    Raises Problem 422.21 or 422.22 for halves that do not fit; nothing is changed then.
    """
    joined = _join(member.organisation, halves)
    found = [(one, _open(one, joined)) for one in _generations(member.organisation)]
    keyring = replace_member_key(member, passphrase)
    for organisation_key, private in found:
        grant(organisation_key, private, member, by=None)
    return keyring


@action(Verb.KEY_RECOVER)
def test_recovery(*, member: Member, halves: Sequence[bytes]) -> Organisation:
    """Prove that the two papers open the organisation's key, and note the day. Nobody is let in, nothing is opened."""
    joined = _join(member.organisation, halves)
    for organisation_key in _generations(member.organisation):
        _open(organisation_key, joined)
    OrganisationKey.objects.filter(organisation=member.organisation, retired_at=None).update(
        recovery_tested_at=timezone.now()
    )
    return member.organisation


@action(Verb.KEY_RENEW, details=lambda halves: {"papers": len(halves)})
def renew_papers(*, member: Member) -> Halves:
    """Return two new halves; the papers that were printed before open nothing any more."""
    keyring = keyring_of(member)
    public, private = ciphers.new_pair()
    for organisation_key in OrganisationKey.objects.select_for_update().filter(
        pk__in=[one.pk for one in _generations(member.organisation)]
    ):
        organisation_key.recovery_public = public
        organisation_key.recovery_box = ciphers.seal(public, keyring.organisation_private(organisation_key))
        organisation_key.recovery_tested_at = None
        organisation_key.save(update_fields=["recovery_public", "recovery_box", "recovery_tested_at"])
    return ciphers.split(private)
