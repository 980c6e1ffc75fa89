"""Writes of the trials room: plan, invite, answer, register, amend, stop, issue."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from datetime import date
from typing import Any

from django.utils import timezone

from lygte.core.access import Verb
from lygte.core.actions import action
from lygte.core.models import Member, Organisation
from lygte.core.personal_signs import refuse_signs
from lygte.core.problems import Problem

from . import reads
from .freezing import freeze, keep_result
from .models import Part, Result, Trial, Version
from .plan import Plan, hash_of, plan_of
from .registry import registered
from .rules import faults_of
from .standing import data_began, faults, has_result, refuse_early


@action(Verb.TRIAL_WRITE)
def create_trial(*, member: Member, title: str, plan: Plan) -> Trial:
    """Begin a plan. It may still lack whatever it needs to be registered."""
    refuse_signs(_words(title, plan), looked=True)
    organisation = member.organisation
    return Trial.objects.create(
        organisation=organisation, country=organisation.country, title=title, draft=plan.as_json()
    )


@action(Verb.TRIAL_WRITE)
def change_trial(*, member: Member, trial: Trial, title: str, plan: Plan) -> Trial:
    """Change a plan that is not registered. Who agreed to another plan is asked again."""
    trial = _own(member, trial, Trial.State.DRAFT, "409.710")
    refuse_signs(_words(title, plan), looked=True)
    if trial.draft != plan.as_json():
        trial.parts.filter(state=Part.State.AGREED).update(state=Part.State.INVITED, answered_at=None, answered_by=None)
    trial.title, trial.draft = title, plan.as_json()
    trial.save(update_fields=["title", "draft"])
    return trial


def _words(title: str, plan: Plan) -> str:
    return "\n".join([title, plan.question, *plan.arms])


@action(Verb.TRIAL_WRITE)
def keep_smallest(*, member: Member, trial: Trial, found: dict[str, Any]) -> Trial:
    """Keep the smallest difference that the plan as it stands can find."""
    trial = _own(member, trial, Trial.State.DRAFT, "409.710")
    trial.smallest = found
    trial.save(update_fields=["smallest"])
    return trial


@action(Verb.TRIAL_WRITE)
def invite(*, member: Member, trial: Trial, organisation: Organisation, areas: Collection[str]) -> Part:
    """Ask an organisation to take part in some municipalities. It counts only once it agreed."""
    trial = _own(member, trial, Trial.State.DRAFT, "409.710")
    return Part.objects.create(trial=trial, organisation=organisation, areas=sorted(areas))


@action(Verb.TRIAL_WRITE)
def take_back(*, member: Member, part: Part) -> Trial:
    """Take an invitation back, answered or not, before the plan is registered."""
    found = reads.invitation_of(member, part.ref)
    trial = _own(member, found.trial, Trial.State.DRAFT, "409.710")
    found.delete()
    return trial


@action(Verb.TRIAL_JOIN, details=lambda part: {"answer": part.state})
def answer(*, member: Member, part: Part, agrees: bool) -> Part:
    """Agree or decline for one's own organisation; before registering, the answer can be turned round."""
    found = reads.part_of(member, part.ref)
    if found.trial.state != Trial.State.DRAFT:
        raise Problem("409.716")
    found.state = Part.State.AGREED if agrees else Part.State.DECLINED
    found.answered_at, found.answered_by = timezone.now(), member
    found.save(update_fields=["state", "answered_at", "answered_by"])
    return found


@action(Verb.TRIAL_JOIN)
def withdraw(*, member: Member, part: Part) -> Part:
    """Leave a running trial. What was counted until yesterday stays counted; no reason is asked."""
    found = reads.part_of(member, part.ref)
    if found.state != Part.State.AGREED or found.trial.state == Trial.State.DRAFT or has_result(found.trial):
        raise Problem("409.716")
    found.state, found.withdrawn_on = Part.State.WITHDRAWN, timezone.localdate()
    found.save(update_fields=["state", "withdrawn_on"])
    return found


@action(Verb.TRIAL_REGISTER, details=lambda trial: {"plan": trial.versions.get(number=1).content_hash})
def register_trial(*, member: Member, trial: Trial) -> Trial:
    """Freeze the plan, draw the seed and the schedule. Raises 422.710 with everything that stands in the way."""
    trial = _own(member, trial, Trial.State.DRAFT, "409.710")
    found = faults(trial, timezone.localdate())
    if found:
        raise Problem("422.710", count=len(found), parts=found)
    freeze(trial, member=member, at=timezone.now(), seed=secrets.token_hex(16))
    return trial


@action(Verb.TRIAL_REGISTER, details=lambda version: {"number": version.number, "after_start": version.after_start})
def amend_trial(*, member: Member, trial: Trial, plan: Plan, reason: str) -> Version:
    """Change question or outcomes of a registered plan. Both versions stay; methods, sites and schedule never change."""
    trial = _own(member, trial, Trial.State.REGISTERED, "409.716")
    if has_result(trial):
        raise Problem("409.712")
    if not reason.strip():
        raise Problem("422.722")
    refuse_signs(f"{reason}\n{plan.question}", looked=True)
    found = registered(trial)
    last = found.versions[-1]
    now = {**last.content["plan"], "question": plan.question, "outcomes": [o.as_json() for o in plan.outcomes]}
    if now == last.content["plan"]:
        raise Problem("409.713")
    wrong = [p for p in faults_of(plan_of(now), found.sites, date.min) if p.number in ("422.711", "422.712", "422.714")]
    if wrong:
        raise Problem("422.710", count=len(wrong), parts=wrong)
    content = {**last.content, "plan": now}
    return Version.objects.create(
        trial=trial,
        number=last.number + 1,
        content=content,
        content_hash=hash_of(content),
        after_start=data_began(trial),
        reason=reason.strip(),
        made_at=timezone.now(),
        made_by=member,
    )


@action(Verb.TRIAL_REGISTER)
def stop_trial(*, member: Member, trial: Trial, reason: str) -> Trial:
    """Stop early, for good. The result says so and why; what was counted up to today counts."""
    trial = _own(member, trial, Trial.State.REGISTERED, "409.716")
    if has_result(trial) or not reads.running(trial, timezone.localdate()):
        raise Problem("409.716")
    if not reason.strip():
        raise Problem("422.722")
    refuse_signs(reason, looked=True)
    trial.state, trial.stopped_on, trial.stop_reason = Trial.State.STOPPED, timezone.localdate(), reason.strip()
    trial.save(update_fields=["state", "stopped_on", "stop_reason"])
    return trial


@action(Verb.TRIAL_ISSUE, details=lambda result: {"result": result.content_hash})
def issue_result(*, member: Member, trial: Trial, content: dict[str, Any]) -> Result:
    """Keep a result that was worked out, for good. It cannot be taken back or done again."""
    trial = reads.own_trial(member, trial.ref)
    refuse_early(trial, timezone.localdate())
    return keep_result(trial, member=member, content=content, at=timezone.now())


def _own(member: Member, trial: Trial, state: str, number: str) -> Trial:
    """Return the trial anew if it is the member's and in the state, else Problem."""
    found = reads.own_trial(member, trial.ref)
    if found.state != state:
        raise Problem(number)
    return found
