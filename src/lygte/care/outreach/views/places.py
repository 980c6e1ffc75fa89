"""The pages of places: the list, one place with its visits, and what can be done with it."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lygte.core.access import Verb, page
from lygte.core.asking import Request
from lygte.core.problems import Problem
from lygte.directory.areas import area_name, region_of
from lygte.directory.languages import language_name

from .. import codes, reads
from ..actions import change_place, close_place, create_place, reopen_place
from ..forms import PlaceFilterForm, PlaceForm
from ..parts import parts_of
from .lists import chips_of


@require_safe
@page(Verb.PLACE_LIST)
def place_list(request: Request) -> HttpResponse:
    member = request.member
    form = PlaceFilterForm(
        member, reads.areas_in_use(member), request.GET, unvisited_days=settings.LYGTE_PLACE_UNVISITED_DAYS
    )
    found = Paginator(reads.places(member, form.wanted()), reads.PAGE).get_page(request.GET.get("page"))
    recent = reads.recent_visits(member, found.object_list)
    rows = [(place, area_name(place.area), recent.get(place.pk, 0)) for place in found.object_list]
    context = {"form": form, "page": found, "rows": rows, "chips": chips_of(request, form), "days": reads.RECENT_DAYS}
    return render(request, "outreach/place_list.html", context)


@require_safe
@page(Verb.PLACE_READ)
def place_page(request: Request, ref: str) -> HttpResponse:
    member = request.member
    place = reads.place(member, ref)
    visits = reads.visits(member, reads.VisitFilter(place=ref), after=request.GET.get("after", ""), size=25)
    region = region_of(place.area)
    context = {
        "place": place,
        "area": f"{area_name(place.area)}, {region}" if region else area_name(place.area),
        "on_site": ", ".join(language_name(code) for code in place.languages),
        "open_at": ", ".join(str(codes.PARTS_OF_DAY[part]) for part in place.open_at if part in codes.PARTS_OF_DAY),
        "sums": reads.sums_of_place(member, place),
        "slice": visits,
        "parts": parts_of(member, ref),
    }
    return render(request, "outreach/place.html", context)


@require_http_methods(["GET", "POST"])
@page(Verb.PLACE_CREATE)
def place_create(request: Request) -> HttpResponse:
    form = PlaceForm(request.member, request.POST or None, initial={"source": "ad"})
    if request.method == "POST" and form.is_valid():
        try:
            place = create_place(member=request.member, **form.cleaned_data)
        except Problem as problem:
            _tell(form, problem)
        else:
            text = _("%(name)s is added. On phones it is %(code)s.") % {
                "name": place.code_name,
                "code": place.short_code,
            }
            messages.success(request, text, extra_tags=f"undo:{reverse('outreach:place_close', args=[place.ref])}")
            return redirect("outreach:place", place.ref)
    return render(request, "outreach/place_create.html", {"form": form}, status=400 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@page(Verb.PLACE_CHANGE)
def place_change(request: Request, ref: str) -> HttpResponse:
    place = reads.place(request.member, ref)
    asked = ("code_name", "kind", "industry", "area", "source", "languages", "open_at")
    now = {name: getattr(place, name) for name in asked}
    form = PlaceForm(request.member, request.POST or None, initial=now, area_fixed=place.visits.exists())
    if request.method == "POST" and form.is_valid():
        try:
            change_place(member=request.member, place=place, **form.cleaned_data)
        except Problem as problem:
            _tell(form, problem)
        else:
            messages.success(request, _("%(name)s is changed.") % {"name": place.code_name})
            return redirect("outreach:place", place.ref)
    context = {"form": form, "place": place}
    return render(request, "outreach/place_change.html", context, status=400 if form.errors else 200)


@require_POST
@page(Verb.PLACE_CHANGE)
def place_close(request: Request, ref: str) -> HttpResponse:
    place = close_place(member=request.member, place=reads.place(request.member, ref))
    text = _("%(name)s is closed. Phones no longer offer it.") % {"name": place.code_name}
    messages.success(request, text, extra_tags=f"undo:{reverse('outreach:place_reopen', args=[ref])}")
    return redirect("outreach:place", ref)


@require_POST
@page(Verb.PLACE_CHANGE)
def place_reopen(request: Request, ref: str) -> HttpResponse:
    place = reopen_place(member=request.member, place=reads.place(request.member, ref))
    text = _("%(name)s is open again.") % {"name": place.code_name}
    messages.success(request, text, extra_tags=f"undo:{reverse('outreach:place_close', args=[ref])}")
    return redirect("outreach:place", ref)


def _tell(form: PlaceForm, problem: Problem) -> None:
    """Show a problem beside the question it is about, as far as it can be told."""
    field = {"409.230": "code_name", "422.230": "code_name", "409.233": "area", "422.690": "industry"}.get(
        problem.number
    )
    form.add_error(field, f"{problem.sentence} {problem.next_step}")
