"""Before the first observation: what a plan must say, and that nothing registered can be changed unseen."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import connection
from django.utils import timezone
from django_scopes import scopes_disabled

from lygte.core.audit import AuditEntry
from lygte.core.models import Member
from lygte.core.problems import Problem
from lygte.knowledge.trials.actions import (
    amend_trial,
    answer,
    change_trial,
    create_trial,
    register_trial,
    stop_trial,
    withdraw,
)
from lygte.knowledge.trials.collecting import collect
from lygte.knowledge.trials.engine.allocation import fingerprint
from lygte.knowledge.trials.models import Part, Trial, Version
from lygte.knowledge.trials.plan import Plan, site_of
from lygte.knowledge.trials.registry import asked, registered
from lygte.knowledge.trials.rules import faults_of
from lygte.knowledge.trials.standing import data_began, faults

from .conftest import MONDAY, REFUSED, SPOKE, live_through, outcome, part_of, plan_with, visits

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_scope_of_none")]
TODAY = date(2025, 2, 20)
SITES = [site_of(f"team:DK-{n}") for n in range(8)]


@pytest.mark.parametrize(
    ("said", "number"),
    [
        ({"outcomes": ()}, "422.711"),
        ({"question": " "}, "422.712"),
        ({"arms": ("One",)}, "422.713"),
        ({"arms": ("One", "Two", "Three"), "design": "stepped", "periods": 12}, "422.713"),
        ({"outcomes": (outcome("people_of_one_place"),)}, "422.714"),
        ({"outcomes": (outcome("visit:outcome=liked"),)}, "422.714"),
        ({"outcomes": (outcome("visit", "nothing"),)}, "422.714"),
        ({"first_day": TODAY}, "422.715"),
        ({"first_day": None}, "422.715"),
        ({"first_day": MONDAY + timedelta(days=1)}, "422.716"),
        ({"design": "stepped", "periods": 2}, "422.717"),
        ({"design": "alternation", "turn": 2, "washout": 2}, "422.718"),
        ({"periods": 400}, "422.721"),
    ],
)
def test_what_a_plan_lacks_is_said_with_its_number(said: dict[str, object], number: str) -> None:
    assert faults_of(plan_with(), SITES, TODAY) == []
    assert number in [problem.number for problem in faults_of(plan_with(**said), SITES, TODAY)]


def test_a_design_that_needs_more_sites_says_so() -> None:
    assert [p.number for p in faults_of(plan_with(design="clusters"), SITES[:3], TODAY)] == ["422.719"]
    assert faults_of(plan_with(design="clusters"), SITES[:4], TODAY) == []


def test_registering_freezes_with_fingerprint_time_and_a_line_in_the_log(
    drafted: Callable[..., Trial], freja: Member
) -> None:
    ahead = timezone.localdate() + timedelta(days=14 - timezone.localdate().weekday())
    trial = register_trial(member=freja, trial=drafted(first_day=ahead))
    version = Version.objects.get(trial=trial)
    line = AuditEntry.objects.filter(verb="trial.register").get()
    assert line.details == {"plan": version.content_hash} and line.subject == trial.ref
    found = registered(trial)
    assert len(found.seed) == 32 and fingerprint(found.schedule) == version.content["schedule"]
    assert [site.area for site in found.sites if site.organisation == found.sites[0].organisation]
    with pytest.raises(Problem, match=r"409\.710"):
        change_trial(member=freja, trial=trial, title="Another", plan=Plan())
    with pytest.raises(Problem, match=r"409\.710"):
        register_trial(member=freja, trial=trial)


def test_nobody_counts_without_having_agreed_to_this_very_plan(
    drafted: Callable[..., Trial], freja: Member, bogdan: Member
) -> None:
    trial = drafted(first_day=timezone.localdate() + timedelta(days=14 - timezone.localdate().weekday()))
    assert faults(trial, timezone.localdate()) == []
    change_trial(member=freja, trial=trial, title=trial.title, plan=plan_with(arms=("A", "B")))
    trial.refresh_from_db()
    assert {part.state for part in trial.parts.all()} == {Part.State.INVITED}
    assert "422.720" in [problem.number for problem in faults(trial, TODAY)]
    with pytest.raises(Problem, match=r"404\.1"):
        answer(member=bogdan, part=trial.parts.exclude(organisation=bogdan.organisation).get(), agrees=True)


def test_a_plan_changed_behind_the_record_refuses_to_be_read(frozen: Callable[..., Trial]) -> None:
    trial = frozen()
    version = Version.objects.get(trial=trial)
    changed = {**version.content, "plan": {**version.content["plan"], "outcomes": [REFUSED.as_json()]}}
    Version.objects.filter(pk=version.pk).update(content=changed)
    with pytest.raises(Problem, match=r"409\.714"):
        registered(trial)


def test_a_rule_that_deals_otherwise_refuses_to_be_read(
    frozen: Callable[..., Trial], monkeypatch: pytest.MonkeyPatch
) -> None:
    trial = frozen()
    monkeypatch.setattr("lygte.knowledge.trials.registry.allocate", lambda frame, seed: [[0] * frame.periods])
    with pytest.raises(Problem, match=r"409\.715"):
        registered(trial)


def test_an_amendment_is_dated_keeps_both_versions_and_knows_whether_data_had_begun(
    frozen: Callable[..., Trial], drafted: Callable[..., Trial], freja: Member
) -> None:
    early = register_trial(
        member=freja,
        trial=drafted(first_day=timezone.localdate() + timedelta(days=14 - timezone.localdate().weekday())),
    )
    assert data_began(early) is False
    before = amend_trial(member=freja, trial=early, plan=plan_with(outcomes=(REFUSED,)), reason="Too few.")
    assert before.number == 2 and before.after_start is False
    late = frozen()
    after = amend_trial(
        member=freja, trial=late, plan=plan_with(outcomes=(REFUSED, outcome("visit"))), reason="Too few."
    )
    assert after.after_start is True and Version.objects.filter(trial=late).count() == 2
    rows = [(one.outcome.key, one.status, one.main, one.after_start) for one in asked(registered(late))]
    assert rows == [
        (SPOKE.key, "dropped", True, True),
        (REFUSED.key, "registered", False, False),
        (outcome("visit").key, "added", False, True),
    ]
    for reason, plan, number in ((" ", plan_with(), "422.722"), ("Why not.", plan_with(outcomes=()), "422.710")):
        with pytest.raises(Problem, match=number.replace(".", r"\.")):
            amend_trial(member=freja, trial=late, plan=plan, reason=reason)
    same = plan_with(outcomes=(REFUSED, outcome("visit")))
    with pytest.raises(Problem, match=r"409\.713"):
        amend_trial(member=freja, trial=late, plan=same, reason="Again.")


def test_facts_before_the_first_day_do_not_begin_a_trial_and_the_first_one_after_does(
    drafted: Callable[..., Trial], freja: Member, bogdan: Member
) -> None:
    ahead = timezone.localdate() + timedelta(days=14 - timezone.localdate().weekday())
    trial = register_trial(member=freja, trial=drafted(first_day=ahead))
    visits(bogdan.organisation, "DK-461", ahead - timedelta(days=1), 3, "visit:before")
    assert data_began(trial) is False
    visits(bogdan.organisation, "DK-461", ahead, 3, "visit:after")
    assert data_began(trial) is True


def test_the_ledger_gives_counts_by_site_and_week_and_silence_is_not_nought(
    frozen: Callable[..., Trial], bogdan: Member
) -> None:
    trial = frozen()
    found = registered(trial)
    own = next(n for n, site in enumerate(found.sites) if site.area == "DK-461")
    visits(bogdan.organisation, "DK-461", MONDAY + timedelta(days=6), 3, "visit:a")
    visits(bogdan.organisation, "DK-461", MONDAY + timedelta(days=7), 4, "visit:b")
    visits(bogdan.organisation, "DK-101", MONDAY, 9, "visit:elsewhere")
    visits(bogdan.organisation, "DK-461", MONDAY - timedelta(days=1), 9, "visit:before")
    numbers = collect(found.plan, [SPOKE, outcome("visit")], found.sites, found.spans)
    assert numbers.y[0][own][:3] == [3, 4, 0] and numbers.e[0][own][:3] == [1, 1, 0]
    assert sum(map(sum, numbers.y[0])) == 7 and numbers.e[1][own] == [1] * 8
    assert numbers.states[own][:3] == ["seen", "seen", "silent"]
    left_out = collect(plan_with(silent="missing"), [outcome("visit")], found.sites, found.spans)
    assert left_out.e[0][own] == [1, 1, 0, 0, 0, 0, 0, 0]
    gone = {bogdan.organisation.ref: MONDAY + timedelta(days=7)}
    assert collect(found.plan, [SPOKE], found.sites, found.spans, gone).states[own][:2] == ["seen", "gone"]


def test_leaving_and_stopping_are_dated(frozen: Callable[..., Trial], freja: Member, bogdan: Member) -> None:
    this_monday = timezone.localdate() - timedelta(days=timezone.localdate().weekday())
    trial = frozen(first_day=this_monday)
    live_through(trial)
    left = withdraw(member=bogdan, part=part_of(trial, bogdan))
    assert left.withdrawn_on == timezone.localdate()
    with pytest.raises(Problem, match=r"422\.722"):
        stop_trial(member=freja, trial=trial, reason=" ")
    stopped = stop_trial(member=freja, trial=trial, reason="The tea made people ill.")
    assert stopped.stopped_on == timezone.localdate() and stopped.state == "stopped"


def test_another_organisation_cannot_write_and_the_reference_alone_opens_nothing(
    frozen: Callable[..., Trial], dorte: Member, chika: Member
) -> None:
    trial = frozen()
    for stranger in (dorte, chika):
        with pytest.raises(Problem, match=r"404\.1"):
            stop_trial(member=stranger, trial=trial, reason="Because.")


def test_a_personal_number_never_enters_a_plan(freja: Member) -> None:
    with pytest.raises(Problem, match=r"422\.10"):
        create_trial(member=freja, title="Tea", plan=plan_with(question="What did 010203-1234 say?"))


def test_days_of_the_ledger_are_read_with_few_questions(
    frozen: Callable[..., Trial], django_assert_max_num_queries
) -> None:
    trial = frozen()
    live_through(trial)
    found = registered(trial)
    with django_assert_max_num_queries(5):
        collect(found.plan, [SPOKE, REFUSED], found.sites, found.spans)
    with scopes_disabled():
        assert connection.vendor in ("sqlite", "postgresql")
