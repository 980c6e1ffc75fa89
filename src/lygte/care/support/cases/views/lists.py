"""The list of cases, my day, and the board of dates that must not pass."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from lygte.core.access import Verb, page
from lygte.core.asking import Request
from lygte.directory.areas import area_name

from .. import codes, reads
from ..forms import CaseFilterForm
from ..models import Feed
from ..pages import address_of


def _unlock_address(request: Request) -> str:
    """Return where the locked part is opened, leading back here; nothing where it is open already."""
    where = address_of("vault:unlock")
    return "" if reads.vault_is_open(request.member) or not where else f"{where}?next={request.path}"


@require_safe
@page(Verb.CASE_LIST)
def case_list(request: Request) -> HttpResponse:
    member = request.member
    form = CaseFilterForm(member, request.GET)
    found = reads.cases(member, form.wanted(), after=request.GET.get("after", ""))
    rows = [(row, area_name(row.case.area)) for row in found.rows]
    context = {
        "form": form,
        "slice": found,
        "rows": rows,
        "chips": [(label, _address_without(request, name)) for name, label in form.shown().items()],
        "start": _address_without(request),
        "unlock": _unlock_address(request),
    }
    return render(request, "cases/case_list.html", context)


def _address_without(request: Request, *names: str) -> str:
    parameters = request.GET.copy()
    for name in (*names, "after"):
        parameters.pop(name, None)
    return f"{request.path}?{parameters.urlencode()}" if parameters else request.path


@require_safe
@page(Verb.CASE_LIST)
def my_day(request: Request) -> HttpResponse:
    member = request.member
    due, today = reads.my_day(member), timezone.localdate()
    context = {
        "late": [one for one in due if one.late],
        "today": [one for one in due if not one.late and one.day == today],
        "soon": [one for one in due if one.day > today],
        "undated": reads.without_a_day(member),
        "feed": Feed.objects.filter(member=member).first(),
        "unlock": _unlock_address(request),
        "kinds": {"date": codes.DEADLINES, "phase": codes.PHASES},
    }
    return render(request, "cases/my_day.html", context)


@require_safe
@page(Verb.CASE_LIST)
def deadlines(request: Request) -> HttpResponse:
    member = request.member
    everybody, over = bool(request.GET.get("all")), bool(request.GET.get("over"))
    context = {
        "rows": reads.board(member, all_of_them=everybody, over=over),
        "may_see_all": reads.may_see_all(member),
        "all": everybody and reads.may_see_all(member),
        "over": over,
    }
    return render(request, "cases/deadlines.html", context)
