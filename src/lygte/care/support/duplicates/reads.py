"""Which codes may be one person: those that share a blind token, proposed to who works with both or with one of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from lygte.care.support.cases.handover import records_of
from lygte.core.access import fetch
from lygte.core.consent import gate
from lygte.core.consent.codes import Group, Via
from lygte.core.consent.models import Person, Seat, Seen
from lygte.core.models import Member
from lygte.core.vault.models import SearchToken

from .models import Apart, Merge
from .rules import alike, told_of

MOST = 100


@dataclass(frozen=True)
class Pair:
    """Two codes that share something; what they share is named by its kind only. `both`: the member works with both."""

    mine: Person
    other: Person
    shared: tuple[str, ...]
    both: bool


def person(member: Member, ref: str) -> Person:
    return fetch(member, Person, ref)


def merge(member: Member, ref: str) -> Merge:
    return fetch(member, Merge, ref)


def _my_people(member: Member) -> dict[str, Person]:
    seats = Seat.objects.filter(member=member, until=None, person__merged_into=None).select_related("person")
    return {seat.person.ref: seat.person for seat in seats}


def _decided(member: Member) -> set[frozenset[int]]:
    """Return the pairs about which people have decided: nobody is asked again."""
    apart = Apart.objects.filter(organisation=member.organisation).values_list("first", "second")
    return {frozenset(pair) for pair in apart}


Token = tuple[str, str]  # field, and the token cut to a length


def _cut_to(token: str, bits: int) -> str:
    """Return a token as it would be with fewer bits: people were recorded when there were fewer or more of them."""
    length, value = token.split(":")
    return f"{bits}:{int(value, 16) >> (int(length) - bits):x}"


def _sharing(organisation_id: int, asked: set[str]) -> dict[frozenset[str], set[str]]:
    """Return pairs of references that share a token, with the kinds of fields; one of each pair was asked for."""
    rows = list(SearchToken.objects.filter(organisation=organisation_id).values_list("field", "token", "person"))
    lengths = sorted({int(token.split(":")[0]) for _field, token, _ref in rows})
    shared: dict[frozenset[str], set[str]] = defaultdict(set)
    for bits in lengths:
        same: dict[Token, set[str]] = defaultdict(set)
        shortest: dict[Token, set[str]] = defaultdict(set)
        for field, token, ref in rows:
            length = int(token.split(":")[0])
            if length >= bits:
                cut = (field, _cut_to(token, bits))
                same[cut].add(ref)
                if length == bits:
                    shortest[cut].add(ref)
        for cut, refs in same.items():
            for ref in refs & asked:
                for other in refs if ref in shortest[cut] else shortest[cut]:
                    if other != ref:
                        shared[frozenset((ref, other))].add(cut[0])
    return shared


def candidates(member: Member, *, of: Iterable[Person] | None = None) -> list[Pair]:
    """Return pairs that share tokens and are not decided, of the member's own people (or of some of them).

    Tokens are cut short on purpose, so many pairs share one by chance. Where the member works with both, the names are
    opened through the gate and compared; with one only, a name and a phone number must agree. A person decides.
    """
    mine = _my_people(member)
    asked = {p.ref for p in of} & set(mine) if of is not None else set(mine)
    pairs = _pairs(member, mine, _sharing(member.organisation_id, asked))
    likely = _alike(member, [pair for pair in pairs if pair.both])
    found = [pair for pair in pairs if (pair in likely if pair.both else len(pair.shared) > 1)]
    shown = sorted(found, key=lambda p: (not p.both, -len(p.shared), p.mine.code, p.other.code))[:MOST]
    _tell_strangers(member, [pair.other for pair in shown if not pair.both])
    return shown


def _tell_strangers(member: Member, others: list[Person]) -> None:
    """Leave a line, one a day, with whom the member does not work with: their code was found by a name and a number."""
    if not others:
        return
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    told = set(
        Seen.objects.filter(
            person__in=[p.ref for p in others], member=member, via=Via.SEARCH, at__gte=midnight
        ).values_list("person", flat=True)
    )
    new = {p: [Group.IDENTITY] for p in others if p.ref not in told}
    gate.note_seen(member=member, seen=new, via=Via.SEARCH)


def _alike(member: Member, pairs: list[Pair]) -> set[Pair]:
    """Return the pairs whose names and years of birth, or whose phone numbers, are really alike."""
    people = {p.pk: p for pair in pairs for p in (pair.mine, pair.other)}
    records = [record for one in people.values() for record in records_of(one, ("name", "reach"))]
    opened = gate.read(member=member, records=records, via=Via.SEARCH)
    known: dict[int, dict[str, Any]] = defaultdict(dict)
    for record in records:
        known[record.person_id].update(opened.get(record))
    told = {pk: told_of(known[pk]) for pk in people}
    return {pair for pair in pairs if alike(told[pair.mine.pk], told[pair.other.pk])}


def _pairs(member: Member, mine: dict[str, Person], shared: dict[frozenset[str], set[str]]) -> list[Pair]:
    refs = {ref for pair in shared for ref in pair}
    people = {p.ref: p for p in Person.objects.filter(organisation=member.organisation, ref__in=refs, merged_into=None)}
    decided = _decided(member)
    found = []
    for pair, fields in shared.items():
        own, other = sorted(pair, key=lambda ref: (ref not in mine, ref))
        if own in people and other in people and frozenset((people[own].pk, people[other].pk)) not in decided:
            found.append(Pair(people[own], people[other], tuple(sorted(fields)), other in mine))
    return found


def merges(member: Member) -> list[Merge]:
    """Return the merges that stand, of the people with whom the member works."""
    mine = [p.pk for p in _my_people(member).values()]
    return list(
        Merge.objects.filter(organisation=member.organisation, kept__in=mine, undone_at=None).select_related(
            "kept", "gone", "member__user"
        )
    )


def merges_of(one: Person) -> list[Merge]:
    return list(Merge.objects.filter(kept=one, undone_at=None).select_related("gone"))


def has_seat(member: Member, one: Person) -> bool:
    return Seat.objects.filter(member=member, person=one, until=None).exists()
