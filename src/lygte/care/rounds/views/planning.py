"""Planning a round, and planning an open one anew. What was filled in stays on the page until it is right."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lygte.care.concern.handover import standings
from lygte.care.outreach.handover import PLACE_KINDS, KnownPlace, places_named
from lygte.core.access import Verb, page
from lygte.core.asking import Request
from lygte.core.problems import Problem
from lygte.directory.areas import area_name
from lygte.directory.languages import language_name

from .. import reads
from ..actions import change_round, plan_round
from ..forms import PlacesForm, RoundForm, as_filled
from ..rules import suggest

FIELDS = {"422.660": "day", "422.661": "going", "422.662": "with_authority", "422.667": "going"}


@require_http_methods(["GET", "POST"])
@page(Verb.ROUND_PLAN)
def plan(request: Request) -> HttpResponse:
    """Ask where first, then offer the places that wait longest, with some of them chosen."""
    member = request.member
    home = reads.home_region(member)
    filters = PlacesForm(member, request.POST if request.method == "POST" else request.GET, home=home)
    wish = filters.wish()
    initial = {"day": timezone.localdate(), "going": [member.ref]}
    form = RoundForm(member, request.POST if request.method == "POST" else None, initial=initial)
    offered = reads.places_of(member, wish)
    taken = reads.on_open_rounds(member)
    chosen = [place.ref for place in suggest(offered, taken=taken, today=timezone.localdate())]
    if request.method == "POST":
        chosen = chosen_places(request)
        if form.is_valid():
            try:
                new = plan_round(member=member, region=wish.region, places=chosen, **form.cleaned_data)
            except Problem as problem:
                tell(form, problem)
            else:
                text = _("The round is planned. It is on the phones of those who go at their next contact.")
                undo = reverse("rounds:state", args=[new.ref, "called_off"])
                messages.success(request, text, extra_tags=f"undo:{undo}")
                return redirect("rounds:round", new.ref)
    context = {"form": form, "filters": filters, **places_table(request, offered, chosen, taken), "region": wish.region}
    return render(request, "rounds/plan.html", context, status=400 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@page(Verb.ROUND_CHANGE)
def change(request: Request, ref: str) -> HttpResponse:
    member = request.member
    one = reads.one_round(member, ref)
    form = RoundForm(member, request.POST or None, initial=as_filled(one))
    chosen = [stop.place for stop in one.stops.all()]
    taken = reads.on_open_rounds(member, but=one)
    if request.method == "POST":
        chosen = chosen_places(request)
        if form.is_valid():
            try:
                change_round(member=member, round=one, places=chosen, **form.cleaned_data)
            except Problem as problem:
                tell(form, problem)
            else:
                messages.success(request, _("The round is changed. Phones learn it at their next contact."))
                return redirect("rounds:round", ref)
    offered = reads.places_of(member, reads.PlaceWish(region=one.region))
    context = {"form": form, "round": one, **places_table(request, offered, chosen, taken), "region": one.region}
    return render(request, "rounds/plan.html", context, status=400 if form.errors else 200)


def chosen_places(request: Request) -> list[str]:
    """Return the chosen places in order: by the number given to them, then as they stood on the page."""
    listed = request.POST.getlist("place")

    def turn(numbered: tuple[int, str]) -> tuple[int, int]:
        number = request.POST.get(f"turn_{numbered[1]}", "")
        return (int(number) if number.isascii() and number.isdigit() and len(number) < 4 else 1000, numbered[0])

    return [ref for _number, ref in sorted(enumerate(listed), key=turn)]


def places_table(request: Request, offered: list[KnownPlace], chosen: list[str], taken: set[str]) -> dict[str, Any]:
    """Return the chosen places in their order, then those that wait longest, as many as a page can hold."""
    known = {place.ref: place for place in offered}
    standing = standings(request.member)
    absent = [ref for ref in chosen if ref not in known]
    known |= places_named(request.member.organisation, absent) if absent else {}
    first = [known[ref] for ref in chosen if ref in known]
    rest = [place for place in offered if place.ref not in set(chosen)]
    rows: list[tuple[KnownPlace, int | str, bool]] = [(place, number, True) for number, place in enumerate(first, 1)]
    rows += [(place, "", False) for place in rest[: max(0, reads.SHOWN - len(rows))]]
    return {
        "rows": [
            {
                "place": place,
                "turn": turn,
                "chosen": ticked,
                "area": area_name(place.area),
                "kind": PLACE_KINDS[place.kind],
                "languages": ", ".join(language_name(code) for code in place.languages),
                "busy": place.ref in taken,
                "standing": standing.get(place.ref),
            }
            for place, turn, ticked in rows
        ],
        "left_out": max(0, len(first) + len(rest) - len(rows)),
    }


def tell(form: RoundForm, problem: Problem) -> None:
    """Show a problem with its number beside the question it is about, as far as it can be told."""
    form.add_error(FIELDS.get(problem.number), f"{problem.sentence} {problem.next_step} ({problem.number})")
