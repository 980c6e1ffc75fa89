"""Pages about files that come in: choose one, look at what it would become, say yes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from lygte.core.access import Verb, page
from lygte.core.asking import Request
from lygte.core.consent.texts import text_of
from lygte.core.problems import Problem
from lygte.core.vault.keyring import keyring_of
from lygte.core.vault.keys import require_two_holders

from ..bringing_in import bring_person, bring_table
from ..forms import OwnFileForm, TableForm, UploadForm, carried_in
from ..plans import Table, read_plan
from ..portable import Carried, read_carried


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
@page(Verb.CASE_EXPORT)
def choose(request: Request) -> HttpResponse:
    """Take a file and show what it would become. Nothing of it is kept yet."""
    require_two_holders(request.member)
    keyring_of(request.member)
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if request.method == "POST" and form.is_valid():
        try:
            return _look(request, form.content())
        except Problem as problem:
            if problem.status not in (413, 422):
                raise
            form.add_error("file", f"{problem.sentence} {problem.next_step} ({problem.number})")
    return render(request, "exchange/choose.html", {"form": form}, status=400 if form.errors else 200)


def _look(request: Request, content: bytes) -> HttpResponse:
    if content[:2] == b"PK" and b"xl/workbook.xml" not in content:
        carried = read_carried(content)
        return _show_own_file(request, carried, _own_form(request, carried, OwnFileForm.carry(content)))
    table = read_plan(content)
    something_left = bool(table.left_out or table.unknown)
    form = TableForm(request.member, initial=TableForm.carry(content), something_left=something_left)
    return _show_table(request, table, form)


def _show_table(request: Request, table: Table, form: TableForm, problem: Problem | None = None) -> HttpResponse:
    status = problem.status if problem else 422 if table.problems else 400 if form.errors else 200
    return render(request, "exchange/table.html", {"table": table, "form": form, "problem": problem}, status=status)


@never_cache
@sensitive_post_parameters()
@require_POST
@page(Verb.CASE_EXPORT)
def table(request: Request) -> HttpResponse:
    """Bring in a table that was looked at."""
    content = carried_in(request.POST.get("content", ""))
    found = read_plan(content)
    form = TableForm(request.member, request.POST, something_left=bool(found.left_out or found.unknown))
    if not form.is_valid():
        return _show_table(request, found, form)
    try:
        arrived = bring_table(
            member=request.member,
            token=form.cleaned_data["token"],
            content=content,
            given=form.given(),
            leave_out=form.cleaned_data.get("leave_out", False),
        )
    except Problem as problem:
        if problem.status != 422:
            raise
        return _show_table(request, found, form, problem)
    count = len(arrived.cases)
    messages.success(request, ngettext("One case is open.", "%(count)s cases are open.", count) % {"count": count})
    return redirect("exchange:home")


def _own_form(request: Request, carried: Carried, initial: Mapping[str, Any] | None = None) -> OwnFileForm:
    """Return the form about a person's own file; what the file says of language and place is filled in."""
    if initial is None:
        return OwnFileForm(request.member, carried.counts(), request.POST)
    columns = carried.case.columns if carried.case else {}
    known = {name: columns[name] for name in ("language", "area", "way_in") if columns.get(name)}
    return OwnFileForm(request.member, carried.counts(), initial={**initial, **known})


def _show_own_file(
    request: Request, carried: Carried, form: OwnFileForm, problem: Problem | None = None
) -> HttpResponse:
    context = {
        "carried": carried,
        "form": form,
        "problem": problem,
        "text": text_of("support", (get_language() or "en")[:2]),
    }
    status = problem.status if problem else 400 if form.errors else 200
    return render(request, "exchange/own_file.html", context, status=status)


@never_cache
@sensitive_post_parameters()
@require_POST
@page(Verb.CASE_EXPORT)
def own_file(request: Request) -> HttpResponse:
    """Keep what a person brought with them, as far as they say yes."""
    content = carried_in(request.POST.get("content", ""))
    carried = read_carried(content)
    form = _own_form(request, carried)
    if not form.is_valid():
        return _show_own_file(request, carried, form)
    try:
        arrived = bring_person(
            member=request.member,
            token=form.cleaned_data["token"],
            content=content,
            groups=form.cleaned_data["groups"],
            given=form.given(),
        )
    except Problem as problem:
        if problem.status != 422:
            raise
        return _show_own_file(request, carried, form, problem)
    case = arrived.cases[0]
    messages.success(request, _("The case is open. Its code is %(code)s.") % {"code": case.person.code})
    return redirect("cases:case", case.ref)
