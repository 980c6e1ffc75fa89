"""Joint controls: counted here, apart from visits, so that they never become outreach."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from lygte.core.access import Verb, fetch, may, page, require
from lygte.core.asking import Request
from lygte.core.problems import Problem
from lygte.directory.areas import area_name

from .. import reads
from ..actions import record_joint_control, withdraw_joint_control
from ..forms import ControlForm
from ..models import JointControl


@require_http_methods(["GET", "POST"])
@page(Verb.CONTROL_LIST)
def controls(request: Request) -> HttpResponse:
    member = request.member
    form = ControlForm(member, request.POST or None, initial={"day": timezone.localdate()})
    if request.method == "POST":
        require(member, Verb.CONTROL_RECORD)
        if form.is_valid():
            try:
                new = record_joint_control(member=member, **form.cleaned_data)
            except Problem as problem:
                form.add_error(None, f"{problem.sentence} {problem.next_step} ({problem.number})")
            else:
                undo = reverse("rounds:control_withdraw", args=[new.ref])
                messages.success(
                    request, _("The joint control is counted, apart from visits."), extra_tags=f"undo:{undo}"
                )
                return redirect("rounds:controls")
    rows = [(one, area_name(one.area)) for one in reads.joint_controls(member)]
    context = {"form": form, "rows": rows, "may_record": may(member, Verb.CONTROL_RECORD)}
    return render(request, "rounds/controls.html", context, status=400 if form.errors else 200)


@require_POST
@page(Verb.CONTROL_RECORD)
def withdraw(request: Request, ref: str) -> HttpResponse:
    withdraw_joint_control(member=request.member, control=fetch(request.member, JointControl, ref))
    undo = reverse("rounds:control_restore", args=[ref])
    messages.success(request, _("The joint control counts no more."), extra_tags=f"undo:{undo}")
    return redirect("rounds:controls")


@require_POST
@page(Verb.CONTROL_RECORD)
def restore(request: Request, ref: str) -> HttpResponse:
    withdraw_joint_control(member=request.member, control=fetch(request.member, JointControl, ref), withdrawn=False)
    messages.success(request, _("The joint control counts again."))
    return redirect("rounds:controls")
