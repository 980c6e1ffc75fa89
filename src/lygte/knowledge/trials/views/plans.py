"""Plans of trials: which there are, one of them, writing it, trying it out, registering, amending, stopping."""

from __future__ import annotations

import secrets
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_scopes import scopes_disabled

from lygte.core.access import Verb, page
from lygte.core.asking import Request
from lygte.core.problems import Problem

from .. import reads
from ..actions import (
    amend_trial,
    change_trial,
    create_trial,
    keep_smallest,
    register_trial,
    stop_trial,
)
from ..forms import AmendForm, PlanForm, StopForm
from ..models import Part, Trial
from ..plan import Plan, plan_of
from ..registry import registered
from ..rules import ready_on
from ..standing import faults, smallest_key
from ..trying_out import smallest_of
from ..words import plan_rows, smallest_in_words, versions_in_words


@require_safe
@page(Verb.TRIAL_READ)
def trial_list(request: Request) -> HttpResponse:
    today = timezone.localdate()
    with scopes_disabled():
        found = list(reads.trials(request.member).select_related("organisation", "result"))
        rows = [{"trial": one, "state": _state(one, today), "plan": reads.shown_plan(one)} for one in found]
    return render(request, "trials/list.html", {"rows": rows})


def _state(trial: Trial, today: date) -> tuple[str, str]:
    """Return a word for where a trial stands, and its tone."""
    if trial.state == Trial.State.DRAFT:
        return str(Trial.State.DRAFT.label), "grey"
    if hasattr(trial, "result"):
        return _("Result issued"), "green"
    if trial.state == Trial.State.STOPPED:
        return str(Trial.State.STOPPED.label), "amber"
    plan = reads.shown_plan(trial)
    if plan.first_day and today < plan.first_day:
        return _("Registered, begins later"), "blue"
    return (_("Over"), "grey") if _is_over(plan, today) else (_("Running"), "blue")


def _is_over(plan: Plan, today: date) -> bool:
    return bool(plan.last_day and today > plan.last_day)


