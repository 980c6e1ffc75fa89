"""The epoch turns without loss, ends what was erased, and says clearly when its keys are not there."""

from __future__ import annotations

import shutil
import stat
import threading
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection, connections, transaction
from django.utils import timezone

from lygte.core.problems import Problem
from lygte.core.schedule import JOBS
from lygte.core.vault import checks, ciphers, copies, epochs, jobs, turning, wraps
from lygte.core.vault.models import SealedCopy, Wrapped
from tests.conftest import make_member

from .world import house, keep, opened, said_of

pytestmark = pytest.mark.django_db


def lose_keys() -> Path:
    """Take the folder of keys away, as a burnt disk does; return where it is now."""
    away = epochs.folder().with_name("elsewhere")
    epochs.folder().rename(away)
    return away


def keys_as_they_are(name: str) -> Path:
    kept = epochs.folder().with_name(name)
    shutil.copytree(epochs.folder(), kept)
    return kept


def make_old(number: int, days: int) -> None:
    secret = epochs.key(number)
    epochs.destroy(number)
    epochs.put(number, secret, timezone.now() - timedelta(days=days))


def test_after_a_turn_everybody_is_readable_under_the_new_key_and_the_old_is_gone() -> None:
    amina, _bogdan, people = house("bogdan", "amina", 5)
    turned = turning.turn_epoch()
    assert (turned.epoch, turned.ended, turned.rewrapped) == (2, (1,), 10)  # persons and slips
    assert epochs.numbers() == [2] and set(Wrapped.objects.values_list("epoch", flat=True)) == {2}
    assert opened(amina, people) == 5
    assert all(wraps.open_by_code(kind=Wrapped.SLIP, secret=one.slip) for one in people)


def test_a_key_file_is_for_its_owner_alone_and_the_folder_too() -> None:
    house("bogdan", "amina", 1)
    assert stat.S_IMODE((epochs.folder() / "epoch-1").stat().st_mode) == 0o400
    assert stat.S_IMODE(epochs.folder().stat().st_mode) == 0o700
    assert checks.keys_lie_apart_from_the_data() == []
    epochs.folder().chmod(0o755)
    assert len(checks.keys_lie_apart_from_the_data()) == 1


def test_keys_inside_the_data_folder_stop_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "LYGTE_KEYS_DIR", settings.DATA_DIR / "keys")
    assert [error.id for error in checks.keys_lie_apart_from_the_data()] == ["lygte.E020"]


def test_the_epoch_is_due_after_thirty_days_and_the_worker_turns_it(monkeypatch: pytest.MonkeyPatch) -> None:
    amina, _bogdan, people = house("bogdan", "amina", 2)
    make_old(1, 29)
    assert not turning.is_due()
    make_old(1, 30)
    assert turning.is_due() and JOBS["vault.turn_epoch"].work is jobs.turn_when_due
    monkeypatch.setattr(settings, "LYGTE_TURN_EPOCH", "by hand")
    jobs.turn_when_due()
    assert epochs.numbers() == [1]
    monkeypatch.setattr(settings, "LYGTE_TURN_EPOCH", "by itself")
    jobs.turn_when_due()
    assert epochs.numbers() == [2] and not turning.is_due() and opened(amina, people) == 2


def test_a_broken_off_turn_is_finished_before_another_begins() -> None:
    amina, _bogdan, people = house("bogdan", "amina", 2)
    epochs.begin(2)
    late = keep(amina, 77)
    assert turning.is_due() and opened(amina, [*people, late]) == 3
    assert turning.turn_epoch().epoch == 2
    assert epochs.numbers() == [2] and opened(amina, [*people, late]) == 3


def test_what_was_erased_opens_from_a_backup_until_the_turn_and_never_after_and_the_report_says_so() -> None:
    amina, _bogdan, people = house("bogdan", "amina", 3)
    backup = list(Wrapped.objects.all())
    with transaction.atomic():
        wraps.destroy_keys([people[0].person.ref])
        epochs.note_destroyed([people[0].person.ref], 1)  # what the commit of a real transaction does
    assert turning.report().destroyed_in_this_epoch == 1
    Wrapped.objects.bulk_create(row for row in backup if row.about == people[0].person.ref)
    assert said_of(amina, people[0]) == people[0].said, "before the turn a backup gives it back"
    Wrapped.objects.filter(about=people[0].person.ref).delete()
    turning.turn_epoch()
    assert turning.report().destroyed_in_this_epoch == 0
    Wrapped.objects.bulk_create(row for row in backup if row.about == people[0].person.ref)
    assert said_of(amina, people[0]) == "410.1"
    assert opened(amina, people[1:]) == 2
    assert [w.id for w in checks.the_keys_are_there()] == ["lygte.W020"]


