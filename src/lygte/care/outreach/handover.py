"""What the next storey may have of this room: places and visits as frozen cards, and a quick way to load many."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any

from django.db.models import Count
from django.utils import timezone
from django_scopes import scope

from lygte.core.models import Member, Organisation
from lygte.core.transactions import writing
from lygte.facts.ledger import Fact, record_many, write_rows

from . import codes, reads
from .actions import visit_of
from .codes import INTERPRETERS, PARTS_OF_DAY, PLACE_KINDS, Labels, choices
from .facts import facts_of, source_of
from .listening import follow_visits, guard_visits
from .models import Place, Visit
from .parts import PlacePart, Text, place_part
from .rules import VisitAnswers, code_name_is_safe, faults_of, make_short_code
from .xlsforms.visit_form import FORM_ID, nest

__all__ = [
    "FORM_ID",
    "INTERPRETERS",
    "PARTS_OF_DAY",
    "PLACE_KINDS",
    "KnownPlace",
    "Labels",
    "PlaceCard",
    "PlacePart",
    "VisitThere",
    "bulk_places",
    "bulk_visits",
    "choices",
    "follow_visits",
    "guard_visits",
    "known_places",
    "nest",
    "open_place",
    "place_card",
    "place_cards",
    "place_part",
    "places_by_area",
    "places_named",
    "visits_there",
]

BATCH = 5000
COLUMNS = tuple(field.attname for field in Visit._meta.concrete_fields if not field.primary_key)


@dataclass(frozen=True)
class PlaceCard:
    """A place as other rooms may know it."""

    ref: str
    short_code: str
    code_name: str
    kind: str
    area: str
    active: bool = True

    @property
    def kind_label(self) -> Text:
        return codes.PLACE_KINDS[self.kind]


def _card(place: Place) -> PlaceCard:
    return PlaceCard(
        place.ref, place.short_code, place.code_name, place.kind, place.area, active=place.state == "active"
    )


def place_card(member: Member, ref: str) -> PlaceCard:
    """Return the card of one place, or Problem 404.1."""
    return _card(reads.place(member, ref))


def place_cards(member: Member, refs: Iterable[str]) -> list[PlaceCard]:
    """Return the cards of some places of the member's organisation, by code name."""
    found = Place.objects.filter(organisation=member.organisation, ref__in=list(refs))
    return [_card(place) for place in found.order_by("code_name")]


@dataclass(frozen=True, slots=True)
class KnownPlace:
    """A place with what a round is planned by; `last_day` is that of its last visit up to the day asked for."""

    ref: str
    short_code: str
    code_name: str
    kind: str
    area: str
    languages: tuple[str, ...]
    open_at: tuple[str, ...]
    known_since: date
    active: bool
    last_day: date | None


def known_places(
    organisation: Organisation,
    *,
    areas: Iterable[str] | None = None,
    until: date | None = None,
    refs: Iterable[str] | None = None,
    closed: bool = False,
    described: bool = True,
) -> list[KnownPlace]:
    """Return places with the day of their last visit, by code name; closed ones only where asked for.

    One seek in an index for each place: no visit but the last one is looked at. Who only counts them leaves out
    languages and opening (`described=False`): reading these takes half of the time.
    """
    found = (
        Place.objects.filter(organisation=organisation).annotate(last_day=reads.last_visit(until)).order_by("code_name")
    )
    if not closed:
        found = found.filter(state="active")
    if areas is not None:
        found = found.filter(area__in=list(areas))
    if refs is not None:
        found = found.filter(ref__in=list(refs))
    names = ("ref", "short_code", "code_name", "kind", "area", "created_on", "state", "last_day")
    more = ("languages", "open_at") if described else ()
    places = []
    for ref, code, name, kind, area, known_since, state, last_day, *told in found.values_list(*names, *more):
        languages, open_at = told or ((), ())
        spoken, hours = tuple(languages), tuple(open_at)
        places.append(KnownPlace(ref, code, name, kind, area, spoken, hours, known_since, state == "active", last_day))
    return places


def places_by_area(organisation: Organisation) -> dict[str, int]:
    """Return how many open places there are in each municipality."""
    found = Place.objects.filter(organisation=organisation, state="active").order_by().values_list("area")
    return dict(found.annotate(places=Count("id")))


