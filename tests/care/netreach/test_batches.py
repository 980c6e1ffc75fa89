"""What came of a batch: counts that contradict each other are refused by number, the rest becomes facts and the funnel."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django_scopes import scope, scopes_disabled
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lygte.care.netreach import codes, jobs, reads, tally
from lygte.care.netreach.actions.batches import record_outcomes
from lygte.care.netreach.facts import facts_of
from lygte.care.netreach.handover import batch_cards
from lygte.care.netreach.models import Batch, Tally
from lygte.care.netreach.rules import faults_of
from lygte.core.audit import AuditEntry
from lygte.core.models import Member
from lygte.core.problems import Problem
from lygte.facts import projection
from lygte.facts import reads as totals

from .world import ask, batches, make_message, today

SignedIn = Callable[[Member], Client]
WELL = {
    "sent": 3, "delivered": 3, "answered": 2, "conversations": 1, "meetings": 1, "referrals": 1, "opted_out": 1,
    "hostile": 1, "noticed": 0, "wrong_reader": 1, "complaints": 2, "distress": 1,
}  # fmt: skip
WRONG = [
    ({"sent": 4}, "422.641"),
    ({"delivered": 4}, "422.642"),
    ({"delivered": 1}, "422.643"),
    ({"opted_out": 3}, "422.644"),
    ({"hostile": 3}, "422.644"),
    ({"conversations": 3}, "422.644"),
    ({"meetings": 2}, "422.645"),
    ({"referrals": 2}, "422.645"),
    ({"sent": 10_001}, "422.640"),
    ({"complaints": -1}, "422.640"),
]


@pytest.fixture
def batch(bogdan: Member, signed_in: SignedIn) -> Batch:
    ask(signed_in(bogdan), make_message(bogdan), "20310000\n20310001\n20310002")
    return batches(bogdan)[0]


def record(member: Member, batch: Batch, counts: dict, **more: object) -> Batch:
    with scope(organisation=member.organisation):
        return record_outcomes(member=member, batch=batch, counts=counts, **more)


@pytest.mark.parametrize(("change", "number"), WRONG)
def test_counts_that_contradict_each_other_are_refused_by_number(
    bogdan: Member, batch: Batch, change: dict, number: str
) -> None:
    with pytest.raises(Problem, match=number.replace(".", r"\.")):
        record(bogdan, batch, {**WELL, **change})
    assert batches(bogdan)[0].sent is None


@pytest.mark.parametrize("change", [change for change, number in WRONG[1:8] if number != "422.643"])
def test_the_database_refuses_them_too(batch: Batch, change: dict) -> None:
    with pytest.raises(IntegrityError), transaction.atomic(), scopes_disabled():
        Batch.objects.filter(pk=batch.pk).update(**{**WELL, **change})


COUNTED = st.tuples(*[st.none() | st.integers(0, 4) for _name in codes.COUNTS])


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(COUNTED, st.integers(0, 4))
def test_what_has_no_fault_is_a_funnel(values: tuple[int | None, ...], cleared: int) -> None:
    counts = {name: value for name, value in zip(codes.COUNTS, values, strict=True) if value is not None}
    if list(faults_of(counts, cleared=cleared)):
        return
    said = {name: counts.get(name, 0) for name in codes.COUNTS}
    assert said["sent"] <= cleared and said["meetings"] <= said["conversations"] <= said["answered"]
    assert said["opted_out"] <= said["answered"] and said["referrals"] <= said["conversations"]
    assert "delivered" not in counts or "sent" not in counts or said["delivered"] <= said["sent"]


def test_where_everybody_reads_one_message_may_have_many_answers() -> None:
    assert list(faults_of({"sent": 1, "answered": 9, "conversations": 2}, cleared=None)) == []


def test_the_page_puts_what_is_wrong_beside_the_count_and_loses_nothing(
    bogdan: Member, batch: Batch, signed_in: SignedIn
) -> None:
    client = signed_in(bogdan)
    answer = client.post(f"/netreach/{batch.ref}/", {**WELL, "sent": 4, "note": "Went well."})
    assert answer.status_code == 400 and "More messages were sent (4)" in answer.content.decode()
    assert "sent" in answer.context["form"].errors and 'value="4"' in answer.content.decode()
    assert "Went well." in answer.content.decode()
    assert client.post(f"/netreach/{batch.ref}/", {"note": ""}).status_code == 400, "what was sent is needed"
    lines = AuditEntry.objects.filter(subject=batch.ref).count()
    assert client.post(f"/netreach/{batch.ref}/", WELL).status_code == 302
    assert AuditEntry.objects.filter(subject=batch.ref).count() == lines + 1
    assert batches(bogdan)[0].counts == WELL


SIGNS = {
    "a Danish telephone number": "call 20 31 41 59 tonight",
    "a Dutch telephone number": "she is at 06-12345678",
    "an international telephone number": "on +40 722 123 456",
    "an e-mail address": "write ana@example.org",
    "a number plate": "came in AB 12 345",
    "somebody's profile": "see t.me/mali_88",
    "a user name": "she is @mali_88 there",
}


@pytest.mark.parametrize("what", SIGNS)
def test_a_handle_in_a_note_is_asked_about_before_it_is_saved(
    bogdan: Member, batch: Batch, signed_in: SignedIn, what: str
) -> None:
    client = signed_in(bogdan)
    answer = client.post(f"/netreach/{batch.ref}/", {**WELL, "note": SIGNS[what]})
    assert answer.status_code == 400 and "This seems to hold" in answer.content.decode()
    assert "I have looked" in answer.content.decode() and batches(bogdan)[0].note == ""
    client.post(f"/netreach/{batch.ref}/", {**WELL, "note": SIGNS[what], "looked": "on"})
    assert batches(bogdan)[0].note == SIGNS[what]


@pytest.mark.parametrize("number", ["010190-1234", "BSN 111222333"])
def test_a_personal_number_in_a_note_is_never_saved(
    bogdan: Member, batch: Batch, signed_in: SignedIn, number: str
) -> None:
    answer = signed_in(bogdan).post(f"/netreach/{batch.ref}/", {**WELL, "note": number, "looked": "on"})
    assert answer.status_code == 400 and "personal numbers nowhere" in answer.content.decode()
    with pytest.raises(Problem, match=r"422\.10\b"):
        record(bogdan, batch, WELL, note=number, looked=True)
    assert batches(bogdan)[0].note == ""


def test_facts_follow_every_correction_and_can_be_rebuilt(bogdan: Member, batch: Batch) -> None:
    assert facts_of(batch) == [], "of what nobody has said there is nothing to count"
    record(bogdan, batch, {**WELL, "sent": 2, "delivered": 2})
    record(bogdan, batch, WELL)
    month = today().strftime("%Y-%m")
    months, house = (month, month), [bogdan.organisation_id]
    steps = totals.totals("netreach_step", months=months, organisations=house, by="step")
    harms = totals.totals("netreach_harm", months=months, organisations=house, by="harm")
    assert steps == {name: WELL[name] for name in codes.STEPS}
    assert harms == {name: WELL[name] for name in codes.HARMS if WELL[name]}
    assert totals.totals("netreach_batch", months=months, by="language") == {"en": 1}
    before = projection.fingerprint()
    with scopes_disabled():
        projection.rebuild()
    assert projection.fingerprint() == before


def test_the_funnel_counts_harm_beside_reach_and_only_ones_own(
    bogdan: Member, chika: Member, batch: Batch, signed_in: SignedIn
) -> None:
    record(bogdan, batch, WELL)
    page = signed_in(bogdan).get("/netreach/reach/")
    assert page.context["found"].steps["sent"] == 3 and page.context["found"].harms["complaints"] == 2
    shown = page.content.decode()
    assert shown.count('data-label="Times"') == len(codes.COUNTS), "on a phone every row, harms too, is a card"
    assert shown.count("<rect") == len(codes.COUNTS) and 'width="66.7"' in shown and "33.3" in shown
    assert "Nothing was counted" in signed_in(bogdan).get("/netreach/reach/?channel=mail").content.decode()
    assert signed_in(bogdan).get("/netreach/reach/?area=DK-83&language=en").context["found"].batches == 1
    assert signed_in(bogdan).get("/netreach/reach/?area=DK-81").context["found"].batches == 0
    assert signed_in(bogdan).get("/netreach/reach/?months=x&area=../..&language=%00").status_code == 200
    assert signed_in(chika).get("/netreach/reach/").context["found"].batches == 0
    danish = signed_in(bogdan).get("/netreach/reach/", HTTP_ACCEPT_LANGUAGE="da").content.decode()
    assert 'width="66.7"' in danish and "33,3" in danish, "a drawing has no comma"


def test_running_totals_are_the_sums_of_the_batches_whatever_was_corrected(
    bogdan: Member, batch: Batch, signed_in: SignedIn
) -> None:
    client, message = signed_in(bogdan), batch.version.message
    record(bogdan, batch, WELL)
    record(bogdan, batch, {**WELL, "complaints": 0, "distress": None})
    ask(client, message, "20310000\n20310001\n20310002", claim=batch.claim, method="health")
    ask(client, message, "20310011")
    gone, stays = batches(bogdan)[-1], batches(bogdan)[0]
    record(bogdan, gone, {"sent": 1, "delivered": 0})
    client.post(f"/netreach/{gone.ref}/take-back/")
    with scope(organisation=bogdan.organisation):
        kept = [row for row in tallied() if row["batches"]]
        tally.count_again(bogdan.organisation)
        assert tallied() == kept and kept[0]["method"] == stays.method == "health"
    assert (kept[0]["sent"], kept[0]["complaints"]) == (3, 0)


def tallied() -> list[dict]:
    rows = Tally.objects.order_by("-batches", "method").values()
    return [{name: value for name, value in row.items() if name != "id"} for row in rows]


def test_a_trial_gets_batches_as_cards_of_its_own_organisation(bogdan: Member, chika: Member, batch: Batch) -> None:
    with scope(organisation=bogdan.organisation):
        assert batch_cards(bogdan, since=today(), until=today()) == []
        record_outcomes(member=bogdan, batch=batch, counts=WELL)
        [card] = batch_cards(bogdan, since=today(), until=today(), channel="sms")
        assert batch_cards(bogdan, since=today(), until=today(), channel="mail") == []
        assert batch_cards(bogdan, since=today() + timedelta(days=1), until=today()) == []
    assert (card.counts, card.version, card.language) == (WELL, 1, "en")
    with scope(organisation=chika.organisation):
        assert batch_cards(chika, since=today(), until=today()) == []


def test_figures_close_after_sixty_days_and_notes_go_after_half_a_year(bogdan: Member, batch: Batch) -> None:
    record(bogdan, batch, WELL, note="Went well.")
    with scopes_disabled():
        Batch.objects.update(day=today() - timedelta(days=61))
    with pytest.raises(Problem, match=r"409\.642"):
        record(bogdan, batch, WELL)
    jobs.forget()
    assert batches(bogdan)[0].note == "Went well."
    with scopes_disabled():
        Batch.objects.update(day=today() - timedelta(days=181))
    jobs.forget()
    assert batches(bogdan)[0].note == ""


def test_a_long_list_goes_on_where_it_stopped(bogdan: Member, batch: Batch) -> None:
    with scope(organisation=bogdan.organisation):
        for _number in range(4):
            batch.pk, batch.ref, batch.claim = None, batch.ref[1:] + "a", ""
            batch.save()
        first = reads.batches(bogdan, reads.BatchFilter(), size=3)
        second = reads.batches(bogdan, reads.BatchFilter(channel="sms"), after=first.older, size=3)
        assert [len(first.batches), len(second.batches), second.older] == [3, 2, ""]
        assert not {b.pk for b in first.batches} & {b.pk for b in second.batches}
