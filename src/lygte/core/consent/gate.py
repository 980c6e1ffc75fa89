"""The gate: the only way to what is locked. It asks consent, then the team, opens only that, and leaves a line.

Every list, page, export, answer to a program and list for a phone passes here. No role overrides it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import connection
from django.utils import timezone

from ..access import Verb
from ..audit import write_entry
from ..organisations import Organisation
from ..people import Member
from ..problems import Problem
from ..transactions import writing
from ..vault import fields, wraps
from ..vault.keyring import keyring_of
from . import rules
from .codes import OWN, Purpose, Via
from .models import Consent, GlassBreak, LockedModel, Person, Seat, Seen

PERSONS = 0x4C59 << 40  # where the numbers of persons begin among advisory locks
NO_CONSENT, NO_SEAT, ERASED = "403.10", "403.11", "410.2"


@dataclass(frozen=True)
class Opened:
    """What the gate let through: `values[ref]` of each record, and in `refused[ref]` the number of the problem why not."""

    values: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    refused: Mapping[str, str] = field(default_factory=dict)

    def get(self, record: LockedModel) -> Mapping[str, Any]:
        """Return a record's values; empty where it was not let through."""
        return self.values.get(record.ref, {})


def place_of(record: LockedModel) -> bytes:
    return fields.place_of(record._meta.db_table, "locked", record.ref, record.person.ref, record.version)


def events_of(persons: Iterable[Person]) -> dict[int, list[rules.Event]]:
    """Return the consent ledger of several persons, in its order."""
    found: dict[int, list[rules.Event]] = defaultdict(list)
    for line in Consent.objects.filter(person__in=[p.pk for p in persons]).order_by("pk"):
        found[line.person_id].append(
            rules.Event(line.kind, line.purpose, line.recipient, frozenset(line.groups), line.until, line.at)
        )
    return found


def agreed_groups(
    persons: Sequence[Person], *, purpose: str, recipient: str = OWN, today: date | None = None
) -> dict[int, frozenset[str]]:
    """Return by the persons' primary keys which groups they agree to, for the purpose and the recipient."""
    events, day = events_of(persons), today or timezone.localdate()
    return {p.pk: rules.groups_for(events[p.pk], purpose=purpose, recipient=recipient, today=day) for p in persons}


def agrees(person: Person, purpose: str, recipient: str = OWN) -> bool:
    """Tell whether a person agrees to a purpose at all."""
    return bool(agreed_groups([person], purpose=purpose, recipient=recipient)[person.pk])


def _seated(member: Member, persons: Iterable[Person]) -> set[int]:
    return set(
        Seat.objects.filter(member=member, person__in=[p.pk for p in persons], until=None).values_list(
            "person_id", flat=True
        )
    )


def _broken_glass(member: Member, persons: Iterable[Person]) -> dict[int, frozenset[str]]:
    """Return the groups that the member has opened in an emergency, and for which the hour is not over."""
    now = timezone.now()
    found: dict[int, frozenset[str]] = defaultdict(frozenset)
    for glass in GlassBreak.objects.filter(member=member, person__in=[p.pk for p in persons], until__gt=now):
        found[glass.person_id] |= frozenset(glass.groups)
    return found


def _same_house(member: Member, persons: Iterable[Person]) -> None:
    if any(p.organisation_id != member.organisation_id for p in persons):
        raise Problem("404.1")


def read(
    *,
    member: Member,
    records: Sequence[LockedModel],
    via: str = Via.PAGE,
    purpose: str = Purpose.SUPPORT,
    recipient: str = OWN,
) -> Opened:
    """Open what the person agrees to and the team may see, and leave one line for each person of whom something was seen.

    Raises Problem 423.1 when the member's session is locked, 404.1 for another organisation's persons; a record that
    is not let through is in `refused`, never an error: pages show what is left.
    """
    persons = {record.person_id: record.person for record in records}
    _same_house(member, persons.values())
    if not persons:
        return Opened()
    with writing():  # the decision, what is opened and the line about it stand or fall together
        hold_still(persons)
        return _read(member, records, persons, str(via), purpose, recipient)


def _read(
    member: Member,
    records: Sequence[LockedModel],
    persons: Mapping[int, Person],
    via: str,
    purpose: str,
    recipient: str,
) -> Opened:
    agreed = agreed_groups(list(persons.values()), purpose=purpose, recipient=recipient)
    seated, glass = _seated(member, persons.values()), _broken_glass(member, persons.values())
    allowed, refused = [], {}
    for record in records:
        if record.group not in agreed[record.person_id]:
            refused[record.ref] = NO_CONSENT
        elif record.person_id not in seated and record.group not in glass[record.person_id]:
            refused[record.ref] = NO_SEAT
        else:
            allowed.append(record)
    keys = keyring_of(member).person_keys(dict.fromkeys(r.person.ref for r in allowed)) if allowed else {}
    values: dict[str, Mapping[str, Any]] = {}
    seen: dict[int, set[str]] = defaultdict(set)
    for record in allowed:
        key = keys.get(record.person.ref)
        if key is None:
            refused[record.ref] = ERASED
            continue
        values[record.ref] = open_record(record, key)
        seen[record.person_id].add(record.group)
    through_glass = {pk for pk in seen if pk not in seated}
    note_seen(
        member=member, via=via, purpose=purpose, recipient=recipient,
        seen={persons[pk]: groups for pk, groups in seen.items()}, glass={persons[pk] for pk in through_glass},
    )  # fmt: skip
    return Opened(values, refused)


