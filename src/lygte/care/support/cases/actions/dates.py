"""Dates that must not pass, and the states of a formal identification."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils import formats, timezone
from django.utils.translation import gettext_lazy as _

from lygte.core.access import Verb
from lygte.core.actions import action
from lygte.core.consent import gate
from lygte.core.consent.models import Person
from lygte.core.models import Member
from lygte.core.problems import Problem

from .. import codes
from ..models import Deadline, Identification
from ..rules import period_of
from .shared import chosen, clean, fresh, near_day, past_day, put_changed, put_new, require_agreed, require_open


def _check_length(kind: str, starts_on: date, due: date) -> None:
    latest = period_of(kind).latest_due(starts_on)
    if due < starts_on:
        raise Problem("422.501", day=formats.date_format(due, "SHORT_DATE_FORMAT"))
    if latest is not None and due > latest:
        raise Problem("422.503", latest=formats.date_format(latest, "SHORT_DATE_FORMAT"))


@action(Verb.CASE_CHANGE)
def add_deadline(
    *, member: Member, person: Person, kind: str, starts_on: date, due: date | None = None, about: str = ""
) -> Deadline:
    """Write down a date that must not pass. Without a day, a period that has a usual length gets that."""
    chosen(kind, codes.DEADLINES, _("Which date"))
    until = due or period_of(kind).usual_due(near_day(starts_on))
    if until is None:
        raise Problem("422.500", what=_("Until"))
    _check_length(kind, starts_on, near_day(until))
    deadline = Deadline(
        organisation=member.organisation, person=person, starts_on=starts_on, first_due=until, due=until
    )
    return put_new(member, deadline, {"kind": kind, "about": about})


def _opened(member: Member, deadline: Deadline) -> Mapping[str, Any]:
    """Return what is locked in a deadline, or raise the problem why not."""
    opened = gate.read(member=member, records=[deadline])
    if deadline.ref in opened.refused:
        raise Problem(opened.refused[deadline.ref])
    return opened.get(deadline)


@action(Verb.CASE_CHANGE)
def change_deadline(
    *,
    member: Member,
    deadline: Deadline,
    kind: str,
    starts_on: date,
    due: date,
    about: str = "",
    based_on: int | None = None,
) -> Deadline:
    """Correct what was written down about a date. To move it because it was extended, extend it."""
    chosen(kind, codes.DEADLINES, _("Which date"))
    _check_length(kind, near_day(starts_on), near_day(due))
    outcome = _opened(member, deadline).get("outcome", "")
    values = {"kind": kind, "about": about, "outcome": outcome}
    first = due if deadline.first_due == deadline.due else min(deadline.first_due, due)
    return put_changed(member, deadline, values, based_on, {"starts_on": starts_on, "due": due, "first_due": first})


@action(Verb.CASE_CHANGE, details=lambda deadline: {"extended": True})
def extend_deadline(*, member: Member, deadline: Deadline, due: date) -> Deadline:
    """Move a date that was extended; the first one stays to be seen. Problem 422.503 beyond what the law knows."""
    require_agreed(member, deadline)  # an emergency opening lets somebody look, not change
    require_open(deadline.person)
    now = fresh(deadline)
    values = _opened(member, now)
    if due <= now.due:
        raise Problem("422.501", day=formats.date_format(due, "SHORT_DATE_FORMAT"))
    _check_length(values.get("kind", "other"), now.starts_on, near_day(due))
    now.due = due
    now.save(update_fields=["due"])
    return now


@action(Verb.CASE_CHANGE, details=lambda deadline: {"over": True})
def end_deadline(*, member: Member, deadline: Deadline, outcome: str, ended_on: date | None = None) -> Deadline:
    """Say what came of a date. That somebody said no, or stepped out, is an outcome like any other."""
    now = fresh(deadline)
    values = {**_opened(member, now), "outcome": chosen(outcome, codes.DEADLINE_OUTCOMES, _("What came of it"))}
    now.ended_on = past_day(ended_on or timezone.localdate())
    gate.write(member=member, record=now, values=clean(values))
    return now


@action(Verb.CASE_CHANGE, details=lambda deadline: {"over": False})
def reopen_deadline(*, member: Member, deadline: Deadline) -> Deadline:
    """Say that a date still runs."""
    require_agreed(member, deadline)
    now = fresh(deadline)
    values = {name: value for name, value in _opened(member, now).items() if name != "outcome"}
    now.ended_on = None
    gate.write(member=member, record=now, values=clean(values))
    return now


@action(Verb.CASE_CHANGE)
def add_identification(
    *, member: Member, person: Person, state: str, day: date, by: str = "", remark: str = ""
) -> Identification:
    """Write down how far a formal identification has come. No help depends on it."""
    new = Identification(organisation=member.organisation, person=person, day=past_day(day))
    return put_new(member, new, _identification(state, by, remark))


def _identification(state: str, by: str, remark: str) -> Mapping[str, Any]:
    return {"state": chosen(state, codes.IDENTIFICATIONS, _("State")), "by": by, "remark": remark}


@action(Verb.CASE_CHANGE)
def change_identification(
    *,
    member: Member,
    identification: Identification,
    state: str,
    day: date,
    by: str = "",
    remark: str = "",
    based_on: int | None = None,
) -> Identification:
    """Correct what was written down."""
    values = _identification(state, by, remark)
    return put_changed(member, identification, values, based_on, {"day": past_day(day)})
