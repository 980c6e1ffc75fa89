"""Recording a visit in the browser. What is filled in goes the same way as what a phone sends."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lygte.care.intake.handover import submit_answers
from lygte.core.access import Verb, page
from lygte.core.asking import Request
from lygte.core.models import Member
from lygte.core.problems import Problem

from .. import reads
from ..actions import check_answers, problem_of
from ..forms import RecordForm
from ..problems import CORRECT
from ..xlsforms.visit_form import FORM_ID, nest
from .visits import undo_address


@require_http_methods(["GET", "POST"])
@page(Verb.VISIT_RECORD)
def visit_record(request: Request) -> HttpResponse:
    """Ask, check and send; nothing that was typed is lost when something has to be corrected."""
    member = request.member
    initial = {"place": request.GET.get("place", "").upper()}
    given = request.POST if request.method == "POST" else None
    form = RecordForm(member, reads.active_places(member.organisation), given, initial=initial)
    if request.method == "POST" and is_right(form, member):
        return _send(request, form)
    context = {"form": form, "no_places": not reads.active_places(member.organisation).exists()}
    return render(request, "outreach/visit_record.html", context, status=400 if form.errors else 200)


def is_right(form: RecordForm, member: Member) -> bool:
    """Check the answers by the rules of the room and put what is wrong beside the questions."""
    form.is_valid()
    _read, _place, faults = check_answers(member, form.answers())
    form.tell(faults, [_advice(problem_of(fault)) for fault in faults])
    return not faults


def _advice(problem: Problem) -> str:
    """Return what to say beside a question: the next step only where it says more than “correct it”."""
    return problem.sentence if problem.kind.next_step is CORRECT else f"{problem.sentence} {problem.next_step}"


def _send(request: Request, form: RecordForm) -> HttpResponse:
    member = request.member
    submission = submit_answers(member=member, form_id=FORM_ID, answers=nest(form.answers()))
    visit = reads.visit_of_submission(member, submission.ref)
    if visit is None:  # the place was closed at this very moment, or the like
        messages.warning(request, _("What you wrote is kept, but it needs a look before it becomes a visit."))
        return redirect("outreach:visit_list")
    text = _("The visit to %(place)s is recorded.") % {"place": visit.place.code_name}
    messages.success(request, text, extra_tags=f"undo:{undo_address(visit.ref)}")
    return redirect("outreach:visit", visit.ref)
