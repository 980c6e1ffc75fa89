"""Notes, measures, and what a person tells about themselves."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, TypeVar

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lygte.core.access import Verb
from lygte.core.actions import action
from lygte.core.consent import gate
from lygte.core.consent.models import LockedModel, Person
from lygte.core.merging.history import forget
from lygte.core.models import Member
from lygte.core.problems import Problem

from ..counting import count_again, uncount
from ..finding import remember
from ..measures import INSTRUMENTS
from ..models import Case, Goal, Measure, Name, Note, Reach
from ..models.about import Once
from .shared import fresh, past_day, put_changed, put_new, require_agreed, require_open

About = TypeVar("About", bound=Once)


@action(Verb.CASE_CHANGE)
def write_about(
    *, member: Member, person: Person, kind: type[About], values: Mapping[str, Any], based_on: int | None = None
) -> About:
    """Write what a person tells about themselves in one group: how they are called, reached, live, or are in health."""
    gate.hold_still([person.pk], to_change=True)  # there is one of each: who comes second finds the first
    found = kind.objects.filter(person=person).select_related("person").first()
    if found is not None:
        require_open(person)
        written = put_changed(member, found, values, based_on)
    elif based_on:
        raise Problem("404.1")
    else:
        written = put_new(member, kind(organisation=member.organisation, person=person), values)
    if kind in (Name, Reach):
        remember(member, person)
    return written


@action(Verb.CASE_CHANGE)
def add_note(*, member: Member, person: Person, text: str, day: date | None = None) -> Note:
    """Write a few words about a day."""
    note = Note(
        organisation=member.organisation, person=person, member=member, day=past_day(day or timezone.localdate())
    )
    return put_new(member, note, _text(text))


def _text(text: str) -> Mapping[str, Any]:
    if not text.strip():
        raise Problem("422.500", what=_("Note"))
    return {"text": text}


@action(Verb.CASE_CHANGE)
def change_note(*, member: Member, note: Note, text: str, day: date, based_on: int | None = None) -> Note:
    """Correct a note."""
    return put_changed(member, note, _text(text), based_on, {"day": past_day(day)})


def _answers(instrument: str, answers: Mapping[str, int]) -> Mapping[str, Any]:
    found = INSTRUMENTS.get(instrument)
    if found is None or not answers or not found.allows(answers):
        raise Problem("422.500", what=_("Answers"))
    return {"instrument": instrument, "answers": dict(answers)}


@action(Verb.CASE_CHANGE)
def add_measure(
    *, member: Member, person: Person, instrument: str, answers: Mapping[str, int], day: date | None = None
) -> Measure:
    """Write down what the person answered; what they left out stays out, and then there is no score."""
    measure = Measure(
        organisation=member.organisation, person=person, member=member, day=past_day(day or timezone.localdate())
    )
    return put_new(member, measure, _answers(instrument, answers))


@action(Verb.CASE_CHANGE)
def change_measure(
    *,
    member: Member,
    measure: Measure,
    instrument: str,
    answers: Mapping[str, int],
    day: date,
    based_on: int | None = None,
) -> Measure:
    """Correct what was written down."""
    return put_changed(member, measure, _answers(instrument, answers), based_on, {"day": past_day(day)})


@action(Verb.CASE_CHANGE, details=lambda record: {"removed": record._meta.model_name})
def remove_record(*, member: Member, record: LockedModel) -> LockedModel:
    """Remove one record for good: nobody can bring it back. The case itself goes only with the person."""
    if isinstance(record, Case):
        raise Problem("404.1")
    require_agreed(member, record)
    gone = fresh(record)
    case = Case.objects.select_related("person").filter(person=gone.person_id).first()
    if case is not None and isinstance(gone, Goal):
        uncount(case, [gone])
    forget(gone)
    gone.delete()
    if isinstance(gone, Name | Reach):
        remember(member, gone.person)
    if case is not None:
        count_again(case)
    return record
