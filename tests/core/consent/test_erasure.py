"""Erasing removes everything of a person, leaves one line without content, and holds after an old backup is restored."""

from __future__ import annotations

import importlib
import json
import sys
from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connection
from django.utils import timezone

from lygte.core.consent import erasure, gate, holds, startup
from lygte.core.consent.erasure import ask_for_erasure, erase_person, replay_erasures
from lygte.core.consent.ledger import Said, withdraw
from lygte.core.consent.models import Consent, Erasure, GlassBreak, Hold, Person, Seat, Seen
from lygte.core.consent.persons import make_person
from lygte.core.consent.retention import run_retention
from lygte.core.models import Member, Role
from lygte.core.problems import Problem
from lygte.core.vault import wraps
from lygte.core.vault.models import SearchToken, Wrapped

from .conftest import agree, note
from .test_team import colleague

pytestmark = pytest.mark.usefixtures("everywhere")
ALIVE = {"consent_person", "consent_seat", "consent_consent", "consent_seen", "consent_glassbreak", "vault_wrapped"}


def traces(person: Person) -> dict[str, int]:
    """Return in how many rows of every table the person's reference, code or number stands; from the tables themselves."""
    found = {}
    for model in apps.get_models():
        words = [
            f for f in model._meta.concrete_fields if f.get_internal_type() in ("CharField", "TextField", "RefField")
        ]
        keys = [f for f in model._meta.concrete_fields if f.is_relation and f.related_model is Person]
        rows = set()
        for field in words:
            rows |= set(
                model._base_manager.filter(**{f"{field.name}__in": [person.ref, person.code]}).values_list("pk")
            )
        for field in keys:
            rows |= set(model._base_manager.filter(**{field.attname: person.pk}).values_list("pk"))
        if rows:
            found[model._meta.db_table] = len(rows)
    return found


@pytest.fixture
def lived(person: Person, key_holders: tuple[Member, Member]) -> Person:
    """The person has been noted, read, given a slip and a search token."""
    amina, _ = key_holders
    gate.read(member=amina, records=[note(amina, person, "sentinel")])
    wraps.wrap_for_code(kind=Wrapped.SLIP, about=person.ref, key=b"k" * 32, secret=b"s" * 16)
    SearchToken.objects.create(organisation=person.organisation, person=person.ref, field="name", token="ab")
    return person


def test_nothing_of_the_person_is_left_but_one_line_and_the_log(
    lived: Person, key_holders: tuple[Member, Member]
) -> None:
    amina, _ = key_holders
    other = make_person(member=amina)
    agree(amina, other, "notes")
    kept = note(amina, other, "kept")
    before = traces(lived)
    assert set(before) >= ALIVE
    line = erase_person(person=lived, because="asked", member=amina)
    assert traces(lived) == {"consent_erasure": 1, "core_auditentry": len(_log(lived))}
    counted = ("consent_seat", "consent_consent", "consent_seen", "consent_glassbreak")
    assert line.records == sum(before[table] for table in counted)
    assert gate.read(member=amina, records=[kept]).get(kept) == {"reason": "kept"}
    print(f"erased from {len(before)} tables")


def _log(person: Person) -> list[object]:
    from lygte.core.audit import AuditEntry

    return list(AuditEntry.objects.filter(subject=person.ref))


