"""Opening, changing, closing and reopening a case."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lygte.core.access import Verb
from lygte.core.actions import action
from lygte.core.consent import gate
from lygte.core.consent.codes import Group, Purpose
from lygte.core.consent.ledger import Said, record_consent
from lygte.core.consent.persons import make_person
from lygte.core.models import Member, Role
from lygte.core.problems import Problem
from lygte.directory.areas import AREAS
from lygte.directory.languages import LANGUAGES

from .. import codes
from ..counting import count_again
from ..finding import remember
from ..models import Case, Name, Reach
from .shared import clean, fresh, past_day, require_seat


@dataclass(frozen=True)
class Agreed:
    """What the person said yes to: groups that may be kept, and other purposes, each by itself."""

    groups: Collection[str]
    purposes: Collection[str] = ()


# What a purpose other than support is about, when it is agreed to while a case is opened.
GROUPS_OF_PURPOSE: Mapping[str, frozenset[str]] = {
    Purpose.CONTACT: frozenset({Group.CONTACT}),
    Purpose.STATISTICS: frozenset({Group.GOALS, Group.REFERRALS}),
    Purpose.FEEDBACK: frozenset({Group.CONTACT}),
}


@dataclass(frozen=True)
class Told:
    """What the person told at the first talk; every part of it may be empty."""

    asked: str = ""
    name: Mapping[str, Any] = field(default_factory=dict)
    reach: Mapping[str, Any] = field(default_factory=dict)


@action(Verb.CASE_OPEN)
def open_case(
    *,
    member: Member,
    said: Said,
    agreed: Agreed,
    area: str,
    way_in: str,
    language: str,
    asked_on: date | None = None,
    told: Told = Told(),
    opened_on: date | None = None,
) -> Case:
    """Open a case: a person under a code, what they agree to, and what they told, in one transaction.

    Raises Problem 423.4 or 423.5 without two key-holders, 422.31 when nothing was agreed to, 422.502 when something was
    written down that they did not agree to. `opened_on` is for a case that began elsewhere, on paper.
    """
    today = timezone.localdate()
    _check_told(agreed, told)
    person = make_person(member=member)
    record_consent(member=member, person=person, purpose=Purpose.SUPPORT, groups=agreed.groups, said=said)
    for purpose in agreed.purposes:
        record_consent(member=member, person=person, purpose=purpose, groups=GROUPS_OF_PURPOSE[purpose], said=said)
    opened = Case(
        organisation=member.organisation,
        person=person,
        area=_municipality(area),
        way_in=_code(way_in, codes.WAYS_IN, _("How they came to us")),
        language=_code(language, LANGUAGES, _("Language")),
        asked_on=past_day(asked_on or opened_on or today),
        opened_on=past_day(opened_on or today),
        opened_by=member,
    )
    _keep(member, opened, {"asked": told.asked})
    for record, values in ((Name, told.name), (Reach, told.reach)):
        if clean(values):
            _keep(member, record(organisation=member.organisation, person=person), values)
    if clean(told.name) or clean(told.reach):
        remember(member, person)
    count_again(opened)
    return opened


def _check_told(agreed: Agreed, told: Told) -> None:
    for group, values in (
        (Group.GOALS, {"asked": told.asked}),
        (Group.IDENTITY, told.name),
        (Group.CONTACT, told.reach),
    ):
        if clean(values) and group not in agreed.groups:
            raise Problem("422.502", group=group.label)
    if not set(agreed.purposes) <= set(GROUPS_OF_PURPOSE):
        raise Problem("422.500", what=_("Purpose"))


def _keep(member: Member, record: Any, values: Mapping[str, Any]) -> None:
    """Lock what was told; a case of which nothing may be kept is a row of days and codes."""
    if clean(values):
        gate.write(member=member, record=record, values=clean(values))
    else:
        record.save()


def _municipality(area: str) -> str:
    if area not in AREAS or AREAS[area].level != "municipality":
        raise Problem("422.500", what=_("Municipality"))
    return area


def _code(value: str, allowed: Iterable[str], what: Any) -> str:
    if value not in set(allowed):
        raise Problem("422.500", what=what)
    return value


@action(Verb.CASE_CHANGE)
def change_case(*, member: Member, case: Case, area: str, way_in: str, language: str, asked_on: date) -> Case:
    """Correct what stands in the open about a case: municipality, way in, language, the day of asking."""
    require_seat(member, case.person)
    now = fresh(case)
    now.area, now.way_in = _municipality(area), _code(way_in, codes.WAYS_IN, _("How they came to us"))
    now.language, now.asked_on = _code(language, LANGUAGES, _("Language")), past_day(asked_on)
    now.save(update_fields=["area", "way_in", "language", "asked_on"])
    count_again(now)
    return now


@action(Verb.CASE_CLOSE, details=lambda case: {"ending": case.ending})
def close_case(*, member: Member, case: Case, ending: str, closed_on: date | None = None) -> Case:
    """End the support, with how it ended. What is kept stays until its time is over or the person wants it gone."""
    require_seat(member, case.person)
    now = fresh(case)
    if not now.open:
        raise Problem("409.500")
    now.state, now.ending = "closed", _code(ending, codes.ENDINGS, _("How the support ended"))
    now.closed_on, now.closed_by, now.looked_at_by = past_day(closed_on or timezone.localdate()), member, None
    now.save(update_fields=["state", "ending", "closed_on", "closed_by", "looked_at_by"])
    count_again(now)
    return now


@action(Verb.CASE_CLOSE)
def look_at_closing(*, member: Member, case: Case) -> Case:
    """Note that a coordinator who did not close the case has looked at its closing. Nothing waits for it."""
    now = fresh(case)
    if now.open:
        raise Problem("409.501")
    if now.looked_at_by_id is not None:
        raise Problem("409.502")
    if member.role != Role.COORDINATOR or now.closed_by_id == member.pk:
        raise Problem("403.500")
    now.looked_at_by = member
    now.save(update_fields=["looked_at_by"])
    return now


@action(Verb.CASE_CLOSE, details=lambda case: {"reopened": True})
def reopen_case(*, member: Member, case: Case) -> Case:
    """Go on with a case that was closed."""
    require_seat(member, case.person)
    now = fresh(case)
    if now.open:
        raise Problem("409.501")
    now.state, now.ending, now.closed_on, now.closed_by, now.looked_at_by = "open", "", None, None, None
    now.save(update_fields=["state", "ending", "closed_on", "closed_by", "looked_at_by"])
    count_again(now)
    return now
