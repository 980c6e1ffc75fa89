"""The pages: the library, one instrument, a reading, what becomes of it, and what a result is worth."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from lygte.core.access import Verb, may, page
from lygte.core.asking import Request
from lygte.core.problems import Problem

from . import health, reads, words
from .actions import bring_instrument, count_screening, retire_instrument, undo_count
from .asked import Asked, asked_from
from .forms import BringForm, CountForm, ReadingForm, ValueForm
from .going_on import WAYS
from .library import Instrument, instruments, studies
from .predictive import worth
from .scoring import score
from .telling import told
from .workbook import workbook_of

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _described(found: Instrument) -> dict[str, Any]:
    return {
        "key": found.key,
        "version": found.version,
        "title": words.in_words(found.title),
        "about": words.in_words(found.about),
        "to_confirm": words.in_words(found.to_confirm) if found.to_confirm else "",
        "maker": words.in_words(found.maker),
        "citation": words.in_words(found.citation),
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
    own = [(one, _described(reads.built(one))) for one in reads.own_instruments(request.member)]
    context = {"instruments": shown, "own": own, "form": BringForm()}
    return render(request, "screening/library.html", context)


@require_safe
@page(Verb.SCREENING_READ)
def instrument(request: Request, key: str) -> HttpResponse:
    found = reads.instrument(request.member, key)
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
    found = reads.instrument(request.member, key)
    if not found.items:
        raise Problem("404.600")
    own = None if key in instruments() else reads.own_instrument(request.member, key)
    response = HttpResponse(bytes(own.workbook) if own else workbook_of(found), content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="lygte_{found.key}.xlsx"'
    return response


@page(Verb.SCREENING_READ)
def reading(request: Request, key: str) -> HttpResponse:
    """Read a set of answers. They come with the request, go with the answer, and stand in no log."""
    found = reads.instrument(request.member, key)
    if not found.items:
        raise Problem("404.600")
    group = request.GET.get("group", found.groups[0])
    if group not in found.groups:
        group = found.groups[0]
    form = ReadingForm(found, group, request.POST or None)
    asked = Asked(found.key, found.version, group, form.answers()) if form.is_bound and form.is_valid() else None
    result = told(found, score(found, asked.answers, group)) if asked else None
    given = {"instrument": _described(found), "form": form, "result": result, "group": group, "asked": asked}
    given["ways"] = [way for way in WAYS if may(request.member, way.verb)]
    given["count"] = CountForm(request.member)
    given["groups"] = [(code, words.GROUPS[code]) for code in found.groups]
    response = render(request, "screening/reading.html", given)
    response["Cache-Control"] = "no-store"
    return response


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


@require_POST
@page(Verb.SCREENING_COUNT)
def count(request: Request, key: str) -> HttpResponse:
    """Count one screening without anybody in it: with the answers that the page carried, or as not wanted."""
    found = reads.instrument(request.member, key)
    declined = request.POST.get("declined") == "yes"
    asked = None if declined else asked_from(found, request.POST.dict())
    made = count_screening(member=request.member, key=key, area=request.POST.get("area", ""), asked=asked)
    undo = f"undo:{reverse('screening:uncount', args=[made.ref])}"
    messages.success(request, _("Counted, without anybody in it. The answers are forgotten."), extra_tags=undo)
    return redirect("screening:instrument", key)


@require_POST
@page(Verb.SCREENING_COUNT)
def uncount(request: Request, ref: str) -> HttpResponse:
    undo_count(member=request.member, counted=reads.counted(request.member, ref))
    messages.success(request, _("It counts no more, and nothing of it is kept."))
    return redirect("screening:library")


@require_POST
@page(Verb.SCREENING_BRING)
def bring(request: Request) -> HttpResponse:
    """Bring an instrument of one's own; what is wrong with a file is told with its line, and nothing is kept of it."""
    form = BringForm(request.POST, request.FILES)
    if not form.is_valid():
        raise Problem("422.708")
    book = form.cleaned_data["workbook"]
    made = bring_instrument(
        member=request.member,
        workbook=book.read(),
        workbook_name=book.name,
        scoring=form.cleaned_data["scoring"].read(),
    )
    messages.success(request, _("%(title)s is in the library of your organisation.") % {"title": made.title})
    return redirect("screening:instrument", made.ref)


@require_POST
@page(Verb.SCREENING_BRING)
def retire(request: Request, ref: str) -> HttpResponse:
    own = retire_instrument(member=request.member, own=reads.own_instrument(request.member, ref))
    messages.success(request, _("It is out of use.") if own.retired else _("It is in use again."))
    return redirect("screening:library")


@require_safe
@page(Verb.SCREENING_READ)
def health_workbook(request: Request) -> HttpResponse:
    """The health outreach form, as a workbook for “Forms”."""
    response = HttpResponse(health.workbook(), content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="{health.FORM_ID}.xlsx"'
    return response


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
