"""The schedule that teams follow, and the result: worked out, on a page, on paper."""

from __future__ import annotations

import csv
import io
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django_scopes import scopes_disabled

from lygte.core.access import Verb, page
from lygte.core.asking import Request
from lygte.core.problems import Problem

from .. import reads
from ..actions import issue_result
from ..content import LANGUAGES, work_out
from ..models import Result, Trial
from ..pdf import result_pdf
from ..plan import hash_of
from ..registry import registered
from ..sheet import sheet_of
from ..standing import refuse_early
from ..words import language
from .plans import refused


@require_safe
@page(Verb.TRIAL_READ)
def schedule(request: Request, ref: str) -> HttpResponse:
    found = _registered_trial(request, ref)
    today = timezone.localdate()
    with scopes_disabled():
        rows = reads.schedule(request.member, found)
        history = registered(found)
    sites: dict[Any, dict[str, Any]] = {}
    for row in rows:
        sites.setdefault(row.site, {"team": row.team, "area": row.area, "rows": []})["rows"].append(row)
    context = {"trial": found, "sites": list(sites.values()), "history": history, "today": today}
    return render(request, "trials/schedule.html", context)


@require_safe
@page(Verb.TRIAL_READ)
def schedule_csv(request: Request, ref: str) -> HttpResponse:
    """The schedule as a table, with all that is needed to draw it again."""
    found = _registered_trial(request, ref)
    with scopes_disabled():
        rows = reads.schedule(request.member, found)
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["site", "team", "municipality", "period", "first_day", "last_day", "method", "counts"])
    for row in rows:
        cells = [row.site.key, row.team, row.area, row.period + 1, *row.span, row.method, "yes" if row.counts else "no"]
        writer.writerow([_calm(cell) for cell in cells])
    headers = {"Content-Disposition": f'attachment; filename="schedule-{found.ref}.csv"'}
    return HttpResponse("\ufeff" + text.getvalue(), content_type="text/csv; charset=utf-8", headers=headers)


def _calm(cell: Any) -> Any:
    """A spreadsheet must not take a name for a formula."""
    return f"'{cell}" if isinstance(cell, str) and cell[:1] in "=+-@\t\r" else cell


def _registered_trial(request: Request, ref: str) -> Trial:
    found = reads.trial_of(request.member, ref)
    if found.state == Trial.State.DRAFT:
        raise Problem("409.716")
    return found


@require_POST
@page(Verb.TRIAL_ISSUE)
def issue(request: Request, ref: str) -> HttpResponse:
    """Work the result out, some seconds in a process of its own, and issue it in the same breath: nobody peeks."""
    found = reads.own_trial(request.member, ref)
    with scopes_disabled():
        refuse_early(found, timezone.localdate())
    try:
        content = work_out(found)
    except Problem as problem:
        return refused(request, found, problem)
    result = issue_result(member=request.member, trial=found, content=content)
    messages.success(request, _("The result is worked out, issued and frozen."))
    return redirect("trials:result", result.ref)


def _checked(result: Result) -> Result:
    """Return a result if plan and content are what they were, else Problem."""
    with scopes_disabled():
        registered(result.trial)
    if hash_of(result.content) != result.content_hash:
        raise Problem("409.717")
    return result


@require_safe
@page(Verb.TRIAL_READ)
def result(request: Request, ref: str) -> HttpResponse:
    found = _checked(reads.result_of(request.member, ref))
    wanted = request.GET.get("language", "")
    wanted = wanted if wanted in LANGUAGES else language()
    context = {
        "result": found,
        "sheet": sheet_of(found.content, wanted, issued_at=found.issued_at, content_hash=found.content_hash),
        "inside": reads.inside(request.member, found.trial),
    }
    return render(request, "trials/result.html", context)


@require_safe
@page(Verb.TRIAL_READ)
def paper(request: Request, ref: str, language: str) -> HttpResponse:
    """The same result as an accessible PDF."""
    found = _checked(reads.result_of(request.member, ref))
    if language not in LANGUAGES:
        raise Problem("404.710")
    sheet = sheet_of(found.content, language, issued_at=found.issued_at, content_hash=found.content_hash)
    headers = {"Content-Disposition": f'inline; filename="trial-{found.ref[:8]}-{language}.pdf"'}
    return HttpResponse(result_pdf(sheet), content_type="application/pdf", headers=headers)
