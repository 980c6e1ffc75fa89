"""What a person agreed to and who has seen them cannot be rewritten, whoever holds the database."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from lygte.core.consent import gate
from lygte.core.consent.ledger import decline_consent
from lygte.core.consent.models import Consent, Erasure, Person, Seen
from lygte.core.models import Member

from .conftest import SAID, agree, note

pytestmark = pytest.mark.usefixtures("everywhere")

TAMPER = [
    "UPDATE consent_consent SET purpose = 'authority'",
    "UPDATE consent_consent SET groups = '[\"health\"]'",
    "UPDATE consent_consent SET until = NULL, kind = 'grant'",
    "DELETE FROM consent_consent",
    "UPDATE consent_seen SET member_id = NULL",
    "DELETE FROM consent_seen",
    "UPDATE consent_erasure SET records = 0",
    "DELETE FROM consent_erasure",
]


def erased(person: str, organisation_id: int) -> None:
    Erasure.objects.create(
        person=person, organisation_id=organisation_id, at=timezone.now(), because="asked", epoch=1, records=0
    )


def run(sql: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.mark.parametrize("sql", TAMPER)
def test_the_database_refuses_to_change_or_remove_a_line(
    sql: str, person: Person, key_holders: tuple[Member, Member]
) -> None:
    amina, _ = key_holders
    gate.read(member=amina, records=[note(amina, person, "sentinel")])
    erased("a" * 26, person.organisation_id)  # somebody else
    before = [list(model.objects.values()) for model in (Consent, Seen, Erasure)]
    assert all(before)
    with pytest.raises(DatabaseError, match="append-only"):
        run(sql)
    assert [list(model.objects.values()) for model in (Consent, Seen, Erasure)] == before


def test_sqlite_cannot_replace_a_line_by_inserting_over_it(person: Person) -> None:
    if connection.vendor != "sqlite":
        return  # only SQLite has INSERT OR REPLACE
    with pytest.raises(DatabaseError, match="append-only"):
        run("INSERT OR REPLACE INTO consent_consent SELECT * FROM consent_consent")


def test_the_lines_of_one_who_was_erased_go_and_those_of_others_stay(
    person: Person, key_holders: tuple[Member, Member]
) -> None:
    amina, _ = key_holders
    from lygte.core.consent.persons import make_person

    other = make_person(member=amina)
    for one in (person, other):
        agree(amina, one, "notes")
        gate.read(member=amina, records=[note(amina, one, "sentinel")])
    erased(person.ref, person.organisation_id)
    for table, column, value in (("consent_consent", "person_id", person.pk), ("consent_seen", "person", person.ref)):
        run(f"DELETE FROM {table} WHERE {column} = '{value}'")
    assert set(Consent.objects.values_list("person", flat=True)) == {other.pk}
    assert set(Seen.objects.values_list("person", flat=True)) == {other.ref}
    with pytest.raises(DatabaseError, match="append-only"):
        run("DELETE FROM consent_consent")


def test_a_no_changes_nothing_and_takes_back_an_earlier_yes(person: Person, key_holders: tuple[Member, Member]) -> None:
    amina, _ = key_holders
    before = gate.agreed_groups([person], purpose="support")
    line = decline_consent(member=amina, person=person, purpose="statistics", said=SAID)
    assert line.kind == "declined"
    assert gate.agreed_groups([person], purpose="support") == before
    assert not gate.agrees(person, "statistics")
    again = decline_consent(member=amina, person=person, purpose="support", said=SAID)
    assert again.kind == "withdraw"
    assert not gate.agrees(person, "support")
