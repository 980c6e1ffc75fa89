"""What the rooms above may have of cases: cards, the records of a person, and panels on the page of a case."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from lygte.core.consent.models import LockedModel, Person
from lygte.core.models import Member

from . import actions, models, reads
from .actions import open_case
from .actions.cases import Agreed, Told
from .codes import ENDINGS
from .counting import recount
from .measures import INSTRUMENTS
from .parts import Part, part
from .reads import family

__all__ = [
    "ENDINGS",
    "INSTRUMENTS",
    "RECORDS",
    "Agreed",
    "CaseCard",
    "Part",
    "Told",
    "actions",
    "case_card",
    "family",
    "open_case",
    "part",
    "person_of",
    "records_of",
    "recount",
]

# What belongs to a person, by a short name that may stand in addresses and files.
RECORDS: dict[str, type[LockedModel]] = {
    "case": models.Case,
    "name": models.Name,
    "reach": models.Reach,
    "situation": models.Situation,
    "health": models.Health,
    "goal": models.Goal,
    "step": models.Step,
    "phase": models.Phase,
    "note": models.Note,
    "measure": models.Measure,
    "deadline": models.Deadline,
    "identification": models.Identification,
}


@dataclass(frozen=True)
class CaseCard:
    """A case as other rooms may know it."""

    ref: str
    person: str
    code: str
    area: str
    language: str
    state: str
    opened_on: date


def case_card(member: Member, person: Person) -> CaseCard | None:
    """Return the card of a person's case, or None where they have none."""
    found = reads.case_of(member, person)
    if found is None:
        return None
    return CaseCard(found.ref, person.ref, person.code, found.area, found.language, found.state, found.opened_on)


def person_of(member: Member, ref: str) -> Person:
    """Return the person of a case by the reference of the case, or Problem 404.1."""
    return reads.case(member, ref).person


def records_of(person: Person, kinds: Iterable[str] = tuple(RECORDS)) -> list[LockedModel]:
    """Return the locked records of a person, of some kinds, with those of whoever was merged into them.

    Nothing is opened: hand all of them to `gate.read` in one call.
    """
    people = family(person)
    return [
        record
        for kind in kinds
        for record in RECORDS[kind]._default_manager.filter(person__in=people).select_related("person")
    ]
