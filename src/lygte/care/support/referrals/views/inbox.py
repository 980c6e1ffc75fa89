"""The pages of an organisation that receives referrals on Lygte."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from lygte.core.access import Verb, page
from lygte.core.asking import Request
from lygte.directory.services.codes import ASKS

from .. import reads
from ..actions.receiving import Opened, answer_package, confirm_deletion, open_package
from ..forms import AnswerForm
from ..rules import FOLLOWS, said


@require_safe
@page(Verb.REFERRAL_RECEIVE)
def inbox(request: Request) -> HttpResponse:
    """List what was sent to us; what is inside shows on its own page only."""
    closed = request.GET.get("show") == "closed"
    found = Paginator(reads.inbox(request.member, closed=closed), 25).get_page(request.GET.get("page"))
    return render(request, "referrals/inbox.html", {"page": found, "closed": closed})


@never_cache
@require_safe
@page(Verb.REFERRAL_RECEIVE)
def package(request: Request, ref: str) -> HttpResponse:
    """Open a package; the person can see that we did."""
    opened = open_package(member=request.member, package=reads.incoming(request.member, ref))
    return _show(request, opened, AnswerForm(FOLLOWS.get(opened.package.answer, frozenset())))  # type: ignore[arg-type]


def _show(request: Request, opened: Opened, form: AnswerForm) -> HttpResponse:
    context = {
        "package": opened.package,
        "pieces": [(ask.label, said(code, opened.values[code])) for code, ask in ASKS.items() if code in opened.values],
        "form": form,
        "can_answer": bool(FOLLOWS.get(opened.package.answer)) and not opened.package.end,
    }
    return render(request, "referrals/package.html", context, status=400 if form.errors else 200)


@never_cache
@sensitive_post_parameters()
@require_POST
@page(Verb.REFERRAL_RECEIVE)
def answer(request: Request, ref: str) -> HttpResponse:
    found = reads.incoming(request.member, ref)
    form = AnswerForm(FOLLOWS.get(found.answer, FOLLOWS[""]), request.POST)  # type: ignore[arg-type]
    if not form.is_valid():
        return _show(request, open_package(member=request.member, package=found), form)
    given = {name: form.cleaned_data.get(name, "") for name in ("answer", "refusal", "note")}
    done = answer_package(member=request.member, package=found, **given)
    messages.success(request, _("Your answer is with %(name)s.") % {"name": done.sender.name})
    return redirect("referrals:inbox")


@require_POST
@page(Verb.REFERRAL_RECEIVE)
def deleted(request: Request, ref: str) -> HttpResponse:
    confirm_deletion(member=request.member, package=reads.incoming(request.member, ref))
    messages.success(request, _("Thank you. They know now that it is deleted."))
    return redirect("referrals:inbox")
