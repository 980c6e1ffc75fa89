"""Pages about forms under seal: those that wait, one of them opened, its files, and taking them in."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from lygte.core.access import Verb, fetch, may, page
from lygte.core.asking import Request
from lygte.core.problems import CATALOGUE, Problem
from lygte.core.vault.keyring import keyring_of

from ..actions import open_sealed, open_sealed_file, take_in_sealed
from ..answers import answers_in
from ..forms import SealedFilter
from ..lists_sealed import SEALED_DONE, SEALED_WAITING, sealed_slice, sealed_to_take_in
from ..models import SealedSubmission
from ..reads import forms_of
from ..receivers import RECEIVERS
from .forms import as_download
from .submissions import list_without

PER_PAGE = 50


@require_safe
@page(Verb.SUBMISSION_LIST)
def sealed_list(request: Request) -> HttpResponse:
    member = request.member
    filters = SealedFilter(forms_of(member), request.GET)
    chosen = filters.chosen()
    state, after = chosen.pop("state", ""), request.GET.get("after", "")
    states = SEALED_WAITING if state == "waiting" else (state,) if state else SEALED_DONE
    found = sealed_slice(member, states, after=after, size=PER_PAGE, **chosen)
    waiting = None if state or found.newer else sealed_slice(member, SEALED_WAITING, size=PER_PAGE, **chosen)
    context = {
        "filters": filters,
        "chips": [(said, list_without(request, name)) for name, said in filters.chips().items()],
        "waiting": waiting,
        "slice": found,
        "start": list_without(request, "after"),
        "to_take_in": len(sealed_to_take_in(member)) if may(member, Verb.SUBMISSION_RESOLVE) else 0,
    }
    return render(request, "intake/sealed_list.html", context)


@require_safe
@page(Verb.SUBMISSION_READ)
def sealed_page(request: Request, ref: str) -> HttpResponse:
    fetch(request.member, SealedSubmission, ref)  # what is not yours is not there, also before anything is opened
    opened = open_sealed(member=request.member, ref=ref)
    submission = opened.submission
    shown = answers_in(opened.xml, submission.form_version.outline, {})
    number = submission.problem_number
    context = {
        "submission": submission,
        "answers": shown.answers,
        "left_out": shown.left_out,
        "files": opened.files,
        "missing": opened.missing,
        "problem": Problem(number) if number in CATALOGUE and "{" not in str(CATALOGUE[number].sentence) else None,
        "number": number,
        "can_be_taken_in": submission.form.form_id in RECEIVERS and submission.state != SealedSubmission.State.TAKEN,
    }
    return render(request, "intake/sealed_page.html", context)


@require_safe
@page(Verb.SUBMISSION_READ)
def sealed_file(request: Request, ref: str) -> HttpResponse:
    file = open_sealed_file(member=request.member, ref=ref)
    return as_download(file.content, file.name, "application/octet-stream")


@require_POST
@page(Verb.SUBMISSION_RESOLVE)
def sealed_take_in(request: Request, ref: str) -> HttpResponse:
    submission = take_in_sealed(member=request.member, submission=fetch(request.member, SealedSubmission, ref))
    if submission.state == SealedSubmission.State.NEEDS_LOOK:
        messages.warning(request, _("The form could not be taken in as it is (%(number)s). It stays sealed here.")
                         % {"number": submission.problem_number})  # fmt: skip
    else:
        messages.success(request, _("The sealed form has been taken in."))
    return redirect("intake:sealed_page", ref=ref)


@require_POST
@page(Verb.SUBMISSION_RESOLVE)
def sealed_take_in_all(request: Request) -> HttpResponse:
    keyring_of(request.member)
    states = [  # fetched one by one: a box may be large
        take_in_sealed(member=request.member, submission=fetch(request.member, SealedSubmission, ref)).state
        for ref in sealed_to_take_in(request.member)
    ]
    taken = states.count(SealedSubmission.State.TAKEN)
    told = ngettext("%(count)s sealed form has been taken in.", "%(count)s sealed forms have been taken in.", taken)
    messages.success(request, told % {"count": taken})
    return redirect("intake:sealed_list")
