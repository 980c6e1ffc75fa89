"""Erasing a person: everything of them goes, one line without content stays, here and outside the database.

The keys go at once; copies of them in write-ahead logs and backups can no longer be opened after the next epoch.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db import transaction
from django.db.models import SET_NULL, Model, ProtectedError, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django_scopes import scopes_disabled

from ..access import Verb
from ..actions import action
from ..audit import write_entry
from ..organisations import Organisation
from ..people import Member, Role
from ..problems import Problem
from ..transactions import writing
from ..vault import epochs, wraps
from ..vault.models import SearchToken
from .gate import hold_still
from .holds import standing_hold
from .models import Erasure, Hold, LockedModel, Person, Seen
from .protection import locked_models
from .team import is_seated

ASKED, RETENTION = "asked", "retention"
LIST = "erasures"

Follow = Callable[[Person], None]
ON_ERASURE: list[Follow] = []


def on_erasure(follow: Follow) -> Follow:
    """Register what a room must do before a person's rows go: facts, packages, files. In the same transaction."""
    if follow not in ON_ERASURE:
        ON_ERASURE.append(follow)
    return follow


def promise() -> str:
    """Return what may be promised to a person who was erased."""
    return _("It is gone from here now. Nobody can bring it back from our backups after %(days)s days.") % {
        "days": epochs.LENGTH_DAYS
    }


def family(person: Person) -> list[Person]:
    """Return a person with every record that was found to be theirs as well (merged), whichever of them one begins at."""
    with scopes_disabled():
        rows = Person.objects.select_related("organisation")
        root = person
        while root.merged_into_id is not None and (above := rows.filter(pk=root.merged_into_id).first()) is not None:
            root = above
        found, fresh = [root], [root]
        while fresh:
            fresh = list(Person.objects.filter(merged_into__in=[p.pk for p in fresh]).select_related("organisation"))
            found += fresh
    return found


def erase_person(*, person: Person, because: str = ASKED, member: Member | None = None) -> Erasure:
    """Erase a person and whatever was merged with them; needs no open session. `promise()` says what to tell them.

    Raises Problem 409.13 while a legal hold stands; the wish is kept and carried out when the hold ends. 410.2 where
    somebody else was quicker.
    """
    hold = standing_hold(family(person))
    if hold is not None:
        with writing():
            Hold.objects.filter(pk=hold.pk, wished_at=None).update(wished_at=timezone.now())
        raise Problem("409.13", until=f"{hold.until:%Y-%m-%d}")
    with writing():
        people = _held_family(person)
        done = {one.pk: _erase(one, because) for one in people}
        for one in people:
            write_entry(
                organisation=one.organisation,
                member=member,
                verb=Verb.CASE_ERASE,
                subject=one.ref,
                details={"because": because, "records": done[one.pk].records},
            )
        _remove(people)
    return done[person.pk]


def _held_family(person: Person) -> list[Person]:
    """Return a person's family once nobody else can merge, take apart or erase anybody of it."""
    held = {one.pk for one in family(person)}
    while True:
        hold_still(held, to_change=True)
        with scopes_disabled():
            now = Person.objects.select_related("organisation").filter(pk=person.pk).first()
        if now is None:
            raise Problem("410.2")
        people = family(now)
        if {one.pk for one in people} <= held:
            return people
        held |= {one.pk for one in people}


@dataclass(frozen=True)
class Wish:
    """What came of asking for erasure: it was done, or a hold stands in its way until a day."""

    erased: Erasure | None
    held: Hold | None


@action(Verb.CASE_ERASE)
def ask_for_erasure(*, member: Member, person: Person) -> Wish:
    """Erase a person because they asked a worker for it. Raises Problem 403.11 for who is neither on the team nor coordinator."""
    if person.organisation_id != member.organisation_id:
        raise Problem("404.1")
    if not (is_seated(member, person) or member.role == Role.COORDINATOR):
        raise Problem("403.11")
    people = family(person)
    hold = standing_hold(people)
    if hold is not None:
        Hold.objects.filter(pk=hold.pk, wished_at=None).update(wished_at=timezone.now())
        return Wish(None, hold)
    return Wish(erase_person(person=person, because=ASKED, member=member), None)


def _erase(person: Person, because: str, at: datetime | None = None) -> Erasure:
    """Tell the rooms, write the line here and outside, and throw the keys away; the rows go in `_remove`."""
    hold_still([person.pk], to_change=True)
    for follow in ON_ERASURE:
        follow(person)
    line = Erasure.objects.create(
        person=person.ref,
        organisation=person.organisation,
        at=at or timezone.now(),
        because=because,
        epoch=epochs.current(),
        records=sum(rows.count() for rows in _rows_of([person])),
    )
    write_outside([line])
    wraps.destroy_keys([person.ref])
    SearchToken.objects.filter(person=person.ref).delete()
    return line


def _rows_of(people: Iterable[Person]) -> Iterator[QuerySet[Any]]:
    """Yield what there is of these persons, by table: derived from the models, so a new kind of record is not forgotten."""
    numbers, refs = [p.pk for p in people], [p.ref for p in people]
    for model in locked_models():
        yield model._base_manager.filter(person__in=numbers)
    for plain, column in _plain_rows():
        yield plain._base_manager.filter(**{f"{column}__in": numbers})
    yield Seen._base_manager.filter(person__in=refs)


