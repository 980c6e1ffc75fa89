"""The pages: places of concern and those that wait, the rule in plain words, one place, one decision."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from lygte.core.access import Verb, may, page
from lygte.core.asking import Request
from lygte.core.problems import Problem
from lygte.directory.areas import area_name

from . import actions, codes, reads
from .forms import ContestForm, SignForm, TellForm
from .models import NotedSign, Telling
from .rulefile import rule_on, rules


@require_safe
@page(Verb.CONCERN_READ)
def place_list(request: Request) -> HttpResponse:
    shown = [
        (one, area_name(one.card.area), codes.STANDINGS[one.standing.state]) for one in reads.places(request.member)
    ]
    return render(request, "concern/list.html", {"places": shown, "rule": rule_on(timezone.localdate())})


@require_safe
@page(Verb.CONCERN_READ)
def rule(request: Request) -> HttpResponse:
    current = rule_on(timezone.localdate())
    context = {
        "rule": current,
        "versions": rules(),
        "signs": [current.sign(key) for key in current.signs],
        "known": [label for code, label in codes.KNOWN.items() if code in current.known],
        "not_known": [label for code, label in codes.KNOWN.items() if code not in current.known],
        "sure": [label for code, label in codes.SURE.items() if code in current.sure],
    }
    return render(request, "concern/rule.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
@page(Verb.CONCERN_READ)
def place(request: Request, ref: str) -> HttpResponse:
    """Show the signs of a place with their reasons and days; note one more."""
    card = reads.place_of(request.member, ref)
    form = SignForm(rule_on(timezone.localdate()), request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            noted = actions.note_sign(member=request.member, place=ref, **form.cleaned_data)
        except Problem as problem:
            _tell_in(form, problem)
        else:
            undo = f"undo:{reverse('concern:sign', args=[noted.ref, 'withdraw'])}"
            messages.success(request, _said_of(request, noted), extra_tags=undo)
            return redirect("concern:place", ref)
    return _show_place(request, ref, card, form)


def _said_of(request: Request, noted: NotedSign) -> str:
    """Return what a sign just noted has done: confirmed another, waits for somebody else, or does not count."""
    standing = reads.standing(request.member, noted.place)
    if noted.pk in standing.confirmed:
        return _("The sign is noted. Two people have noticed it now: this is a place of concern.")
    if noted.pk in standing.waiting:
        return _("The sign is noted. Somebody else has to take a second look.")
    return _("The sign is noted. By the rule it does not count: it was told from elsewhere, or is not sure.")


def _show_place(request: Request, ref: str, card: Any, form: SignForm, looked: str = "") -> HttpResponse:
    found = reads.place_view(request.member, ref)
    context = {
        "card": card,
        "area": area_name(card.area),
        "view": found,
        "standing": codes.STANDINGS[found.standing.state],
        "form": form,
        "looked": looked,
        "tellings": reads.tellings(request.member, ref),
        "decide": may(request.member, Verb.CONCERN_TELL),
    }
    return render(request, "concern/place.html", context, status=400 if form.errors else 200)


def _tell_in(form: forms.Form, problem: Problem) -> None:
    """Show what is wrong with what was filled in; anything else is told on a page of its own."""
    if problem.status not in (409, 422):
        raise problem
    if problem.number == "422.11":
        form.ask_to_look()  # type: ignore[attr-defined]
    form.add_error(None, f"{problem.sentence} {problem.next_step}")


@never_cache
@require_http_methods(["GET", "POST"])
@page(Verb.CONCERN_NOTE)
def sign(request: Request, ref: str, what: str) -> HttpResponse:
    """What can be done with one sign: taking it back and undoing that, objecting to it and undoing that, looking too."""
    noted = reads.noted_sign(request.member, ref)
    if what == "contest":
        return _contest(request, noted)
    if what == "look" and request.method == "GET":
        return _show_look(request, noted)
    do = _DO.get(what)
    if do is None or request.method != "POST":
        raise Problem("404.1")
    return do(request, noted)


def _show_look(request: Request, noted: NotedSign) -> HttpResponse:
    """The form of a second look: the same sign, to be answered for oneself."""
    current = rule_on(timezone.localdate())
    form = SignForm(current, initial={"sign": noted.sign})
    looked = current.sign(noted.sign)
    return _show_place(request, noted.place, reads.place_of(request.member, noted.place), form, looked)


def _withdraw(request: Request, noted: NotedSign) -> HttpResponse:
    actions.withdraw_sign(member=request.member, noted=noted)
    undo = f"undo:{reverse('concern:sign', args=[noted.ref, 'restore'])}"
    messages.success(request, _("The sign is taken back. It counts no more."), extra_tags=undo)
    return redirect("concern:place", noted.place)


def _restore(request: Request, noted: NotedSign) -> HttpResponse:
    actions.restore_sign(member=request.member, noted=noted)
    messages.success(request, _("The sign stands again."))
    return redirect("concern:place", noted.place)


def _uncontest(request: Request, noted: NotedSign) -> HttpResponse:
    actions.withdraw_contest(member=request.member, noted=noted)
    messages.success(request, _("Your objection is taken back."))
    return redirect("concern:place", noted.place)


_DO: dict[str, Callable[[Request, NotedSign], HttpResponse]] = {
    "withdraw": _withdraw,
    "restore": _restore,
    "uncontest": _uncontest,
}


def _contest(request: Request, noted: NotedSign) -> HttpResponse:
    form = ContestForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.contest_sign(member=request.member, noted=noted, **form.cleaned_data)
        except Problem as problem:
            _tell_in(form, problem)
        else:
            undo = f"undo:{reverse('concern:sign', args=[noted.ref, 'uncontest'])}"
            messages.success(
                request, _("Your objection stands beside the sign, which does not count now."), extra_tags=undo
            )
            return redirect("concern:place", noted.place)
    context = {
        "noted": noted,
        "words": rule_on(timezone.localdate()).sign(noted.sign),
        "card": reads.place_of(request.member, noted.place),
        "form": form,
    }
    return render(request, "concern/contest.html", context, status=400 if form.errors else 200)


# Telling an authority -------------------------------------------------------------------------------------------------
@never_cache
@require_http_methods(["GET", "POST"])
@page(Verb.CONCERN_TELL)
def tell(request: Request, ref: str) -> HttpResponse:
    """Ask a second person to decide; nothing is told by this."""
    card = reads.place_of(request.member, ref)
    form = TellForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.ask_telling(member=request.member, place=ref, **form.cleaned_data)
        except Problem as problem:
            _tell_in(form, problem)
        else:
            messages.success(request, _("A second person must confirm it. Nothing has been told."))
            return redirect("concern:telling", made.ref)
    return render(request, "concern/tell.html", {"card": card, "form": form}, status=400 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "POST"])
@page(Verb.CONCERN_TELL)
def telling(request: Request, ref: str) -> HttpResponse:
    """One decision: what exactly would be told; the second person, a no, or that it was told."""
    found = reads.telling(request.member, ref)
    if request.method == "POST":
        return _decide(request, found)
    card = reads.place_of(request.member, found.place)
    context = {
        "telling": found,
        "card": card,
        "pieces": _pieces(request, found) if found.state not in ("refused", "withdrawn") else [],
        "can_confirm": found.state == "asked"
        and found.asked_by_id != request.member.pk
        and may(request.member, Verb.CONCERN_CONFIRM),
    }
    return render(request, "concern/telling.html", context)


def _decide(request: Request, found: Telling) -> HttpResponse:
    do = {
        "confirm": (actions.confirm_telling, _("Confirmed. Tell it by telephone or on paper; Lygte sends nothing.")),
        "refuse": (actions.refuse_telling, _("Nothing is told. What was written for it is thrown away.")),
        "told": (actions.note_told, _("Noted. It stands in the public table, without our name.")),
    }.get(request.POST.get("do", ""))
    if do is None:
        raise Problem("422.680")
    act, said = do
    act(member=request.member, telling=found)
    messages.success(request, said)
    return redirect("concern:telling", found.ref)


def _pieces(request: Request, found: Telling) -> list[tuple[Any, str]]:
    """Return word for word what is told: no code name, no short code, and who noted what is left out."""
    card = reads.place_of(request.member, found.place)
    view = reads.place_view(request.member, found.place)
    signs = dict.fromkeys(  # two people who noted the same on one day are one piece
        f"{line.words} ({date_format(line.row.day, 'SHORT_DATE_FORMAT')})"
        for line in view.lines
        if line.state == "confirmed"
    )
    said = {
        "kind": str(card.kind_label),
        "area": area_name(card.area),
        "signs": "; ".join(signs) or _("None is confirmed now"),
    }
    return [(codes.PIECES[piece], said[piece]) for piece in found.pieces]
