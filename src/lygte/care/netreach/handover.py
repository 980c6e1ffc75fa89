"""What the next storey may have of this room: batches as frozen cards, and a quick way to load many."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any

from django.utils import timezone
from django_scopes import scope

from lygte.core.models import Member, Organisation
from lygte.core.transactions import writing
from lygte.facts.ledger import Fact, record_many, write_rows

from . import codes
from .facts import facts_of, source_of
from .models import Batch, Message, Version
from .rules import faults_of
from .tally import count_again

BULK = 5000
COLUMNS = tuple(field.attname for field in Batch._meta.concrete_fields if not field.primary_key)
CHANNELS, METHODS, COUNTS = codes.CHANNELS, codes.METHODS, codes.COUNTS


@dataclass(frozen=True)
class BatchCard:
    """A batch as a method trial may know it: its unit “advertisement batch”. `counts` holds what is known, by `COUNTS`."""

    ref: str
    day: date
    area: str
    channel: str
    method: str
    language: str
    message: str
    version: int
    counts: Mapping[str, int]


def batch_cards(member: Member, *, since: date, until: date, channel: str = "", method: str = "") -> list[BatchCard]:
    """Return the batches of the member's organisation between two days (both included) whose figures are written down."""
    found = Batch.objects.filter(
        organisation=member.organisation, withdrawn_at=None, day__gte=since, day__lte=until
    ).exclude(sent=None)
    for name, code in (("channel", channel), ("method", method)):
        if code:
            found = found.filter(**{name: code})
    return [_card(batch) for batch in found.select_related("version__message").order_by("day", "pk")]


def _card(batch: Batch) -> BatchCard:
    return BatchCard(
        ref=batch.ref,
        day=batch.day,
        area=batch.area,
        channel=batch.channel,
        method=batch.method,
        language=batch.language,
        message=batch.version.message.ref,
        version=batch.version.number,
        counts={name: value for name, value in batch.counts.items() if value is not None},
    )


# Many at once ----------------------------------------------------------------------------------------------------------
def bulk_message(
    organisation: Organisation, title: str, texts: Mapping[str, str], stop_words: Mapping[str, str]
) -> str:
    """Put in one published message, for demonstrations and moves from another system; return its reference."""
    now = timezone.now()
    with scope(organisation=organisation), writing():
        message = Message.objects.create(organisation=organisation, title=title, made_at=now)
        Version.objects.create(
            organisation=organisation, message=message, number=1, texts=texts, stop_words=stop_words, published_at=now
        )
    return message.ref


def bulk_batches(organisation: Organisation, message: str, rows: Iterable[Mapping[str, Any]]) -> int:
    """Record many batches of one published message with their facts, in one transaction; return how many.

    A row holds channel, method, language, area and day, and may hold cleared, withheld, any of `COUNTS` and recorded_by
    (a Member). Raises ValueError for a row that the rules would refuse. Nobody else may record meanwhile.
    """
    stored = 0

    def sources() -> Iterator[tuple[str, list[Fact]]]:
        nonlocal stored
        stream = iter(rows)
        while chunk := list(islice(stream, BULK)):
            batches = [_batch(organisation, version, row) for row in chunk]
            write_rows(Batch, COLUMNS, [_row(batch) for batch in batches])
            stored += len(batches)
            yield from ((source_of(batch), facts_of(batch)) for batch in batches)

    with scope(organisation=organisation), writing():
        version = Version.objects.filter(message__ref=message).exclude(published_at=None).latest("number")
        record_many(sources(), batch=BULK)
        count_again(organisation)
    return stored


def _batch(organisation: Organisation, version: Version, row: Mapping[str, Any]) -> Batch:
    batch = Batch(organisation=organisation, version=version, made_at=timezone.now(), **row)
    wrong = next(faults_of(batch.counts, cleared=batch.cleared), None)
    if wrong or batch.channel not in codes.CHANNELS or batch.method not in codes.METHODS:
        raise ValueError(f"not a batch: {wrong or batch.channel} on {batch.day}")
    return batch


def _row(batch: Batch) -> tuple[Any, ...]:
    values = {**vars(batch), "day": batch.day.isoformat(), "made_at": batch.made_at.isoformat()}
    return tuple(values[name] for name in COLUMNS)
