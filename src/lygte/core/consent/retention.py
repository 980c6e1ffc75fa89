"""Nothing is kept longer than it was said: rules by kind of record, carried out every day by themselves.

A whole person goes when the time after the end of the support is over; single records with a shorter time go earlier.
A record goes when its own last day is over: that is why all locked fields of one kind share one time (a test holds it).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Max, QuerySet
from django.utils import timezone
from django_scopes import scopes_disabled

from ..access import Verb
from ..audit import write_entry
from ..organisations import Organisation
from ..problems import Problem
from ..schedule import periodic
from ..transactions import writing
from .codes import Via
from .erasure import ASKED, RETENTION, erase_person, family, remove_all, replay_erasures
from .holds import standing_hold, wishes_due
from .models import Consent, Hold, LockedModel, Person, Seen
from .personal import KEEPS, Tier
from .protection import locked_models

# Where the day of an event stands, unless a model names its column in `KEEP_FROM`.
DAY_COLUMNS = {
    "recorded": ("recorded_on", "recorded_at", "day", "made_on", "made_at", "set_on", "at"),
    "sent": ("sent_on", "sent_at", "made_at", "day", "at"),
    "ended": ("ended_on", "ended_at", "closed_on", "until"),
}
WITH_THE_PERSON = "closed"


@dataclass(frozen=True)
class Due:
    """Something whose time is over: whole persons, or records of one kind, of one organisation."""

    organisation: Organisation
    kind: str
    count: int


def keep_of(model: type[LockedModel]) -> str:
    """Return the code of the time for which a kind of record is kept: that of its locked fields."""
    codes = {one.keep for one in model.PERSONAL.values() if one.tier != Tier.OPEN} or {"account"}
    if len(codes) > 1:
        raise ValueError(
            f"{model.__name__}: locked fields with different times {sorted(codes)} cannot stand in one box"
        )
    return codes.pop()


def day_column(model: type[LockedModel]) -> str:
    """Return the column from which the time of a kind of record runs; empty where it goes with the person."""
    after = KEEPS[keep_of(model)].after
    if after == WITH_THE_PERSON:
        return ""
    columns = {f.name for f in model._meta.concrete_fields}
    wanted = (getattr(model, "KEEP_FROM", ""), *DAY_COLUMNS[after])
    found = next((name for name in wanted if name in columns), None)
    if found is None:
        raise ValueError(
            f"{model.__name__} is kept for a time after it was {after}, but has no such day: name KEEP_FROM"
        )
    return found


def records_due(today: date) -> Iterator[QuerySet[Any]]:
    """Yield, by kind, the records whose own time is over; those under a legal hold wait."""
    held = Hold.objects.filter(ended_at=None, until__gte=today).exclude(confirmed_by=None).values("person")
    for model in locked_models():
        column = day_column(model)
        if column:
            last = today - KEEPS[keep_of(model)].time
            field = model._meta.get_field(column)
            look = f"{column}__date__lt" if field.get_internal_type() == "DateTimeField" else f"{column}__lt"
            yield model._base_manager.filter(**{look: last}).exclude(person__in=held)


def persons_due(today: date) -> list[Person]:
    """Return the persons whose support ended so long ago that everything of them must go."""
    last = today - KEEPS["case"].time
    old = Person.objects.filter(merged_into=None, made_on__lt=last).select_related("organisation")
    closings, doings = _closings(), _doings()
    return [one for one in old if _ended(one, closings, doings) < last and standing_hold(family(one), today) is None]


def _closings() -> dict[int, list[date | None]]:
    """Return by person the days on which what had been opened for them was closed; None is still open."""
    found: dict[int, list[date | None]] = {}
    for model in locked_models():
        if any(f.name == "closed_on" for f in model._meta.concrete_fields):
            rows: QuerySet[Any] = model._base_manager.all()
            for person, day in rows.values_list("person", "closed_on"):
                found.setdefault(person, []).append(day)
    return found


def _doings() -> dict[str, date]:
    """Return by person the last day on which anything was done with them; looking at one's own record is not that."""
    seen = Seen.objects.exclude(via=Via.SLIP).order_by().values_list("person").annotate(Max("at"))
    agreed = Consent.objects.order_by().values_list("person__ref").annotate(Max("at"))
    found: dict[str, date] = {}
    for ref, at in [*seen, *agreed]:
        day = timezone.localtime(at).date()
        found[ref] = max(day, found.get(ref, day))
    return found


def _ended(person: Person, closings: dict[int, list[date | None]], doings: dict[str, date]) -> date:
    people = family(person)
    days = [day for one in people for day in closings.get(one.pk, [])]
    if days:
        return date.max if None in days else max(day for day in days if day is not None)
    return max([one.made_on for one in people] + [doings[one.ref] for one in people if one.ref in doings])


def run_retention(*, today: date | None = None, dry_run: bool = False) -> list[Due]:
    """Remove whatever has outlived its time, or only say what would go. Safe to run twice."""
    day = today or timezone.localdate()
    with scopes_disabled():
        found = [Due(person.organisation, "person", 1) for person in persons_due(day)]
        found += [Due(person.organisation, "wish", 1) for person in wishes_due(day)]
        found += [due for rows in records_due(day) for due in _count(rows)]
        if not dry_run:
            _carry_out(day)
    return found


def _count(rows: QuerySet[Any]) -> list[Due]:
    numbers: dict[int, int] = {}
    for organisation in rows.order_by().values_list("organisation", flat=True):
        numbers[organisation] = numbers.get(organisation, 0) + 1
    houses = Organisation.objects.in_bulk(numbers)
    return [Due(houses[number], rows.model._meta.label_lower, count) for number, count in sorted(numbers.items())]


def _carry_out(day: date) -> None:
    for rows in records_due(day):
        with writing():
            for due in _count(rows):
                write_entry(
                    organisation=due.organisation,
                    member=None,
                    verb=Verb.CASE_ERASE,
                    details={"because": RETENTION, "kind": due.kind, "records": due.count},
                )
            remove_all([rows])
    for because, persons in ((ASKED, wishes_due(day)), (RETENTION, persons_due(day))):
        for person in persons:
            with suppress(Problem):  # held with somebody merged, or gone with them: nobody else waits for that
                erase_person(person=person, because=because)


@periodic("consent.retention", every=timedelta(hours=24))
def keep_no_longer() -> str:
    """Every day: erase again what came back with a backup, then what has outlived its time."""
    began = datetime.now()
    back, gone = replay_erasures(), run_retention()
    return f"{back} again, {sum(due.count for due in gone)} over, {datetime.now() - began}"