def hold_still(persons: Iterable[int], *, to_change: bool = False) -> None:
    """Wait until nobody changes what these persons (by primary key) agree to, and let nobody do so until we are done.

    Many may read at once; who changes (`to_change`) is alone. So nothing is opened after a withdrawal has been written.
    SQLite has one writer at a time and needs no lock.
    """
    if connection.vendor != "postgresql":
        return
    # Advisory locks wait in line; with row locks, readers that come and go could keep a withdrawal waiting for ever.
    take = "pg_advisory_xact_lock" if to_change else "pg_advisory_xact_lock_shared"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {take}(number) FROM unnest(%s::bigint[]) AS number", [[PERSONS + pk for pk in sorted(persons)]]
        )


def open_record(record: LockedModel, key: bytes) -> Mapping[str, Any]:
    """Return the values of one record with the person's key. Only for the gate and the person's own door (`door.py`)."""
    if record.locked is None:
        return {}
    return fields.open_values(key, bytes(record.locked), place_of(record), str(record._meta.verbose_name))


def note_seen(
    *,
    member: Member | None,
    seen: Mapping[Person, Iterable[str]],
    via: str,
    purpose: str = Purpose.SUPPORT,
    recipient: str = OWN,
    glass: Iterable[Person] = (),
    organisation: Organisation | None = None,
) -> None:
    """Write one line in the log, and one for each person to read. Nothing is written where nothing was seen."""
    if not seen:
        return
    broken = set(glass)
    house = organisation or (member.organisation if member else next(iter(seen)).organisation)
    with writing():
        entry = write_entry(
            organisation=house,
            member=member,
            verb=Verb.RECORD_READ,
            subject=next(iter(seen)).ref if len(seen) == 1 else "",
            details={"via": str(via), "persons": len(seen)},
        )
        Seen.objects.bulk_create(
            Seen(
                person=person.ref,
                at=entry.at,
                member=member,
                organisation=house,
                via=Via.GLASS if person in broken else via,
                groups=sorted(groups),
                purpose=purpose,
                recipient=recipient,
                entry=entry.sequence,
            )
            for person, groups in seen.items()
        )


def write(*, member: Member, record: LockedModel, values: Mapping[str, Any], based_on: int | None = None) -> None:
    """Lock values into a record and save it, inside the caller's action. The same consent and team are asked as for reading.

    `based_on` is the version that the writer had before them: Problem 409.11 when somebody else was quicker.
    """
    _same_house(member, [record.person])
    hold_still([record.person_id])
    if record.group not in agreed_groups([record.person], purpose=Purpose.SUPPORT)[record.person_id]:
        raise Problem(NO_CONSENT)
    if record.person_id not in _seated(member, [record.person]):
        raise Problem(NO_SEAT)
    put(record, values, keyring_of(member).person_key(record.person.ref), based_on=based_on)
    note_seen(member=member, seen={record.person: [record.group]}, via=Via.CHANGE)


def put(record: LockedModel, values: Mapping[str, Any], key: bytes, *, based_on: int | None = None) -> None:
    """Lock values into a record with the person's key and save it as the next version. For the gate and the person's door."""
    undeclared = set(values) - set(record.PERSONAL)
    if undeclared:
        raise ValueError(f"{sorted(undeclared)} have no purpose, ground and time: declare them in PERSONAL")
    if record.pk is None:
        record.version = 1
        record.locked = fields.lock_values(key, values, place_of(record))
        record.save(force_insert=True)
        return
    expected = record.version if based_on is None else based_on
    rows = type(record)._base_manager.select_for_update(of=("self",)).select_related("person")
    before = rows.filter(pk=record.pk).first()
    if before is None or before.version != expected:
        raise Problem("409.11")
    for keep in BEFORE_CHANGE:
        keep(before)
    record.version = before.version + 1
    record.locked = fields.lock_values(key, values, place_of(record))
    record.save()


Keep = Callable[[LockedModel], None]
BEFORE_CHANGE: list[Keep] = []


def before_change(keep: Keep) -> Keep:
    """Register what is to be done with a record before a new version replaces it, in the same transaction."""
    if keep not in BEFORE_CHANGE:
        BEFORE_CHANGE.append(keep)
    return keep


def new_person_key(person: Person) -> bytes:
    """Make the key under which everything of a new person will be locked."""
    return wraps.make_person_key(organisation=person.organisation, person=person.ref)
