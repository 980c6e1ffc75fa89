"""Keeping a record against erasure, by two people."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from ...access import Verb, page
from ...asking import Request
from ...problems import Problem
from .. import holds, reads
from ..forms import HoldForm


@require_http_methods(["GET", "POST"])
@page(Verb.CASE_HOLD)
def hold(request: Request, ref: str) -> HttpResponse:
    person = reads.person_of(request.member, ref)
    form = HoldForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            holds.propose_hold(member=request.member, person=person, **form.cleaned_data)
        except Problem as problem:
            form.add_error("until", f"{problem.sentence} {problem.next_step}")
        else:
            messages.success(request, _("Proposed. It holds once a second coordinator has confirmed it."))
            return redirect("consent:hold", person.ref)
    standing = holds.open_hold(person)
    context = {
        "person": person,
        "form": form,
        "hold": standing,
        "own": standing is not None and standing.set_by_id == request.member.pk,
        "record_url": reads.page_of(person),
    }
    return render(request, "consent/hold.html", context, status=400 if form.errors else 200)


@require_POST
@page(Verb.CASE_HOLD)
def hold_confirm(request: Request, ref: str) -> HttpResponse:
    person = reads.person_of(request.member, ref)
    holds.confirm_hold(member=request.member, person=person)
    messages.success(request, _("The record is kept until then. The person can read why."))
    return redirect("consent:hold", person.ref)


@require_POST
@page(Verb.CASE_HOLD)
def hold_end(request: Request, ref: str) -> HttpResponse:
    person = reads.person_of(request.member, ref)
    holds.end_hold(member=request.member, person=person)
    messages.success(request, _("The hold has ended. Where the person had asked for erasure, it happens within a day."))
    return redirect("consent:hold", person.ref)
