"""After two turns of the contact key no copy of a mark can be tried out, from any file there is; opt-outs hold on.

The thief has the database, its files and write-ahead log, a backup, every key that is left, and a list with the right
numbers in it. Telephone numbers can be counted through, so this is what anybody would do.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client

from lygte.care.netreach import handles, jobs
from lygte.care.netreach.models import ContactMark, OptOut
from lygte.core.models import Member
from lygte.core.vault import ciphers, copies, epochs, reach
from tests.conftest import make_member
from tests.core.vault.engine.world import own_keys  # noqa: F401
from tests.hostile.thief.thief import dump, files_of_the_data_folder, files_of_the_database

from .world import ask, make_message, not_to

NUMBERS = [f"+45 2031 {n:04}" for n in range(20)]
SILENT = "+45 2099 0001"


@pytest.fixture(autouse=True)
def _apart(own_keys: None) -> None:  # noqa: F811
    """Keys that are turned here turn for nobody else."""


@pytest.fixture
def client(db: None) -> Client:
    found = Client()
    found.force_login(make_member("bogdan").user)
    return found


def keys_left() -> dict[int, bytes]:
    return {number: found[0] for number in reach.numbers() if (found := reach._read(number))}


def haystack(since: float) -> bytes:
    raw = [path.read_bytes() for path in (*files_of_the_database(since), *files_of_the_data_folder())]
    return b"".join([*raw, repr(dump()).encode()])


def tried_out(keys: Iterable[bytes], *places: bytes) -> set[str]:
    """Return the numbers that a thief finds by hashing every number on a list under every key it has."""
    found = set()
    for number in NUMBERS:
        handle = handles.read(number)
        marks = [ciphers.token(key, b"contact|" + str(handle).encode()).hex().encode() for key in keys]
        if any(mark in place for mark in marks for place in places):
            found.add(number)
    return found


@pytest.mark.django_db(transaction=True)  # what is not committed is in no file
def test_after_the_turns_no_number_can_be_tried_out_from_anything_there_is(client: Client) -> None:
    since = time.time() - 2
    message = make_message(make_member("bogdan"))
    ask(client, message, "\n".join(NUMBERS))
    backup, old = haystack(since), keys_left()
    assert tried_out(old.values(), backup) == set(NUMBERS), "before, whoever has key and database finds everybody"
    assert list(old) == [1] and ContactMark.objects.count() == len(NUMBERS)

    jobs.forget(now=True)
    assert reach.numbers() == [1, 2] and ContactMark.objects.count() == len(NUMBERS)
    assert not_to(ask(client, message, NUMBERS[0])) == [NUMBERS[0]], "a cap lives through one turn"

    jobs.forget(now=True)
    assert reach.numbers() == [2, 3] and not ContactMark.objects.filter(key=1).exists()
    everything = haystack(since)
    assert tried_out(keys_left().values(), everything, backup) == set()
    files = [path for path in Path(settings.LYGTE_KEYS_DIR).iterdir() if path.is_file()]
    for secret in old.values():
        assert all(secret not in path.read_bytes() for path in files), "the old key is in no file of the folder"
        assert secret not in everything and secret.hex().encode() not in everything
    still_there = tried_out(old.values(), everything)
    print(f"{connection.vendor}: with the destroyed key {len(still_there)} of 20 would still be found in files and log")


def test_a_turn_that_was_killed_half_way_is_finished_by_the_next(client: Client) -> None:
    reach.contact_marks("x")
    for number in (2, 3, 4):
        reach._begin(number)
    reach._path(2).chmod(0o600)
    reach._path(2).write_bytes(bytes(ciphers.KEY + 8))  # overwritten, not yet removed
    assert list(reach.contact_marks("x")) == [4, 3, 1]
    assert reach.turn_contact_key() == [3, 4] and reach.turn_contact_key() == [3, 4]


def test_the_key_turns_by_itself_when_its_thirty_days_are_over(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    reach.contact_marks("x")
    assert reach.turn_contact_key() == [1]
    content = reach._path(1).read_bytes()
    reach._path(1).unlink()
    long_ago = int.from_bytes(content[ciphers.KEY :], "big") - int(reach.PERIOD.total_seconds())
    epochs.write_secret(reach._path(1), content[: ciphers.KEY] + long_ago.to_bytes(8, "big"))
    assert reach.turn_contact_key() == [1, 2] and reach.turn_contact_key() == [1, 2]


def test_an_opt_out_outlives_every_turn_and_a_new_machine(client: Client, tmp_path: Path) -> None:
    message = make_message(make_member("bogdan"))
    client.post("/netreach/opt-out/", {"handles": SILENT})
    halves = copies.make_host_key()
    epochs.current()
    copies.seal_copy(to=tmp_path / "copy", by="Ada", before="Bo")
    for _time in range(3):
        jobs.forget(now=True)
    assert not_to(ask(client, message, "20 99 00 01")) == ["20 99 00 01"]
    for path in Path(settings.LYGTE_KEYS_DIR).iterdir():
        path.chmod(0o600), path.unlink()
    copies.restore_copy(file=tmp_path / "copy", halves=halves)
    assert not_to(ask(client, message, "0045 20990001")) == ["0045 20990001"] and OptOut.objects.count() == 1


def test_what_joins_a_mark_to_its_batch_is_gone_the_next_day(client: Client, bogdan: Member) -> None:
    ask(client, make_message(bogdan), NUMBERS[0])
    [mark] = ContactMark.objects.all()
    jobs.forget()
    assert ContactMark.objects.get().claim == mark.claim != ""
    ContactMark.objects.update(day=mark.day.replace(year=mark.day.year - 1))
    jobs.forget()
    assert ContactMark.objects.count() == 0, "what is older than the cap looks back is not needed"


def test_keys_that_others_can_read_are_told(client: Client) -> None:
    reach.contact_marks("x")
    reach.opt_out_marks(["x"], any_known=False)
    assert epochs.faults_of_folder() == []
    for path in (reach._path(1), reach._opt_outs()):
        path.chmod(0o644)
    assert len(epochs.faults_of_folder()) == 2
