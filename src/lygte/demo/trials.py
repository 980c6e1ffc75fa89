"""Invented method trials: one that is over, one of messages that waits for its result, and one that runs today.

The invented world knows nothing of methods, so a fair result must find no clear difference.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from lygte.core.access import Verb
from lygte.core.audit import write_entry
from lygte.core.models import Member
from lygte.core.problems import Problem
from lygte.core.transactions import writing
from lygte.knowledge.trials.actions import answer, create_trial, invite
from lygte.knowledge.trials.content import work_out
from lygte.knowledge.trials.freezing import freeze, keep_result
from lygte.knowledge.trials.models import Trial
from lygte.knowledge.trials.plan import Outcome, Plan, measure_of

from .cast import MARK

TEAMS = ("road", "islands", "night", "round")
TOWNS = {"road": ["DK-461", "DK-607", "DK-621"], "round": ["DK-751", "DK-851"]}

# Drawn once, so that the same world has the same schedules.
SEEDS = {
    "over": "5c1f0b7e9a3d4826b0f47e1d2c8a9653",
    "messages": "91d84c2ab76e4f0d8b3a5c1e7f290d64",
    "runs": "e07a4d915b3c4f62a8d1937c50be2f48",
}

Members = Mapping[str, list[Member]]


def _outcome(count: str, per: str = "", better: str = "more") -> Outcome:
    return Outcome(measure_of(count), measure_of(per) if per else None, better)


# To persons only: a post that everybody reads is one message with many answers, and would drown the rest.
TO_PERSONS = "channel=mail+messenger+platform+sms"
ANSWERS = (
    _outcome(f"netreach_step:{TO_PERSONS}:step=answered", f"netreach_step:{TO_PERSONS}:step=sent"),
    _outcome(f"netreach_harm:{TO_PERSONS}:harm=opted_out", f"netreach_step:{TO_PERSONS}:step=sent", "fewer"),
)
OUTCOMES = (_outcome("people_spoken_to", "visit"), _outcome("people_new", "visit"), _outcome("leaflet"))


def make_trials(members: Members, today: date, *, results: bool) -> None:
    """Register the trials as they would have been, and work out the result of the first if wanted."""
    monday = today - timedelta(days=today.weekday())
    over = Plan(
        question="Do we speak with more people when two of us go, or one with an interpreter on the phone?",
        arms=("Two go together", "One goes, interpreter on the phone"),
        design="parallel",
        unit="team_week",
        first_day=monday - timedelta(weeks=15),
        periods=12,
        outcomes=OUTCOMES,
    )
    messages = Plan(
        question="Do more people answer a message that is sent in the evening?",
        arms=("In the afternoon", "In the evening"),
        design="parallel",
        unit="team_week",
        first_day=monday - timedelta(weeks=14),
        periods=12,
        outcomes=ANSWERS,
    )
    runs = Plan(
        question="Do more people want to talk when we bring coffee?",
        arms=("As always", "With coffee"),
        design="alternation",
        unit="area_week",
        first_day=monday - timedelta(weeks=3),
        periods=12,
        turn=2,
        outcomes=(OUTCOMES[0], _outcome("visit:outcome=refused", "visit", "fewer")),
    )
    teams: dict[str, list[str]] = {key: [] for key in TEAMS}
    finished = _register(members, "Two together or one with the phone" + MARK, over, teams, SEEDS["over"])
    _register(members, "Afternoon or evening" + MARK, messages, teams, SEEDS["messages"])
    _register(members, "Coffee at the door" + MARK, runs, TOWNS, SEEDS["runs"])
    if results:
        _issue(members, finished, over)


def _register(members: Members, title: str, plan: Plan, teams: Mapping[str, list[str]], seed: str) -> Trial:
    """Write, agree and freeze a plan as of five days before it began; the log says that it was loaded."""
    researcher = members["institute"][0]
    trial = create_trial(member=researcher, title=title, plan=plan)
    for party, areas in teams.items():
        coordinator = next(member for member in members[party] if member.role == "coordinator")
        part = invite(member=researcher, trial=trial, organisation=coordinator.organisation, areas=areas)
        answer(member=coordinator, part=part, agrees=True)
    assert plan.first_day
    at = timezone.make_aware(datetime.combine(plan.first_day - timedelta(days=5), time(10)))
    with writing():
        version = freeze(trial, member=researcher, at=at, seed=seed)
        write_entry(
            organisation=researcher.organisation,
            member=None,
            verb=Verb.TRIAL_REGISTER,
            subject=trial.ref,
            details={"loaded": True, "plan": version.content_hash},
        )
    return trial


def _issue(members: Members, trial: Trial, plan: Plan) -> None:
    """Work the result out; where it cannot be done now, its button is left for whoever looks around."""
    try:
        content = work_out(trial)
    except Problem:
        return
    researcher = members["institute"][0]
    with writing():
        result = keep_result(trial, member=researcher, content=content, at=timezone.now())
        write_entry(
            organisation=researcher.organisation,
            member=None,
            verb=Verb.TRIAL_ISSUE,
            subject=result.ref,
            details={"loaded": True, "result": result.content_hash},
        )
