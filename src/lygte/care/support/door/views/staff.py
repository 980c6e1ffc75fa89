"""What the team does for the door: makes a slip, shows who has seen the person, reads and answers what they wrote."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lygte.care.support.cases.handover import family
from lygte.core.access import Verb, fetch, page
from lygte.core.asking import Request
from lygte.core.consent import gate
from lygte.core.consent.codes import Via
from lygte.core.consent.models import Person
from lygte.core.consent.reads import page_of
from lygte.core.problems import Problem
from lygte.core.vault.keyring import keyring_of

from .. import codes, marks
from ..accounts import answer_own
from ..forms import AnswerForm, SlipForm
from ..models import Account
from ..paper import FILE_NAME, slip_pdf
from ..seen import seen_page
from ..slips import Slip, end_slip, make_slip, require_team, slip_of
from ..words import words_for_team
from .frame import unseen


def _person(request: Request, ref: str) -> Person:
    """Return a person on whose team the member is, with their organisation at hand."""
    person = fetch(request.member, Person, ref)
    require_team(request.member, person)
    return person


def _case_url(person: Person) -> str:
    return page_of(person) or reverse("site:today")


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@page(Verb.CASE_SLIP)
def slip_make(request: Request, ref: str) -> HttpResponseBase:
    """Make a slip and show it, once."""
    person = _person(request, ref)
    keyring_of(request.member)  # asks for the passphrase before the form, not after it
    form = SlipForm(request.POST or None, initial={"language": "en", "lasts": "year"})
    if request.method == "POST" and form.is_valid():
        slip = make_slip(member=request.member, person=person, **form.cleaned_data)
        return unseen(render(request, "door/slip_shown.html", _shown(request, person, slip)))
    context = {"person": person, "form": form, "slip": slip_of(person), "case_url": _case_url(person)}
    return render(request, "door/slip_make.html", context, status=400 if form.errors else 200)


def _address(request: Request) -> str:
    return request.get_host() + reverse("door:enter")


def _shown(request: Request, person: Person, slip: Slip) -> dict[str, object]:
    return {
        "person": person,
        "slip": slip,
        "address": _address(request),
        "code": " ".join(slip.numbers),
        "case_url": _case_url(person),
    }


@sensitive_post_parameters()
@require_POST
@page(Verb.CASE_SLIP)
def slip_file(request: Request, ref: str) -> HttpResponseBase:
    """Set the code that the page before has just shown as a PDF. It passes through, and is kept nowhere."""
    _person(request, ref)
    meant = codes.read(request.POST.get("code", ""))
    if not meant:
        raise Problem("422.580")
    words = codes.words_of(meant[0], request.POST.get("language", "en"))
    content = slip_pdf(words, codes.numbers_of(meant[0]), _address(request))
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{FILE_NAME}"'
    return unseen(response)


@require_POST
@page(Verb.CASE_SLIP)
def slip_end(request: Request, ref: str) -> HttpResponse:
    person = _person(request, ref)
    end_slip(member=request.member, person=person)
    messages.success(request, _("The paper opens nothing any more."))
    return redirect("door:slip_make", ref=person.ref)


@require_safe
@never_cache
@page(Verb.CASE_READ)
def seen_by(request: Request, ref: str) -> HttpResponse:
    """Show who has seen the person: the same lines as on their own page, for somebody without a slip."""
    person = _person(request, ref)
    gate.note_seen(member=request.member, seen={person: []}, via=Via.PAGE, recipient=marks.SHOWN)
    context = {
        "person": person,
        "seen": seen_page(family(person), request.GET.get("page")),
        "case_url": _case_url(person),
    }
    return render(request, "door/seen_by.html", context)


@require_safe
@never_cache
@page(Verb.CASE_READ)
def words(request: Request, ref: str) -> HttpResponse:
    """Show what the person wrote, beside what it is about, as far as they agree to it."""
    person = _person(request, ref)
    return render(request, "door/words.html", _words(request, person))


def _words(request: Request, person: Person) -> dict[str, object]:
    return {
        "person": person,
        "written": words_for_team(request.member, person),
        "form": AnswerForm(),
        "slip": slip_of(person),
        "case_url": _case_url(person),
    }


@require_POST
@page(Verb.CASE_CHANGE)
def answer(request: Request, ref: str) -> HttpResponse:
    """Answer a request to correct something. What the person wrote stays as it is."""
    account = fetch(request.member, Account, ref)
    form = AnswerForm(request.POST)
    if not form.is_valid():
        context = {**_words(request, _person(request, account.person.ref)), "form": form, "answering": account.ref}
        return render(request, "door/words.html", context, status=400)
    opened = gate.read(member=request.member, records=[account])
    if account.ref in opened.refused:
        raise Problem(opened.refused[account.ref])
    answer_own(
        member=request.member, account=account, values=dict(opened.get(account)), answer=form.cleaned_data["answer"]
    )
    messages.success(request, _("The answer stands on the person's page."))
    return redirect("door:words", ref=account.person.ref)
