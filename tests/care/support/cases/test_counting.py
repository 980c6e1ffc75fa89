"""Facts of support: only while the person agrees to be counted, gone when they do not, the same after a rebuild."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from lygte.care.support.cases import actions
from lygte.care.support.cases.counting import facts_of_all, forget_what_ran_out
from lygte.care.support.cases.facts import KINDS
from lygte.care.support.cases.models import Case
from lygte.care.support.cases.rules import wait_of
from lygte.core.consent.erasure import erase_person
from lygte.core.consent.ledger import Said, record_consent, withdraw_consent
from lygte.core.consent.models import Consent
from lygte.core.models import Member
from lygte.facts.models import Total
from lygte.facts.projection import fingerprint, rebuild

from .conftest import make_case


def totals() -> dict[tuple[str, str], int]:
    return {(t.kind, t.dimensions): t.value for t in Total.objects.filter(value__gt=0)}


def lived(member: Member, case: Case) -> None:
    goal = actions.add_goal(member=member, person=case.person, words="x")
    step = actions.add_step(member=member, person=case.person, what="x")
    actions.set_step_state(member=member, step=step, state="done")
    actions.set_goal_state(member=member, goal=goal, state="reached")
    actions.close_case(member=member, case=case, ending="moved")


ALL = {
    ("case_opened", "way_in=visit"): 1,
    ("first_step", "wait=1_7"): 1,
    ("goal_reached", ""): 1,
    ("case_closed", "ending=moved"): 1,
}


def counted(member: Member, purposes: tuple[str, ...] = ("statistics",)) -> Case:
    return make_case(member, purposes=purposes, asked_on=timezone.localdate() - timedelta(days=3))


def test_who_agrees_to_be_counted_is_counted(amina: Member) -> None:
    lived(amina, counted(amina))
    assert totals() == ALL


def test_who_does_not_agree_is_counted_nowhere(amina: Member) -> None:
    lived(amina, counted(amina, ()))
    assert totals() == {}


def test_the_counting_begins_and_ends_with_the_word_of_the_person(amina: Member) -> None:
    case = counted(amina, ())
    lived(amina, case)
    record_consent(member=amina, person=case.person, purpose="statistics", groups=["goals"], said=Said("en"))
    assert totals() == ALL
    withdraw_consent(member=amina, person=case.person, said=Said("en"), purpose="statistics")
    assert totals() == {}


def test_withdrawing_everything_takes_the_facts_away_too(amina: Member) -> None:
    case = counted(amina)
    withdraw_consent(member=amina, person=case.person, said=Said("en"))
    assert totals() == {}


def test_erasing_takes_the_facts_away(amina: Member) -> None:
    case, other = counted(amina), counted(amina)
    lived(amina, case)
    erase_person(person=case.person, member=amina)
    assert totals() == {("case_opened", "way_in=visit"): 1} and Case.objects.get() == other


def test_what_is_taken_back_is_counted_no_more(amina: Member) -> None:
    case = counted(amina)
    goal = actions.add_goal(member=amina, person=case.person, words="x")
    actions.set_goal_state(member=amina, goal=goal, state="reached")
    actions.set_goal_state(member=amina, goal=goal, state="open")
    assert ("goal_reached", "") not in totals()
    actions.set_goal_state(member=amina, goal=goal, state="reached")
    actions.remove_record(member=amina, record=goal)
    assert totals() == {("case_opened", "way_in=visit"): 1}
    actions.change_case(member=amina, case=case, area="DK-101", way_in="phone", language="th", asked_on=case.asked_on)
    assert totals() == {("case_opened", "way_in=phone"): 1}
    assert Total.objects.get(value=1).area == "DK-101"


def test_consent_that_ran_out_counts_no_more(amina: Member) -> None:
    case = counted(amina, ())
    record_consent(
        member=amina,
        person=case.person,
        purpose="statistics",
        groups=["goals"],
        said=Said("en"),
        until=timezone.localdate(),
    )
    assert totals() == {("case_opened", "way_in=visit"): 1}
    line = Consent.objects.get(purpose="statistics")
    yesterday = timezone.localdate() - timedelta(days=1)
    from unittest.mock import patch

    with patch("lygte.core.consent.gate.timezone.localdate", return_value=line.until + timedelta(days=1)):
        assert forget_what_ran_out() == 1
    assert totals() == {} and yesterday < line.until


def test_two_codes_that_are_one_person_count_once_and_twice_again_when_taken_apart(amina: Member) -> None:
    from lygte.care.support.duplicates.actions import merge_persons, part_persons

    kept, gone = counted(amina), counted(amina)
    merge = merge_persons(member=amina, kept=kept.person, gone=gone.person)
    assert totals() == {("case_opened", "way_in=visit"): 1}
    before = fingerprint()
    rebuild()
    assert fingerprint() == before
    part_persons(member=amina, merge=merge)
    assert totals() == {("case_opened", "way_in=visit"): 2}


def test_a_rebuild_gives_the_same_ledger(amina: Member) -> None:
    lived(amina, counted(amina))
    lived(amina, counted(amina, ()))
    before = fingerprint()
    rebuild()
    assert fingerprint() == before and len(list(facts_of_all())) == 4


@pytest.mark.parametrize(
    ("days", "band"), [(0, "0"), (1, "1_7"), (7, "1_7"), (8, "8_14"), (30, "15_30"), (90, "31_90"), (91, "over_90")]
)
def test_waiting_days_fall_in_bands(days: int, band: str) -> None:
    day = date(2026, 1, 1)
    assert wait_of(day, day + timedelta(days=days)) == band


def test_every_kind_is_hidden_when_small_and_removed_on_erasure() -> None:
    assert all(kind.smallest_cell == 5 and kind.on_erasure == "remove" for kind in KINDS)
