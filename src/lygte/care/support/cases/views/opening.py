"""Opening a case: one calm page, consent first."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lygte.core.access import Verb, page
from lygte.core.asking import Request
from lygte.core.consent.ledger import Said
from lygte.core.consent.texts import text_of, written_in
from lygte.core.problems import Problem
from lygte.core.vault.keyring import keyring_of
from lygte.core.vault.keys import require_two_holders

from ..actions import open_case
from ..actions.cases import Agreed, Told
from ..forms import ASKED_APART, OpenForm, ReadInForm

FROM_ADDRESS = ("area", "way_in", "language")  # what a visit may hand over: never which visit, and never a person


@require_http_methods(["GET", "POST"])
@page(Verb.CASE_OPEN)
def case_open(request: Request) -> HttpResponse:
    """Read the text aloud, tick what was said yes to, write down what they ask for."""
    member = request.member
    require_two_holders(member)
    keyring_of(member)  # before anybody writes anything that could not be kept
    initial = {name: request.GET[name] for name in FROM_ADDRESS if name in request.GET}
    form = OpenForm(member, request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            return _open(request, form)
        except Problem as problem:
            if problem.status != 422:
                raise
            form.add_error(None, f"{problem.sentence} {problem.next_step}")
    read_in = _read_in(request)
    context = {
        "form": form,
        "read_in": ReadInForm(initial={"read_in": read_in}),
        "kept": [(name, request.GET[name]) for name in FROM_ADDRESS if name in request.GET],
        "text": text_of("support", read_in),
        "more": [text_of(purpose.value, read_in) for purpose in ASKED_APART],
        "read_language": read_in,
    }
    return render(request, "cases/open.html", context, status=400 if form.errors else 200)


def _read_in(request: Request) -> str:
    """Return the language in which the text is shown: the chosen one, or the reader's own."""
    wanted = request.POST.get("read_in") or request.GET.get("read_in") or (get_language() or "en")[:2]
    return wanted if wanted in written_in() else "en"


def _open(request: Request, form: OpenForm) -> HttpResponse:
    data = form.cleaned_data
    case = open_case(
        member=request.member,
        said=Said(_read_in(request), data["manner"]),
        agreed=Agreed(data["groups"], data["purposes"]),
        area=data["area"],
        way_in=data["way_in"],
        language=data["language"],
        asked_on=data["asked_on"],
        told=Told(
            data["asked"],
            {name: data[name] for name in form.NAME},
            {name: data[name] for name in form.REACH},
        ),
    )
    messages.success(request, _("The case is open. Its code is %(code)s.") % {"code": case.person.code})
    return redirect("cases:case", case.ref)
