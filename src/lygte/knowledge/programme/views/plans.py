"""Plans: what there is and what is due, one plan, one initiative, a file brought in, the authorities' follow-up."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe
from django_scopes import scopes_disabled

from lygte.core.access import Verb, page
from lygte.core.asking import Request
from lygte.core.problems import Problem

from .. import formats, reads
from ..actions import Imported, import_plan
from ..content import build_report, today_as_at
from ..forms import ImportForm, ReportForm
from ..models import Delivery, Initiative, StatusReport
from ..sheet import sheet_of
from .figures import keep_figures


@require_safe
@page(Verb.PLAN_LIST)
def plan_list(request: Request) -> HttpResponse:
    with scopes_disabled():
        found = list(reads.plans(request.member).prefetch_related("initiatives"))
    rows = [
        {
            "plan": plan,
            "title": reads.said(plan.title),
            "period": formats.period((plan.first_month, plan.last_month), reads.language()),
            "initiatives": len(plan.initiatives.all()),
        }
        for plan in found
    ]
    waiting = [one for one in reads.due(request.member) if not one.answered]
    return render(request, "programme/plan_list.html", {"rows": rows, "due": waiting})


@require_http_methods(["GET", "POST"])
@page(Verb.PLAN_IMPORT)
def plan_import(request: Request) -> HttpResponse:
    form = ImportForm(request.POST, request.FILES) if request.method == "POST" else ImportForm()
    problem = None
    if request.method == "POST" and form.is_valid():
        try:
            imported = import_plan(member=request.member, content=form.cleaned_data["file"].read())
        except Problem as found:
            problem = found
        else:
            messages.success(request, _said_of(imported))
            return redirect("programme:plan", imported.plan.ref)
    status = problem.status if problem else 400 if form.errors else 200
    return render(request, "programme/plan_import.html", {"form": form, "problem": problem}, status=status)


def _said_of(imported: Imported) -> str:
    if imported.new:
        return _("The plan has been imported.")
    if not imported.changes:
        return _("The plan was here already, and the file says nothing new.")
    count = len(imported.changes)
    said = ngettext(
        "{count} thing in the plan has changed: {what}", "{count} things in the plan have changed: {what}", count
    )
    more = " …" if count > 5 else ""
    return said.format(count=count, what="; ".join(imported.changes[:5]) + more)


@require_safe
@page(Verb.PLAN_READ)
def plan(request: Request, ref: str) -> HttpResponse:
    found = reads.plan_of(request.member, ref)
    with scopes_disabled():
        first = found.initiatives.select_related("plan").earliest("number")
        sheet = sheet_of(build_report(first, first.last_month, figures=False), reads.language())
        rows = [
            _initiative_row(one) for one in found.initiatives.prefetch_related("milestones", "deliveries__organisation")
        ]
    indicators = [(one, reads.said(one.spec["title"])) for one in found.indicators.all()]
    context = {
        "plan": found,
        "title": reads.said(found.title),
        "about": reads.said(found.content["about"]),
        "period": formats.period((found.first_month, found.last_month), reads.language()),
        "sheet": sheet,
        "rows": rows,
        "indicators": indicators,
        "owns": reads.owns(request.member, found),
    }
    return render(request, "programme/plan.html", context)


def _initiative_row(one: Initiative) -> dict[str, object]:
    language = reads.language()
    money = one.spec.get("money")
    return {
        "initiative": one,
        "title": reads.said(one.title),
        "period": formats.period((one.first_month, one.last_month), language),
        "money": formats.money(money["amount"], money["currency"], language) if money else "",
        "due": [(reads.said(m.title), formats.due(m.due, language)) for m in one.milestones.all()],
        "deliverers": sorted({delivery.organisation.name for delivery in one.deliveries.all()}),
    }


@require_safe
@page(Verb.PLAN_READ)
def initiative(request: Request, ref: str) -> HttpResponse:
    found = reads.initiative_of(request.member, ref)
    as_at = today_as_at(found, timezone.localdate())
    with scopes_disabled():
        live, issued = reads.visible_report(request.member, found, as_at)
        sheet = sheet_of(build_report(found, as_at, figures=False), reads.language())
        figures = sheet_of(live, reads.language()).figures if live else ()
        if live and issued is None:
            keep_figures(found.ref, live)
        indicator_refs = dict(found.plan.indicators.values_list("key", "ref"))
        deliveries = list(found.deliveries.select_related("organisation"))
        reports = list(reads.reports(request.member, found))
    owns = reads.owns(request.member, found.plan)
    context = {
        "initiative": found,
        "plan": found.plan,
        "sheet": sheet,
        "figures": [(one, indicator_refs.get(one.key)) for one in figures],
        "issued": issued,
        "as_at": formats.month(issued.as_at if issued else as_at, reads.language()),
        "milestones": [one for one in reads.due(request.member) if one.initiative.pk == found.pk],
        "deliveries": [_delivery_row(one, found) for one in deliveries],
        "reports": [(one, formats.month(one.as_at, reads.language())) for one in reports],
        "owns": owns,
        "form": ReportForm(found, as_at) if owns and found.spec["indicators"] else None,
    }
    return render(request, "programme/initiative.html", context)


def _delivery_row(one: Delivery, found: Initiative) -> dict[str, object]:
    from_to = (one.from_month, one.to_month or found.last_month)
    return {
        "delivery": one,
        "organisation": one.organisation.name,
        "areas": ", ".join(reads.area_names(one.areas)),
        "months": formats.period(from_to, reads.language()) if from_to[0] <= from_to[1] else _("taken back"),
        "open": not one.to_month,
    }


@require_safe
@page(Verb.FOLLOW_UP_READ)
def follow_up(request: Request) -> HttpResponse:
    """What a group of authorities gets: issued totals only, and what is due. Never a place, never a visit."""
    rows = []
    with scopes_disabled():
        for one in reads.initiatives(request.member).prefetch_related("reports"):
            issued = [r for r in one.reports.all() if r.state == StatusReport.State.ISSUED]
            rows.append(_follow_up_row(one, issued[0] if issued else None))
    due = [one for one in reads.due(request.member) if not one.answered]
    return render(request, "programme/follow_up.html", {"rows": rows, "due": due})


def _follow_up_row(one: Initiative, issued: StatusReport | None) -> dict[str, object]:
    sheet = sheet_of(reads.content_of(issued), reads.language()) if issued else None
    return {
        "initiative": one,
        "title": reads.said(one.title),
        "plan": reads.said(one.plan.title),
        "followed_by": one.spec.get("followed_by", []),
        "report": issued,
        "url": reverse("programme:report", args=[issued.ref]) if issued else "",
        "sheet": sheet,
        "figures": sheet.figures[:4] if sheet else (),
    }
