"""The page about visiting alone: one's own timer, and the timers of those who rely on one."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from lygte.core.access import Verb, fetch, page
from lygte.core.asking import Request

from .. import reads
from ..actions import end_check_in, say_reached, start_check_in
from ..forms import StartForm
from ..models import CheckIn


@require_safe
@page(Verb.CHECKIN_LIST)
def checkin_list(request: Request) -> HttpResponse:
    return _shown(request, StartForm(request.member))


def _shown(request: Request, form: StartForm, status: int = 200) -> HttpResponse:
    own = reads.mine(request.member)
    context = {
        "form": form,
        "own": reads.card(request.member, own) if own else None,
        "watched": [reads.card(request.member, timer) for timer in reads.watched(request.member)],
        "colleagues": bool(reads.colleagues(request.member)),
    }
    return render(request, "checkins/list.html", context, status=status)


@require_POST
@page(Verb.CHECKIN_START)
def checkin_start(request: Request) -> HttpResponse:
    form = StartForm(request.member, request.POST)
    if not form.is_valid():
        return _shown(request, form, status=400)
    due = timezone.now() + timedelta(minutes=form.cleaned_data["minutes"])
    start_check_in(member=request.member, colleague=form.cleaned_data["colleague"], due_at=due)
    return redirect("checkins:list")


@require_POST
@page(Verb.CHECKIN_END)
def checkin_end(request: Request, ref: str) -> HttpResponse:
    end_check_in(member=request.member, timer=fetch(request.member, CheckIn, ref))
    messages.success(request, _("Good that you are back. Nobody is alerted."))
    return redirect("checkins:list")


@require_POST
@page(Verb.CHECKIN_REACHED)
def checkin_reached(request: Request, ref: str) -> HttpResponse:
    timer = say_reached(member=request.member, timer=fetch(request.member, CheckIn, ref))
    messages.success(request, _("Noted: %(name)s was reached.") % {"name": timer.member.user.name})
    return redirect("checkins:list")
