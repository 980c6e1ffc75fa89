"""The places of a region: by kind, when last visited, which languages, when open; and who provides outreach there."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from lygte.care.concern.handover import standings
from lygte.care.outreach.handover import PARTS_OF_DAY, PLACE_KINDS
from lygte.core.access import Verb, page
from lygte.core.asking import Request
from lygte.directory.areas import area_name
from lygte.directory.languages import language_name
from lygte.directory.providers import providers_of

from .. import reads
from ..forms import PlacesForm
from ..rules import days_waiting


@require_safe
@page(Verb.ROUND_LIST)
def region(request: Request) -> HttpResponse:
    member = request.member
    filters = PlacesForm(member, request.GET, home=reads.home_region(member))
    wish = filters.wish()
    today = timezone.localdate()
    found = Paginator(reads.places_of(member, wish), reads.SHOWN).get_page(request.GET.get("page"))
    taken = reads.on_open_rounds(member)
    standing = standings(member)
    context = {
        "filters": filters,
        "region": wish.region,
        "name": area_name(wish.region),
        "page": found,
        "rows": [
            {
                "place": place,
                "kind": PLACE_KINDS[place.kind],
                "area": area_name(place.area),
                "languages": ", ".join(language_name(code) for code in place.languages),
                "open_at": ", ".join(str(PARTS_OF_DAY[part]) for part in place.open_at if part in PARTS_OF_DAY),
                "weeks": days_waiting(place, today) // 7,
                "busy": place.ref in taken,
                "standing": standing.get(place.ref),
            }
            for place in found.object_list
        ],
        "providers": [(one, area_name(one.region), one.is_old(today)) for one in providers_of(wish.region, today)],
    }
    return render(request, "rounds/region.html", context)
