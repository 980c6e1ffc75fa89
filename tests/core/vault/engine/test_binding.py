"""A ciphertext opens only where it was put: whatever is swapped, or changed by one bit, is a known problem (check 35)."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from itertools import permutations

import pytest

from lygte.core.consent import gate
from lygte.core.consent.models import GlassBreak
from lygte.core.models import Member
from lygte.core.problems import Problem
from lygte.core.vault import ciphers, epochs, fields, wraps
from lygte.core.vault.keyring import open_keyring
from lygte.core.vault.models import KeyGrant, MemberKey, OrganisationKey, Wrapped
from tests.conftest import PASSPHRASE

from .world import Kept, house

pytestmark = pytest.mark.django_db

FLIPS = 10_000


def outcome(act: Callable[[], object]) -> str:
    """Return the number of the problem that an opening ends in, or "opened"."""
    try:
        act()
    except Problem as problem:
        return problem.number
    return "opened"


def places() -> Iterator[tuple[str, str, str, str, int]]:
    """Yield a place and every neighbour of it: another table, column, row, person or version."""
    place = ("cases_note", "locked", "a" * 26, "b" * 26, 3)
    yield place
    for index, other in enumerate(("cases_goal", "copy", "c" * 26, "d" * 26, 4)):
        yield (*place[:index], other, *place[index + 1 :])
    yield ("cases_note", "locked", "b" * 26, "a" * 26, 3)


def test_a_box_opens_in_its_own_table_column_row_person_and_version_and_in_no_other() -> None:
    key, counts = ciphers.random_key(), Counter[str]()
    for here, there in permutations(places(), 2):
        box = fields.lock_values(key, {"text": "sentinel"}, fields.place_of(*here))
        counts[outcome(partial(fields.open_values, key, box, fields.place_of(*there), "a note"))] += 1
    print(f"{counts.total()} swaps of place, {dict(counts)}")
    assert set(counts) == {"422.20"} and counts.total() == 42
    with pytest.raises(ValueError, match="parts them"):
        fields.place_of("a|b", "c", "d", "e", 1)


def opens(member: Member, kept: Kept) -> str:
    record = GlassBreak.objects.select_related("person").get(pk=kept.record.pk)
    return outcome(lambda: gate.open_record(record, open_keyring(member, PASSPHRASE).person_key(record.person.ref)))


def swapped(model: type, one: int, other: int, columns: list[str]) -> Callable[[], None]:
    """Let two rows change the contents of their columns, and return what puts them back."""
    rows = {pk: model.objects.filter(pk=pk).values(*columns).get() for pk in (one, other)}
    model.objects.filter(pk=one).update(**rows[other])
    model.objects.filter(pk=other).update(**rows[one])

    def back() -> None:
        for pk, values in rows.items():
            model.objects.filter(pk=pk).update(**values)

    return back


def test_locked_columns_that_changed_places_in_the_database_are_refused() -> None:
    amina, _bogdan, people = house("bogdan", "amina", 5)
    gate.put(people[0].record, {"reason": "second version"}, amina.keyring.person_key(people[0].person.ref))
    counts: Counter[str] = Counter()
    for one, other in permutations(people, 2):
        for columns in (["locked"], ["locked", "version"], ["person_id", "locked", "version"]):
            back = swapped(GlassBreak, one.record.pk, other.record.pk, columns)
            counts.update([opens(amina, one), opens(amina, other)])
            back()
    older = bytes(GlassBreak.objects.get(pk=people[0].record.pk).locked)
    GlassBreak.objects.filter(pk=people[0].record.pk).update(version=1)
    counts.update([opens(amina, people[0])])
    GlassBreak.objects.filter(pk=people[0].record.pk).update(version=2, locked=older)
    print(f"{counts.total()} records with swapped contents, {dict(counts)}")
    assert set(counts) == {"422.20"} and counts.total() == 121
    assert {opens(amina, one) for one in people} == {"opened"}


def test_wrapped_keys_that_changed_places_are_refused() -> None:
    amina, bogdan, people = house("bogdan", "amina", 3)
    els, _chika, theirs = house("chika", "els", 2)
    epochs.begin(2)
    rows = {row.pk: row for row in Wrapped.objects.all()}
    counts: Counter[str] = Counter()
    for one, other in permutations(rows, 2):
        for columns in (["box"], ["box", "epoch"], ["about"] if rows[one].kind == rows[other].kind else ["box"]):
            if columns == ["about"] and rows[one].kind == Wrapped.PERSON:
                continue  # unique for an organisation's key; across organisations it is tried below
            back = swapped(Wrapped, one, other, columns)
            counts[try_row(rows[one].pk, amina, els, [*people, *theirs])] += 1
            back()
    mine = Wrapped.objects.get(about=people[0].person.ref, kind=Wrapped.PERSON)
    foreign = OrganisationKey.objects.get(organisation=els.organisation)
    Wrapped.objects.filter(pk=mine.pk).update(organisation_key=foreign)
    counts[opens(els, people[0])] += 1
    counts[opens(amina, people[0])] += 1
    Wrapped.objects.filter(pk=mine.pk).update(organisation_key=mine.organisation_key, epoch=2)
    counts[opens(amina, people[0])] += 1
    Wrapped.objects.filter(pk=mine.pk).update(epoch=1)
    print(f"{counts.total()} wrapped keys in a wrong place, {dict(counts)}")
    assert "opened" not in counts and set(counts) <= {"422.20", "410.2", "423.3"} and counts.total() > 150
    assert opens(amina, people[0]) == opens(bogdan, people[2]) == opens(els, theirs[1]) == "opened"


def try_row(pk: int, amina: Member, els: Member, people: list[Kept]) -> str:
    row = Wrapped.objects.select_related("organisation_key").get(pk=pk)
    if row.kind == Wrapped.SLIP:
        return outcome(lambda: [wraps.open_by_code(kind=Wrapped.SLIP, secret=one.slip) for one in people])
    member = amina if row.organisation_key.organisation_id == amina.organisation_id else els
    return outcome(lambda: open_keyring(member, PASSPHRASE).person_keys([row.about]))


def test_a_members_key_put_in_the_place_of_anothers_opens_nothing() -> None:
    amina, bogdan, _people = house("bogdan", "amina", 1)
    one, other = (MemberKey.objects.get(member=member) for member in (amina, bogdan))
    back = swapped(MemberKey, one.pk, other.pk, ["public", "salt", "box", "passes", "memory"])
    assert outcome(lambda: open_keyring(amina, PASSPHRASE)) == "423.2"
    back()
    grants = KeyGrant.objects.values_list("pk", flat=True)
    back = swapped(KeyGrant, *grants, ["box"])
    assert outcome(lambda: open_keyring(amina, PASSPHRASE).current_private()) == "423.3"
    back()
    assert outcome(lambda: open_keyring(amina, PASSPHRASE).current_private()) == "opened"


def test_ten_thousand_flipped_bits_are_refused() -> None:
    amina, _bogdan, people = house("bogdan", "amina", 1)
    person = people[0].person
    dice, counts = random.Random(20261122), Counter[str]()
    key, private = amina.keyring.person_key(person.ref), amina.keyring.current_private()
    record = GlassBreak.objects.select_related("person").get(pk=people[0].record.pk)
    row = Wrapped.objects.get(about=person.ref, kind=Wrapped.PERSON)
    inner = wraps.unwrap_outside(row)
    grant, index_box = KeyGrant.objects.get(member=amina), OrganisationKey.objects.get().index_box
    whole = {
        "record": (
            bytes(record.locked),
            lambda box: _with(record, "locked", box, lambda: gate.open_record(record, key)),
        ),
        "wrapping": (bytes(row.box), lambda box: _with(row, "box", box, lambda: wraps.unwrap_outside(row))),
        "person's key": (inner, lambda box: _known(lambda: ciphers.unseal(private, box))),
        "grant": (bytes(grant.box), lambda box: _known(lambda: ciphers.unseal(amina.keyring.private, box))),
        "index key": (bytes(index_box), lambda box: _known(lambda: ciphers.unseal(private, box))),
    }
    for number in range(FLIPS):
        box, act = whole[list(whole)[number % len(whole)]]
        bit = dice.randrange(len(box) * 8)
        spoilt = bytearray(box)
        spoilt[bit // 8] ^= 1 << bit % 8
        counts[outcome(lambda act=act, spoilt=bytes(spoilt): act(spoilt))] += 1
    print(f"{counts.total():,} flipped bits in {len(whole)} kinds of boxes, {dict(counts)}")
    assert counts == {"422.20": FLIPS}
    for box, act in whole.values():
        assert outcome(lambda act=act, box=box: act(box)) == "opened"
    box, act = whole["record"]
    for cut in (b"", b"\x01", box[:40], box[:-1], box + b"x", b"\x02" + box[1:]):
        assert outcome(partial(act, cut)) == "422.20"


def _with(row: object, column: str, box: bytes, act: Callable[[], object]) -> object:
    before = getattr(row, column)
    setattr(row, column, box)
    try:
        return act()
    finally:
        setattr(row, column, before)


def _known(act: Callable[[], object]) -> object:
    """Turn what only the vault sees into the problem that it tells people."""
    try:
        return act()
    except ciphers.Unopenable:
        raise Problem("422.20", what="a key") from None
