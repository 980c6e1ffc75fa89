"""Named questions about places and visits. Each takes the member first and stays within their organisation.

No list counts its table: a page is fetched from a cursor and one row more tells whether there is a next one.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Count, F, Max, OuterRef, Q, QuerySet, Subquery, Sum
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django_scopes import scope

from lygte.care.intake.handover import Listed
from lygte.core.access import Verb, fetch, may
from lygte.core.lookups import Lookup
from lygte.core.models import Member, Organisation
from lygte.core.problems import Problem
from lygte.core.today import Need, needs
from lygte.directory.areas import area_name, areas_within

from . import codes
from .models import Place, Visit
from .xlsforms.visit_form import FORM_ID, PLACE

PAGE = 50
RECENT_DAYS = 90
MOST_COUNTED = 100
MOST_ON_PHONE = 500


# Places ---------------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class PlaceFilter:
    """What the list of places is asked for; empty means everything."""

    q: str = ""
    kind: str = ""
    area: str = ""
    industry: str = ""
    unvisited: int | None = None
    state: str = "active"
    order: str = "name"


def last_visit(until: date | None = None) -> Subquery:
    """Return the day of a place's last visit that counts, up to a day."""
    visits = Visit.objects.filter(place=OuterRef("pk"), withdrawn_at=None).order_by("-day", "-id")
    if until is not None:
        visits = visits.filter(day__lte=until)
    return Subquery(visits.values("day")[:1])


def places(member: Member, wanted: PlaceFilter) -> QuerySet[Place]:
    """Return places with the day of their last visit, by code name, or the longest unvisited first."""
    found = Place.objects.filter(organisation=member.organisation).annotate(last_day=last_visit())
    if wanted.state:
        found = found.filter(state=wanted.state)
    if wanted.kind:
        found = found.filter(kind=wanted.kind)
    if wanted.area:
        found = found.filter(area__in=areas_within(wanted.area))
    if wanted.industry:
        found = found.filter(industry=wanted.industry)
    if wanted.q:
        found = found.filter(Q(code_name__icontains=wanted.q) | Q(short_code__iexact=wanted.q))
    if wanted.unvisited is not None:
        oldest = timezone.localdate() - timedelta(days=wanted.unvisited)
        found = found.filter(Q(last_day__lt=oldest) | Q(last_day=None, created_on__lt=oldest))
    if wanted.order == "visit":
        return found.order_by(F("last_day").asc(nulls_first=True), "code_name")
    return found.order_by("code_name")


def places_for_phone(member: Member) -> list[dict[str, Any]]:
    """Return the active places as a phone may keep them: pseudonyms, kind, languages, day of the last visit."""
    if not may(member, Verb.PLACE_LIST):
        return []
    return [
        {
            "ref": place.ref,
            "code": place.short_code,
            "name": place.code_name,
            "kind": str(codes.PLACE_KINDS[place.kind]),
            "languages": place.languages,
            "last_visit": day.isoformat() if (day := getattr(place, "last_day", None)) else None,
        }
        for place in places(member, PlaceFilter())[:MOST_ON_PHONE]
    ]


def visits_for_phone(member: Member) -> dict[str, str]:
    """Return the form of a visit and its question for the place, so that the app can open it at a place."""
    return {"form": FORM_ID, "question": PLACE} if may(member, Verb.VISIT_RECORD) else {}


def recent_visits(member: Member, shown: Iterable[Place]) -> dict[int, int]:
    """Return how many visits each of the shown places had in the last 90 days, by the place's key."""
    since = timezone.localdate() - timedelta(days=RECENT_DAYS)
    rows = (
        Visit.objects.filter(organisation=member.organisation, place__in=list(shown), withdrawn_at=None, day__gte=since)
        .order_by()
        .values_list("place_id")
        .annotate(visits=Count("id"))
    )
    return dict(rows)


def place(member: Member, ref: str) -> Place:
    """Return one place, or Problem 404.1."""
    return fetch(member, Place, ref)


ACTIVE_PLACE = Lookup(
    lambda **named: Place.objects.filter(state="active", **named), organisation=(-1, -2), short_code=("a?", "b?")
)


def active_place(organisation: Organisation, short_code: str) -> Place | None:
    """Return the active place with a short code, if there is one; whatever else is sent is no place."""
    if not short_code.isalnum():
        return None
    return ACTIVE_PLACE.one(organisation=organisation.pk, short_code=short_code)


def active_places(organisation: Organisation) -> QuerySet[Place]:
    """Return the places that a visit can be recorded for, by code name."""
    return Place.objects.filter(organisation=organisation, state="active").order_by("code_name")


def areas_in_use(member: Member) -> list[str]:
    """Return the municipalities where the organisation has places."""
    rows = Place.objects.filter(organisation=member.organisation).order_by().values_list("area", flat=True)
    return sorted(rows.distinct(), key=area_name)


