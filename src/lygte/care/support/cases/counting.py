"""Keeps the ledger of facts in step with what people agree to: counted while they agree, gone when they do not.

A fact is an organisation's, a month's, a municipality's; only its name in the ledger leads back to a case, so that it can
be taken away.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django_scopes import scopes_disabled

from lygte.core.consent import gate
from lygte.core.consent.codes import Purpose
from lygte.core.consent.erasure import on_erasure
from lygte.core.consent.ledger import on_consent, on_withdrawal
from lygte.core.consent.models import Person
from lygte.core.schedule import periodic
from lygte.core.transactions import writing
from lygte.facts.ledger import Fact, record_facts, remove_facts

from .facts import facts_of, sources_of
from .models import Case, Goal

CHUNK = 500


def count_again(case: Case) -> None:
    """Write what may be counted of a case now, inside the caller's transaction; whatever was counted before goes first."""
    goals = list(Goal.objects.filter(person=case.person_id))
    uncount(case, goals)
    if case.person.merged_into_id is None and gate.agrees(case.person, Purpose.STATISTICS):
        for source, facts in facts_of(case, goals):
            record_facts(source=source, facts=facts)


def uncount(case: Case, goals: list[Goal]) -> None:
    """Take away every fact of a case."""
    for source in sources_of(case, goals):
        remove_facts(source)


def recount(person: Person) -> None:
    """Count a person again after they were merged into another, or taken apart; inside the caller's transaction."""
    with scopes_disabled():
        case = Case.objects.filter(person=person).select_related("person").first()
        if case is not None:
            count_again(case)


@on_consent
@on_withdrawal
def follow_consent(person: Person, line: Any) -> None:
    """Count a person from the moment they agree to it, and no longer when they do not."""
    if line.purpose not in ("", Purpose.STATISTICS):
        return
    recount(person)


@on_erasure
def uncount_erased(person: Person) -> None:
    """Take away the facts of a person who is erased."""
    with scopes_disabled():
        case = Case.objects.filter(person=person).first()
        if case is not None:
            uncount(case, list(Goal.objects.filter(person=person)))


def facts_of_all() -> Iterator[tuple[str, list[Fact]]]:
    """Yield the facts of every case whose person agrees to statistics, for the rebuild of the ledger."""
    with scopes_disabled():
        last = 0
        while cases := list(Case.objects.filter(pk__gt=last).select_related("person").order_by("pk")[:CHUNK]):
            last = cases[-1].pk
            cases = [case for case in cases if case.person.merged_into_id is None]
            agreed = gate.agreed_groups([case.person for case in cases], purpose=Purpose.STATISTICS)
            goals: dict[int, list[Goal]] = {case.person_id: [] for case in cases}
            for goal in Goal.objects.filter(person__in=list(goals)):
                goals[goal.person_id].append(goal)
            for case in cases:
                if agreed[case.person_id]:
                    yield from facts_of(case, goals[case.person_id])


@periodic("cases.counting", every=timedelta(hours=24))
def forget_what_ran_out() -> int:
    """Take away the facts of people whose agreement to be counted has run out; return how many were looked at."""
    with scopes_disabled():
        ran_out = Person.objects.filter(
            consents__purpose=Purpose.STATISTICS, consents__kind="grant", consents__until__isnull=False
        ).distinct()
        cases = list(Case.objects.filter(person__in=ran_out).select_related("person"))
        for case in cases:
            with writing():
                count_again(case)
        return len(cases)
