"""Pages about filled forms: the list, one of them, its raw bytes and files, and setting right what needs a look."""

from __future__ import annotations

from functools import partial

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from lygte.core.access import Verb, fetch, page
from lygte.core.asking import Request
from lygte.core.problems import Problem

from ..actions import (
    destroy_files_in_the_open,
    line_of,
    note_opened,
    open_attachment,
    open_submission,
    put_in_trash,
    resolve_submission,
    review_submission,
    take_out_of_trash,
    undo_review,
)
from ..answers import LONGEST_SHOWN, answers_shown, changes_of, filling_of, missing_files
from ..beside import notes_on
from ..forms import PassphraseForm, ReviewForm, SubmissionFilter
from ..instance import plain
from ..lists import newest, slice_of, submissions_of
from ..models import Review, ReviewState, Submission
from ..opening import Opened, open_encrypted
from ..reads import devices_of, forms_of, problem_of
from ..storage import path_of
from .forms import as_download

PER_PAGE = 50
LONGEST_ANSWER = 10_000
MISSING_SHOWN = 100


@require_safe
@page(Verb.SUBMISSION_LIST)
def submission_list(request: Request) -> HttpResponse:
    member = request.member
    filters = SubmissionFilter(forms_of(member), devices_of(member), request.GET)
    chosen = filters.chosen()
    state, after = chosen.pop("state", ""), request.GET.get("after", "")
    found = partial(submissions_of, member, **chosen)
    others = found(trashed=True) if state == "trash" else found(state=state or "not_waiting")
    waiting = [] if state or after else newest(member, found(state=Submission.State.NEEDS_LOOK), PER_PAGE + 1)
    context = {
        "filters": filters,
        "chips": [(said, list_without(request, name)) for name, said in filters.chips().items()],
        "waiting": waiting[:PER_PAGE],
        "more_wait": len(waiting) > PER_PAGE,
        "slice": slice_of(member, others, after=after, size=PER_PAGE),
        "start": list_without(request, "after"),
    }
    return render(request, "intake/submission_list.html", context)


def list_without(request: Request, name: str) -> str:
    """Return this list's address without one of its filters, from its newest."""
    left = request.GET.copy()
    for gone in (name, "after"):
        left.pop(gone, None)
    return f"{request.path}?{left.urlencode()}" if left else request.path


@require_safe
@page(Verb.SUBMISSION_READ)
def submission_page(request: Request, ref: str) -> HttpResponse:
    return _show(request, open_submission(member=request.member, ref=ref))


def _show(
    request: Request,
    submission: Submission,
    problem: Problem | None = None,
    review_form: ReviewForm | None = None,
    passphrase_form: PassphraseForm | None = None,
    opened: Opened | None = None,
) -> HttpResponse:
    shown = answers_shown(submission, opened.instance.root if opened else None)
    missing, stands = missing_files(submission), submission.replaced_by_id is None
    context = {
        "stands": stands and submission.trashed_at is None,
        "reviews": _reviews_of(submission),
        "review_form": review_form or ReviewForm(),
        "asks_review": review_form is not None and problem is not None and problem.number == "422.11",
        "newest": _newest_of(submission),
        "earlier": submission.earlier,
        "changes": changes_of(submission),
        "filling": filling_of(submission),
        "in_the_open": any(file.quarantined for file in submission.attachments.all()),
        "passphrase_form": passphrase_form or PassphraseForm(request),
        "opened": opened,
        "submission": submission,
        "problem": problem or problem_of(submission),
        "answers": shown.answers,
        "left_out": shown.left_out,
        "cut": any(len(answer.value) > LONGEST_SHOWN for answer in shown.answers),
        "files": submission.attachments.all(),
        "missing": missing[:MISSING_SHOWN],
        "more_missing": len(missing[MISSING_SHOWN:]),
        "notes": notes_on(request.member, submission),
        "asks": review_form is None and problem is not None and problem.number == "422.11",
        "needs_look": submission.state == Submission.State.NEEDS_LOOK and stands and not submission.encrypted,
    }
    bad = problem or (review_form and review_form.errors) or (passphrase_form and passphrase_form.errors)
    status = problem.status if problem else 400 if bad else 200
    response = render(request, "intake/submission_page.html", context, status=status)
    response["Cache-Control"] = "no-store"
    return response


