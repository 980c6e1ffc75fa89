"""The person's own words: written and removed with the slip, read and answered by the team through the gate."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils import timezone

from lygte.core.access import Verb
from lygte.core.actions import action
from lygte.core.consent import gate
from lygte.core.consent.codes import Group, Via
from lygte.core.consent.models import LockedModel, Person
from lygte.core.merging.history import forget
from lygte.core.models import Member
from lygte.core.problems import Problem
from lygte.core.transactions import writing

from . import marks
from .models import ACCOUNT, CORRECTION, Account
from .slips import require_team


def write_own(
    *, person: Person, key: bytes, text: str, beside: LockedModel | None = None, correct: bool = False
) -> Account:
    """Lock the person's own words under their own key, beside a record or about everything."""
    account = Account(
        organisation=person.organisation,
        person=person,
        kind=CORRECTION if correct else ACCOUNT,
        about=beside.ref if beside else "",
        written_on=timezone.localdate(),
    )
    with writing():
        gate.put(account, {"text": text}, key)
        gate.note_seen(member=None, seen={person: [Group.ACCOUNT]}, via=Via.SLIP, recipient=marks.WROTE)
    return account


def remove_own(*, person: Person, ref: str) -> None:
    """Delete what the person wrote, with any answer to it and how it stood before. Raises Problem 404.580 when it is gone already."""
    with writing():
        account = Account.objects.filter(person=person, ref=ref).first()
        if account is None:
            raise Problem("404.580")
        forget(account)
        account.delete()
        gate.note_seen(member=None, seen={person: [Group.ACCOUNT]}, via=Via.SLIP, recipient=marks.WROTE)


def accounts_of(person: Person) -> list[Account]:
    """Return what the person wrote, newest first; nothing is opened."""
    return list(Account.objects.filter(person=person).select_related("person", "answered_by__user"))


@dataclass(frozen=True)
class Answered:
    """An answer as the log knows it: about which request, never what."""

    ref: str


@action(Verb.CASE_CHANGE)
def answer_own(*, member: Member, account: Account, values: Mapping[str, str], answer: str) -> Answered:
    """Write the team's answer beside what the person asked for. `values` is what the gate let the member read.

    Raises Problem 403.580, 409.580 when a colleague was quicker, 403.10 when the person does not agree to it.
    """
    require_team(member, account.person)
    if account.answered_on is not None:
        raise Problem("409.580")
    account.answered_by, account.answered_on = member, timezone.localdate()
    gate.write(member=member, record=account, values={**values, "answer": answer})
    return Answered(account.ref)