@pytest.mark.django_db(transaction=True)
def test_a_restored_backup_does_not_bring_back_what_was_destroyed_in_the_same_epoch() -> None:
    amina, _bogdan, people = house("bogdan", "amina", 3)
    backup = list(Wrapped.objects.all())
    wraps.destroy_keys([people[0].person.ref])
    wraps.destroy_slips([people[1].person.ref])
    Wrapped.objects.all().delete()
    Wrapped.objects.bulk_create(backup)
    assert turning.replay() == 3  # a person's key and slip, and another's slip
    assert said_of(amina, people[0]) == "410.2" and opened(amina, people[1:]) == 2
    assert wraps.open_by_code(kind=Wrapped.SLIP, secret=people[1].slip) is None
    key, fresh = amina.keyring.person_key(people[1].person.ref), b"a new slip of 16"
    wraps.wrap_for_code(kind=Wrapped.SLIP, about=people[1].person.ref, key=key, secret=fresh)
    turning.replay()
    assert wraps.open_by_code(kind=Wrapped.SLIP, secret=fresh), "a new slip is not the old one"
    assert turning.replay() == 0


def test_without_the_folder_of_keys_everything_says_503_and_nothing_forks_the_epochs() -> None:
    amina, _bogdan, people = house("bogdan", "amina", 2)
    turning.turn_epoch()
    old = keys_as_they_are("as of the second epoch")
    turning.turn_epoch()
    away = lose_keys()
    for act in (lambda: keep(amina, 9), turning.turn_epoch, lambda: said_or_raise(amina, people[0])):
        with pytest.raises(Problem, match=r"503\.1"):
            act()
    assert [w.id for w in checks.the_keys_are_there()] == ["lygte.W020"]
    old.rename(epochs.folder())  # somebody puts an older folder back
    for act in (lambda: keep(amina, 9), lambda: said_or_raise(amina, people[0])):
        with pytest.raises(Problem, match=r"503\.1"):
            act()
    shutil.rmtree(epochs.folder())
    away.rename(epochs.folder())
    assert opened(amina, people) == 2 and checks.the_keys_are_there() == []


def said_or_raise(member: object, kept: object) -> None:
    number = said_of(member, kept)  # type: ignore[arg-type]
    if number[0] in "45":
        raise Problem(number, folder="", days=30)


def test_a_damaged_key_file_is_told_and_stops_no_page() -> None:
    house("bogdan", "amina", 1)
    (epochs.folder() / "epoch-1").chmod(0o600)
    (epochs.folder() / "epoch-1").write_bytes(b"half a key")
    assert not turning.is_due() and "503.1" in turning.report().problems[0]


def test_a_damaged_row_keeps_the_old_key_until_somebody_gives_it_up() -> None:
    amina, _bogdan, people = house("bogdan", "amina", 3)
    row = Wrapped.objects.get(about=people[0].person.ref, kind=Wrapped.PERSON)
    whole = bytes(row.box)
    Wrapped.objects.filter(pk=row.pk).update(box=whole[:-1] + bytes([whole[-1] ^ 1]))
    with pytest.raises(Problem, match=r"422\.23"):
        turning.turn_epoch()
    assert epochs.numbers() == [1, 2] and opened(amina, people[1:]) == 2
    Wrapped.objects.filter(pk=row.pk).update(box=whole)  # from a backup
    assert turning.turn_epoch().ended == (1,) and opened(amina, people) == 3
    Wrapped.objects.filter(pk=row.pk).update(box=whole)
    with pytest.raises(Problem, match=r"422\.23"):
        turning.turn_epoch()
    assert turning.turn_epoch(give_up_damaged=True).ended == (2,) and opened(amina, people[1:]) == 2


def test_a_row_read_before_a_turn_opens_after_it() -> None:
    amina, _bogdan, people = house("bogdan", "amina", 1)
    row = Wrapped.objects.get(about=people[0].person.ref, kind=Wrapped.PERSON)
    turning.turn_epoch()
    private = amina.keyring.organisation_private(row.organisation_key_id)
    assert wraps.open_for_organisation(row, private) == amina.keyring.person_key(people[0].person.ref)


def test_expired_keys_are_not_carried_into_a_new_epoch() -> None:
    _amina, _bogdan, _people = house("bogdan", "amina", 1)
    wraps.wrap_for_code(
        kind=Wrapped.PACKAGE,
        about="p" * 26,
        key=ciphers.random_key(),
        secret=b"s" * 16,
        until=timezone.now() - timedelta(seconds=1),
    )
    assert turning.turn_epoch().rewrapped == 2


