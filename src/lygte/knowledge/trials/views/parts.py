"""Asking organisations to take part, and their answer."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST
from django_scopes import scopes_disabled

from lygte.core.access import Verb, page
from lygte.core.asking import Request
from lygte.core.problems import Problem

from .. import reads
from ..actions import answer, invite, take_back, withdraw
from ..forms import InviteForm
from ..models import Part, Trial
from ..plan import plan_of


@require_http_methods(["GET", "POST"])
@page(Verb.TRIAL_WRITE)
def invite_party(request: Request, ref: str) -> HttpResponse:
    trial = reads.own_trial(request.member, ref)
    if trial.state != Trial.State.DRAFT:
        raise Problem("409.710")
    with scopes_disabled():
        form = InviteForm(trial, plan_of(trial.draft).unit, request.POST or None)
        if request.method == "POST" and form.is_valid():
            data = form.cleaned_data
            invite(
                member=request.member,
                trial=trial,
                organisation=data["organisation"],
                areas=data.get("areas", []),
            )
            messages.success(request, _("They have been asked. They count once they agree."))
            return redirect("trials:trial", trial.ref)
        status = 400 if form.errors else 200
        return render(request, "trials/invite.html", {"form": form, "trial": trial}, status=status)


@require_POST
@page(Verb.TRIAL_WRITE)
def take_back_party(request: Request, ref: str) -> HttpResponse:
    trial = take_back(member=request.member, part=reads.invitation_of(request.member, ref))
    messages.success(request, _("The invitation has been taken back."))
    return redirect("trials:trial", trial.ref)


@require_POST
@page(Verb.TRIAL_JOIN)
def answer_party(request: Request, ref: str) -> HttpResponse:
    """Agree, decline, or, once the plan is registered, withdraw."""
    part = reads.part_of(request.member, ref)
    said = request.POST.get("answer", "")
    if said == "withdraw":
        withdraw(member=request.member, part=part)
        messages.success(request, _("You have left the trial. What was counted until yesterday stays counted."))
    elif said in ("agree", "decline"):
        found = answer(member=request.member, part=part, agrees=said == "agree")
        agreed = found.state == Part.State.AGREED
        messages.success(
            request,
            _("You take part. The schedule comes when the plan is registered.")
            if agreed
            else _("You do not take part. Nobody needs a reason."),
        )
        if not agreed:
            return redirect("trials:list")
    else:
        raise Problem("400.1")
    return redirect("trials:trial", part.trial.ref)
