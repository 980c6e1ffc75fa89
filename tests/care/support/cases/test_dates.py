"""Dates that must not pass, and identification: neutral, dated, and never a condition for anything."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from lygte.care.support.cases import actions, pages, rules
from lygte.care.support.cases.models import Case, Deadline
from lygte.core.actions import ACTIONS
from lygte.core.consent.codes import EVERY_GROUP
from lygte.core.consent.glass import break_glass
from lygte.core.models import Member
from lygte.core.problems import Problem

from .conftest import make_case


def refused(number: str, do: Callable[[], object]) -> None:
    with pytest.raises(Problem) as problem:
        do()
    assert problem.value.number == number


def test_periods_have_their_usual_length_and_their_longest() -> None:
    day = date(2026, 1, 31)
    assert rules.period_of("reflection_dk").usual_due(day) == date(2026, 3, 2)
    assert rules.period_of("reflection_dk").latest_due(day) == date(2026, 5, 31)
    assert rules.period_of("reflection_nl").usual_due(day) == date(2026, 4, 30)
    assert rules.period_of("appeal").usual_due(day) is None


def test_a_reflection_period_runs_30_days_and_is_extended_to_120_at_most(amina: Member, a_case: Case) -> None:
    today = timezone.localdate()
    period = actions.add_deadline(member=amina, person=a_case.person, kind="reflection_dk", starts_on=today)
    assert period.due == today + timedelta(days=30)
    extended = actions.extend_deadline(member=amina, deadline=period, due=today + timedelta(days=120))
    assert extended.first_due == today + timedelta(days=30)
    refused("422.503", lambda: actions.extend_deadline(member=amina, deadline=period, due=today + timedelta(days=121)))
    refused("422.501", lambda: actions.extend_deadline(member=amina, deadline=period, due=today + timedelta(days=5)))
    assert pages.dates(amina, a_case).running[0].extended


def test_a_date_without_a_usual_length_needs_a_day(amina: Member, a_case: Case) -> None:
    today = timezone.localdate()
    refused("422.500", lambda: actions.add_deadline(member=amina, person=a_case.person, kind="appeal", starts_on=today))
    refused(
        "422.501",
        lambda: actions.add_deadline(
            member=amina, person=a_case.person, kind="appeal", starts_on=today, due=today - timedelta(days=1)
        ),
    )


@pytest.mark.parametrize("outcome", ["declined", "withdrew", "met", "passed"])
def test_to_say_no_or_to_step_out_is_an_outcome_like_any_other(outcome: str, amina: Member, a_case: Case) -> None:
    period = actions.add_deadline(
        member=amina, person=a_case.person, kind="reflection_dk", starts_on=timezone.localdate(), about="x"
    )
    actions.end_deadline(member=amina, deadline=period, outcome=outcome)
    shown = pages.dates(amina, a_case)
    assert not shown.running and shown.over[0].outcome and shown.over[0].about == "x"
    actions.reopen_deadline(member=amina, deadline=Deadline.objects.select_related("person").get())
    shown = pages.dates(amina, a_case)
    assert shown.running[0].about == "x" and not shown.running[0].outcome


def test_the_page_says_that_it_is_a_deadline_to_leave_with_source_and_date(
    amina: Member, a_case: Case, signed_in: Callable[[Member], Client], client_of: Callable[[Member], Client]
) -> None:
    for url in (
        reverse("cases:dates", args=[a_case.ref]),
        reverse("cases:new", args=[a_case.ref, "deadline"]),
    ):
        page = client_of(amina).get(url).content.decode()
        assert "deadline to leave" in page and "33(14)" in page and "admin.cmm.dk" in page and "November 2026" in page


def test_identification_is_a_row_of_dated_states(amina: Member, a_case: Case) -> None:
    for days, state in ((9, "presumed"), (5, "interview"), (1, "withdrew")):
        day = timezone.localdate() - timedelta(days=days)
        actions.add_identification(member=amina, person=a_case.person, state=state, day=day, by="An office")
    states = pages.dates(amina, a_case).states
    assert [str(one.state) for one in states] == [
        "Presumed",
        "Interview held",
        "The person stepped out of the assessment",
    ]


# Support does not depend on it --------------------------------------------------------------------------------------------
def test_everything_else_can_be_done_without_identification_statistics_or_screening(amina: Member) -> None:
    """A person who says no to all of that gets the same help: each action of the room is done for them."""
    case = make_case(amina, EVERY_GROUP - {"identification", "screening", "measures"})
    person, today = case.person, timezone.localdate()
    goal = actions.add_goal(member=amina, person=person, words="Stay as I am, with my rights", life_area="rights")
    step = actions.add_step(member=amina, person=person, what="Call", goal=goal, due=today)
    actions.add_note(member=amina, person=person, text="Tea")
    actions.start_phases(member=amina, person=person, starts_on=today)
    actions.set_step_state(member=amina, step=step, state="done")
    actions.set_goal_state(member=amina, goal=goal, state="reached")
    actions.close_case(member=amina, case=case, ending="goals")
    assert actions.reopen_case(member=amina, case=case).open


CONDITIONS = ("identification", "assessed", "presumed", "screening", "statistics", "sex_work", "leaving", "instrument")


def test_no_action_of_support_asks_for_an_identification_or_the_like() -> None:
    """Walked over every action of the room: only those about a condition itself name it, none as something to be had."""
    import lygte.care.support.cases.actions as room

    own = {"add_identification", "change_identification", "add_measure", "change_measure"}
    walked = 0
    for name, verb in ACTIONS.items():
        if not name.startswith("lygte.care.support.cases."):
            continue
        walked += 1
        short = name.rpartition(".")[2]
        parameters = inspect.signature(inspect.unwrap(getattr(room, short))).parameters
        asks = [p for p in parameters if any(word in p for word in CONDITIONS)]
        assert short in own or not asks, f"{name} ({verb}) asks for {asks}"
        body = inspect.getsource(inspect.unwrap(getattr(room, short)))
        assert short in own or "Identification." not in body, name
    assert walked >= 25


def test_an_emergency_opening_moves_no_date(amina: Member, bogdan: Member, a_case: Case) -> None:
    today = timezone.localdate()
    deadline = actions.add_deadline(
        member=amina, person=a_case.person, kind="other", starts_on=today, due=today + timedelta(days=5)
    )
    break_glass(
        member=bogdan, person=a_case.person, reason="She called in panic from the street", groups=["identification"]
    )
    with pytest.raises(Problem, match=r"403\.11"):
        actions.extend_deadline(member=bogdan, deadline=deadline, due=today + timedelta(days=20))
