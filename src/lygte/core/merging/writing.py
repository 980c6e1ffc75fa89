"""Writing a record that somebody else may have changed meanwhile: on a page, or hours ago on a phone without a signal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from django.apps import apps
from django.utils import timezone

from ..access import Verb
from ..actions import action
from ..consent import gate
from ..consent.codes import Via
from ..consent.models import LockedModel, Person
from ..people import Member
from ..problems import Problem
from .history import as_it_was
from .models import Competing
from .rules import meet

Record = TypeVar("Record", bound=LockedModel)


def write_merging(
    *, member: Member, record: Record, values: Mapping[str, Any], based_on: int
) -> tuple[Record, Competing | None]:
    """Lock values into a record inside the caller's action; return it, and what waits for a choice, if anything.

    `based_on` is the version that the writer had before them. Fields that only one of the two changed are both kept;
    where both changed the same field, what stood first stays and the other is kept beside it.
    """
    now = _locked_row(record)
    if now.version == based_on:
        gate.write(member=member, record=now, values=values, based_on=based_on)
        return now, None
    was = as_it_was(now, based_on)
    theirs = _opened(member, now)
    met = meet(_opened(member, was) if was is not None else {}, theirs, values)
    if met.values != theirs:
        gate.write(member=member, record=now, values=met.values, based_on=now.version)
    if not met.undecided:
        return now, None
    beside = Competing(
        organisation=now.organisation,
        person=now.person,
        table=now._meta.label,
        record=now.ref,
        of_group=now.group,
        member=member,
        at=timezone.now(),
        met=now.version,
    )
    gate.write(member=member, record=beside, values={"wanted": met.undecided})
    return now, beside


def _locked_row(record: Record) -> Record:
    found: Record | None = (
        type(record)
        ._base_manager.select_for_update(of=("self",))
        .select_related("person", "organisation")
        .filter(pk=record.pk)
        .first()
    )
    if found is None:
        raise Problem("404.1")
    return found


def _opened(member: Member, record: LockedModel) -> Mapping[str, Any]:
    opened = gate.read(member=member, records=[record], via=Via.CHANGE)
    if record.ref in opened.refused:
        raise Problem(opened.refused[record.ref])
    return opened.get(record)


def undecided(person: Person) -> list[Competing]:
    """Return what waits for a choice, the oldest first."""
    return list(
        Competing.objects.filter(person=person, decided_at=None).select_related("person", "member__user").order_by("pk")
    )


def record_of(beside: Competing) -> LockedModel | None:
    """Return the record that competing values are about; None if it was removed meanwhile."""
    model = apps.get_model(beside.table)
    assert issubclass(model, LockedModel)
    return model._base_manager.select_related("person").filter(ref=beside.record, person=beside.person).first()


@action(Verb.CASE_CHANGE)
def choose(*, member: Member, beside: Competing, take: Mapping[str, bool]) -> Competing:
    """Decide between two values: `take[field]` is true for the second writer's. What was not chosen stays in the history.

    Raises Problem 409.11 when somebody else decided meanwhile, 404.1 when the record is gone.
    """
    held = _locked_row(beside)
    record = record_of(held)
    if record is None:
        raise Problem("404.1")
    if held.decided_at is not None:
        raise Problem("409.11")
    now = _locked_row(record)
    wanted = _opened(member, held)["wanted"]
    values = dict(_opened(member, now))
    for field, value in wanted.items():
        if take.get(field):
            values[field] = value
    gate.write(
        member=member, record=now, values={k: v for k, v in values.items() if v is not None}, based_on=now.version
    )
    held.decided_by, held.decided_at = member, timezone.now()
    held.save(update_fields=["decided_by", "decided_at"])
    return held
