"""Status reports: read as a page or on paper, written, issued."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_scopes import scopes_disabled

from lygte.core.access import Verb, page
from lygte.core.asking import Request
from lygte.core.problems import Problem

from .. import reads
from ..actions import issue_report, start_report, write_narrative
from ..content import SECTIONS, Report, today_as_at
from ..formats import LANGUAGES
from ..forms import NarrativeForm, ReportForm
from ..models import StatusReport
from ..pdf import report_pdf
from ..sheet import Sheet, sheet_of
from .figures import keep_figures


@require_POST
@page(Verb.REPORT_WRITE)
def report_start(request: Request, ref: str) -> HttpResponse:
    initiative = reads.own_initiative(request.member, ref)
    form = ReportForm(initiative, today_as_at(initiative, timezone.localdate()), request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose the month up to which the report tells."))
        return redirect("programme:initiative", initiative.ref)
    report = start_report(member=request.member, initiative=initiative, as_at=form.cleaned_data["as_at"])
    return redirect("programme:report", report.ref)


@require_safe
@page(Verb.REPORT_READ)
def report(request: Request, ref: str) -> HttpResponse:
    found = reads.report_of(request.member, ref)
    language = request.GET.get("language", "")
    language = language if language in LANGUAGES else reads.language()
    owns = reads.owns(request.member, found.initiative.plan)
    with scopes_disabled():
        content = reads.content_of(found)
        drift = reads.drift_of(found) if found.frozen and _sees_live(request, found) else []
        refs = dict(found.initiative.plan.indicators.values_list("key", "ref"))
    if found.frozen is None:
        keep_figures(found.ref, content)
    sheet = _sheet(found, content, language)
    context = {
        "report": found,
        "sheet": sheet,
        "figures": [(one, refs.get(one.key)) for one in sheet.figures],
        "report_language": language,
        "drift": drift,
        "owns": owns,
        "draft": found.state == StatusReport.State.DRAFT,
    }
    return render(request, "programme/report.html", context)


def _sees_live(request: Request, found: StatusReport) -> bool:
    plan = found.initiative.plan
    return reads.owns(request.member, plan) or reads.delivers(request.member, found.initiative)


def _sheet(found: StatusReport, content: Report, language: str) -> Sheet:
    return sheet_of(content, language, issued_at=found.issued_at, content_hash=found.content_hash)


@require_safe
@page(Verb.REPORT_READ)
def report_paper(request: Request, ref: str, language: str) -> HttpResponse:
    """The same report as an accessible PDF."""
    found = reads.report_of(request.member, ref)
    if language not in LANGUAGES:
        raise Problem("404.300")
    with scopes_disabled():
        content = reads.content_of(found)
    paper = report_pdf(content, _sheet(found, content, language))
    name = f"{content.plan_key}-{content.number}-{found.as_at}-{language}.pdf"
    headers = {"Content-Disposition": f'inline; filename="{name}"'}
    return HttpResponse(paper, content_type="application/pdf", headers=headers)


@require_http_methods(["GET", "POST"])
@page(Verb.REPORT_WRITE)
def report_write(request: Request, ref: str) -> HttpResponse:
    found = _own_draft(request, ref)
    form = NarrativeForm(found, request.POST or None)
    if request.method == "POST" and form.is_valid():
        words = {name: form.cleaned_data[name] for name in SECTIONS}
        language = form.cleaned_data["language"]
        write_narrative(member=request.member, report=found, narrative=words, language=language)
        messages.success(request, _("Your words have been saved."))
        return redirect("programme:report", found.ref)
    title = reads.said(found.initiative.title)
    context = {"form": form, "report": found, "title": title, "sections": [form[name] for name in SECTIONS]}
    return render(request, "programme/report_write.html", context, status=400 if form.errors else 200)


@require_POST
@page(Verb.REPORT_ISSUE)
def report_issue(request: Request, ref: str) -> HttpResponse:
    found = _own_draft(request, ref)
    issue_report(member=request.member, report=found)
    messages.success(request, _("The report has been issued. Its figures are frozen and carry a fingerprint."))
    return redirect("programme:report", found.ref)


def _own_draft(request: Request, ref: str) -> StatusReport:
    found = reads.report_of(request.member, ref)
    reads.own_initiative(request.member, found.initiative.ref)
    if found.state == StatusReport.State.ISSUED:
        raise Problem("409.301")
    return found
