"""Organisations with key-holders and people whose words are locked: small worlds on which keys are tried out."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.conf import settings
from django.utils import timezone

from lygte.core.consent import gate
from lygte.core.consent.models import GlassBreak, Person
from lygte.core.models import Member, Role, User
from lygte.core.problems import Problem
from lygte.core.transactions import writing
from lygte.core.vault import wraps
from lygte.core.vault.keyring import open_keyring
from lygte.core.vault.models import Wrapped
from tests.conftest import CAST, PASSPHRASE, PASSWORD, make_member, open_vault


@dataclass(frozen=True)
class Kept:
    """A person of the world, the record of what they said, and the secret of their slip."""

    person: Person
    record: GlassBreak
    said: str
    slip: bytes


@writing()
def keep(member: Member, number: int, word: str = "sentinel") -> Kept:
    """Make a person whose record holds a sentence that is looked for later."""
    person = Person.objects.create(
        organisation=member.organisation,
        code=f"T{member.organisation_id % 1000:03}-{number:04}",
        made_on=timezone.localdate(),
    )
    key, slip = gate.new_person_key(person), secrets.token_bytes(16)
    wraps.wrap_for_code(kind=Wrapped.SLIP, about=person.ref, key=key, secret=slip)
    now, said = timezone.now(), f"{word} {member.organisation_id} {number:05}"
    record = GlassBreak(organisation=person.organisation, person=person, member=member, at=now, until=now)
    gate.put(record, {"reason": said}, key)
    return Kept(person, record, said, slip)


def house(first: str, second: str, people: int, word: str = "sentinel") -> tuple[Member, Member, list[Kept]]:
    """Return two key-holders of one organisation, both with open keyrings, and the people it knows.

    The first of the two, who sets up, is returned last.
    """
    coordinator = make_member(first)
    worker = make_member(second) if second in CAST else colleague(coordinator, second, Role.WORKER)
    open_vault(coordinator, worker)
    return worker, coordinator, [keep(worker, number, word) for number in range(people)]


def colleague(of: Member, name: str, role: str = Role.COORDINATOR) -> Member:
    """Return a new member of the same organisation."""
    user = User.objects.create_user(f"{name}@example.org", PASSWORD, name=name.title())
    return Member.objects.create(user=user, organisation=of.organisation, role=role)


def said_of(member: Member, kept: Kept) -> str:
    """Return what a person said, opened by a member from what the database holds now; a Problem's number if it does not open."""
    try:
        key = open_keyring(member, PASSPHRASE).person_key(kept.person.ref)
        record = GlassBreak.objects.select_related("person").get(pk=kept.record.pk)
        return str(gate.open_record(record, key)["reason"])
    except Problem as problem:
        return problem.number


def opened(member: Member, many: list[Kept]) -> int:
    """Return how many people's words a member opens, with keys read anew."""
    ring = open_keyring(member, PASSPHRASE)
    try:
        keys = ring.person_keys([one.person.ref for one in many])
    except Problem:
        return 0
    records = GlassBreak.objects.select_related("person").in_bulk([one.record.pk for one in many])
    found = 0
    for one in many:
        if one.person.ref in keys:
            found += gate.open_record(records[one.record.pk], keys[one.person.ref])["reason"] == one.said
    return found


@pytest.fixture
def own_keys(tmp_path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A folder of keys for this test alone: epochs begin at one, and nothing of it stays."""
    monkeypatch.setattr(settings, "LYGTE_KEYS_DIR", tmp_path / "keys")
    yield
    shutil.rmtree(tmp_path / "keys", ignore_errors=True)
