"""Pages on which people decide whether two codes are one person, and which of two values stays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lygte.care.support.cases.handover import case_card, records_of
from lygte.core.access import Verb, fetch, page
from lygte.core.asking import Request
from lygte.core.consent import gate
from lygte.core.consent.models import LockedModel, Person
from lygte.core.consent.personal import PersonalField
from lygte.core.merging.models import Competing
from lygte.core.merging.writing import choose, record_of
from lygte.core.models import Member
from lygte.core.problems import Problem

from . import reads
from .actions import merge_persons, part_persons, say_apart, take_back_apart
from .models import Apart

COMPARED = ("name", "reach", "situation")


def _case_url(member: Member, person: Person) -> str:
    card = case_card(member, person)
    return reverse("cases:case", args=[card.ref]) if card else reverse("duplicates:list")


@require_safe
@page(Verb.CASE_MERGE)
def pair_list(request: Request) -> HttpResponse:
    """Show pairs that may be one person and merges that stand; or lead to the pair with a code that somebody typed."""
    member = request.member
    of = reads.person(member, request.GET["of"]) if request.GET.get("of") else None
    typed = request.GET.get("code", "").strip().upper()
    other = Person.objects.filter(organisation=member.organisation, code=typed).first() if of and typed else None
    if of and other and other.pk != of.pk:
        return redirect("duplicates:pair", of.ref, other.ref)
    context = {
        "of": of,
        "typed": typed,
        "back": _case_url(member, of) if of else "",
        "pairs": reads.candidates(member, of=[of] if of else None),
        "merges": reads.merges(member),
    }
    return render(request, "duplicates/list.html", context)


@dataclass(frozen=True)
class Line:
    """One field of two people side by side."""

    label: Any
    one: str
    other: str

    @property
    def same(self) -> bool:
        return bool(self.one) and self.one == self.other


def _lines(member: Member, one: Person, other: Person) -> list[Line]:
    """Open what may be opened of both, in one go, and put it side by side; empty fields are left out."""
    records = [record for person in (one, other) for record in records_of(person, COMPARED)]
    opened = gate.read(member=member, records=records)
    found: dict[tuple[str, str], tuple[PersonalField, dict[int, str]]] = {}
    for record in records:
        for name, value in opened.get(record).items():
            field = record.PERSONAL[name]
            found.setdefault((record._meta.label, name), (field, {}))[1][record.person_id] = str(value)
    return [Line(field.label, texts.get(one.pk, ""), texts.get(other.pk, "")) for field, texts in found.values()]


@require_safe
@page(Verb.CASE_MERGE)
def pair(request: Request, ref: str, other: str) -> HttpResponse:
    """Show two codes side by side. Nobody decides without a seat at both."""
    member = request.member
    one, two = reads.person(member, ref), reads.person(member, other)
    missing = [p for p in (one, two) if not reads.has_seat(member, p)]
    context = {
        "one": one,
        "other": two,
        "missing": missing,
        "lines": [] if missing else _lines(member, one, two),
        "cards": [case_card(member, one), case_card(member, two)],
    }
    return render(request, "duplicates/pair.html", context)


@require_POST
@page(Verb.CASE_MERGE)
def merge(request: Request, ref: str, other: str) -> HttpResponse:
    member = request.member
    kept, gone = reads.person(member, ref), reads.person(member, other)
    made = merge_persons(member=member, kept=kept, gone=gone)
    text = _("%(gone)s is now part of %(kept)s.") % {"gone": gone.code, "kept": kept.code}
    messages.success(request, text, extra_tags=f"undo:{reverse('duplicates:merge_undo', args=[made.ref])}")
    return redirect(_case_url(member, kept))


@require_POST
@page(Verb.CASE_MERGE)
def merge_undo(request: Request, ref: str) -> HttpResponse:
    undone = part_persons(member=request.member, merge=reads.merge(request.member, ref))
    text = _("%(kept)s and %(gone)s stand apart again.") % {"kept": undone.kept.code, "gone": undone.gone.code}
    messages.success(request, text)
    return redirect(_case_url(request.member, undone.kept))


@require_POST
@page(Verb.CASE_MERGE)
def apart(request: Request, ref: str, other: str) -> HttpResponse:
    member = request.member
    one, two = reads.person(member, ref), reads.person(member, other)
    said = say_apart(member=member, one=one, other=two)
    text = _("%(one)s and %(other)s are two people. They will not be proposed again.") % {
        "one": one.code,
        "other": two.code,
    }
    messages.success(request, text, extra_tags=f"undo:{reverse('duplicates:apart_undo', args=[said.ref])}")
    return redirect("duplicates:list")


@require_POST
@page(Verb.CASE_MERGE)
def apart_undo(request: Request, ref: str) -> HttpResponse:
    take_back_apart(member=request.member, said=fetch(request.member, Apart, ref))
    messages.success(request, _("They may be proposed again."))
    return redirect("duplicates:list")


@dataclass(frozen=True)
class Choice:
    """One field with two values."""

    name: str
    label: Any
    stands: str
    wanted: str


def _choices(member: Member, beside: Competing, record: LockedModel) -> list[Choice]:
    """Return the fields to choose between; none where the person does not agree, or the member is not on the team."""
    opened = gate.read(member=member, records=[beside, record])
    if opened.refused:
        return []
    wanted, stands = opened.get(beside).get("wanted", {}), opened.get(record)
    return [
        Choice(name, record.PERSONAL[name].label, str(stands.get(name) or ""), str(value or ""))
        for name, value in wanted.items()
    ]


@require_http_methods(["GET", "POST"])
@page(Verb.CASE_CHANGE)
def choose_value(request: Request, ref: str) -> HttpResponse:
    """Show both values of each field that two people changed, and take the choice."""
    member = request.member
    beside = fetch(member, Competing, ref)
    record = record_of(beside)
    if record is None:
        raise Problem("404.1")
    if request.method == "POST":
        take = {
            name.removeprefix("take-"): value == "wanted" for name, value in request.POST.items() if name[:5] == "take-"
        }
        choose(member=member, beside=beside, take=take)
        messages.success(request, _("Chosen. What was not chosen stays in the history."))
        return redirect(_case_url(member, beside.person))
    context = {
        "beside": beside,
        "choices": _choices(member, beside, record),
        "kind": record._meta.verbose_name,
        "back": _case_url(member, beside.person),
    }
    return render(request, "duplicates/choose.html", context)
