"""The log: nothing written goes missing, changes or moves without being found."""

import pytest
from django.db import DatabaseError, connection, transaction

from lygte.core.access import Verb
from lygte.core.audit import AuditEntry, AuditHead, chain_of, verify_chain, write_entry
from lygte.core.invitations import add_member
from lygte.core.models import Member
from lygte.core.problems import Problem


def write_five(member: Member) -> str:
    for number in range(5):
        write_entry(organisation=member.organisation, member=member, verb=Verb.VISIT_RECORD, subject=f"s{number}")
    return chain_of(member.organisation)


def unguard() -> None:
    """Take the database's own guard away, as somebody with all its passwords could."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("DROP TRIGGER core_auditentry_no_change ON core_auditentry")
        else:
            cursor.execute("DROP TRIGGER core_auditentry_no_update")
            cursor.execute("DROP TRIGGER core_auditentry_no_delete")


def test_an_untouched_chain_is_whole(amina: Member) -> None:
    verdict = verify_chain(write_five(amina))
    assert verdict.whole and verdict.entries == 5


@pytest.mark.parametrize(
    ("statement", "broken_at"),
    [
        ("UPDATE core_auditentry SET subject = 'other' WHERE sequence = 3", 3),
        ("UPDATE core_auditentry SET verb = 'place.read' WHERE sequence = 1", 1),
        ("DELETE FROM core_auditentry WHERE sequence = 2", 2),
        ("DELETE FROM core_auditentry WHERE sequence = 5", 5),
        ("DELETE FROM core_auditentry", 1),
        ("UPDATE core_auditentry SET sequence = sequence + 1 WHERE sequence = 5", 5),
        ("UPDATE core_audithead SET sequence = 4, digest = 'f'", 6),
    ],
)
def test_every_kind_of_tampering_is_found(amina: Member, statement: str, broken_at: int) -> None:
    chain = write_five(amina)
    unguard()
    with connection.cursor() as cursor:
        cursor.execute(statement)
    assert verify_chain(chain).broken_at == broken_at


@pytest.mark.parametrize("statement", ["UPDATE core_auditentry SET verb = 'x'", "DELETE FROM core_auditentry"])
def test_the_database_refuses_to_change_the_log(amina: Member, statement: str) -> None:
    write_five(amina)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert AuditEntry.objects.count() == 5


def test_the_models_refuse_to_change_the_log(amina: Member) -> None:
    write_five(amina)
    with pytest.raises(TypeError):
        AuditEntry.objects.all().delete()
    with pytest.raises(TypeError):
        AuditEntry.objects.all().update(verb="x")


def test_an_action_writes_one_line_and_a_failed_action_none(bogdan: Member, amina: Member) -> None:
    add_member(member=bogdan, email="new@example.org", name="New", role="worker")
    assert AuditEntry.objects.filter(verb="member.add").count() == 1
    with pytest.raises(Problem):
        add_member(member=bogdan, email=amina.user.email, name="Amina", role="worker")
    with pytest.raises(Problem) as refused:
        add_member(member=amina, email="other@example.org", name="Other", role="worker")
    assert refused.value.number == "403.1"
    assert AuditEntry.objects.filter(verb="member.add").count() == 1


def test_organisations_have_chains_of_their_own(amina: Member, chika: Member) -> None:
    write_five(amina)
    write_five(chika)
    assert AuditHead.objects.count() == 2
    assert AuditEntry.objects.filter(chain=chika.organisation.ref).count() == 5
