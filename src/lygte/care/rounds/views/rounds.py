"""The page of one round, and what can be done with it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from lygte.care.concern.handover import standings
from lygte.care.outreach.handover import PLACE_KINDS
from lygte.core.access import Verb, page
from lygte.core.asking import Request
from lygte.core.problems import Problem
from lygte.directory.areas import area_name
from lygte.directory.languages import language_name

from .. import codes, reads
from ..actions import move_stop, set_state
from ..forms import MoveForm
from ..models import Round
from ..rules import STEPS


@require_safe
@page(Verb.ROUND_READ)
def round_page(request: Request, ref: str) -> HttpResponse:
    member = request.member
    one = reads.one_round(member, ref)
    shown = reads.stops_shown(one)
    open_stops = [one.stop for one in shown if not one.stop.visit]
    standing = standings(member)
    context = {
        "round": one,
        "title": reads.title_of(one, reads.numbers_of_day(member, [one])),
        "when": reads.day_in_words(one),
        "region": area_name(one.region),
        "going": ", ".join(going.user.name for going in one.members.select_related("user")),
        "spoken": ", ".join(language_name(code) for code in one.languages),
        "rows": [
            {
                "stop": row.stop,
                "place": row.place,
                "standing": standing.get(row.stop.place),
                "kind": PLACE_KINDS[row.stop.kind],
                "area": area_name(row.stop.area),
                "languages": ", ".join(language_name(code) for code in row.place.languages) if row.place else "",
            }
            for row in shown
        ],
        "reached": sum(1 for row in shown if row.stop.visit),
        "visited": any(row.stop.visit for row in shown),
        "steps": STEPS[one.state],
        "move": move_form(request, one) if open_stops and one.state != codes.DONE else None,
    }
    return render(request, "rounds/round.html", context)


def move_form(request: Request, one: Round) -> MoveForm | None:
    """Return the form that moves a place, or nothing where there is no other round to move it to."""
    others = reads.others_open(request.member, one)
    if not others:
        return None
    named = {row.stop.ref: row for row in reads.stops_shown(one) if not row.stop.visit}
    stops = [(ref, row.place.code_name if row.place else ref) for ref, row in named.items()]
    numbers = reads.numbers_of_day(request.member, others)
    rounds = [(other.ref, reads.title_of(other, numbers)) for other in others]
    return MoveForm(stops, rounds, request.POST or None)


@require_POST
@page(Verb.ROUND_CHANGE)
def state(request: Request, ref: str, state: str) -> HttpResponse:
    one = reads.one_round(request.member, ref)
    before = one.state
    set_state(member=request.member, round=one, state=state)
    text = {
        codes.PLANNED: _("The round is planned again."),
        codes.UNDER_WAY: _("The round is under way."),
        codes.DONE: _("The round is done. What was not reached is back in the pool."),
        codes.CALLED_OFF: _("The round is called off. Its places are back in the pool."),
    }[state]
    undo = reverse("rounds:state", args=[ref, before])
    messages.success(request, text, extra_tags=f"undo:{undo}" if before in STEPS[state] else "")
    return redirect("rounds:round", ref)


@require_POST
@page(Verb.ROUND_CHANGE)
def move(request: Request, ref: str) -> HttpResponse:
    member = request.member
    one = reads.one_round(member, ref)
    stop = reads.stop_of(member, one, request.POST.get("stop", ""))
    to = Round.objects.filter(organisation=member.organisation, ref=request.POST.get("to", "")).first()
    if stop is None or to is None:
        raise Problem("422.668")
    move_stop(member=member, stop=stop, to=to)
    messages.success(request, _("The place is now on the other round."))
    return redirect("rounds:round", ref)
