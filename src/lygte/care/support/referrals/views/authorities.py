"""The pages about authorities: the register, asking for a disclosure, the second person, the paper."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lygte.care.support.cases.handover import case_card
from lygte.core.access import Verb, may, page
from lygte.core.asking import Request
from lygte.core.problems import Problem
from lygte.core.vault.keyring import keyring_of

from .. import reads
from ..actions.disclosures import (
    WAITING,
    ask_disclosure,
    confirm_disclosure,
    hand_over,
    look_at,
    refuse_disclosure,
    refuse_request,
    stands,
)
from ..forms import DiscloseForm, ReasonForm, RefusedForm
from ..models import TOLD, Disclosure
from ..paper import pdf_of
from ..rules import said
from .sending import case_address


@require_safe
@page(Verb.DISCLOSURE_ASK)
def register(request: Request) -> HttpResponse:
    """List what authorities wanted and what became of it. It names nobody."""
    found = Paginator(reads.register(request.member), 50).get_page(request.GET.get("page"))
    return render(request, "referrals/register.html", {"page": found})


@require_http_methods(["GET", "POST"])
@page(Verb.DISCLOSURE_ASK)
def request_refused(request: Request) -> HttpResponse:
    form = RefusedForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        refuse_request(member=request.member, **form.cleaned_data)
        messages.success(
            request, _("The refusal is in the register. It will stand in the public table, without our name.")
        )
        return redirect("referrals:register")
    return render(request, "referrals/request_refused.html", {"form": form}, status=400 if form.errors else 200)


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
@page(Verb.DISCLOSURE_ASK)
def disclose(request: Request, ref: str) -> HttpResponse:
    """Choose piece by piece what an authority would be told, and on which ground; a second person confirms it."""
    person = reads.person(request.member, ref)
    keyring_of(request.member)
    card = case_card(request.member, person)
    initial = {"language": card.language if card else ""}
    form = DiscloseForm(reads.authorities(request.member), request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            made = ask_disclosure(member=request.member, person=person, **form.asked())
        except Problem as problem:
            if problem.status != 422:
                raise
            form.add_error(None, f"{problem.sentence} {problem.next_step}")
        else:
            messages.success(request, _("A second person must confirm it. Nothing has been handed over."))
            return redirect("referrals:disclosure", made.ref)
    context = {"person": person, "case": case_address(request, person), "form": form}
    return render(request, "referrals/disclose.html", context, status=400 if form.errors else 200)


@never_cache
@require_safe
@page(Verb.DISCLOSURE_ASK)
def disclosure(request: Request, ref: str) -> HttpResponse:
    found = reads.disclosure(request.member, ref)
    values = look_at(member=request.member, disclosure=found)
    standing = stands(found)
    waits = standing and found.state == "asked" and found.asked_by_id != request.member.pk
    context = {
        "disclosure": found,
        "person": found.person,
        "pieces": [(Disclosure.PERSONAL[code].label, said(code, values[code])) for code in TOLD if code in values],
        "order": [
            (Disclosure.PERSONAL[c].label, values[c]) for c in ("court", "order_number", "order_day") if c in values
        ],
        "taken_back": found.state in WAITING and not standing,
        "can_confirm": waits and may(request.member, Verb.DISCLOSURE_CONFIRM),
        "form": ReasonForm(),
    }
    return render(request, "referrals/disclosure.html", context)


@require_POST
@page(Verb.DISCLOSURE_CONFIRM)
def confirm(request: Request, ref: str) -> HttpResponse:
    confirm_disclosure(member=request.member, disclosure=reads.disclosure(request.member, ref))
    messages.success(request, _("Confirmed. The paper can be made, once."))
    return redirect("referrals:disclosure", ref)


@require_POST
@page(Verb.DISCLOSURE_ASK)
def refuse(request: Request, ref: str) -> HttpResponse:
    found = reads.disclosure(request.member, ref)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        raise Problem("422.542")
    refuse_disclosure(member=request.member, disclosure=found, reason=form.cleaned_data["reason"])
    messages.success(request, _("Nothing is handed over. What was written for it is thrown away."))
    return redirect("referrals:register")


@never_cache
@require_POST
@page(Verb.DISCLOSURE_ASK)
def paper(request: Request, ref: str) -> HttpResponse:
    """Make the paper, once; it is not kept."""
    made = hand_over(member=request.member, disclosure=reads.disclosure(request.member, ref))
    answer = HttpResponse(pdf_of(made), content_type="application/pdf")
    answer["Content-Disposition"] = 'attachment; filename="paper.pdf"'
    return answer
