"""The pages of visits: the list, one visit with the facts it gave, taking it back and putting it again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from lygte.core.access import Verb, page
from lygte.core.asking import Request
from lygte.directory.areas import area_name
from lygte.facts.register import KINDS

from .. import codes, reads
from ..actions import restore_visit, withdraw_visit
from ..facts import facts_of
from ..forms import VisitFilterForm, WithdrawForm
from ..models import Visit
from ..words import QUESTIONS
from .lists import address_without, chips_of


@require_safe
@page(Verb.VISIT_LIST)
def visit_list(request: Request) -> HttpResponse:
    member = request.member
    form = VisitFilterForm(member, reads.areas_in_use(member), request.GET)
    found = reads.visits(member, form.wanted(), after=request.GET.get("after", ""))
    rows = [(visit, area_name(visit.area)) for visit in found.visits]
    context = {
        "form": form,
        "slice": found,
        "rows": rows,
        "chips": chips_of(request, form),
        "start": address_without(request),
    }
    return render(request, "outreach/visit_list.html", context)


@require_safe
@page(Verb.VISIT_READ)
def visit_page(request: Request, ref: str) -> HttpResponse:
    return _show_visit(request, reads.visit(request.member, ref), WithdrawForm())


def _show_visit(request: Request, visit: Visit, form: WithdrawForm) -> HttpResponse:
    context = {
        "visit": visit,
        "area": area_name(visit.area),
        "counts": counts_of(visit),
        "facts": facts_shown(visit),
        "form": form,
    }
    return render(request, "outreach/visit.html", context, status=400 if form.errors else 200)


@require_POST
@page(Verb.VISIT_WITHDRAW)
def visit_withdraw(request: Request, ref: str) -> HttpResponse:
    """Take a visit back. The reason comes from the form, or stands in the address of an Undo."""
    visit = reads.visit(request.member, ref)
    form = WithdrawForm(request.POST if "reason" in request.POST else request.GET)
    if not form.is_valid():
        return _show_visit(request, visit, form)
    withdraw_visit(member=request.member, visit=visit, reason=form.cleaned_data["reason"])
    text = _("The visit is withdrawn. It counts in no figure any more.")
    messages.success(request, text, extra_tags=f"undo:{reverse('outreach:visit_restore', args=[ref])}")
    return redirect("outreach:visit", ref)


@require_POST
@page(Verb.VISIT_WITHDRAW)
def visit_restore(request: Request, ref: str) -> HttpResponse:
    restore_visit(member=request.member, visit=reads.visit(request.member, ref))
    messages.success(request, _("The visit counts again, as before."), extra_tags=f"undo:{undo_address(ref)}")
    return redirect("outreach:visit", ref)


def undo_address(ref: str) -> str:
    """Return where the Undo of a recorded visit posts to."""
    return reverse("outreach:visit_withdraw", args=[ref]) + "?reason=mistake"


@dataclass(frozen=True)
class Counts:
    """One group of a visit's counts: what was counted by what, and how many are left unsaid."""

    title: str | Promise
    rows: Sequence[tuple[str | Promise, int]]
    unsaid: int = 0

    @property
    def height(self) -> int:
        return len(self.rows) + (self.unsaid > 0)


def counts_of(visit: Visit) -> list[Counts]:
    """Return a visit's counts as tables, in the order of the codes."""
    tables = []
    for dimension, labels in codes.COUNTED.items():
        kept = visit.counts.get(dimension, {})
        rows = [(label, kept[code]) for code, label in labels.items() if code in kept]
        splits = dimension in ("gender", "nationality_group")
        unsaid = visit.spoken_to - sum(kept.values()) if splits and kept else 0
        if rows:
            tables.append(Counts(QUESTIONS[dimension], rows, unsaid))
    return tables


@dataclass(frozen=True)
class FactShown:
    """A fact in words."""

    kind: str
    label: str | Promise
    broken_down: str
    value: int
    unit: str | Promise


def facts_shown(visit: Visit) -> list[FactShown]:
    """Return the facts that a visit gives, in words."""
    shown = []
    for fact in facts_of(visit):
        kind = KINDS[fact.kind]
        parts = [str(d.values[fact.dimensions[d.name]]) for d in kind.dimensions]
        shown.append(FactShown(kind.name, kind.label, ", ".join(parts), fact.value, kind.unit))
    return shown
