"""Erasing is true after the turn of the epoch: no log, file or backup gives a person back, with all keys there are (check 34)."""

from __future__ import annotations

import time

import pytest
from django.db import connection

from lygte.core.consent.models import GlassBreak
from lygte.core.vault import epochs, turning, wraps
from tests.conftest import PASSPHRASE
from tests.core.vault.engine.world import Kept, house, keep, opened
from tests.hostile.thief.thief import Haul, Loot, Thief, dump, files_of_the_data_folder, files_of_the_database

pytestmark = pytest.mark.django_db(transaction=True)

ERASED, STAY, BACKUPS = 100, 20, 30


def rob(backups: list[dict], since: float) -> Haul:
    """Let a thief try the database as it is now, its files and logs, and the backups, with every key there is now."""
    loot = Loot(rows=[dump(), *backups])
    loot.take([*files_of_the_database(since), *files_of_the_data_folder()])
    keys = {number: epochs.key(number) for number in epochs.numbers()}
    return Thief(loot, epochs=keys, passphrases=[PASSPHRASE]).rob()


def can_be_read(since: float) -> bool:
    """Tell whether the database's files lie on this machine; a server elsewhere keeps its write-ahead log to itself."""
    return any(files_of_the_database(since))


def erase(people: list[Kept]) -> None:
    for one in people:
        GlassBreak._base_manager.filter(pk=one.record.pk).delete()
    wraps.destroy_keys([one.person.ref for one in people])


def needed() -> dict:
    """Return a backup of the tables in which keys and contents lie."""
    kept = ("vault_", "consent_person", "consent_glassbreak", "core_member")
    return {name: rows for name, rows in dump().items() if name.startswith(kept)}


def test_a_hundred_erased_people_are_gone_after_the_turn_from_everything_there_is() -> None:
    since = time.time() - 2
    amina, _bogdan, people = house("bogdan", "amina", 0)
    backups = []
    for day in range(BACKUPS):
        people += [keep(amina, day * 4 + number) for number in range((ERASED + STAY) // BACKUPS)]
        backups.append(needed())
    gone, stay = people[:ERASED], people[ERASED:]
    erase(gone)
    lost = {one.person.ref for one in gone}
    before = rob(backups, since)
    raw_only = rob([], since)
    assert turning.report().destroyed_in_this_epoch == ERASED, "the report says what backups still hold"
    assert lost <= set(before.persons), "before the turn a backup gives everybody back: the thief can do it"
    assert lost & set(raw_only.persons) or not can_be_read(since), "and so do logs and files, without any backup"
    turning.turn_epoch()
    after = rob(backups, since)
    print(
        f"{connection.vendor}: of {ERASED} erased, recovered before the turn from {BACKUPS} backups "
        f"{len(lost & set(before.persons))}, from files and logs alone {len(lost & set(raw_only.persons))}; "
        f"after the turn {len(lost & set(after.persons))} ({after.tries:,} tries); of {len(stay)} who stay, "
        f"{opened(amina, stay)} open"
    )
    assert not lost & set(after.persons) and turning.report().destroyed_in_this_epoch == 0
    assert {one.person.ref for one in stay} <= set(after.persons) and opened(amina, stay) == STAY
