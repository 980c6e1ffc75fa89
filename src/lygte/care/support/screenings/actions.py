"""Taking a screening along into a case: consent was given before, and only what the person chose goes."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.utils import timezone

from lygte.care.screening.handover import Asked, instrument, result_of
from lygte.care.support.cases.handover import case_card
from lygte.core.access import Verb
from lygte.core.actions import action
from lygte.core.consent import gate
from lygte.core.consent.models import Person
from lygte.core.models import Member
from lygte.core.problems import Problem

from .models import Screening

PARTS = ("result", "answers")


@action(Verb.SCREENING_KEEP)
def keep_screening(*, member: Member, person: Person, asked: Asked, parts: Collection[str]) -> Screening:
    """Write a screening into a person's record through the gate: what came out, the answers, or both.

    Raises Problem 422.709 where nothing was chosen, 409.500 for a closed case, and what the gate raises: without the
    person's yes to the group “Answers to a screening” nothing is written.
    """
    chosen = [part for part in PARTS if part in set(parts)]
    if not chosen:
        raise Problem("422.709")
    card = case_card(member, person)
    if card is None:
        raise Problem("404.1")
    if card.state != "open":
        raise Problem("409.500")
    values: dict[str, Any] = {
        "instrument": asked.instrument,
        "title": instrument(member, asked.instrument).title["en"],
        "version": str(asked.version),
        "age_group": asked.group,
    }
    if "answers" in chosen:
        values["answers"] = dict(asked.answers)
    if "result" in chosen:
        values["result"] = result_of(member, asked).canonical().decode()
    record = Screening(organisation=member.organisation, person=person, member=member, day=timezone.localdate())
    gate.write(member=member, record=record, values=values)
    return record