def _plain_rows() -> Iterator[tuple[type[Model], str]]:
    """Yield every other table that names a person, with the column; where the name may simply be emptied it is not."""
    for model in apps.get_models():
        if issubclass(model, LockedModel | Person):
            continue
        for column in model._meta.concrete_fields:
            if column.related_model is Person and getattr(column.remote_field, "on_delete", None) is not SET_NULL:
                yield model, column.name


def _remove(people: list[Person]) -> None:
    remove_all(list(_rows_of(people)))
    numbers = [p.pk for p in people]
    # Whoever was taken apart from them since a backup was made may point to them again after it was restored.
    Person._base_manager.filter(Q(pk__in=numbers) | Q(merged_into__in=numbers)).update(merged_into=None)
    Person._base_manager.filter(pk__in=numbers).delete()


def remove_all(waiting: list[QuerySet[Any]]) -> None:
    """Delete rows that may protect each other, in whatever order works; ProtectedError when none does."""
    while waiting:
        left, refused = [], None
        for rows in waiting:
            try:
                with transaction.atomic():
                    rows.delete()
            except ProtectedError as error:
                left.append(rows)
                refused = error
        if refused is not None and len(left) == len(waiting):
            raise refused
        waiting = left


# The list outside the database ------------------------------------------------------------------------------------
def list_path() -> Path:
    """Return where the list of erasures is kept: beside the epoch keys, in no database and no backup of one."""
    return epochs.folder() / LIST


def write_outside(lines: Iterable[Erasure]) -> None:
    """Add lines to the list and wait until the disk has them, before the transaction ends.

    Where the machine stops between the two, the erasure that was ordered is finished at the next start.
    """
    text = "".join(
        json.dumps(
            {
                "person": line.person,
                "organisation": line.organisation.ref,
                "at": line.at.isoformat(),
                "because": line.because,
            }
        )
        + "\n"
        for line in lines
    )
    path = list_path()
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = not path.exists()
    with open(os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600), "a+b") as file:
        if file.seek(0, os.SEEK_END):
            file.seek(-1, os.SEEK_END)
            text = text if file.read(1) == b"\n" else "\n" + text  # a line that a crash cut short spoils no other
        file.write(text.encode())
        file.flush()
        os.fsync(file.fileno())
    if fresh:
        epochs.sync_folder(path.parent)


def listed() -> dict[str, dict[str, str]]:
    """Return the list of erasures by person. A last line that was cut short by a crash is passed over."""
    found: dict[str, dict[str, str]] = {}
    if list_path().exists():
        for text in list_path().read_text().splitlines():
            try:
                line = json.loads(text)
                found[line["person"]] = line
            except (ValueError, KeyError):
                continue
    return found


def replay_erasures() -> int:
    """Erase again whoever was erased before and has come back with a restored backup; return how many.

    Also writes down what one of the two lists lacks, so that each is whole. Run before the site serves.
    """
    with scopes_disabled():
        lines = listed()
        known = set(Erasure.objects.values_list("person", flat=True))
        lacking = [line for line in Erasure.objects.select_related("organisation") if line.person not in lines]
        if lacking:
            write_outside(lacking)
        came_back = [p for chunk in _chunks(list(lines)) for p in _present(chunk)]
        with writing():
            for person in came_back:
                _again(person, lines[person.ref], known)
            _remove(came_back)
            for ref, line in lines.items():
                if ref not in known and not Erasure.objects.filter(person=ref).exists():
                    _note_again(line)
        return len(came_back)


def _chunks(refs: list[str], size: int = 500) -> Iterator[list[str]]:
    for start in range(0, len(refs), size):
        yield refs[start : start + size]


def _present(refs: list[str]) -> QuerySet[Person]:
    return Person.objects.filter(ref__in=refs).select_related("organisation")


def _again(person: Person, line: dict[str, str], known: set[str]) -> None:
    if person.ref in known:  # came back although the line is here: somebody put single rows back
        wraps.destroy_keys([person.ref])
        SearchToken.objects.filter(person=person.ref).delete()
        return
    _erase(person, line["because"], datetime.fromisoformat(line["at"]))
    write_entry(
        organisation=person.organisation,
        member=None,
        verb=Verb.CASE_ERASE,
        subject=person.ref,
        details={"because": "restored"},
    )


def _note_again(line: dict[str, str]) -> None:
    organisation = Organisation.objects.filter(ref=line["organisation"]).first()
    if organisation is not None:
        at = datetime.fromisoformat(line["at"])
        Erasure.objects.create(
            person=line["person"], organisation=organisation, at=at, because=line["because"], epoch=0, records=0
        )


def rows_by_kind(person: Person) -> Counter[str]:
    """Return how many rows of each kind erasing would remove; shown before it is done."""
    counts: Counter[str] = Counter()
    for rows in _rows_of(family(person)):
        model: type[Model] = rows.model
        counts[str(model._meta.verbose_name)] += rows.count()
    return counts
