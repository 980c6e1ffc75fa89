"""Many at once on one record and one consent: no update is lost, and nothing opens after a withdrawal (check 18).

50 clients make 200 edits each, as real threads with connections of their own, on both databases.
"""

from __future__ import annotations

import os
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django_scopes import scopes_disabled

from lygte.core.access import Verb
from lygte.core.actions import action
from lygte.core.audit import chain_of, verify_chain
from lygte.core.consent import gate
from lygte.core.consent.ledger import record_consent, withdraw_consent
from lygte.core.consent.models import Consent, GlassBreak, Person, Seen
from lygte.core.consent.persons import make_person
from lygte.core.models import Member
from lygte.core.problems import Problem
from tests.conftest import make_member, open_vault

from .conftest import SAID, agree, note

CLIENTS = int(os.environ.get("LYGTE_TEST_CLIENTS", "50"))
EDITS = int(os.environ.get("LYGTE_TEST_EDITS", "200"))
CONSENT_EVERY = 25  # of so many edits one also adds a line of consent
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(900)]  # 10,000 edits on two busy cores


@pytest.fixture
def amina(transactional_db: None) -> Iterator[Member]:
    with scopes_disabled():
        yield open_vault(make_member("bogdan"), make_member("amina"))[0]


@pytest.fixture
def person(amina: Member) -> Person:
    person = make_person(member=amina)
    agree(amina, person, "notes")
    return person


@action(Verb.CASE_CHANGE)
def edit(*, member: Member, record: GlassBreak, values: dict[str, list[str]], based_on: int) -> GlassBreak:
    gate.write(member=member, record=record, values=values, based_on=based_on)
    return record


def give_back() -> None:
    """Let go of the connection, as the end of a request does where connections are pooled."""
    if connection.vendor == "postgresql":
        connection.close()


def at_once(work: Callable[[int], None], clients: int = CLIENTS) -> None:
    """Run the same work in many threads that begin together; raise what any of them raised."""
    ready = threading.Barrier(clients)

    def one(number: int) -> None:
        try:
            with scopes_disabled():
                ready.wait(60)
                work(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(clients) as pool:
        for done in [pool.submit(one, number) for number in range(clients)]:
            done.result()


def test_no_edit_of_one_record_and_no_line_of_one_consent_is_lost(amina: Member, person: Person) -> None:
    ref = note(amina, person, "first").ref
    counts: Counter[str] = Counter()
    written: list[str] = []
    lock = threading.Lock()

    def work(number: int) -> None:
        for turn in range(EDITS):
            record = GlassBreak.objects.select_related("person__organisation").get(ref=ref)
            mark, base = f"{number}.{turn}", record.version
            try:
                edit(member=amina, record=record, values={"reason": [mark]}, based_on=base)
            except Problem as problem:
                with lock:
                    counts[problem.number] += 1
            else:
                with lock:
                    counts["kept"] += 1
                    written.append(f"{record.version}:{mark}")
                    counts["over another"] += record.version != base + 1  # nobody came between reading and writing
            if turn % CONSENT_EVERY == 0:
                record_consent(member=amina, person=person, purpose="feedback", groups=["contact"], said=SAID)
            give_back()

    at_once(work)
    record = GlassBreak.objects.select_related("person__organisation").get(ref=ref)
    assert counts["over another"] == 0, "somebody's edit was written over"
    assert counts["kept"] + counts["409.11"] == sum(counts.values()) == CLIENTS * EDITS
    assert record.version == 1 + counts["kept"], "an update was lost"
    assert sorted(int(one.split(":")[0]) for one in written) == list(range(2, record.version + 1))
    last = next(one.split(":")[1] for one in written if one.startswith(f"{record.version}:"))
    assert gate.read(member=amina, records=[record]).get(record) == {"reason": [last]}
    lines = Consent.objects.filter(person=person, purpose="feedback").count()
    assert lines == CLIENTS * len(range(0, EDITS, CONSENT_EVERY))
    assert verify_chain(chain_of(amina.organisation)).whole
    assert counts["kept"] > CLIENTS, "nearly nothing got through"
    print(
        f"{connection.vendor}: {CLIENTS * EDITS} edits, {counts['kept']} kept, {counts['409.11']} told, {lines} lines, 0 lost"
    )


def test_nothing_opens_after_a_withdrawal_and_no_line_says_so(amina: Member, person: Person) -> None:
    """Readers read on while the person withdraws and agrees again; each opening lies inside a consent, by the lines' own times."""
    ref = note(amina, person, "sentinel").ref
    stop = threading.Event()
    opened: Counter[str] = Counter()
    readers = 12

    def change_mind() -> None:
        try:
            for _turn in range(15):
                withdraw_consent(member=amina, person=person, said=SAID)
                stop.wait(0.05)
                agree(amina, person, "notes")
                stop.wait(0.05)
            withdraw_consent(member=amina, person=person, said=SAID)
        finally:
            stop.set()

    def work(number: int) -> None:
        if number == 0:
            return change_mind()
        while not stop.is_set():
            record = GlassBreak.objects.select_related("person__organisation").get(ref=ref)
            got = bool(gate.read(member=amina, records=[record]).values)
            opened["yes" if got else "no"] += 1
            give_back()
        return None

    at_once(work, readers)
    assert opened["yes"] and opened["no"], opened
    record = GlassBreak.objects.select_related("person__organisation").get(ref=ref)
    assert not gate.read(member=amina, records=[record]).values
    assert outside(person) == []
    print(f"{connection.vendor}: {opened['yes']} opened, {opened['no']} refused, 16 withdrawals, 0 after one")


def outside(person: Person) -> list[str]:
    """Return every line of a reading that does not lie between a yes and the withdrawal after it."""
    told = [(line.at, line.kind) for line in Consent.objects.filter(person=person)]
    read = [(line.at, "read") for line in Seen.objects.filter(person=person.ref, via="page")]
    found, standing = [], False
    for at, what in sorted(told + read):
        if what == "read" and not standing:
            found.append(f"{at}")
        elif what != "read":
            standing = what == "grant"
    assert read
    return found
