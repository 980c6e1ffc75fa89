"""A seized machine: database, write-ahead log, media, backups and code open nothing by themselves (check 33)."""

from __future__ import annotations

import base64
import time
from collections.abc import Mapping

import pytest
from django.conf import settings
from django.db import connection

from lygte.core.vault import epochs, renewal, turning
from lygte.core.vault.keys import change_passphrase
from tests.conftest import PASSPHRASE
from tests.core.vault.engine.world import Kept, house, keep
from tests.hostile.thief.thief import Loot, Thief, dump, files_of_the_data_folder, files_of_the_database

pytestmark = pytest.mark.django_db(transaction=True)

HERS = "a passphrase of Amina's alone"


@pytest.fixture
def world() -> tuple[Loot, list[Kept], list[Kept]]:
    """Two organisations with 8 people each, a renewal, a turn, two backups, and everything taken."""
    began = time.time() - 2
    amina, bogdan, people = house("bogdan", "amina", 4, "sentinel-of-lanternen")
    els, chika, theirs = house("chika", "els", 4, "sentinel-of-de-lantaarn")
    loot = Loot(rows=[{}, dump()])
    renewal.renew_organisation_key(member=bogdan)
    turning.turn_epoch()
    people += [keep(amina, number, "sentinel-of-lanternen") for number in range(4, 8)]
    theirs += [keep(els, number, "sentinel-of-de-lantaarn") for number in range(4, 8)]
    change_passphrase(member=amina, old=PASSPHRASE, new=HERS)
    change_passphrase(member=chika, old=PASSPHRASE, new="a passphrase of Chika's alone")
    change_passphrase(member=els, old=PASSPHRASE, new="a passphrase of Els's alone")
    change_passphrase(member=bogdan, old=PASSPHRASE, new="a passphrase of Bogdan's alone")
    loot.rows[0] = dump()
    (settings.DATA_DIR / "attachments").mkdir(exist_ok=True)
    loot.take([*files_of_the_database(began), *files_of_the_data_folder()])
    return loot, people, theirs


def keys_of_this_machine() -> Mapping[int, bytes]:
    return {number: epochs.key(number) for number in epochs.numbers()}


def texts(people: list[Kept]) -> set[str]:
    return {f'{{"reason": "{one.said}"}}' for one in people}


def test_what_each_thief_gets(world: tuple[Loot, list[Kept], list[Kept]]) -> None:
    loot, people, theirs = world
    keys = keys_of_this_machine()
    raw = sum(map(len, loot.raw.values()))
    print(f"{connection.vendor}: {len(loot.raw)} files, {raw:,} bytes, {len(loot.rows)} dumps")
    assert not Thief(loot).plain(one.said for one in [*people, *theirs])
    assert not Thief(loot).plain([HERS, PASSPHRASE, *(key.hex() for key in keys.values())])
    expected = {
        "no keys, no passphrase": (Thief(loot), set()),
        "all keys of epochs, no passphrase": (Thief(loot, epochs=keys), set()),
        "every passphrase, no keys": (Thief(loot, passphrases=[HERS, PASSPHRASE]), set()),
        "one member's passphrase and the keys": (Thief(loot, epochs=keys, passphrases=[HERS]), texts(people)),
    }
    for who, (thief, wanted) in expected.items():
        haul = thief.rob()
        print(f"  {who}: {haul.tries:,} tries, {len(haul.texts)} of {len(people) + len(theirs)} opened")
        assert haul.tries > 500, "a thief who tries nothing proves nothing"
        assert haul.texts == wanted, who


def test_the_thief_would_see_a_word_left_in_the_open(world: tuple[Loot, list[Kept], list[Kept]]) -> None:
    loot, people, _theirs = world
    word = people[0].said.encode()
    for left in (
        word,
        word.hex().encode(),
        base64.b64encode(b"{'said':" + word + b"'}"),
        word.decode().encode("utf-16"),
    ):
        loot.raw["left behind"] = left
        assert Thief(loot).plain([people[0].said]) == {people[0].said}


def test_the_thief_would_find_keys_that_a_backup_of_the_folder_took_along(
    world: tuple[Loot, list[Kept], list[Kept]],
) -> None:
    loot, people, _theirs = world
    loot.rows[0]["left_behind"] = [{"key": key} for key in keys_of_this_machine().values()]
    assert Thief(loot, passphrases=[HERS]).rob().texts == texts(people)
