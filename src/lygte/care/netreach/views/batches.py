"""The pages of batches: the list, the check before a batch is written, one batch with what came of it."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lygte.core.access import Verb, page
from lygte.core.asking import Request
from lygte.core.problems import Problem
from lygte.directory.areas import area_name
from lygte.directory.languages import language_name

from .. import reads
from ..actions.batches import Composed, compose, problem_of, record_outcomes, take_back
from ..forms import BatchFilterForm, ComposeForm, OutcomeForm
from ..marks import marks_of
from ..models import Batch
from ..rules import BETWEEN, MOST_MESSAGES, OUTCOMES_UNTIL, WITHIN, faults_of
from .frame import unseen


@require_safe
@page(Verb.NETREACH_LIST)
def batch_list(request: Request) -> HttpResponse:
    form = BatchFilterForm(request.GET)
    wanted = form.wanted()
    found = reads.batches(request.member, wanted, after=request.GET.get("after", ""))
    parameters = request.GET.copy()
    parameters.pop("after", None)
    context = {
        "form": form,
        "slice": found,
        "rows": [(batch, area_name(batch.area)) for batch in found.batches],
        "narrowed": wanted != reads.BatchFilter(),
        "start": f"{request.path}?{parameters.urlencode()}" if parameters else request.path,
    }
    return render(request, "netreach/list.html", context)


# Before anything is written --------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Answer:
    """What a worker hears, this once: what to write, how many may get it, and who of those typed may not."""

    batch: Batch
    text: str
    not_to: list[str]


@sensitive_post_parameters("handles")
@require_http_methods(["GET", "POST"])
@page(Verb.NETREACH_COMPOSE)
def compose_page(request: Request) -> HttpResponseBase:
    """Check whom a batch may go to. What was typed is answered once and kept nowhere."""
    given = request.POST if request.method == "POST" else None
    form = ComposeForm(request.member, reads.messages(request.member), given, initial=_again(request))
    answer = None
    if request.method == "POST" and form.is_valid():
        try:
            answer = _answer(request, form)
        except Problem as problem:
            if problem.status >= 500:  # nothing that anybody could correct in the form
                raise
            about = {"422.650": "language", "422.652": "handles", "422.653": "handles"}.get(problem.number)
            form.add_error(about, f"{problem.sentence} {problem.next_step}")
    context = {
        "form": form,
        "answer": answer,
        "stop_address": request.build_absolute_uri(reverse("netreach:stop")),
        "rule": {"most": MOST_MESSAGES, "within": WITHIN.days, "between": BETWEEN.days},
    }
    name = "netreach/answer.html" if answer else "netreach/compose.html"
    return unseen(render(request, name, context, status=400 if form.errors else 200))


def _again(request: Request) -> dict[str, str]:
    """Return what a corrected form begins with: the same batch, if it was made today. Never whom it goes to."""
    ref = request.GET.get("batch", "")
    batch = reads.batch(request.member, ref) if ref else None
    if batch is None or not batch.claim or not reads.can_be_taken_back(batch):
        return {}
    kept = {name: getattr(batch, name) for name in ("claim", "language", "channel", "method", "area")}
    return {**kept, "message": batch.version.message.ref}


def _answer(request: Request, form: ComposeForm) -> Answer:
    given = dict(form.cleaned_data)
    typed = given.pop("handles")
    marks = marks_of([handle for handle, _typed in typed])
    made: Composed = compose(member=request.member, marks=marks, **given)
    not_to = [written for place, (_handle, written) in enumerate(typed) if place in made.withheld]
    return Answer(made.batch, made.batch.version.texts[made.batch.language], not_to)


# Afterwards ------------------------------------------------------------------------------------------------------------
@require_http_methods(["GET", "POST"])
@page(Verb.NETREACH_READ)
def batch_page(request: Request, ref: str) -> HttpResponse:
    batch = reads.batch(request.member, ref)
    form = OutcomeForm(batch, request.POST if request.method == "POST" else None)
    if request.method == "POST" and _is_right(form, batch):
        record_outcomes(
            member=request.member,
            batch=batch,
            counts=form.counts(),
            note=form.cleaned_data["note"],
            looked=form.cleaned_data["looked"],
        )
        messages.success(request, _("Saved. The figures follow at once."))
        return redirect("netreach:batch", ref)
    context = {
        "batch": batch,
        "area": area_name(batch.area),
        "language": language_name(batch.language),
        "text": batch.version.texts.get(batch.language, ""),
        "form": form,
        "can_be_taken_back": reads.can_be_taken_back(batch),
        "days": OUTCOMES_UNTIL.days,
    }
    return render(request, "netreach/batch.html", context, status=400 if form.errors else 200)


def _is_right(form: OutcomeForm, batch: Batch) -> bool:
    """Check the counts by the rules of the room and put what is wrong beside them."""
    form.is_valid()
    if not any(name in form.errors for name in form.counts()):
        form.tell([(fault, problem_of(fault)) for fault in faults_of(form.counts(), cleared=batch.cleared)])
    return not form.errors


@require_POST
@page(Verb.NETREACH_CHANGE)
def batch_take_back(request: Request, ref: str) -> HttpResponse:
    take_back(member=request.member, batch=reads.batch(request.member, ref))
    messages.success(request, _("The batch is taken back. Nobody counts as written to by it."))
    return redirect("netreach:list")
