"""Many cases for measuring lists: real keys, real locked names, consent and teams, put in with few statements.

The product opens cases one by one, by an action each; ten thousand of them would take minutes and measure nothing more.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from random import Random

from django.utils import timezone
from django_scopes import scope

from lygte.care.support.cases.finding import words_of
from lygte.care.support.cases.models import Case, Goal, Name, Step
from lygte.core.consent.codes import EVERY_GROUP, Purpose
from lygte.core.consent.gate import place_of
from lygte.core.consent.models import Consent, Person, Seat
from lygte.core.consent.persons import new_code
from lygte.core.models import Member
from lygte.core.refs import new_ref
from lygte.core.transactions import writing
from lygte.core.vault import ciphers, epochs, fields, index, wraps
from lygte.core.vault.models import SearchToken, Wrapped
from lygte.demo.keys import open_keyrings

BATCH = 1000
FIRST = ("Ana", "Mali", "Ioana", "Luz", "Rada", "Joy", "Katarzyna", "Fatima", "Olena", "Thuy", "Eszter", "Maria")
LAST = ("Pop", "Suk", "Kovacs", "Silva", "Ivanova", "Okoro", "Nowak", "Tran", "Szabo", "Lopez", "Moldovan", "Bondar")


def open_many(worker: Member, colleague: Member, count: int, *, seed: int = 1) -> None:
    """Put in so many cases of two colleagues, half of them each; every one has a name, a goal and a step with a day."""
    open_keyrings([worker, colleague])
    rng = Random(seed)  # noqa: S311
    with scope(organisation=worker.organisation):
        for start in range(0, count, BATCH):
            with writing():
                _batch(worker, colleague, min(BATCH, count - start), rng)


def _batch(worker: Member, colleague: Member, count: int, rng: Random) -> None:
    house, today = worker.organisation, timezone.localdate()
    codes: set[str] = set()
    while len(codes) < count:
        codes.add(new_code())
    persons = Person.objects.bulk_create(
        Person(ref=new_ref(), organisation=house, code=code, made_on=today) for code in sorted(codes)
    )
    keys = _keys(persons)
    members = [worker if number % 2 else colleague for number in range(count)]
    Seat.objects.bulk_create(
        Seat(person=p, member=m, first=True, since=today) for p, m in zip(persons, members, strict=True)
    )
    Consent.objects.bulk_create(
        Consent(
            ref=new_ref(), person=p, kind="grant", purpose=Purpose.SUPPORT, recipient="own", groups=sorted(EVERY_GROUP),
            language="en", text_version="2026-11", manner="spoken", at=timezone.now(), member=m,
        )
        for p, m in zip(persons, members, strict=True)
    )  # fmt: skip
    cases, names, goals, steps, tokens = [], [], [], [], []
    bits = index.bits_for(count)
    index_key = worker.keyring.index_key()  # type: ignore[attr-defined]
    for person, key, member in zip(persons, keys, members, strict=True):
        day = today - timedelta(days=rng.randrange(700))
        case = Case(
            organisation=house, person=person, area=rng.choice(("DK-461", "DK-607", "DK-561")), way_in="visit",
            language="th", asked_on=day, opened_on=day, opened_by=member,
        )  # fmt: skip
        called = {"called": f"{rng.choice(FIRST)} {rng.choice(LAST)} (invented)"}
        name, goal = Name(organisation=house, person=person), Goal(organisation=house, person=person, set_on=day)
        due = today + timedelta(days=rng.randrange(-20, 200))
        step = Step(organisation=house, person=person, set_on=day, due=due, member=member)
        for record, values in (
            (case, {"asked": "A room"}),
            (name, called),
            (goal, {"words": "A room"}),
            (step, {"what": "Call"}),
        ):
            record.ref, record.version = new_ref(), 1
            record.locked = fields.lock_values(key, values, place_of(record))
        cases.append(case)
        names.append(name)
        goals.append(goal)
        steps.append(step)
        for field, many in words_of(called, {}).items():
            cuts = {index._cut(index._digest(index_key, field, one), bits) for one in many}
            tokens += [SearchToken(organisation=house, person=person.ref, field=field, token=cut) for cut in cuts]
    for model, rows in ((Case, cases), (Name, names), (Goal, goals), (Step, steps), (SearchToken, tokens)):
        model._base_manager.bulk_create(rows)  # type: ignore[arg-type]


def _keys(persons: Sequence[Person]) -> list[bytes]:
    """Make and wrap a key for each person, as `wraps.make_person_key` does for one."""
    key_of_house, epoch = wraps.current_key(persons[0].organisation), epochs.current()
    keys, rows = [], []
    for person in persons:
        key = ciphers.random_key()
        row = Wrapped(ref=new_ref(), kind=Wrapped.PERSON, about=person.ref, organisation_key=key_of_house)
        inner = wraps.inner_of(key, person.ref)
        wraps.wrap_outside(row, ciphers.seal(bytes(key_of_house.public), inner), epoch)
        keys.append(key)
        rows.append(row)
    Wrapped.objects.bulk_create(rows)
    return keys
