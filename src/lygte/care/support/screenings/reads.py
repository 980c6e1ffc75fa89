"""Screenings in one person's record. There is no question here about several persons, and none may be added."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lygte.care.screening.handover import Result, UnknownSign, instrument, read_again, told
from lygte.care.support.cases.handover import case_card, family
from lygte.core.access import fetch
from lygte.core.consent import gate
from lygte.core.consent.codes import Group, Purpose
from lygte.core.consent.models import Person, Seat
from lygte.core.models import Member
from lygte.core.problems import Problem

from .models import Screening


@dataclass(frozen=True)
class Shown:
    """One screening as its page shows it. `same` says that reading the answers again gives the same bytes."""

    record: Screening
    title: str
    result: Mapping[str, Any] | None
    answers: int | None
    same: bool | None


def screening(member: Member, ref: str) -> Screening:
    return fetch(member, Screening, ref)


def of_person(member: Member, person: Person) -> list[Shown]:
    """Open and return the screenings of one person, through the gate."""
    rows = list(Screening.objects.filter(person__in=family(person)).select_related("person", "member__user"))
    opened = gate.read(member=member, records=rows)
    return [_shown(member, row, opened.get(row)) for row in rows if row.ref not in opened.refused]


def _shown(member: Member, row: Screening, values: Mapping[str, Any]) -> Shown:
    stored = values.get("result")
    again = _again(member, values) if "answers" in values else None
    result = again if again is not None else _result(stored)
    words = _in_words(member, result) if result is not None else None
    answers = len(values["answers"]) if "answers" in values else None
    same = again.canonical().decode() == stored if again is not None and stored else None
    return Shown(row, str(values.get("title", "")), words, answers, same)


def _again(member: Member, values: Mapping[str, Any]) -> Result | None:
    try:
        return read_again(member, values)
    except (Problem, UnknownSign):
        return None


def _result(stored: Any) -> Result | None:
    """Return a stored result as it was computed; nothing is read anew."""
    try:
        return Result.from_canonical(stored.encode())
    except (AttributeError, KeyError, TypeError, ValueError):  # brought in from elsewhere, or damaged
        return None


def _in_words(member: Member, result: Result) -> Mapping[str, Any] | None:
    """Return a result in words, or None where its instrument is not there any more or reads otherwise now."""
    try:
        return told(instrument(member, result.instrument), result)
    except (Problem, KeyError):
        return None


def asks_consent(member: Member, person: Person) -> bool:
    """Tell whether the person's yes to keeping answers to a screening is still missing."""
    return Group.SCREENING not in gate.agreed_groups([person], purpose=Purpose.SUPPORT)[person.pk]


@dataclass(frozen=True)
class Choice:
    """A case of the member's own team, into which a screening may go if the person agreed."""

    person: Person
    case: str
    code: str
    missing: bool


def choices(member: Member) -> list[Choice]:
    """Return the open cases on whose team the member is, by their codes."""
    seats = Seat.objects.filter(member=member, until=None, person__merged_into=None).select_related("person")
    found = []
    for seat in seats.order_by("person__code"):
        card = case_card(member, seat.person)
        if card is not None and card.state == "open":
            found.append(Choice(seat.person, card.ref, card.code, asks_consent(member, seat.person)))
    return found
