"""The log under attack: a thousand random changes of every kind by direct SQL, each found, cutting off the end included."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest
from django.db import connection, transaction

from lygte.core.access import Verb
from lygte.core.audit import AuditEntry, Verdict, chain_of, verify_chain, write_entry
from lygte.core.models import Member
from tests.core.test_audit import unguard

LENGTH, TRIES = 12, 1000


class Undo(Exception):
    pass


def sql(statement: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def flip(chain: str, dice: random.Random) -> None:
    """Change one character somewhere in one line."""
    entry = AuditEntry.objects.filter(chain=chain, sequence=dice.randint(1, LENGTH)).get()
    column = dice.choice(["subject", "verb", "member_ref", "digest", "previous"])
    text = getattr(entry, column)
    place = dice.randrange(len(text))
    other = dice.choice([c for c in "abcdef0123456789" if c != text[place]])
    sql(f"UPDATE core_auditentry SET {column} = %s WHERE id = %s", text[:place] + other + text[place + 1 :], entry.pk)


def delete(chain: str, dice: random.Random) -> None:
    sql("DELETE FROM core_auditentry WHERE chain = %s AND sequence = %s", chain, dice.randint(1, LENGTH))


def swap(chain: str, dice: random.Random) -> None:
    """Let two lines change places."""
    first, second = dice.sample(range(1, LENGTH + 1), 2)
    for old, new in ((first, -1), (second, first), (-1, second)):
        sql("UPDATE core_auditentry SET sequence = %s WHERE chain = %s AND sequence = %s", new, chain, old)


def cut_off(chain: str, dice: random.Random) -> None:
    """Remove the newest lines; only the end of the chain, kept elsewhere, can tell."""
    sql("DELETE FROM core_auditentry WHERE chain = %s AND sequence > %s", chain, dice.randint(0, LENGTH - 1))


def cut_off_with_head(chain: str, dice: random.Random) -> None:
    """Remove the newest lines and set the end of the chain back, as somebody with all passwords would."""
    last = dice.randint(1, LENGTH - 1)
    cut = AuditEntry.objects.get(chain=chain, sequence=last)
    sql("DELETE FROM core_auditentry WHERE chain = %s AND sequence > %s", chain, last)
    sql("UPDATE core_audithead SET sequence = %s, digest = %s WHERE chain = %s", last, cut.digest, chain)


def insert(chain: str, dice: random.Random) -> None:
    """Put a line in between that carries its neighbour's digests."""
    place = dice.randint(1, LENGTH)
    old = AuditEntry.objects.get(chain=chain, sequence=place)
    for sequence in range(LENGTH, place - 1, -1):
        sql(
            "UPDATE core_auditentry SET sequence = %s WHERE chain = %s AND sequence = %s", sequence + 1, chain, sequence
        )
    AuditEntry(
        chain=chain, sequence=place, at=old.at, member_ref=old.member_ref, verb=old.verb, subject="planted",
        details={}, previous=old.previous, digest=old.digest,
    ).save(force_insert=True)  # fmt: skip


ATTACKS: dict[str, Callable[[str, random.Random], None]] = {
    "flip": flip,
    "delete": delete,
    "swap": swap,
    "cut off": cut_off,
    "cut off, with the head": cut_off_with_head,
    "insert": insert,
}


@pytest.fixture
def chain(amina: Member) -> str:
    for number in range(LENGTH):
        write_entry(organisation=amina.organisation, member=amina, verb=Verb.VISIT_RECORD, subject=f"{number:026d}")
    unguard()
    return chain_of(amina.organisation)


def found(verdict: Verdict, kept_elsewhere: Verdict) -> bool:
    """Tell whether the chain is seen to be changed: by itself, or beside the end that was kept outside."""
    return not verdict.whole or verdict.head != kept_elsewhere.head


@pytest.mark.parametrize("attack", ATTACKS)
def test_every_change_is_found(chain: str, attack: str) -> None:
    dice = random.Random(attack)
    kept = verify_chain(chain)
    assert kept.whole
    missed = 0
    for _try in range(TRIES):
        try:
            with transaction.atomic():
                ATTACKS[attack](chain, dice)
                missed += not found(verify_chain(chain), kept)
                raise Undo
        except Undo:
            pass
    print(f"{attack}: {TRIES} changes, {missed} missed")
    assert missed == 0
    assert verify_chain(chain) == kept


def test_without_the_end_kept_elsewhere_a_clean_cut_would_go_unseen(chain: str) -> None:
    cut_off_with_head(chain, random.Random(1))
    assert verify_chain(chain).whole, "then the sentence in docs/running.md about keeping heads elsewhere is outdated"
