"""What every action of this room does first and last: check, lock the row, write through the gate."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, timedelta
from typing import Any, TypeVar

from django.utils import formats, timezone

from lygte.core.consent import gate
from lygte.core.consent.codes import Purpose
from lygte.core.consent.models import LockedModel, Person
from lygte.core.models import Member
from lygte.core.personal_signs import refuse_signs
from lygte.core.problems import Problem

from .. import reads
from ..models import Case

Record = TypeVar("Record", bound=LockedModel)
FAR = timedelta(days=366 * 5)
NUMBERS_ARE_FINE = frozenset({"phone"})  # a Dutch mobile number can look like a Danish personal number


def require_seat(member: Member, person: Person) -> None:
    """Raise Problem 404.1 for another organisation's person, 403.11 without a seat on the team."""
    if person.organisation_id != member.organisation_id:
        raise Problem("404.1")
    if not reads.on_team(member, person):
        raise Problem(gate.NO_SEAT)


def require_open(person: Person) -> None:
    """Raise Problem 409.500 while the person's case is closed."""
    found = Case.objects.filter(person=person).first()
    if found is not None and not found.open:
        raise Problem("409.500")


def require_agreed(member: Member, record: LockedModel) -> None:
    """Ask what the gate asks, where only days and codes of a record change: team and consent."""
    require_seat(member, record.person)
    if record.group not in gate.agreed_groups([record.person], purpose=Purpose.SUPPORT)[record.person_id]:
        raise Problem(gate.NO_CONSENT)


def fresh(record: Record) -> Record:
    """Read a record again and lock its row, so that what somebody else just changed is not written over."""
    found: Record | None = (
        type(record)._base_manager.select_for_update(of=("self",)).select_related("person").filter(pk=record.pk).first()
    )
    if found is None:
        raise Problem("404.1")
    return found


def clean(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is to be locked, without what is empty. Raises Problem 422.10 for a personal number in any text."""
    kept = {}
    for name, value in values.items():
        if isinstance(value, str):
            value = value.strip()
            if name not in NUMBERS_ARE_FINE:
                refuse_signs(value, looked=True, at=name)
        if value not in ("", None):
            kept[name] = value
    return kept


def put_new(member: Member, record: Record, values: Mapping[str, Any]) -> Record:
    """Lock and save a new record of an open case."""
    require_open(record.person)
    gate.write(member=member, record=record, values=clean(values))
    return record


def put_changed(
    member: Member,
    record: Record,
    values: Mapping[str, Any],
    based_on: int | None,
    columns: Mapping[str, Any] | None = None,
) -> Record:
    """Lock and save a changed record with some of its open columns; Problem 409.11 when somebody else was quicker."""
    now = fresh(record)
    for name, value in (columns or {}).items():
        setattr(now, name, value)
    gate.write(member=member, record=now, values=clean(values), based_on=based_on)
    return now


def chosen(value: str, allowed: Collection[str], what: Any) -> str:
    """Return a code, or raise Problem 422.500 when it is none of the list's."""
    if value not in allowed:
        raise Problem("422.500", what=what)
    return value


def past_day(day: date) -> date:
    """Return a day that is not in the future, or raise Problem 422.501."""
    if day > timezone.localdate() or day < timezone.localdate() - FAR:
        raise Problem("422.501", day=formats.date_format(day, "SHORT_DATE_FORMAT"))
    return day


def near_day(day: date) -> date:
    """Return a day within five years of today, or raise Problem 422.501."""
    if abs(day - timezone.localdate()) > FAR:
        raise Problem("422.501", day=formats.date_format(day, "SHORT_DATE_FORMAT"))
    return day
