"""Sent, seen, answered, recalled, over: every step with its time, its line for the person, and no way back to the content."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection
from django.utils import timezone
from django_scopes import scope, scopes_disabled

from lygte.care.support.door.seen import in_words, lines_about
from lygte.care.support.referrals import packages, reads, recall
from lygte.care.support.referrals.actions.receiving import (
    Opened,
    answer_by_words,
    answer_package,
    confirm_by_words,
    confirm_deletion,
    open_by_words,
    open_package,
    read_words,
)
from lygte.care.support.referrals.actions.sending import Sent, note_answer, revoke_referral
from lygte.care.support.referrals.models import Package, Referral
from lygte.core.audit import AuditEntry
from lygte.core.consent import gate
from lygte.core.consent.codes import Group, Purpose, Via
from lygte.core.consent.erasure import erase_person
from lygte.core.consent.ledger import withdraw_consent
from lygte.core.consent.models import Consent, Person, Seen
from lygte.core.models import Member
from lygte.core.problems import Problem
from lygte.core.vault.models import Wrapped
from lygte.directory.services.models import Service

from .conftest import ALL, LEGAL_NEEDS, SPOKEN, in_days, now_of, refer

PACKED = {code: ALL[code] for code in LEGAL_NEEDS}


def received(member: Member, sent: Sent) -> Package:
    return reads.incoming(member, sent.referral.package.ref)


def opened(member: Member, sent: Sent) -> Opened:
    with scope(organisation=member.organisation):
        return open_package(member=member, package=received(member, sent))


def answer(member: Member, sent: Sent, word: str, **given: str) -> Package:
    with scope(organisation=member.organisation):
        return answer_package(member=member, package=received(member, sent), answer=word, **given)


def number(do: Callable[[], object]) -> str:
    with pytest.raises(Problem) as caught:
        do()
    return caught.value.number


def keys_of(sent: Sent) -> int:
    return Wrapped.objects.filter(about=sent.referral.package.ref).count()


# Opening --------------------------------------------------------------------------------------------------------------
def test_the_receiver_opens_what_was_packed_and_the_sender_sees_that_it_was_seen(hugo: Member, to_legal: Sent) -> None:
    assert now_of(to_legal).package.state == "sent"
    assert dict(opened(hugo, to_legal).values) == PACKED
    assert now_of(to_legal).package.state == "seen"


def test_the_person_reads_which_service_opened_it_and_never_that_a_computer_did(
    hugo: Member, mali: Person, legal: Service, shelter: Service, to_legal: Sent, to_shelter: Sent
) -> None:
    with scopes_disabled():
        opened(hugo, to_legal)
        open_by_words(read_words(to_shelter.referral.package.ref, " ".join(to_shelter.words)))
        lines = [line for line in in_words(lines_about([mali])) if line.to]
    told = [(str(line.what), line.who, line.to) for line in lines]
    assert told == [
        ("Opened what was passed on", shelter.name, shelter.name),
        ("Opened what was passed on", hugo.user.name, legal.name),
        ("Passed on with a referral", "Amina", shelter.name),
        ("Passed on with a referral", "Amina", legal.name),
    ]


def test_each_opening_writes_one_line_that_names_the_house(
    hugo: Member, jan: Member, mali: Person, to_legal: Sent
) -> None:
    for member in (hugo, jan, hugo):
        opened(member, to_legal)
    lines = Seen.objects.filter(person=mali.ref, via=Via.REFERRAL, organisation=hugo.organisation)
    assert [line.member for line in lines.order_by("pk")] == [hugo, jan, hugo]
    assert {line.recipient for line in lines} == {to_legal.referral.package.service.recipient}


def test_the_receiver_learns_no_reference_of_the_person(hugo: Member, mali: Person, to_legal: Sent) -> None:
    opened(hugo, to_legal)
    answer(hugo, to_legal, "accepted", note="Tuesday at ten")
    log = AuditEntry.objects.filter(chain=hugo.organisation.ref)
    text = str(list(log.values_list("subject", "details")))
    assert to_legal.referral.package.ref in text
    assert not any(secret in text for secret in (mali.ref, mali.code, to_legal.referral.ref))


def test_without_an_open_key_nothing_is_opened_and_nothing_is_noted(hugo: Member, mali: Person, to_legal: Sent) -> None:
    del hugo.keyring
    assert number(lambda: opened(hugo, to_legal)) == "423.1"
    assert now_of(to_legal).package.seen_at is None
    assert not Seen.objects.filter(person=mali.ref, organisation=hugo.organisation).exists()


def test_another_house_finds_no_such_package(chika: Member, amina: Member, to_legal: Sent) -> None:
    package = to_legal.referral.package
    for stranger in (chika, amina):
        assert number(lambda who=stranger: reads.incoming(who, package.ref)) == "404.1"  # type: ignore[misc]
        assert number(lambda who=stranger: open_package(member=who, package=package)) == "404.1"  # type: ignore[misc]


# Answers --------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("answers", "state"),
    [
        (["accepted"], "accepted"),
        (["refused"], "refused"),
        (["accepted", "done"], "done"),
        (["accepted", "refused"], "refused"),
    ],
)
def test_answers_follow_each_other(hugo: Member, to_legal: Sent, answers: list[str], state: str) -> None:
    for word in answers:
        answer(hugo, to_legal, word, refusal="full" if word == "refused" else "")
    package = now_of(to_legal).package
    assert package.state == state and package.has_news and package.seen_at and package.answered_at
    assert package.refusal == ("full" if state == "refused" else "")


@pytest.mark.parametrize(
    ("before", "again"),
    [
        (["accepted"], "accepted"),
        (["refused"], "accepted"),
        (["refused"], "refused"),
        (["refused"], "done"),
        (["accepted", "done"], "accepted"),
        (["accepted", "done"], "refused"),
        (["accepted", "done"], "done"),
    ],
)
def test_what_was_answered_is_not_answered_again(hugo: Member, to_legal: Sent, before: list[str], again: str) -> None:
    for word in before:
        answer(hugo, to_legal, word, refusal="full")
    assert number(lambda: answer(hugo, to_legal, again, refusal="full")) == "409.540"


def test_a_no_has_a_reason_and_done_follows_on_a_yes(hugo: Member, to_legal: Sent) -> None:
    assert number(lambda: answer(hugo, to_legal, "refused")) == "422.542"
    assert number(lambda: answer(hugo, to_legal, "refused", refusal="too_ugly")) == "422.542"
    assert number(lambda: answer(hugo, to_legal, "done")) == "409.540"
    assert number(lambda: answer(hugo, to_legal, "maybe")) == "422.542"
    assert now_of(to_legal).package.answer == ""


@pytest.mark.parametrize("words", [["refused"], ["accepted", "done"]])
def test_after_a_no_and_when_it_is_done_the_content_is_gone(hugo: Member, to_legal: Sent, words: list[str]) -> None:
    for word in words:
        answer(hugo, to_legal, word, refusal="full")
    assert keys_of(to_legal) == 0 and now_of(to_legal).package.locked is None
    assert dict(opened(hugo, to_legal).values) == {}


def test_words_that_come_back_are_for_the_sender_and_move_into_the_record(
    amina: Member, hugo: Member, to_legal: Sent
) -> None:
    answer(hugo, to_legal, "accepted", note="Tuesday at ten, ask for Jan")
    package = now_of(to_legal).package
    assert b"Tuesday" not in bytes(package.reply or b"")
    assert packages.open_reply(package, hugo) == ""
    note_answer(member=amina, referral=reads.referral(amina, to_legal.ref))
    now = now_of(to_legal)
    assert now.package.reply is None and not now.package.has_news
    assert not Wrapped.objects.filter(about=package.reply_ref).exists()
    copy = gate.read(member=amina, records=[now.referral]).get(now.referral)
    assert copy == {**PACKED, "answer_note": "Tuesday at ten, ask for Jan"}


def test_who_is_not_on_the_team_takes_note_of_nothing(bogdan: Member, hugo: Member, to_legal: Sent) -> None:
    answer(hugo, to_legal, "accepted", note="Tuesday")
    assert number(lambda: note_answer(member=bogdan, referral=reads.referral(bogdan, to_legal.ref))) == "403.11"


def test_a_personal_number_in_an_answer_is_refused(hugo: Member, to_legal: Sent) -> None:
    assert number(lambda: answer(hugo, to_legal, "accepted", note="Is it 010190-1234?")) == "422.10"


# By link --------------------------------------------------------------------------------------------------------------
def test_link_and_words_open_what_was_packed_and_take_the_answer(mali: Person, to_shelter: Sent) -> None:
    ref, words = to_shelter.referral.package.ref, " ".join(to_shelter.words)
    assert dict(open_by_words(read_words(ref, words)).values) == {
        c: ALL[c] for c in ("alias", "language", "health_need")
    }
    answer_by_words(read_words(ref, words), answer="accepted", note="From eight")
    answer_by_words(read_words(ref, words), answer="done")
    assert now_of(to_shelter).package.state == "done"
    line = Seen.objects.filter(person=mali.ref, via=Via.REFERRAL, member=None).get()
    assert line.recipient == to_shelter.referral.package.service.recipient


def test_words_that_do_not_fit_are_answered_like_a_link_that_never_was(
    to_shelter: Sent, amina: Member, mali: Person
) -> None:
    service = to_shelter.referral.package.service
    other = refer(amina, mali, service)
    ref, words = to_shelter.referral.package.ref, " ".join(to_shelter.words)
    for wrong_ref, wrong_words in (("a" * 26, words), (ref, " ".join(other.words)), (ref, "no such words"), (ref, "")):
        assert number(lambda r=wrong_ref, w=wrong_words: read_words(r, w)) == "404.540"  # type: ignore[misc]


# Recall ---------------------------------------------------------------------------------------------------------------
def take_back(member: Member, person: Person, **given: object) -> None:
    withdraw_consent(member=member, person=person, said=SPOKEN, **given)  # type: ignore[arg-type]


@pytest.mark.parametrize("everything", [True, False])
def test_a_no_ends_the_package_at_once_and_asks_for_deletion(
    amina: Member, hugo: Member, mali: Person, to_legal: Sent, everything: bool
) -> None:
    opened(hugo, to_legal)
    before = now_of(to_legal).package
    service = to_legal.referral.package.service
    take_back(amina, mali, **({} if everything else {"purpose": Purpose.REFERRAL, "recipient": service.recipient}))
    assert keys_of(to_legal) == 0
    with pytest.raises(Problem):  # whoever kept the old row in their hands opens nothing either
        packages.open_for_house(before, hugo)
    shown = opened(hugo, to_legal)
    assert shown.values == {} and shown.package.end == "recalled" and shown.package.waits_for_deletion
    assert [r.waiting for r in reads.recalls(amina)] == [1]
    confirm_deletion(member=hugo, package=shown.package)
    assert not now_of(to_legal).package.waits_for_deletion
    assert number(lambda: confirm_deletion(member=hugo, package=shown.package)) == "409.542"
    assert [(r.asked, r.waiting) for r in reads.recalls(amina)] == [(1, 0)]


def test_what_nobody_saw_asks_nobody_to_delete(amina: Member, hugo: Member, mali: Person, to_legal: Sent) -> None:
    take_back(amina, mali)
    package = now_of(to_legal).package
    assert package.end == "recalled" and not package.waits_for_deletion
    assert number(lambda: confirm_deletion(member=hugo, package=package)) == "422.542"


def test_a_no_to_a_part_of_what_left_ends_all_of_it(amina: Member, mali: Person, to_legal: Sent) -> None:
    take_back(amina, mali, purpose=Purpose.REFERRAL, groups=[Group.CONTACT])
    assert now_of(to_legal).package.end == "recalled"


def test_a_no_to_one_service_leaves_the_other(amina: Member, mali: Person, to_legal: Sent, to_shelter: Sent) -> None:
    service = to_legal.referral.package.service
    take_back(amina, mali, purpose=Purpose.REFERRAL, recipient=service.recipient)
    assert now_of(to_legal).package.end == "recalled" and keys_of(to_legal) == 0
    assert now_of(to_shelter).package.live and keys_of(to_shelter) == 1


def test_a_no_to_something_else_leaves_referrals(amina: Member, mali: Person, to_legal: Sent) -> None:
    take_back(amina, mali, purpose=Purpose.STATISTICS)
    take_back(amina, mali, purpose=Purpose.SUPPORT, groups=[Group.HEALTH])
    assert now_of(to_legal).package.live


def test_a_no_after_the_answer_still_asks_for_deletion(
    amina: Member, hugo: Member, mali: Person, to_legal: Sent
) -> None:
    answer(hugo, to_legal, "accepted")
    answer(hugo, to_legal, "done")
    take_back(amina, mali)
    package = now_of(to_legal).package
    assert (package.answer, package.end, package.waits_for_deletion) == ("done", "recalled", True)


def test_a_recalled_link_tells_whoever_has_the_words_and_nobody_else(
    amina: Member, mali: Person, to_shelter: Sent
) -> None:
    ref, words = to_shelter.referral.package.ref, " ".join(to_shelter.words)
    open_by_words(read_words(ref, words))
    take_back(amina, mali)
    shown = open_by_words(read_words(ref, words))
    assert shown.values == {} and shown.package.waits_for_deletion
    assert number(lambda: answer_by_words(read_words(ref, words), answer="accepted")) == "410.540"
    confirm_by_words(read_words(ref, words))
    assert now_of(to_shelter).package.acknowledged_at is not None
    assert number(lambda: read_words(ref, "other words")) == "404.540"


def test_calling_back_ends_the_consent_unless_another_referral_rests_on_it(
    amina: Member, mali: Person, to_legal: Sent
) -> None:
    service = to_legal.referral.package.service
    second = refer(amina, mali, service)
    revoke_referral(member=amina, referral=to_legal.referral, said=SPOKEN)
    assert now_of(to_legal).package.end == "recalled" and now_of(second).package.live
    assert gate.agrees(mali, Purpose.REFERRAL, service.recipient)
    revoke_referral(member=amina, referral=second.referral, said=SPOKEN)
    assert not gate.agrees(mali, Purpose.REFERRAL, service.recipient)
    assert number(lambda: revoke_referral(member=amina, referral=second.referral, said=SPOKEN)) == "410.540"


# Time ---------------------------------------------------------------------------------------------------------------
def past(sent: Sent, days: int = 1) -> None:
    Package.objects.filter(pk=sent.referral.package_id).update(until=in_days(-days))


def test_what_is_over_does_not_open_although_nobody_did_anything(
    hugo: Member, to_legal: Sent, to_shelter: Sent
) -> None:
    opened(hugo, to_legal)
    past(to_legal)
    past(to_shelter)
    shown = opened(hugo, to_legal)
    assert shown.values == {} and shown.package.end == "expired" and shown.package.waits_for_deletion
    assert keys_of(to_legal) == 0
    link = read_words(to_shelter.referral.package.ref, " ".join(to_shelter.words))
    assert open_by_words(link).package.end == "expired" and keys_of(to_shelter) == 0


def test_the_last_day_still_counts(hugo: Member, to_legal: Sent) -> None:
    past(to_legal, 0)
    assert dict(opened(hugo, to_legal).values) == PACKED


def test_every_hour_what_is_over_ends_by_itself(to_legal: Sent, to_shelter: Sent) -> None:
    past(to_legal)
    assert recall.keep_time()["ended"] == 1
    assert now_of(to_legal).package.end == "expired" and keys_of(to_legal) == 0
    assert now_of(to_shelter).package.live
    assert recall.keep_time()["ended"] == 0


def test_an_end_of_consent_that_came_by_itself_ends_the_package(
    hugo: Member, mali: Person, to_legal: Sent, monkeypatch: pytest.MonkeyPatch
) -> None:
    later = in_days(31)
    monkeypatch.setattr(timezone, "localdate", lambda *args: later)
    Package.objects.update(until=later + timedelta(days=30))  # whatever the row says: the consent is over
    assert opened(hugo, to_legal).values == {}
    assert now_of(to_legal).package.end == "expired"


def test_a_package_whose_referral_is_gone_ends(to_legal: Sent) -> None:
    with scopes_disabled():
        Referral.objects.all().delete()
    assert recall.keep_time()["orphans"] == 1
    assert keys_of(to_legal) == 0 and Package.objects.get().locked is None


def test_what_waits_for_a_week_is_reminded_of_once(to_legal: Sent) -> None:
    assert recall.keep_time()["reminded"] == 0
    Package.objects.update(sent_at=timezone.now() - timedelta(days=8))
    assert recall.keep_time()["reminded"] == 1
    assert recall.keep_time()["reminded"] == 0


def test_erasing_a_person_takes_packages_with_it_and_leaves_a_row_that_names_nobody(
    amina: Member, hugo: Member, mali: Person, to_legal: Sent
) -> None:
    opened(hugo, to_legal)
    answer(hugo, to_legal, "accepted", note="Tuesday")
    reply = now_of(to_legal).package.reply_ref
    erase_person(person=mali)
    package = Package.objects.get()
    assert package.locked is None and package.reply is None and package.end == "recalled" and package.waits_for_deletion
    assert not Wrapped.objects.filter(about__in=[package.ref, reply, mali.ref]).exists()
    assert not Referral.objects.exists() and not Consent.objects.filter(person=mali.pk).exists()
    with scope(organisation=hugo.organisation):
        confirm_deletion(member=hugo, package=package)


# At once --------------------------------------------------------------------------------------------------------------
@pytest.mark.django_db(transaction=True)
def test_of_many_answers_at_once_one_counts(to_legal: Sent, hugo: Member) -> None:
    results = together([lambda w=w: answer(hugo, to_legal, w, refusal="full") for w in ("accepted", "refused") * 4])  # type: ignore[misc]
    told = [r for r in results if isinstance(r, Package)]
    refused = [r.number for r in results if isinstance(r, Problem)]
    assert len(told) + len(refused) == 8 and set(refused) <= {"409.540"}
    words = sorted(package.answer for package in told)  # as they followed each other, whichever thread came back first
    assert words in (["refused"], ["accepted", "refused"], ["accepted"])
    assert now_of(to_legal).package.answer == words[-1]


@pytest.mark.django_db(transaction=True)
def test_after_a_no_has_been_written_nobody_opens(amina: Member, hugo: Member, mali: Person, to_legal: Sent) -> None:
    """Eight openings and one withdrawal race; whoever opens after it was written gets nothing."""
    ends: list[float] = []

    def withdraw() -> None:
        with scope(organisation=amina.organisation):
            take_back(amina, mali)
        ends.append(timezone.now().timestamp())

    def look() -> tuple[float, bool]:
        began = timezone.now().timestamp()
        return began, bool(opened(hugo, to_legal).values)

    results = together([*[look] * 4, withdraw, *[look] * 4])
    looks = [r for r in results if isinstance(r, tuple)]
    assert len(looks) == 8 and len(ends) == 1
    assert not [began for began, found in looks if found and began > ends[0]]
    assert not opened(hugo, to_legal).values and keys_of(to_legal) == 0


def together(jobs: list[Callable[[], object]]) -> list[object]:
    """Run jobs at the same time, each with a connection of its own; return what each gave or raised."""
    gate_, results = Barrier(len(jobs)), [None] * len(jobs)

    def run(place: int, job: Callable[[], object]) -> None:
        gate_.wait()
        try:
            results[place] = job()  # type: ignore[call-overload]
        except Problem as problem:
            results[place] = problem  # type: ignore[call-overload]
        finally:
            connection.close()

    threads = [Thread(target=run, args=(place, job)) for place, job in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return list(results)
