"""Opening a part in an emergency, and looking at it afterwards."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import time_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from ...access import Verb, page
from ...asking import Request
from ...problems import Problem
from .. import glass as emergencies
from .. import reads, team
from ..codes import Group
from ..forms import GlassForm, ReviewForm
from ..models import GlassBreak

SHOWN_DAYS = 30


@require_http_methods(["GET", "POST"])
@page(Verb.GLASS_BREAK)
def glass(request: Request, ref: str) -> HttpResponse:
    person = reads.person_of(request.member, ref)
    open_groups = emergencies.groups_to_open(person)
    form = GlassForm([(g.value, g.label) for g in Group if g.value in open_groups], request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            broken = emergencies.break_glass(member=request.member, person=person, **form.cleaned_data)
        except Problem as problem:
            if problem.status != 422:
                raise
            form.add_error("reason", f"{problem.sentence} {problem.next_step}")
        else:
            until = time_format(timezone.localtime(broken.until), "TIME_FORMAT")
            messages.success(request, _("Open until %(time)s. A colleague will look at it.") % {"time": until})
            return redirect(reads.page_of(person) or "consent:glass", *([] if reads.page_of(person) else [person.ref]))
    context = {
        "person": person,
        "form": form,
        "seated": team.is_seated(request.member, person),
        "locked_out": emergencies.is_locked_out(request.member),
        "nothing": not open_groups,
        "record_url": reads.page_of(person),
    }
    return render(request, "consent/glass.html", context, status=400 if form.errors else 200)


@require_safe
@page(Verb.GLASS_REVIEW)
def reviews(request: Request) -> HttpResponse:
    """What waits for a second person, and what was looked at lately."""
    since = timezone.now() - timedelta(days=SHOWN_DAYS)
    done = GlassBreak.objects.filter(organisation=request.member.organisation, reviewed_at__gte=since)
    context = {
        "waiting": [_shown(one, request) for one in emergencies.unreviewed(request.member)],
        "done": [
            _shown(one, request)
            for one in done.select_related("person", "member__user", "reviewed_by__user").order_by("-reviewed_at")
        ],
    }
    return render(request, "consent/reviews.html", context)


def _shown(broken: GlassBreak, request: Request) -> dict[str, object]:
    return {
        "glass": broken,
        "groups": reads.labels(broken.groups),
        "due": emergencies.due(broken),
        "late": emergencies.due(broken) < timezone.now(),
        "own": broken.member_id == request.member.pk,
    }


@require_http_methods(["GET", "POST"])
@page(Verb.GLASS_REVIEW)
def review(request: Request, ref: str) -> HttpResponse:
    broken = emergencies.glass_of(request.member, ref)
    form = ReviewForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        emergencies.review_glass(member=request.member, broken=broken, found=form.cleaned_data["found"])
        messages.success(request, _("Written down. The person can read it."))
        return redirect("consent:reviews")
    context = _shown(broken, request) | {
        "form": form,
        "reason": emergencies.reason_of(request.member, broken),
        "used": emergencies.used(broken),
    }
    return render(request, "consent/review.html", context, status=400 if form.errors else 200)
