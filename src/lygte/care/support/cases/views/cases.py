"""The pages of one case: what is due and the plan, notes, about them, how it goes, dates."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lygte.core.access import Verb, page
from lygte.core.asking import Request
from lygte.core.models import Role

from .. import pages, reads
from ..actions import change_case, close_case, look_at_closing, reopen_case
from ..forms import CaseForm, CloseForm
from ..parts import parts_of


@require_safe
@page(Verb.CASE_READ)
def case(request: Request, ref: str) -> HttpResponse:
    found = reads.case(request.member, ref)
    if found.person.merged_into is not None:
        kept = reads.case_of(request.member, reads.family(found.person)[1])
        if kept is not None:
            return redirect("cases:case", kept.ref)
    hub = pages.hub(request.member, found)
    context = {
        "tab": "case",
        "page": hub,
        "frame": hub.frame,
        "parts": parts_of(request.member, found.person) if hub.frame.on_team else [],
        "may_look": _may_look(request, found),
        "close": CloseForm(),
    }
    return render(request, "cases/case.html", context)


def _may_look(request: Request, found: Any) -> bool:
    """Tell whether the closing waits for a second look of this member."""
    mine = found.closed_by_id == request.member.pk
    return not found.open and found.looked_at_by_id is None and request.member.role == Role.COORDINATOR and not mine


def _show(request: Request, ref: str, tab: str, read: Any, **more: Any) -> HttpResponse:
    found = read(request.member, reads.case(request.member, ref), **more)
    return render(request, f"cases/{tab}.html", {"tab": tab, "page": found, "frame": found.frame})


@require_safe
@page(Verb.CASE_READ)
def notes(request: Request, ref: str) -> HttpResponse:
    return _show(request, ref, "notes", pages.notes, after=request.GET.get("after", ""))


@require_safe
@page(Verb.CASE_READ)
def about(request: Request, ref: str) -> HttpResponse:
    return _show(request, ref, "about", pages.about)


@require_safe
@page(Verb.CASE_READ)
def measures(request: Request, ref: str) -> HttpResponse:
    return _show(request, ref, "measures", pages.measures)


@require_safe
@page(Verb.CASE_READ)
def dates(request: Request, ref: str) -> HttpResponse:
    return _show(request, ref, "dates", pages.dates)


@require_http_methods(["GET", "POST"])
@page(Verb.CASE_CHANGE)
def change(request: Request, ref: str) -> HttpResponse:
    """Correct what stands in the open."""
    found = reads.case(request.member, ref)
    now = {name: getattr(found, name) for name in ("area", "language", "way_in", "asked_on")}
    form = CaseForm(request.member, request.POST or None, initial=now)
    if request.method == "POST" and form.is_valid():
        change_case(member=request.member, case=found, **form.values())
        messages.success(request, _("The case is changed."))
        return redirect("cases:case", ref)
    context = {"form": form, "case": found}
    return render(request, "cases/change.html", context, status=400 if form.errors else 200)


@require_POST
@page(Verb.CASE_CLOSE)
def close(request: Request, ref: str) -> HttpResponse:
    found = reads.case(request.member, ref)
    form = CloseForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose how the support ended. Nothing was changed."))
        return redirect(reverse("cases:case", args=[ref]) + "#close")
    close_case(member=request.member, case=found, ending=form.cleaned_data["ending"])
    undo = f"undo:{reverse('cases:reopen', args=[ref])}"
    messages.success(request, _("The case is closed. It can be opened again."), extra_tags=undo)
    return redirect("cases:case", ref)


@require_POST
@page(Verb.CASE_CLOSE)
def reopen(request: Request, ref: str) -> HttpResponse:
    reopen_case(member=request.member, case=reads.case(request.member, ref))
    messages.success(request, _("The case is open again."))
    return redirect("cases:case", ref)


@require_POST
@page(Verb.CASE_CLOSE)
def look(request: Request, ref: str) -> HttpResponse:
    look_at_closing(member=request.member, case=reads.case(request.member, ref))
    messages.success(request, _("Noted: you have looked at it."))
    return redirect("cases:case", ref)
