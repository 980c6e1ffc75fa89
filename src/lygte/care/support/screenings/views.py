"""Two pages: into which case a screening goes, and the screenings of one case."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from lygte.care.screening.handover import asked_in, instrument, result_of, told
from lygte.care.support.cases.handover import actions as case_actions
from lygte.care.support.cases.handover import case_card, person_of
from lygte.core.access import Verb, page
from lygte.core.asking import Request
from lygte.core.problems import Problem
from lygte.core.vault.keyring import keyring_of

from . import reads
from .actions import PARTS, keep_screening


@never_cache
@sensitive_post_parameters()
@require_POST
@page(Verb.SCREENING_KEEP)
def keep(request: Request) -> HttpResponse:
    """Ask into which case, and what of it; the answers travel in the page and are stored nowhere before that."""
    keyring_of(request.member)
    asked = asked_in(request.member, request.POST.dict())
    if request.POST.get("case"):
        person = person_of(request.member, request.POST["case"])
        keep_screening(member=request.member, person=person, asked=asked, parts=request.POST.getlist("parts"))
        messages.success(
            request, _("The screening is in the case, locked. The person can read it and have it removed.")
        )
        return redirect("screenings:case", request.POST["case"])
    found = instrument(request.member, asked.instrument)
    context = {
        "asked": asked,
        "result": told(found, result_of(request.member, asked)),
        "choices": reads.choices(request.member),
        "parts": PARTS,
    }
    return render(request, "screenings/keep.html", context)


@never_cache
@require_safe
@page(Verb.CASE_READ)
def case(request: Request, ref: str) -> HttpResponse:
    """Show the screenings of one case to its team."""
    person = person_of(request.member, ref)
    card = case_card(request.member, person)
    context = {
        "person": person,
        "card": card,
        "asks_consent": reads.asks_consent(request.member, person),
        "screenings": reads.of_person(request.member, person),
    }
    return render(request, "screenings/case.html", context)


@require_POST
@page(Verb.SCREENING_KEEP)
def remove(request: Request, ref: str) -> HttpResponse:
    """Remove one for good, because the person wants it or it was a mistake."""
    record = reads.screening(request.member, ref)
    card = case_card(request.member, record.person)
    case_actions.remove_record(member=request.member, record=record)
    messages.success(request, _("Removed for good."))
    if card is None:
        raise Problem("404.1")
    return redirect(reverse("screenings:case", args=[card.ref]))