def open_place(organisation: Organisation, short_code: str) -> str:
    """Return the reference of the open place with a short code, or nothing."""
    place = reads.active_place(organisation, short_code)
    return place.ref if place else ""


def places_named(organisation: Organisation, refs: Iterable[str]) -> dict[str, KnownPlace]:
    """Return these places by reference, closed ones too; what is not of this organisation is absent."""
    return {place.ref: place for place in known_places(organisation, refs=refs, closed=True)}


@dataclass(frozen=True, slots=True)
class VisitThere:
    """A visit that counts: at which place, by whom, with what outcome."""

    ref: str
    place: str
    member_id: int | None
    outcome: str


def visits_there(organisation: Organisation, places: Iterable[str], day: date) -> list[VisitThere]:
    """Return the visits that count at these places on a day, in the order in which they came."""
    found = Visit.objects.filter(
        organisation=organisation, place__ref__in=list(places), day=day, withdrawn_at=None
    ).order_by("pk")
    return [VisitThere(*row) for row in found.values_list("ref", "place__ref", "recorded_by_id", "outcome")]


def bulk_places(organisation: Organisation, rows: Iterable[Mapping[str, Any]]) -> list[PlaceCard]:
    """Add many places at once, for demonstrations and moves from another system; return their cards in order.

    A row holds code_name, kind and area, and may hold short_code, source, languages, state and created_on. Raises
    ValueError for a code name that is not safe. One line in the log is the caller's to write.
    """
    with scope(organisation=organisation), writing():
        taken = set(Place.objects.filter(organisation=organisation).values_list("short_code", flat=True))
        new = [_place(organisation, row, taken) for row in rows]
        Place.objects.bulk_create(new, batch_size=1000)
    return [_card(place) for place in new]


def _place(organisation: Organisation, row: Mapping[str, Any], taken: set[str]) -> Place:
    if not code_name_is_safe(row["code_name"]) or row["kind"] not in codes.PLACE_KINDS:
        raise ValueError(f"not a place: {row['code_name']}, {row['kind']}")
    short_code = row.get("short_code", "")
    while not short_code or short_code in taken:
        short_code = make_short_code()
    taken.add(short_code)
    given = {"created_on": timezone.localdate(), **row, "short_code": short_code}
    return Place(organisation=organisation, **given)


def bulk_visits(organisation: Organisation, rows: Iterable[Mapping[str, Any]]) -> int:
    """Record many visits with their facts, in one transaction; return how many.

    A row holds place (a short code), day and outcome, and may hold every other field of VisitAnswers and recorded_by
    (a Member). Raises ValueError for a row that the rules would refuse. Days may be as old as they are. Nobody else
    may record meanwhile (see `record_many`).
    """
    stored = 0

    def sources() -> Iterator[tuple[str, list[Fact]]]:
        nonlocal stored
        stream = iter(rows)
        while batch := list(islice(stream, BATCH)):
            visits = [_visit(row, places) for row in batch]
            write_rows(Visit, COLUMNS, [_row(visit) for visit in visits])
            stored += len(visits)
            yield from ((source_of(visit), facts_of(visit)) for visit in visits)

    with scope(organisation=organisation), writing():
        places = {place.short_code: place for place in Place.objects.filter(organisation=organisation)}
        record_many(sources(), batch=BATCH)
    return stored


def _visit(row: Mapping[str, Any], places: Mapping[str, Place]) -> Visit:
    given = dict(row)
    recorded_by = given.pop("recorded_by", None)
    read = VisitAnswers(**given)
    place = places.get(read.place)
    wrong = next(faults_of(read), None)
    if place is None or wrong is not None or not isinstance(read.day, date):
        raise ValueError(f"not a visit: {wrong or read.place} on {read.day}")
    visit = visit_of(read, place)
    visit.recorded_by = recorded_by
    return visit


def _row(visit: Visit) -> tuple[Any, ...]:
    """Return a visit as the database holds it; writing rows is twice as quick as saving objects."""
    values = {**vars(visit), "day": visit.day.isoformat(), "counts": json.dumps(visit.counts)}
    return tuple(values[name] for name in COLUMNS)