def sums_of_place(member: Member, shown: Place) -> Mapping[str, Any]:
    """Return what a year of visits to one place adds up to."""
    since = timezone.localdate() - timedelta(days=365)
    return Visit.objects.filter(
        organisation=member.organisation, place=shown, withdrawn_at=None, day__gte=since
    ).aggregate(
        visits=Count("id"),
        spoke=Count("id", filter=Q(outcome="spoke")),
        spoken_to=Sum("spoken_to", default=0),
        new=Sum("new", default=0),
        minutes=Sum("minutes", default=0),
        last=Max("day"),
    )


# Visits ---------------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class VisitFilter:
    """What the list of visits is asked for; empty means everything that stands."""

    kind: str = ""
    area: str = ""
    outcome: str = ""
    since: date | None = None
    until: date | None = None
    mine: bool = False
    withdrawn: bool = False
    place: str = ""


@dataclass(frozen=True)
class Slice:
    """One page of a long list, newest first; `older` is where to go on from, `newer` says that this is not the start."""

    visits: list[Visit]
    older: str = ""
    newer: bool = False


def visits(member: Member, wanted: VisitFilter, *, after: str = "", size: int = PAGE) -> Slice:
    """Return a page of visits, newest first, starting after the visit whose reference is given."""
    found = _matching(member, wanted)
    if found is None:
        return Slice([], newer=bool(after))
    if after:
        last = visit(member, after)
        found = found.filter(Q(day__lt=last.day) | Q(day=last.day, id__lt=last.pk))
        found = found.filter(day__lte=last.day)
    page = list(found.select_related("place").order_by("-day", "-id")[: size + 1])
    more = len(page) > size
    page = page[:size]
    return Slice(page, older=page[-1].ref if more else "", newer=bool(after))


def _matching(member: Member, wanted: VisitFilter) -> QuerySet[Visit] | None:
    """Narrow the visits down, or None where nothing can match: a search for it would read every visit."""
    found = Visit.objects.filter(organisation=member.organisation, withdrawn_at__isnull=not wanted.withdrawn)
    if wanted.area:
        here = areas_within(wanted.area).intersection(areas_in_use(member))
        if not here:
            return None
        found = found.filter(area__in=here)
    if wanted.kind:
        found = found.filter(place_kind=wanted.kind)
    if wanted.outcome:
        found = found.filter(outcome=wanted.outcome)
    if wanted.since:
        found = found.filter(day__gte=wanted.since)
    if wanted.until:
        found = found.filter(day__lte=wanted.until)
    if wanted.mine:
        found = found.filter(recorded_by=member)
    if wanted.place:
        found = found.filter(place=fetch(member, Place, wanted.place))
    return found


def visit(member: Member, ref: str) -> Visit:
    """Return one visit, or Problem 404.1."""
    if not ref.isalnum():  # it may come from behind a question mark, where anything can stand
        raise Problem("404.1")
    return fetch(member, Visit, ref)


def visit_of_submission(member: Member, submission: str) -> Visit | None:
    """Return the visit that a submission became."""
    return Visit.objects.filter(organisation=member.organisation, submission=submission).first()


# What other rooms ask -------------------------------------------------------------------------------------------------
def place_label(shown: Place) -> str:
    """Return how a place is called in a list: code name, kind, municipality."""
    return f"{shown.code_name} · {codes.PLACE_KINDS[shown.kind]} · {area_name(shown.area)}"


def places_csv(organisation: Organisation) -> bytes:
    """Return the list of places that phones choose from; only its own, only active.

    Words of no language: the list lies on phones of people who read different ones.
    """
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(["name", "label"])
    with scope(organisation=organisation), translation.override(organisation.language):
        for row in active_places(organisation).only("code_name", "short_code", "area"):
            rows.writerow([row.short_code, f"{row.code_name} · {row.short_code} · {area_name(row.area)}"])
    return text.getvalue().encode()


def places_listed(member: Member) -> list[Listed]:
    """Return the places that any form may offer: the short code is stored, the code name is read. Nothing else goes."""
    if not may(member, Verb.PLACE_LIST):
        return []
    rows = active_places(member.organisation).values_list("short_code", "code_name")
    return [Listed(short_code, code_name) for short_code, code_name in rows]


@needs
def places_left_alone(member: Member) -> list[Need]:
    """Tell field staff that places have not been visited for long."""
    if not may(member, Verb.PLACE_LIST):
        return []
    days = settings.LYGTE_PLACE_UNVISITED_DAYS
    found = places(member, PlaceFilter(unvisited=days)).order_by()
    count = len(found.values_list("pk", flat=True)[:MOST_COUNTED])
    if not count:
        return []
    title = (
        _("At least %(count)d places have not been visited for long")
        if count == MOST_COUNTED
        else ngettext(
            "%(count)d place has not been visited for long", "%(count)d places have not been visited for long", count
        )
    )
    return [
        Need(
            title=title % {"count": count},
            detail=ngettext("No visit in %(days)d day", "No visit in %(days)d days", days) % {"days": days},
            url=reverse("outreach:place_list") + f"?unvisited={days}&order=visit",
            count=count,
        )
    ]