def _newest_of(submission: Submission) -> Submission | None:
    """Return the edit that stands now, where the form shown is one that was edited since."""
    newest = submission.replaced_by
    while newest is not None and newest.replaced_by is not None:
        newest = newest.replaced_by
    return newest


def _reviews_of(submission: Submission) -> list[Review]:
    """Return the steps of the review, of the forms before each edit as well, the oldest first."""
    line = [one.pk for one in line_of(submission)]
    steps = Review.objects.filter(submission__in=line).select_related("member__user", "undoes", "undone_by")
    return list(steps.order_by("pk"))


@require_POST
@page(Verb.SUBMISSION_REVIEW)
def submission_review(request: Request, ref: str) -> HttpResponse:
    submission = fetch(request.member, Submission, ref)
    form = ReviewForm(request.POST)
    if not form.is_valid():
        return _show(request, submission, review_form=form)
    given = {**form.cleaned_data, "state": ReviewState(form.cleaned_data["state"])}
    try:
        review_submission(member=request.member, submission=submission, **given)
    except Problem as problem:
        return _show(request, submission, problem, review_form=form)
    step = Review.objects.filter(submission=submission).order_by("-pk")[0]
    undo = f"undo:{reverse('intake:review_undo', args=[step.ref])}"
    messages.success(request, _("The review is saved."), extra_tags=undo)
    return redirect("intake:submission_page", ref=ref)


@require_POST
@page(Verb.SUBMISSION_REVIEW)
def review_undo(request: Request, ref: str) -> HttpResponse:
    step = fetch(request.member, Review, ref)
    undo_review(member=request.member, submission=step.submission, review=ref)
    messages.success(request, _("The review is as it was before."))
    return redirect("intake:submission_page", ref=step.submission.ref)


@require_POST
@page(Verb.SUBMISSION_TRASH)
def submission_trash(request: Request, ref: str) -> HttpResponse:
    put_in_trash(member=request.member, submission=fetch(request.member, Submission, ref))
    undo = f"undo:{reverse('intake:submission_restore', args=[ref])}"
    messages.success(request, _("The filled form lies in the trash and counts nowhere."), extra_tags=undo)
    return redirect("intake:submission_list")


@require_POST
@page(Verb.SUBMISSION_TRASH)
def submission_restore(request: Request, ref: str) -> HttpResponse:
    take_out_of_trash(member=request.member, submission=fetch(request.member, Submission, ref))
    messages.success(request, _("The filled form is back where it was."))
    return redirect("intake:submission_page", ref=ref)


@require_POST
@page(Verb.SUBMISSION_READ)
def submission_open(request: Request, ref: str) -> HttpResponse:
    """Decrypt a form for this one answer; nothing of it is kept."""
    submission = fetch(request.member, Submission, ref)
    form = PassphraseForm(request, request.POST)
    if not submission.encrypted:
        raise Problem("404.1")
    if not form.is_valid():
        return _show(request, submission, passphrase_form=form)
    try:
        opened = open_encrypted(submission, form.cleaned_data["passphrase"])
    except Problem as problem:
        return _show(request, submission, problem)
    note_opened(member=request.member, submission=submission)
    if request.POST.get("do") == "download":
        return as_download(opened.as_zip(), f"{submission.ref}.zip", "application/zip")
    return _show(request, submission, opened=opened)


@require_POST
@page(Verb.SUBMISSION_RESOLVE)
def submission_destroy(request: Request, ref: str) -> HttpResponse:
    destroy_files_in_the_open(member=request.member, submission=fetch(request.member, Submission, ref))
    messages.success(request, _("The files that came in the open are destroyed."))
    return redirect("intake:submission_page", ref=ref)


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
