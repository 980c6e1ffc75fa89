"""Facts of referrals: equal to a count by hand, only while the person agrees to be counted, made again exactly."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from lygte.care.support.referrals import rules
from lygte.care.support.referrals.actions.receiving import answer_by_words, read_words
from lygte.care.support.referrals.actions.sending import Sent
from lygte.care.support.referrals.models import Package
from lygte.care.support.referrals.recall import forget_what_ran_out
from lygte.core.consent.codes import Purpose
from lygte.core.consent.erasure import erase_person
from lygte.core.consent.ledger import record_consent, withdraw_consent
from lygte.core.consent.models import Person
from lygte.core.models import Member
from lygte.directory.services.models import Service
from lygte.facts.models import Entry, Total
from lygte.facts.projection import fingerprint, rebuild
from tests.care.support.cases.conftest import make_case

from .conftest import SPOKEN, in_days, refer


def counted() -> dict[tuple[str, str], int]:
    rows = Entry.objects.filter(kind__startswith="referral").values_list("kind", "dimensions", "value")
    totals = Total.objects.filter(kind__startswith="referral").values_list("kind", "dimensions", "value")
    assert sorted(rows) == sorted(totals)
    return {(kind, dimensions): value for kind, dimensions, value in rows}


def answer(sent: Sent, word: str, **given: str) -> None:
    answer_by_words(read_words(sent.referral.package.ref, " ".join(sent.words)), answer=word, **given)


def test_each_step_is_counted_as_it_stands(to_shelter: Sent) -> None:
    assert counted() == {("referral", "outcome=waiting|service_kind=housing"): 1}
    Package.objects.update(sent_at=timezone.now() - timedelta(days=5))
    answer(to_shelter, "accepted")
    assert counted() == {
        ("referral", "outcome=accepted|service_kind=housing"): 1,
        ("referral_answered", "service_kind=housing|wait=3_7"): 1,
    }
    answer(to_shelter, "refused", refusal="no_papers")
    assert counted() == {
        ("referral", "outcome=refused|service_kind=housing"): 1,
        ("referral_answered", "service_kind=housing|wait=3_7"): 1,
        ("referral_refused", "reason=no_papers|service_kind=housing"): 1,
    }


def test_a_recall_is_counted_and_an_answer_before_it_stays_one(amina: Member, mali: Person, shelter: Service) -> None:
    first = refer(amina, mali, shelter)
    second = refer(amina, mali, shelter)
    answer(second, "accepted")
    withdraw_consent(member=amina, person=mali, said=SPOKEN, purpose=Purpose.REFERRAL)
    assert first.referral.ref != second.referral.ref
    assert {key: n for key, n in counted().items() if key[0] == "referral"} == {
        ("referral", "outcome=recalled|service_kind=housing"): 1,
        ("referral", "outcome=accepted|service_kind=housing"): 1,
    }


def test_who_did_not_agree_to_be_counted_is_not(amina: Member, shelter: Service) -> None:
    sent = refer(amina, make_case(amina).person, shelter)
    answer(sent, "accepted")
    assert counted() == {}


def test_counting_begins_with_a_yes_and_ends_with_a_no(amina: Member, shelter: Service) -> None:
    person = make_case(amina).person
    refer(amina, person, shelter)
    record_consent(member=amina, person=person, purpose=Purpose.STATISTICS, groups=["referrals"], said=SPOKEN)
    assert len(counted()) == 1
    withdraw_consent(member=amina, person=person, said=SPOKEN, purpose=Purpose.STATISTICS)
    assert counted() == {}


def test_an_agreement_that_ran_out_counts_no_more(
    amina: Member, shelter: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = make_case(amina).person
    refer(amina, person, shelter)
    record_consent(
        member=amina, person=person, purpose=Purpose.STATISTICS, groups=["referrals"], said=SPOKEN, until=in_days(1)
    )
    later = in_days(2)
    monkeypatch.setattr(timezone, "localdate", lambda *args: later)
    assert len(counted()) == 1 and forget_what_ran_out() == 1 and counted() == {}


def test_erasing_a_person_takes_their_facts(mali: Person, to_shelter: Sent) -> None:
    assert counted()
    erase_person(person=mali)
    assert counted() == {}


def test_the_ledger_is_made_again_exactly(amina: Member, mali: Person, to_shelter: Sent, shelter: Service) -> None:
    answer(to_shelter, "refused", refusal="language")
    refer(amina, mali, shelter)
    refer(amina, make_case(amina).person, shelter)
    before = fingerprint()
    rebuild()
    assert fingerprint() == before and len(counted()) == 4


@pytest.mark.parametrize(
    ("days", "band"), [(0, "0_2"), (2, "0_2"), (3, "3_7"), (7, "3_7"), (8, "8_30"), (30, "8_30"), (31, "over_30")]
)
def test_waiting_days_fall_into_bands(days: int, band: str) -> None:
    assert rules.wait_band(days) == band
