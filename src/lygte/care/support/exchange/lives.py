"""What the gate let through of one person, sorted by kind, so that fields can be filled from it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from lygte.care.support.cases.handover import family, records_of
from lygte.care.support.referrals.handover import ReferralCard, referrals_of
from lygte.core.consent.gate import Opened
from lygte.core.consent.models import LockedModel, Person, Seat

Told = Mapping[str, Any]
# Of these nothing is put into a file of the standard: it has no place for them, and nobody is asked for one.
NEVER = frozenset({"health", "measure", "deadline"})


@dataclass(frozen=True)
class Life:
    """One person as far as it may be seen; what may not is simply absent."""

    told: Mapping[str, list[tuple[Any, Told]]]  # by kind: record and its values, in the order of the records
    sent: list[ReferralCard] = field(default_factory=list)
    first_worker: str = ""

    def one(self, kind: str) -> Told:
        """Return the values of a record of which there is one, the person's own before that of a merged code."""
        found = self.told.get(kind, [])
        return found[0][1] if found else {}

    def record(self, kind: str) -> Any:
        found = self.told.get(kind, [])
        return found[0][0] if found else None

    def all(self, kind: str) -> list[tuple[Any, Told]]:
        return self.told.get(kind, [])

    def texts(self, kind: str, name: str) -> list[str]:
        return [str(values[name]).strip() for _record, values in self.all(kind) if str(values.get(name, "")).strip()]

    def latest(self, kind: str) -> Told:
        """Return the values of the latest record that has a day."""
        found = sorted(self.all(kind), key=lambda pair: (pair[0].day, pair[0].pk))
        return found[-1][1] if found else {}


@dataclass(frozen=True)
class Locked:
    """The records that a file of one person is made of, not yet opened."""

    person: Person
    by_kind: Mapping[str, list[LockedModel]]
    cards: list[ReferralCard]

    @property
    def records(self) -> list[LockedModel]:
        return [record for records in self.by_kind.values() for record in records]

    def life(self, opened: Opened) -> Life:
        """Return what was let through."""
        told = {
            kind: [(record, opened.get(record)) for record in records if record.ref in opened.values]
            for kind, records in self.by_kind.items()
        }
        sent = [card for card in self.cards if card.record.ref in opened.values]
        return Life(told, sent, _first_worker(self.person))


def locked_of(person: Person, kinds: Collection[str], groups: Collection[str]) -> Locked:
    """Return the records of some kinds and groups; nothing is opened."""
    found: dict[str, list[LockedModel]] = {}
    for kind in kinds:
        if kind in NEVER or kind == "referral":
            continue
        found[kind] = [record for record in records_of(person, [kind]) if record.group in groups]
    cards = referrals_of(person) if "referral" in kinds and "referrals" in groups else []
    if cards:
        found["referral"] = [card.record for card in cards]
    return Locked(person, found, cards)


def _first_worker(person: Person) -> str:
    seat = Seat.objects.filter(person=person, first=True, until=None).select_related("member__user").first()
    return seat.member.user.name if seat else ""


def days(values: Iterable[date | None]) -> list[date]:
    return [day for day in values if day is not None]


__all__ = ["NEVER", "Life", "Locked", "days", "family", "locked_of"]