def test_what_the_rooms_must_do_is_done_first_and_a_fault_undoes_all(
    lived: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[bool] = []

    def fails(person: Person) -> None:
        seen.append(Wrapped.objects.filter(about=person.ref).exists())
        raise RuntimeError

    monkeypatch.setattr(erasure, "ON_ERASURE", [fails])
    with pytest.raises(RuntimeError):
        erase_person(person=lived)
    assert seen == [True]
    assert set(traces(lived)) >= ALIVE
    monkeypatch.setattr(erasure, "ON_ERASURE", [])
    erase_person(person=lived)


def test_those_who_were_merged_with_them_go_as_well(lived: Person, key_holders: tuple[Member, Member]) -> None:
    amina, _ = key_holders
    twin = make_person(member=amina)
    agree(amina, twin, "notes")
    note(amina, twin, "sentinel")
    Person.objects.filter(pk=twin.pk).update(merged_into=lived)
    twin.refresh_from_db()
    erase_person(person=twin)
    assert not Person.objects.exists()
    assert set(Erasure.objects.values_list("person", flat=True)) == {lived.ref, twin.ref}


def test_a_colleague_without_a_place_cannot_erase(
    lived: Person, key_holders: tuple[Member, Member], chika: Member
) -> None:
    worker = colleague(lived.organisation, "kirsten")
    with pytest.raises(Problem, match=r"403\.11"):
        ask_for_erasure(member=worker, person=lived)
    with pytest.raises(Problem, match=r"404\.1"):
        ask_for_erasure(member=chika, person=lived)
    assert ask_for_erasure(member=key_holders[0], person=lived).erased


def test_a_hold_of_two_people_stands_in_the_way_until_its_day_and_then_the_wish_is_done(
    lived: Person, key_holders: tuple[Member, Member]
) -> None:
    amina, bogdan = key_holders
    carla = colleague(lived.organisation, "carla", Role.COORDINATOR)
    today = timezone.localdate()
    holds.propose_hold(member=bogdan, person=lived, ground="claim", until=today + timedelta(days=10))
    with pytest.raises(Problem, match=r"403\.13"):
        holds.confirm_hold(member=bogdan, person=lived)
    assert holds.standing_hold([lived]) is None  # one person binds nobody
    holds.confirm_hold(member=carla, person=lived)
    with pytest.raises(Problem, match=r"409\.13"):
        erase_person(person=lived)
    wish = ask_for_erasure(member=amina, person=lived)
    assert (wish.erased, wish.held) == (None, Hold.objects.get())
    assert run_retention(today=today + timedelta(days=10)) == []
    assert set(traces(lived)) >= ALIVE
    assert [due.kind for due in run_retention(today=today + timedelta(days=11), dry_run=True)] == ["wish"]
    assert set(traces(lived)) >= ALIVE
    Hold.objects.update(until=today - timedelta(days=1))  # the days have passed
    run_retention()
    assert set(traces(lived)) == {"consent_erasure", "core_auditentry"}


@pytest.mark.parametrize("days", [0, -1, 731])
def test_a_hold_has_an_end(days: int, lived: Person, key_holders: tuple[Member, Member]) -> None:
    with pytest.raises(Problem, match=r"422\.34"):
        until = timezone.localdate() + timedelta(days=days)
        holds.propose_hold(member=key_holders[1], person=lived, ground="court", until=until)


def _copy() -> dict[str, list[tuple[object, ...]]]:
    """Return the rows of every table about persons, as a backup has them."""
    copy = {}
    with connection.cursor() as cursor:
        for model in (Person, Seat, Consent, Seen, GlassBreak, Wrapped, SearchToken, Erasure):
            cursor.execute(f"SELECT * FROM {model._meta.db_table}")
            copy[model._meta.db_table] = cursor.fetchall()
    return copy


def _restore(copy: dict[str, list[tuple[object, ...]]], *, leave_out: str = "") -> None:
    with connection.cursor() as cursor:
        for table, rows in copy.items():
            if table == leave_out:
                continue
            for row in rows:
                values = [json.dumps(v) if isinstance(v, list) else v for v in row]
                cursor.execute(f"INSERT INTO {table} VALUES ({', '.join(['%s'] * len(row))})", values)


def test_a_restored_backup_forgets_again_before_the_site_serves(
    lived: Person, key_holders: tuple[Member, Member]
) -> None:
    backup = _copy()
    erase_person(person=lived)
    with connection.cursor() as cursor:  # the disk is new: nothing of today is on it, the list in the keys' folder is
        if connection.vendor == "sqlite":
            cursor.execute("DROP TRIGGER consent_erasure_no_delete")
        else:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("ALTER TABLE consent_erasure DISABLE TRIGGER USER")
        cursor.execute("DELETE FROM consent_erasure")
    _restore(backup)
    assert set(traces(lived)) >= ALIVE
    assert replay_erasures() == 1
    assert not set(traces(lived)) & ALIVE
    assert Erasure.objects.get(person=lived.ref).because == "asked"
    assert replay_erasures() == 0


def test_the_list_outside_is_only_for_its_owner_says_nothing_and_is_made_whole_again(lived: Person) -> None:
    erase_person(person=lived)
    path = erasure.list_path()
    assert path.stat().st_mode & 0o077 == 0
    assert set(erasure.listed()[lived.ref]) == {"person", "organisation", "at", "because"}
    path.write_text('{"person": "cut sh')
    replay_erasures()
    assert lived.ref in erasure.listed()


def test_retention_takes_whole_persons_two_years_after_the_last_thing(
    lived: Person, key_holders: tuple[Member, Member]
) -> None:
    today = timezone.localdate()
    Person.objects.update(made_on=date(2020, 1, 1))
    assert run_retention(today=today + timedelta(days=730)) == []
    assert set(traces(lived)) >= ALIVE
    due = run_retention(today=today + timedelta(days=731), dry_run=True)
    assert [(one.kind, one.count) for one in due] == [("person", 1)]
    assert set(traces(lived)) >= ALIVE
    run_retention(today=today + timedelta(days=731))
    assert not set(traces(lived)) & ALIVE
    assert Erasure.objects.get().because == "retention"


def test_the_site_looks_at_the_list_before_it_serves(lived: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(startup, "before_serving", lambda: asked.append("asked"))
    monkeypatch.setattr("lygte.core.vault.startup.before_serving", lambda: None)
    monkeypatch.delitem(sys.modules, "lygte.site.wsgi", raising=False)
    importlib.import_module("lygte.site.wsgi")
    assert asked == ["asked"]


def test_the_look_at_the_list_erases_again(lived: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    line = Erasure(person=lived.ref, organisation=lived.organisation, at=timezone.now(), because="asked")
    erasure.write_outside([line])
    monkeypatch.setattr(startup, "connection", SimpleNamespace(introspection=connection.introspection, close=int))
    startup.before_serving()
    assert not set(traces(lived)) & ALIVE


def test_one_who_was_taken_apart_meanwhile_does_not_stop_a_restored_backup_from_forgetting(
    lived: Person, key_holders: tuple[Member, Member]
) -> None:
    amina, _ = key_holders
    other = make_person(member=amina)
    Person.objects.filter(pk=other.pk).update(merged_into=lived)  # as it stood in the backup
    line = Erasure(person=lived.ref, organisation=lived.organisation, at=timezone.now(), because="asked")
    erasure.write_outside([line])
    assert replay_erasures() == 1
    assert not Person.objects.filter(pk=lived.pk).exists()
    assert Person.objects.get(pk=other.pk).merged_into is None


def test_a_hold_on_somebody_merged_stops_nobody_elses_erasure(
    lived: Person, key_holders: tuple[Member, Member]
) -> None:
    amina, bogdan = key_holders
    today = timezone.localdate()
    merged, somebody = make_person(member=amina), make_person(member=amina)
    Person.objects.filter(pk=merged.pk).update(merged_into=lived)
    for one, last, wished in ((lived, -1, True), (merged, 90, False), (somebody, -1, True)):
        Hold.objects.create(
            person=one, ground="court", since=today, until=today + timedelta(days=last), set_by=amina,
            confirmed_by=bogdan, wished_at=timezone.now() if wished else None,
        )  # fmt: skip
    run_retention()
    assert Person.objects.filter(pk__in=[lived.pk, merged.pk]).count() == 2
    assert not Person.objects.filter(pk=somebody.pk).exists()


def test_erasing_whoever_was_just_erased_is_told_as_that(lived: Person, key_holders: tuple[Member, Member]) -> None:
    merged = make_person(member=key_holders[0])
    Person.objects.filter(pk=merged.pk).update(merged_into=lived)
    seen_before = Person.objects.select_related("organisation").get(pk=merged.pk)
    erase_person(person=lived)
    for gone in (lived, seen_before):
        with pytest.raises(Problem, match=r"410\.2"):
            erase_person(person=gone)


def test_nothing_is_written_into_the_ledger_of_one_who_was_erased_meanwhile(lived: Person) -> None:
    late = Person.objects.select_related("organisation").get(pk=lived.pk)
    erase_person(person=lived)
    with pytest.raises(Problem, match=r"410\.2"):
        withdraw(person=late, said=Said("en"))
