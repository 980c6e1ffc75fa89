"""One indicator with its definition, and the charts as pictures of their own."""

from __future__ import annotations

from typing import Any

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe
from django_scopes import scopes_disabled

from lygte.core.access import Verb, page
from lygte.core.asking import Request
from lygte.core.problems import Problem

from .. import reads
from ..charts import THEMES, chart_svg
from ..content import Report, as_json, from_json, today_as_at
from ..formats import LANGUAGES
from ..models import Indicator
from ..sheet import sheet_of

SECONDS = 60


@require_safe
@page(Verb.INDICATOR_READ)
def indicator(request: Request, ref: str) -> HttpResponse:
    found = reads.indicator_of(request.member, ref)
    with scopes_disabled():
        rows = [_in_initiative(request, found, one) for one in _users(request, found)]
    context = {
        "indicator": found,
        "plan": found.plan,
        "title": reads.said(found.spec["title"]),
        "definition": reads.said(found.spec["definition"]),
        "rows": rows,
        "recipe": reads.recipe_of(found),
    }
    return render(request, "programme/indicator.html", context)


def _users(request: Request, found: Indicator) -> list[Any]:
    initiatives = reads.initiatives(request.member).filter(plan=found.plan)
    return [one for one in initiatives if found.key in one.spec["indicators"]]


def _in_initiative(request: Request, found: Indicator, initiative: Any) -> dict[str, Any]:
    as_at = today_as_at(initiative, timezone.localdate())
    seen, issued = reads.visible_report(request.member, initiative, as_at)
    sheet = sheet_of(seen, reads.language()) if seen else None
    figure = next((one for one in sheet.figures if one.key == found.key), None) if sheet else None
    if seen and issued is None:
        keep_figures(initiative.ref, seen)
    title = reads.said(initiative.title)
    return {"initiative": initiative, "title": title, "figure": figure, "sheet": sheet, "issued": issued}


@require_safe
@page(Verb.INDICATOR_READ)
def live_chart(request: Request, ref: str, key: str, theme: str) -> HttpResponse:
    """The chart of what is counted now; for those who may see it."""
    initiative = reads.initiative_of(request.member, ref)
    with scopes_disabled():
        may_see = reads.owns(request.member, initiative.plan) or reads.delivers(request.member, initiative)
        if not may_see:
            raise Problem("404.1")
        kept = cache.get(_name(initiative.ref))
        report = from_json(kept) if kept else None
        if report is None:
            report, _issued = reads.visible_report(
                request.member, initiative, today_as_at(initiative, timezone.localdate())
            )
    return _picture(request, report, key, theme)


@require_safe
@page(Verb.REPORT_READ)
def report_chart(request: Request, ref: str, key: str, theme: str) -> HttpResponse:
    """The chart of a report: frozen with it when it was issued."""
    report = reads.report_of(request.member, ref)
    with scopes_disabled():
        kept = None if report.frozen else cache.get(_name(report.ref))
        content = from_json(kept) if kept else reads.content_of(report)
    return _picture(request, content, key, theme)


def keep_figures(name: str, report: Report) -> None:
    """Keep what a page has just counted for the charts on it, so that page and charts agree and count once."""
    cache.set(_name(name), as_json(report), SECONDS)


def _name(ref: str) -> str:
    return f"programme:figures:{ref}"


def _picture(request: HttpRequest, report: Report | None, key: str, theme: str) -> HttpResponse:
    figure = next((one for one in report.figures if one.key == key), None) if report else None
    if figure is None:
        raise Problem("404.1")
    if theme not in THEMES:
        raise Problem("404.300")
    language = request.GET.get("language", "")
    narrow = request.GET.get("width") == "narrow"
    svg = chart_svg(figure, language if language in LANGUAGES else reads.language(), theme, narrow=narrow)
    return HttpResponse(svg, content_type="image/svg+xml", headers={"Cache-Control": "private, max-age=60"})
