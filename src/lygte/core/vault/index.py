"""Finding a person by name or phone without storing either: blind tokens, shared by several people on purpose.

A token is HMAC by the organisation's index key, then HMAC by the machine's pepper, cut so short that somewhere between 2
and the square root of N of the N people share it (the rule of CipherSweet's planning of blind indexes). What a search
brings is therefore only who *may* be meant: the caller opens their records through the gate and compares.

Whoever has both keys can try out names; whoever has the table alone sees which people share a token, and how often
one occurs. Only names with a year of birth, and phone numbers, get tokens: never a yes or no, a code, or an age alone.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from ..people import Member
from ..transactions import writing
from . import ciphers, epochs
from .keyring import keyring_of
from .models import SearchToken, Wrapped

NAME, PHONE = "name", "phone"
FIELDS = frozenset({NAME, PHONE})
LONGEST = 20  # bits; a token column holds no more


# What is the same though it is written differently ----------------------------------------------------------------------
_LETTERS = str.maketrans(
    {"æ": "ae", "ø": "o", "å": "a", "ß": "ss", "đ": "d", "ð": "d", "þ": "t", "ł": "l", "œ": "o", "ı": "i", "ə": "e"}
)
_SOUNDS = (
    ("sch", "s"), ("tsch", "s"), ("sh", "s"), ("ch", "k"), ("ck", "k"), ("ph", "f"), ("th", "t"), ("gh", "g"),
    ("dj", "d"), ("zh", "s"), ("kh", "k"), ("aa", "a"), ("ij", "i"),
)  # fmt: skip
_ALIKE = str.maketrans({"c": "k", "q": "k", "x": "k", "z": "s", "w": "v", "y": "i", "j": "i", "p": "b", "d": "t"})


def sound_of(word: str) -> str:
    """Return roughly how a name sounds, over Danish, Dutch, English, Romance and Slavic spellings.

    Coarse on purpose: Katarzyna and Catarzina are the same. Letters outside the Latin alphabet stay as they are.
    """
    plain = unicodedata.normalize("NFKD", word.casefold().translate(_LETTERS))
    letters = "".join(c for c in plain if c.isalnum())
    for written, heard in _SOUNDS:
        letters = letters.replace(written, heard)
    letters = re.sub(r"c(?=[eiy])", "s", letters).translate(_ALIKE)
    letters = re.sub(r"(?<=.)h", "", letters)
    letters = re.sub(r"(.)\1+", r"\1", letters)
    return letters[:1] + re.sub(r"[aeiou]", "", letters[1:])


def name_and_year(name: str, born: int | None) -> list[str]:
    """Return what is indexed of a name: how each of its words sounds, with the year of birth where it is known."""
    words = {sound_of(word) for word in re.split(r"[\s\-'’.,]+", name)} - {""}
    return sorted(f"{word}|{born or ''}" for word in words)


def near_years(name: str, born: int | None, around: int = 1) -> list[str]:
    """Return what to search for when a year may be a little wrong, or was not known when the person was recorded."""
    years = {None} | ({born + step for step in range(-around, around + 1)} if born else set())
    return sorted({one for year in years for one in name_and_year(name, year)})


def phone(number: str) -> str:
    """Return a phone number as its last eight digits: with or without country code, spaces or a leading nought."""
    return "".join(str(int(c)) for c in number if c.isdecimal())[-8:]


# Tokens -----------------------------------------------------------------------------------------------------------------
def bits_for(people: int) -> int:
    """Return how many bits a token has among so many people: the middle of what 2 to the square root of them share."""
    if people < 4:
        return 0
    shared = math.sqrt(2 * math.sqrt(people))
    return min(LONGEST, max(0, round(math.log2(people / shared))))


def _cut(digest: bytes, bits: int) -> str:
    return f"{bits}:{int.from_bytes(digest[:4], 'big') >> (32 - bits):x}"


def _digest(index_key: bytes, field: str, value: str) -> bytes:
    if field not in FIELDS:
        raise ValueError(f"{field} is not indexed")
    return ciphers.token(epochs.pepper(), ciphers.token(index_key, f"{field}|{value}".encode()))


def _people(organisation_id: int) -> int:
    return Wrapped.objects.filter(kind=Wrapped.PERSON, organisation_key__organisation=organisation_id).count()


def put_tokens(*, member: Member, person: str, values: Mapping[str, Sequence[str]]) -> None:
    """Store the tokens of a person in place of earlier ones, inside the caller's action.

    `values` are made by `name_and_year` and `phone`: {"name": name_and_year("Ana Pop", 1990), "phone": [phone("…")]}.
    Raises Problem 423.1 without an open keyring.
    """
    key, bits = keyring_of(member).index_key(), bits_for(_people(member.organisation_id))
    wanted = {(field, _cut(_digest(key, field, one), bits)) for field, many in values.items() for one in many if one}
    with writing():
        SearchToken.objects.filter(person=person, organisation=member.organisation_id).delete()
        SearchToken.objects.bulk_create(
            SearchToken(organisation=member.organisation, person=person, field=field, token=token)
            for field, token in sorted(wanted)
        )


def find(*, member: Member, field: str, values: Iterable[str]) -> list[str]:
    """Return the references of people of the member's organisation who may be meant by any of the values.

    Most of them are not: open their records through the gate, compare, and show nothing of the others.
    """
    key = keyring_of(member).index_key()
    digests = [_digest(key, field, one) for one in values if one]
    # People were recorded when there were fewer or more of them: each has tokens of the length of that day.
    tokens = {_cut(digest, bits) for digest in digests for bits in range(LONGEST + 1)}
    there = SearchToken.objects.filter(organisation=member.organisation_id, field=field, token__in=tokens)
    return sorted(set(there.values_list("person", flat=True)))


def alike(*, organisation_id: int, person: str, at_least: int = 1) -> list[str]:
    """Return who shares so many tokens with a person: who may be the same, to be compared. Needs no key."""
    own = SearchToken.objects.filter(organisation=organisation_id, person=person).values_list("field", "token")
    shared: Counter[str] = Counter()
    for field, token in own:
        others = SearchToken.objects.filter(organisation=organisation_id, field=field, token=token)
        shared.update(others.exclude(person=person).values_list("person", flat=True))
    return sorted(other for other, count in shared.items() if count >= at_least)


def drop_tokens(persons: Iterable[str]) -> int:
    """Delete the tokens of people, when they are erased or no longer agree to be found; return how many."""
    with writing():
        return SearchToken.objects.filter(person__in=list(persons)).delete()[0]


def shorten(organisation_id: int) -> int:
    """Cut tokens that have become too telling since people were erased; needs no key. Return how many were cut."""
    bits, cut = bits_for(_people(organisation_id)), 0
    with writing():
        for row in SearchToken.objects.select_for_update().filter(organisation=organisation_id):
            length, value = row.token.split(":")
            if int(length) <= bits:
                continue
            token = f"{bits}:{int(value, 16) >> (int(length) - bits):x}"
            same = SearchToken.objects.filter(person=row.person, field=row.field, token=token)
            if same.exists():
                row.delete()
            else:
                SearchToken.objects.filter(pk=row.pk).update(token=token)
            cut += 1
    return cut
