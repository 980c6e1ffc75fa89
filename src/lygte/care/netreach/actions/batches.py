"""Checking whom a batch may go to, writing down what came of it, taking it back.

An action gets hashes, never what was typed. Who may be written to is asked and claimed in one go, so that two teams
never write to the same person at once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.utils import timezone

from lygte.core.access import Verb
from lygte.core.actions import action
from lygte.core.models import Member
from lygte.core.personal_signs import refuse_signs
from lygte.core.problems import Problem
from lygte.directory.areas import AREAS
from lygte.directory.languages import LANGUAGES
from lygte.facts.ledger import record_facts, remove_facts

from .. import codes, reads, tally, words
from ..facts import facts_of, source_of
from ..marks import Marks
from ..models import Batch, ContactMark, Message, OptOut, Version
from ..rules import OUTCOMES_UNTIL, Fault, faults_of, is_to_persons, may_write

_LOCK = 0x6E657472  # "netr"


@dataclass(frozen=True)
class Composed:
    """A batch that may be written now, and which of the typed handles it may not go to, by their place in the list."""

    batch: Batch
    withheld: frozenset[int]

    @property
    def ref(self) -> str:
        return self.batch.ref


@action(
    Verb.NETREACH_COMPOSE,
    details=lambda made: {"cleared": made.batch.cleared or 0, "withheld": made.batch.withheld or 0},
)
def compose(
    *,
    member: Member,
    claim: str,
    message: Message,
    channel: str,
    method: str,
    language: str,
    area: str,
    marks: Sequence[Marks],
) -> Composed:
    """Ask whom a batch may go to, and claim them for it. The same claim on the same day corrects the same batch.

    Raises Problem 422.650 without a published text, 422.652 or 422.653 where channel and handles do not fit.
    """
    version = _published(message, language)
    _check_choices(channel=channel, method=method, language=language, area=area)
    if is_to_persons(channel) != bool(marks):
        raise Problem("422.653" if is_to_persons(channel) else "422.652", at=words.label("handles"))
    _alone()
    batch = Batch.objects.select_for_update(of=("self",)).filter(organisation=member.organisation, claim=claim).first()
    if batch is None:
        batch = Batch(organisation=member.organisation, claim=claim, made_at=timezone.now(), recorded_by=member)
    before = tally.share_of(batch)
    ContactMark.objects.filter(claim=claim).delete()
    withheld = _withheld(marks, timezone.localdate())
    cleared = len(marks) - len(withheld)
    if marks and (batch.sent or 0) > cleared:
        raise Problem("422.641", sent=batch.sent, cleared=cleared)
    batch.version, batch.channel, batch.method, batch.language = version, channel, method, language
    batch.area, batch.day = area, timezone.localdate()
    batch.cleared, batch.withheld = (cleared, len(withheld)) if marks else (None, None)
    batch.save()
    _claim(marks, withheld, batch)
    _follow(batch, before)
    return Composed(batch, withheld)


def _published(message: Message, language: str) -> Version:
    version = reads.published(message)
    if version is None or language not in version.texts:
        raise Problem("422.650", at=words.label("language"))
    return version


def _check_choices(*, channel: str, method: str, language: str, area: str) -> None:
    allowed = {
        "channel": channel in codes.CHANNELS,
        "method": method in codes.METHODS,
        "language": language in LANGUAGES,
        "area": area in AREAS and AREAS[area].level == "municipality",
    }
    for name, right in allowed.items():
        if not right:
            raise Problem("422.651", at=words.label(name), field=words.label(name))


def _alone() -> None:
    """Let one batch at a time ask and claim: otherwise two teams would both hear that somebody is free."""
    if connection.vendor == "postgresql":  # on SQLite there is one writer at a time anyway
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def _withheld(marks: Sequence[Marks], today: date) -> frozenset[int]:
    """Return which handles may not be written to: opted out, written to lately by any team, or here twice."""
    opted_out = set(OptOut.objects.filter(mark__in=[one.opt_out for one in marks]).values_list("mark", flat=True))
    every = [mark for one in marks for mark in one.contact.values()]
    written: dict[str, list[date]] = defaultdict(list)
    for mark, day in ContactMark.objects.filter(mark__in=every).values_list("mark", "day"):
        written[mark].append(day)
    found, seen = set(), set()
    for place, one in enumerate(marks):
        days = [day for mark in one.contact.values() for day in written[mark]]
        if one.opt_out in opted_out or one.opt_out in seen or not may_write(days, today):
            found.add(place)
        seen.add(one.opt_out)
    return frozenset(found)


def _claim(marks: Sequence[Marks], withheld: frozenset[int], batch: Batch) -> None:
    newest = [next(iter(one.contact.items())) for place, one in enumerate(marks) if place not in withheld]
    ContactMark.objects.bulk_create(
        ContactMark(key=key, mark=mark, day=batch.day, claim=batch.claim) for key, mark in newest
    )


def _follow(batch: Batch, before: tally.Share | None) -> None:
    """Let the facts and running totals say what the batch says now."""
    tally.replace(before, tally.share_of(batch))
    remove_facts(source_of(batch))
    record_facts(source=source_of(batch), facts=facts_of(batch))


@action(Verb.NETREACH_CHANGE, details=lambda batch: {"sent": batch.sent or 0})
def record_outcomes(
    *, member: Member, batch: Batch, counts: Mapping[str, int | None], note: str = "", looked: bool = False
) -> Batch:
    """Write down what came of a batch; the counts it had before are replaced, its facts follow.

    Raises the one problem there is between the counts, or the first of them; 422.10 or 422.11 for the note.
    """
    _lock(batch)
    if batch.withdrawn:
        raise Problem("409.641")
    if timezone.localdate() > batch.day + OUTCOMES_UNTIL:
        raise Problem("409.642", days=OUTCOMES_UNTIL.days)
    for fault in faults_of(counts, cleared=batch.cleared):
        raise problem_of(fault)
    refuse_signs(note, looked=looked, at=words.label("note"))
    before = tally.share_of(batch)
    for name in codes.COUNTS:
        setattr(batch, name, counts.get(name))
    batch.note = note
    batch.save()
    _follow(batch, before)
    return batch


def problem_of(fault: Fault) -> Problem:
    """Put a fault into words."""
    label = words.label(fault.count)
    details: dict[str, Any] = {"field": label, **fault.details}
    return Problem(fault.number, at=label, **details)


@action(Verb.NETREACH_CHANGE, details=lambda batch: {"taken_back": True})
def take_back(*, member: Member, batch: Batch) -> Batch:
    """Undo a batch on the day it was made: nobody counts as written to, and it counts in no figure."""
    _lock(batch)
    if batch.withdrawn:
        raise Problem("409.641")
    if not reads.can_be_taken_back(batch):
        raise Problem("409.640")
    before = tally.share_of(batch)
    ContactMark.objects.filter(claim=batch.claim).delete()
    batch.withdrawn_at, batch.claim = timezone.now(), ""
    batch.save(update_fields=["withdrawn_at", "claim"])
    _follow(batch, before)
    return batch


def _lock(batch: Batch) -> None:
    """Read the batch again under a lock, so that two clicks on one button do it once."""
    batch.refresh_from_db(from_queryset=Batch.objects.select_for_update(of=("self",)))