@require_http_methods(["GET", "POST"])
@page(Verb.TRIAL_WRITE)
def trial_new(request: Request) -> HttpResponse:
    form = PlanForm("", Plan(), request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = create_trial(member=request.member, title=form.cleaned_data["title"], plan=form.plan())
        messages.success(request, _("The plan is saved. Ask who takes part, try it out, then register it."))
        return redirect("trials:trial", made.ref)
    return render(request, "trials/write.html", {"form": form}, status=400 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@page(Verb.TRIAL_WRITE)
def trial_change(request: Request, ref: str) -> HttpResponse:
    found = reads.own_trial(request.member, ref)
    if found.state != Trial.State.DRAFT:
        raise Problem("409.710")
    form = PlanForm(found.title, plan_of(found.draft), request.POST or None)
    if request.method == "POST" and form.is_valid():
        change_trial(member=request.member, trial=found, title=form.cleaned_data["title"], plan=form.plan())
        messages.success(request, _("The plan is saved. Who had agreed to another plan is asked again."))
        return redirect("trials:trial", found.ref)
    context = {"form": form, "trial": found}
    return render(request, "trials/write.html", context, status=400 if form.errors else 200)


@require_safe
@page(Verb.TRIAL_READ)
def trial(request: Request, ref: str) -> HttpResponse:
    """One trial, in whatever state; who stands outside is led to the result."""
    found = reads.trial_of(request.member, ref)
    with scopes_disabled():
        if not reads.inside(request.member, found):
            return redirect("trials:result", found.result.ref)
        context = _of_trial(request, found)
    return render(request, "trials/trial.html", context)


# What can be mended, or tried again, on the page of the trial.
SHOWN_HERE = ("409.690", "422.710", "422.723", "503.710")


def refused(request: Request, found: Trial, problem: Problem) -> HttpResponse:
    """Show why something could not be done on the page of the trial, where it can be mended."""
    if problem.number not in SHOWN_HERE:
        raise problem
    with scopes_disabled():
        context = {**_of_trial(request, found), "problem": problem}
    return render(request, "trials/trial.html", context, status=problem.status)


def _of_trial(request: Request, found: Trial) -> dict[str, Any]:
    today, owns = timezone.localdate(), reads.owns(request.member, found)
    draft = found.state == Trial.State.DRAFT
    history = None if draft else registered(found)
    plan = history.latest if history else plan_of(found.draft)
    parts = list(found.parts.select_related("organisation"))
    now = (
        [row for row in reads.schedule(request.member, found) if row.span[0] <= today <= row.span[1]] if history else []
    )
    has_result = hasattr(found, "result")
    return {
        "trial": found,
        "state": _state(found, today),
        "owns": owns,
        "draft": draft,
        "plan": plan_rows(plan),
        "parts": [{"part": part, "areas": [reads.area_name(code) for code in part.areas]} for part in parts],
        "mine": next((part for part in parts if part.organisation_id == request.member.organisation_id), None),
        "faults": faults(found, today) if draft and owns else [],
        "history": history,
        "versions": versions_in_words(history) if history else [],
        "now": now if reads.running(found, today) else [],
        "result": found.result if has_result else None,
        "ready_on": None if draft or has_result else ready_on(plan, found.stopped_on),
        "ready": not draft and not has_result and ready_on(plan, found.stopped_on) <= today,
        "can_amend": owns and found.state == Trial.State.REGISTERED and not has_result and not _is_over(plan, today),
        "can_stop": owns and reads.running(found, today),
        "can_leave": not draft and not has_result,
        "smallest": _smallest(found, plan, parts, history),
    }


def _smallest(found: Trial, plan: Plan, parts: list[Part], history: Any) -> str:
    """Say what the plan can find, if it was tried out as it stands."""
    if history:
        return smallest_in_words(history.content.get("smallest"), plan)
    sites = [site.key for site in reads.sites_of(parts, plan.unit)]
    kept = found.smallest
    return smallest_in_words(kept, plan) if kept and kept.get("of") == smallest_key(plan, sites) else ""


@require_POST
@page(Verb.TRIAL_WRITE)
def smallest(request: Request, ref: str) -> HttpResponse:
    """Try the plan out on the past: some seconds of work in a process of its own."""
    found = reads.own_trial(request.member, ref)
    if found.state != Trial.State.DRAFT:
        raise Problem("409.710")
    try:
        worked_out = smallest_of(found, seed=secrets.token_hex(16))
    except Problem as problem:
        return refused(request, found, problem)
    keep_smallest(member=request.member, trial=found, found=worked_out)
    messages.success(request, _("The plan was tried out on what was recorded before."))
    return redirect("trials:trial", found.ref)


@require_POST
@page(Verb.TRIAL_REGISTER)
def register(request: Request, ref: str) -> HttpResponse:
    found = reads.own_trial(request.member, ref)
    try:
        register_trial(member=request.member, trial=found)
    except Problem as problem:
        return refused(request, found, problem)
    messages.success(request, _("The plan is registered and frozen, and the schedule is drawn."))
    return redirect("trials:trial", found.ref)


@require_http_methods(["GET", "POST"])
@page(Verb.TRIAL_REGISTER)
def amend(request: Request, ref: str) -> HttpResponse:
    found = reads.own_trial(request.member, ref)
    if found.state != Trial.State.REGISTERED:
        raise Problem("409.716")
    form = AmendForm(reads.current_plan(found), request.POST or None)
    if request.method == "POST" and form.is_valid():
        version = amend_trial(member=request.member, trial=found, plan=form.plan(), reason=form.cleaned_data["reason"])
        if version.after_start:
            messages.warning(
                request, _("The plan was changed after data had begun. The result will say so, first of all.")
            )
        else:
            messages.success(request, _("The new version is registered. The one before stays to be read."))
        return redirect("trials:trial", found.ref)
    context = {"form": form, "trial": found, "over": _is_over(reads.current_plan(found), timezone.localdate())}
    return render(request, "trials/amend.html", context, status=400 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@page(Verb.TRIAL_REGISTER)
def stop(request: Request, ref: str) -> HttpResponse:
    found = reads.own_trial(request.member, ref)
    if not reads.running(found, timezone.localdate()):
        raise Problem("409.716")
    form = StopForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        stop_trial(member=request.member, trial=found, reason=form.cleaned_data["reason"])
        messages.success(request, _("The trial has stopped. The result will say when and why."))
        return redirect("trials:trial", found.ref)
    return render(request, "trials/stop.html", {"form": form, "trial": found}, status=400 if form.errors else 200)
