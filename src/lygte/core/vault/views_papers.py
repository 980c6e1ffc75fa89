"""Making and renewing the organisation's key, and its two recovery papers: shown once, read back, tested, used."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from ..access import Verb, page
from ..asking import Request
from ..problems import Problem
from .forms import HalvesForm, KeepersForm, RecoverForm, SetUpForm, WordsForm
from .keys import set_up
from .models import OrganisationKey
from .papers import Papers, note_papers_checked, paper_of, pdf_of, send_along, take_back
from .recovery import Halves, half_of, paper_fingerprint, recover, renew_papers, test_recovery
from .renewal import renew_organisation_key
from .views import hold_open
from .wraps import current_key


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
@page(Verb.KEY_SET_UP)
def begin(request: Request) -> HttpResponse:
    """Make the organisation's key, and go on to its papers."""
    if (
        request.method != "POST"
        and OrganisationKey.objects.filter(organisation=request.member.organisation, retired_at=None).exists()
    ):
        return redirect("vault:keys")
    form = SetUpForm(request, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        made = set_up(member=request.member, passphrase=given["passphrase"])
        hold_open(request, made.keyring)
        return _show_first(request, made.organisation_key, made.halves, given)
    return render(request, "vault/set_up.html", {"form": form}, status=400 if form.errors else 200)


def _show_first(
    request: Request, organisation_key: OrganisationKey, halves: Halves, given: dict[str, Any]
) -> HttpResponse:
    """Answer with the first of two fresh papers. The answer is the only place where it ever stands."""
    return _show(request, Papers.fresh(organisation_key, halves, (given["first"], given["second"])), organisation_key)


def _key_of(request: Request, papers: Papers) -> OrganisationKey:
    found = OrganisationKey.objects.filter(
        pk=papers.organisation_key, organisation=request.member.organisation, retired_at=None
    ).first()
    if found is None:
        raise Problem("423.6")
    return found


def _show(
    request: Request, papers: Papers, organisation_key: OrganisationKey, form: WordsForm | None = None
) -> HttpResponse:
    along = send_along(request, request.member, papers)
    if papers.step < 3:
        paper = paper_of(papers, organisation_key, papers.step)
        return render(request, "vault/paper.html", {"paper": paper, "along": along})
    context = {"form": form or WordsForm(papers), "along": along, "papers": papers}
    return render(request, "vault/papers_check.html", context, status=400 if form else 200)


@never_cache
@sensitive_post_parameters()
@require_POST
@page(Verb.KEY_RECOVER)
def papers(request: Request) -> HttpResponse:
    """Go on from the first paper to the second, to the question for words, to the end."""
    found = take_back(request, request.member, request.POST.get("papers", ""))
    organisation_key = _key_of(request, found)
    if found.step < 3:
        return _show(request, found.next(), organisation_key)
    form = WordsForm(found, request.POST)
    if not form.is_valid():
        return _show(request, found, organisation_key, form)
    note_papers_checked(member=request.member, organisation_key=organisation_key)
    messages.success(request, _("Both papers are right. Hand them to the two people who keep them."))
    return redirect("vault:keys")


@never_cache
@sensitive_post_parameters()
@require_POST
@page(Verb.KEY_RECOVER)
def paper_file(request: Request) -> HttpResponse:
    """Answer with the paper that is being shown, as a PDF made in memory."""
    found = take_back(request, request.member, request.POST.get("papers", ""))
    paper = paper_of(found, _key_of(request, found), min(found.step, 2))
    answer = HttpResponse(pdf_of(paper), content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="paper-{paper.number}.pdf"'
    return answer


def _halves(form: HalvesForm) -> Halves | None:
    """Return the two halves that somebody typed; where one is misread, say it beside that paper."""
    found = []
    for name in ("first", "second"):
        try:
            found.append(half_of(form.cleaned_data[name]))
        except Problem as problem:
            form.add_error(name, f"{problem.sentence} {problem.at or problem.next_step}")
    return (found[0], found[1]) if len(found) == 2 else None


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
@page(Verb.KEY_RECOVER)
def papers_test(request: Request) -> HttpResponse:
    """Read both papers back whole: they must open the organisation's key. Nothing is opened by it."""
    form = HalvesForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and (halves := _halves(form)):
        try:
            test_recovery(member=request.member, halves=halves)
            messages.success(request, _("Both papers work. The next test is due in a year."))
            return redirect("vault:keys")
        except Problem as problem:
            _say(form, problem)
    context = {"form": form, "fingerprint": paper_fingerprint(request.member.organisation)}
    return render(request, "vault/papers_test.html", context, status=400 if form.errors else 200)


def _say(form: HalvesForm, problem: Problem) -> None:
    """Tell what is wrong with the papers beside them; anything else is a page of its own."""
    if not problem.number.startswith("422."):
        raise problem
    form.add_error(None, f"{problem.sentence} {problem.next_step}")


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
@page(Verb.KEY_RECOVER)
def recovering(request: Request) -> HttpResponse:
    """Let the member in by the two papers, with a new key of their own."""
    form = RecoverForm(request, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and (halves := _halves(form)):
        try:
            keyring = recover(member=request.member, passphrase=form.cleaned_data["passphrase"], halves=halves)
            hold_open(request, keyring)
            messages.success(request, _("You hold the key again. Let a second colleague in now."))
            return redirect("vault:keys")
        except Problem as problem:
            _say(form, problem)
    context = {"form": form, "fingerprint": paper_fingerprint(request.member.organisation)}
    return render(request, "vault/recover.html", context, status=400 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "POST"])
@page(Verb.KEY_RENEW)
def new_papers(request: Request) -> HttpResponse:
    """Make two new papers; those that were printed before open nothing any more."""
    form = KeepersForm(request.POST if request.method == "POST" else None)
    organisation_key = current_key(request.member.organisation)
    if request.method == "POST" and form.is_valid():
        halves = renew_papers(member=request.member)
        organisation_key.refresh_from_db()
        return _show_first(request, organisation_key, halves, form.cleaned_data)
    return render(request, "vault/new_papers.html", {"form": form}, status=400 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@page(Verb.KEY_RENEW)
def renewing(request: Request) -> HttpResponse:
    """Renew the organisation's key: who has left holds nothing any more."""
    if request.method == "POST":
        renewed = renew_organisation_key(member=request.member)
        messages.success(
            request,
            _("The key is renewed; %(count)s locked keys were sealed to it anew.") % {"count": renewed.resealed},
        )
        return redirect("vault:keys")
    current_key(request.member.organisation)
    return render(request, "vault/renew.html")
