"""Rights at work, for everybody: cards in many languages, to be read on a phone or printed."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from lygte.core.access import public
from lygte.core.problems import Problem

from .areas import AREAS
from .at_work import COUNTRIES, cards_for, spoken


@require_safe
@public
def at_work(request: HttpRequest, country: str, language: str) -> HttpResponse:
    """Show the cards of a country in a language; one that has none is read in English."""
    here = country.upper()
    if here not in COUNTRIES:
        raise Problem("404.1")
    languages = dict(spoken())
    read_in = language if language in languages else "en"
    today = timezone.localdate()
    shown = [(card, *card.words[read_in], card.old(today)) for card in cards_for(here)]
    context = {
        "cards": shown,
        "country": AREAS[here],
        "countries": [(code.lower(), AREAS[code]) for code in COUNTRIES],
        "here": here.lower(),
        "language": read_in,
        "spoken": spoken(),
    }
    return render(request, "directory/at_work.html", context)