def test_a_code_that_can_be_guessed_is_refused() -> None:
    with pytest.raises(ValueError, match="guessed"):
        wraps.wrap_for_code(kind=Wrapped.SLIP, about="p" * 26, key=ciphers.random_key(), secret=b"123456")


def test_many_processes_that_begin_at_once_agree_on_one_key() -> None:
    threads = [threading.Thread(target=epochs.begin, args=[1]) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert epochs.numbers() == [1] and [p.name for p in epochs.folder().iterdir()] == ["epoch-1"]


@pytest.mark.django_db(transaction=True)
def test_nothing_is_left_under_a_dead_key_by_somebody_who_was_writing_all_the_while() -> None:
    """Four writers make people without a pause while the epoch turns ten times."""
    amina, _bogdan, _people = house("bogdan", "amina", 0)
    made, stop, failed = [], threading.Event(), []

    def write(number: int) -> None:
        try:
            count = 0
            while not stop.is_set():
                made.append(keep(amina, number * 1000 + count))
                count += 1
        except Exception as error:
            failed.append(error)
        finally:
            connections.close_all()

    writers = [threading.Thread(target=write, args=[number]) for number in range(4)]
    for writer in writers:
        writer.start()
    for _ in range(10):
        turning.turn_epoch()
    stop.set()
    for writer in writers:
        writer.join()
    left = Wrapped.objects.exclude(epoch__in=epochs.numbers()).count()
    print(f"{len(made)} people made during 10 turns on {connection.vendor}, {left} under a dead key")
    assert not failed and len(made) >= 20
    assert left == 0 and opened(amina, made) == len(made)


@pytest.mark.django_db(transaction=True)
def test_turns_that_are_started_at_the_same_time_do_each_other_no_harm() -> None:
    amina, _bogdan, people = house("bogdan", "amina", 12)
    failed: list[Exception] = []

    def turn() -> None:
        try:
            for _ in range(3):
                turning.turn_epoch()
        except Exception as error:
            failed.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=turn) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed, failed
    assert len(epochs.numbers()) == 1 and opened(amina, people) == 12


# Sealed copies --------------------------------------------------------------------------------------------------------
def test_a_sealed_copy_brings_the_keys_back_and_only_with_both_papers(tmp_path: Path) -> None:
    amina, _bogdan, people = house("bogdan", "amina", 2)
    with pytest.raises(Problem, match=r"423\.8"):
        copies.seal_copy(to=tmp_path / "copy", by="Dorte", before="Emil")
    halves, others = copies.make_host_key(), ciphers.split(ciphers.random_key())
    with pytest.raises(Problem, match=r"422\.25"):
        copies.seal_copy(to=tmp_path / "copy", by="Dorte", before=" dorte")
    copies.seal_copy(to=tmp_path / "copy", by="Dorte", before="Emil")
    assert epochs.key(1).hex() not in (tmp_path / "copy").read_text()
    lose_keys()
    for wrong in (others, (halves[0], halves[0])):
        with pytest.raises(Problem, match=r"422\.24"):
            copies.restore_copy(file=tmp_path / "copy", halves=wrong)
    assert copies.restore_copy(file=tmp_path / "copy", halves=halves[::-1]) == 1
    assert opened(amina, people) == 2


def test_the_copy_of_an_ended_epoch_is_refused_and_counted_until_two_people_saw_it_destroyed(tmp_path: Path) -> None:
    house("bogdan", "amina", 1)
    halves = copies.make_host_key()
    copies.seal_copy(to=tmp_path / "copy", by="Dorte", before="Emil")
    assert turning.turn_epoch().copies_to_destroy == 1
    with pytest.raises(Problem, match=r"410\.3"):
        copies.restore_copy(file=tmp_path / "copy", halves=halves)
    copies.note_destroyed(copy=SealedCopy.objects.get(), by="Emil", before="Dorte")
    assert turning.report().copies_to_destroy == 0


def test_a_lost_pepper_is_told_and_not_made_anew() -> None:
    from lygte.core.vault.index import NAME, name_and_year, put_tokens

    amina, _bogdan, people = house("bogdan", "amina", 1)
    put_tokens(member=amina, person=people[0].person.ref, values={NAME: name_and_year("Ana", 1990)})
    (epochs.folder() / "pepper").unlink()
    with pytest.raises(Problem, match=r"503\.1"):
        epochs.pepper()
    assert make_member("chika")
