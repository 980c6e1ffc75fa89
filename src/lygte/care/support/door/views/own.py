"""What the person reads: the start, who has seen them, their record."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from lygte.core.consent.models import Seat

from ..accounts import remove_own
from ..leaving import hold_of, wish_of
from ..record import Chapter, chapters, open_all
from ..seen import seen_page
from ..sessions import Inside, shut
from ..slips import end_own_slip, slip_of
from .frame import back_to, own_page, show

A_PAGE = 15


@require_safe
@own_page()
def home(request: HttpRequest, door: Inside) -> HttpResponseBase:
    context = {"wish": wish_of(door.person), "hold": hold_of(door.person), "slip": slip_of(door.person)}
    return show(request, "door/home.html", door, context)


@require_safe
@own_page()
def seen(request: HttpRequest, door: Inside) -> HttpResponseBase:
    return show(request, "door/seen.html", door, {"seen": seen_page(door.people, request.GET.get("page"))})


@require_safe
@own_page()
def record(request: HttpRequest, door: Inside) -> HttpResponseBase:
    """Show what there is, then one group at a time: little on the screen at once."""
    found = chapters(open_all(door.people, door.keys))
    chosen = next((chapter for chapter in found if chapter.group == request.GET.get("part")), None)
    if chosen is not None:
        return show(request, "door/chapter.html", door, {"chapter": chosen, "page": _page(request, chosen)})
    team = Seat.objects.filter(person=door.person, until=None).select_related("member__user", "member__organisation")
    return show(request, "door/record.html", door, {"chapters": found, "team": team})


def _page(request: HttpRequest, chapter: Chapter) -> object:
    by_kind = sorted(chapter.records, key=lambda one: (one.record._meta.label, -one.record.pk))  # the newest first
    return Paginator(by_kind, A_PAGE).get_page(request.GET.get("page"))


@require_POST
@own_page()
def remove(request: HttpRequest, door: Inside) -> HttpResponseBase:
    remove_own(person=door.person, ref=request.POST.get("ref", ""))
    return back_to("door:record", "2")


@require_POST
@own_page()
def end_paper(request: HttpRequest, door: Inside) -> HttpResponseBase:
    """End the slip, for somebody who fears that it was found; a worker can make a new one."""
    end_own_slip(door.person)
    response = redirect("door:enter")
    shut(request, response)
    return response
