"""What a person wrote, as their team may read it: through the gate, beside the record that it is about."""

from __future__ import annotations

from dataclasses import dataclass

from lygte.core.consent import gate
from lygte.core.consent.models import LockedModel, Person
from lygte.core.models import Member

from .accounts import accounts_of
from .models import Account
from .record import Words, records_of, words_of


@dataclass(frozen=True)
class Written:
    """Something that the person wrote; `text` is empty and `refused` says why where the team may not read it."""

    account: Account
    text: str
    answer: str
    refused: str
    about: str
    about_words: Words


def words_for_team(member: Member, person: Person) -> list[Written]:
    """Return what a person wrote, newest first, opened in one go as far as they agree to it."""
    accounts = accounts_of(person)
    targets = {record.ref: record for record in _targets(person, accounts)}
    opened = gate.read(member=member, records=[*accounts, *targets.values()]) if accounts else gate.Opened()
    return [_written(account, targets.get(account.about), opened) for account in accounts]


def _targets(person: Person, accounts: list[Account]) -> list[LockedModel]:
    wanted = {account.about for account in accounts if account.about}
    return [record for record in records_of([person]) if record.ref in wanted] if wanted else []


def _written(account: Account, target: LockedModel | None, opened: gate.Opened) -> Written:
    values = opened.get(account)
    return Written(
        account=account,
        text=str(values.get("text", "")),
        answer=str(values.get("answer", "")),
        refused=opened.refused.get(account.ref, ""),
        about=str(target._meta.verbose_name) if target else "",
        about_words=words_of(target, opened.get(target), {}) if target and target.ref in opened.values else (),
    )
