"""Pages about filled forms: the list, one of them, its raw bytes and files, and setting right what needs a look."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from lygte.core.access import Verb, fetch, page
from lygte.core.asking import Request
from lygte.core.problems import Problem

from ..actions import open_attachment, open_submission, resolve_submission
from ..beside import notes_on
from ..forms import SubmissionFilter
from ..instance import plain
from ..models import Submission
from ..reads import LONGEST_SHOWN, answers_shown, forms_of, missing_files, problem_of, submissions_of
from ..storage import path_of
from .forms import as_download

PER_PAGE = 50
LONGEST_ANSWER = 10_000
MISSING_SHOWN = 100


@require_safe
@page(Verb.SUBMISSION_LIST)
def submission_list(request: Request) -> HttpResponse:
    filters = SubmissionFilter(forms_of(request.member), request.GET)
    form, state = filters.chosen("form"), filters.chosen("state")
    others = submissions_of(request.member, form=form, state=state or "not_waiting")
    waiting = submissions_of(request.member, form=form, state=Submission.State.NEEDS_LOOK)
    context = {
        "filters": filters,
        "narrowed": form or state,
        "waiting": [] if state else waiting[:PER_PAGE],
        "page": Paginator(others, PER_PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "intake/submission_list.html", context)


@require_safe
@page(Verb.SUBMISSION_READ)
def submission_page(request: Request, ref: str) -> HttpResponse:
    return _show(request, open_submission(member=request.member, ref=ref))


def _show(request: Request, submission: Submission, problem: Problem | None = None) -> HttpResponse:
    shown, missing = answers_shown(submission), missing_files(submission)
    context = {
        "submission": submission,
        "problem": problem or problem_of(submission),
        "answers": shown.answers,
        "left_out": shown.left_out,
        "cut": any(len(answer.value) > LONGEST_SHOWN for answer in shown.answers),
        "files": submission.attachments.all(),
        "missing": missing[:MISSING_SHOWN],
        "more_missing": len(missing[MISSING_SHOWN:]),
        "notes": notes_on(request.member, submission),
        "asks": problem is not None and problem.number == "422.11",
        "needs_look": submission.state == Submission.State.NEEDS_LOOK,
    }
    return render(request, "intake/submission_page.html", context, status=problem.status if problem else 200)


@require_safe
@page(Verb.SUBMISSION_READ)
def submission_xml(request: Request, ref: str) -> HttpResponse:
    submission = open_submission(member=request.member, ref=ref)
    return as_download(bytes(submission.xml), f"{submission.ref}.xml", "text/xml; charset=utf-8")


@require_safe
@page(Verb.SUBMISSION_READ)
def attachment(request: Request, ref: str) -> HttpResponse:
    file = open_attachment(member=request.member, ref=ref)
    path = path_of(file.stored_as)
    if not path.is_file():
        raise Problem("404.160")
    return as_download(path.read_bytes(), file.name, "application/octet-stream")


@require_POST
@page(Verb.SUBMISSION_RESOLVE)
def submission_resolve(request: Request, ref: str) -> HttpResponse:
    submission = fetch(request.member, Submission, ref)
    corrections, looked = _corrections(request, submission), bool(request.POST.get("looked"))
    try:
        resolve_submission(member=request.member, submission=submission, corrections=corrections, looked=looked)
    except Problem as problem:
        submission.corrections = {**submission.corrections, **corrections}  # shown again, not saved
        return _show(request, submission, problem)
    messages.success(request, _("The filled form has been taken in."))
    return redirect("intake:submission_page", ref=ref)


def _corrections(request: Request, submission: Submission) -> dict[str, str]:
    """Return the answers that were changed on the page, by their path."""
    changed = {}
    for answer in answers_shown(submission).answers:
        given = plain(request.POST.get(f"answer:{answer.path}", answer.offered))
        if answer.correctable and not answer.is_as_offered(given):
            changed[answer.path] = given.strip()[:LONGEST_ANSWER]
    return changed
