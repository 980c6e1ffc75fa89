"""The pages: the library, one instrument, a reading that nobody keeps, and what a result is worth."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from lygte.core.access import Verb, page
from lygte.core.asking import Request
from lygte.core.problems import Problem

from . import words
from .forms import ReadingForm, ValueForm
from .library import Instrument, instruments, studies
from .predictive import worth
from .scoring import Result, score
from .workbook import workbook_of

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _instrument(key: str) -> Instrument:
    found = instruments().get(key)
    if found is None:
        raise Problem("404.1")
    return found


def _described(found: Instrument) -> dict[str, Any]:
    return {
        "key": found.key,
        "version": found.version,
        "title": words.in_words(found.title),
        "about": words.in_words(found.about),
        "to_confirm": words.in_words(found.to_confirm) if found.to_confirm else "",
        "maker": found.maker,
        "citation": found.citation,
        "checked": found.checked,
        "licence": words.LICENCES[found.licence],
        "rule": words.RULES[found.rule],
        "weighted": found.weighted,
        "empty": not found.items,
        "signs": len(found.items),
    }


@require_safe
@page(Verb.SCREENING_READ)
def library(request: Request) -> HttpResponse:
    shown = [_described(found) for found in instruments().values()]
    return render(request, "screening/library.html", {"instruments": shown})


@require_safe
@page(Verb.SCREENING_READ)
def instrument(request: Request, key: str) -> HttpResponse:
    found = _instrument(key)
    sections = [
        (words.in_words(title), [_row(item.words, item.weights) for item in found.items if item.dimension == section])
        for section, title in found.sections.items()
    ]
    given = {"instrument": _described(found), "sections": sections, "groups": found.groups}
    return render(request, "screening/instrument.html", given)


def _row(said: Any, weights: Any) -> dict[str, Any]:
    return {"words": words.in_words(said), **{group: words.WEIGHTS[weight] for group, weight in weights.items()}}


@require_safe
@page(Verb.SCREENING_READ)
def workbook(request: Request, key: str) -> HttpResponse:
    found = _instrument(key)
    if not found.items:
        raise Problem("404.600")
    response = HttpResponse(workbook_of(found), content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="lygte_{found.key}.xlsx"'
    return response


@page(Verb.SCREENING_READ)
def reading(request: Request, key: str) -> HttpResponse:
    """Read a set of answers. They come with the request, go with the answer, and stand in no log."""
    found = _instrument(key)
    if not found.items:
        raise Problem("404.600")
    group = request.GET.get("group", found.groups[0])
    if group not in found.groups:
        group = found.groups[0]
    form = ReadingForm(found, group, request.POST or None)
    result = _told(found, score(found, form.answers(), group)) if form.is_bound and form.is_valid() else None
    given = {"instrument": _described(found), "form": form, "result": result, "group": group}
    given["groups"] = [(code, words.GROUPS[code]) for code in found.groups]
    response = render(request, "screening/reading.html", given)
    response["Cache-Control"] = "no-store"
    return response


def _told(found: Instrument, result: Result) -> dict[str, Any]:
    signs = {item.path: words.in_words(item.words) for item in found.items}
    return {
        "dimensions": [
            {"title": words.in_words(found.sections[one.key]), "state": words.STATES[one.state], "counts": one}
            for one in result.dimensions
        ],
        "present": [
            (signs[path], words.ANSWERS[answer]) for path, answer in result.present if not path.startswith("test/")
        ],
        "law": [signs[path] for path, _answer in result.present if path.startswith("test/")],
        "reading": words.READINGS[result.reading] if result.dimensions else words.PLAIN,
        "next_step": words.NEXT_STEPS.get(result.next_step, ""),
    }


@require_safe
@page(Verb.SCREENING_READ)
def value(request: Request) -> HttpResponse:
    """Show what a result is worth where so many are concerned; the figures are in the address."""
    form = ValueForm(request.GET or None, initial={"prevalence": 2, "sensitivity": 90, "specificity": 75})
    found = None
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        found = worth(given["sensitivity"] / 100, given["specificity"] / 100, given["prevalence"] / 100)
    shares = {
        "positive": _hundred(found.positive_value if found else None),
        "negative": _hundred(found.negative_value if found else None),
    }
    return render(
        request, "screening/value.html", {"form": form, "worth": found, "shares": shares, "studies": _studies()}
    )


def _hundred(share: float | None) -> float | None:
    return None if share is None else round(100 * share, 1)


def _studies() -> list[dict[str, Any]]:
    return [
        {
            "study": study,
            "sensitivity": round(100 * study.sensitivity, 1),
            "specificity": round(100 * study.specificity, 1),
        }
        for study in studies()
    ]
