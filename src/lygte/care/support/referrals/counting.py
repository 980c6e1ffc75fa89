"""Keeps the facts of referrals in step with what people agree to: counted while they agree, gone when they do not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django_scopes import scopes_disabled

from lygte.core.consent import gate
from lygte.core.consent.codes import Purpose
from lygte.core.consent.models import Person
from lygte.facts.ledger import Fact, record_facts, remove_facts

from .facts import facts_of, source_of
from .models import Referral

CHUNK = 500


def of_person(person: Person) -> list[Referral]:
    """Return the referrals of a person, whoever is asking."""
    with scopes_disabled():
        return list(Referral.objects.filter(person=person).select_related("person", "package").order_by("pk"))


def count_again(referrals: Iterable[Referral]) -> None:
    """Write what may be counted of referrals now, inside the caller's transaction; what was counted before goes first."""
    found = list(referrals)
    agreed = gate.agreed_groups([referral.person for referral in found], purpose=Purpose.STATISTICS)
    for referral in found:
        remove_facts(source_of(referral))
        if agreed[referral.person_id] and referral.person.merged_into_id is None:
            record_facts(source=source_of(referral), facts=facts_of(referral))


def uncount(referrals: Iterable[Referral]) -> None:
    """Take away every fact of referrals."""
    for referral in referrals:
        remove_facts(source_of(referral))


def facts_of_all() -> Iterator[tuple[str, list[Fact]]]:
    """Yield the facts of every referral whose person agrees to statistics, for the rebuild of the ledger."""
    with scopes_disabled():
        last = 0
        rows = Referral.objects.select_related("person", "package").order_by("pk")
        while found := list(rows.filter(pk__gt=last)[:CHUNK]):
            last = found[-1].pk
            agreed = gate.agreed_groups([referral.person for referral in found], purpose=Purpose.STATISTICS)
            for referral in found:
                if agreed[referral.person_id] and referral.person.merged_into_id is None:
                    yield source_of(referral), facts_of(referral)
