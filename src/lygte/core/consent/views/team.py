"""Who works with a person, and with whom nobody works."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ...access import Verb, fetch, page
from ...asking import Request
from ...people import Member, Role
from ...problems import Problem
from .. import reads
from .. import team as teams
from ..forms import JoinForm


@require_http_methods(["GET", "POST"])
@page(Verb.CASE_TEAM)
def team(request: Request, ref: str) -> HttpResponse:
    person = reads.person_of(request.member, ref)
    form = JoinForm(person, request.POST or None)
    if request.method == "POST" and form.is_valid():
        other = form.cleaned_data["other"]
        teams.join_team(member=request.member, person=person, other=other)
        messages.success(request, _("%(name)s is on the team now.") % {"name": other.user.name})
        return redirect("consent:team", person.ref)
    context = {
        "person": person,
        "seats": teams.seats_of(person),
        "form": form if form.colleagues else None,
        "allowed": teams.may_seat(request.member, person),
        "seated": teams.is_seated(request.member, person),
        "record_url": reads.page_of(person),
    }
    return render(request, "consent/team.html", context, status=400 if form.errors else 200)


@require_POST
@page(Verb.CASE_TEAM)
def team_change(request: Request, ref: str) -> HttpResponse:
    """Take a colleague off the team, or make them the first."""
    person = reads.person_of(request.member, ref)
    other = fetch(request.member, Member, request.POST.get("other", ""))
    if request.POST.get("what") == "first":
        teams.make_first(member=request.member, person=person, other=other)
        messages.success(request, _("The person turns to %(name)s first.") % {"name": other.user.name})
    else:
        teams.leave_team(member=request.member, person=person, other=other)
        messages.success(request, _("%(name)s is no longer on the team.") % {"name": other.user.name})
    return redirect("consent:team", person.ref)


@require_safe
@page(Verb.CASE_TEAM)
def alone(request: Request) -> HttpResponse:
    """With whom nobody works: for coordinators, so that nobody is forgotten when a colleague leaves."""
    if request.member.role != Role.COORDINATOR:
        raise Problem("404.1")
    return render(request, "consent/alone.html", {"persons": teams.nobody_with(request.member).order_by("made_on")})
