"""Running totals of batches, one row for each month, municipality and way of writing: what the funnel reads.

The ledger keeps the same numbers as facts, one row for each number; a page would have to read a hundred thousand of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import CharField, Count, F, Sum
from django.db.models.functions import Cast, Coalesce, Substr

from lygte.core.models import Organisation

from . import codes
from .models import Batch, Tally

CELL = ("month", "area", "channel", "method", "language")


@dataclass(frozen=True, order=True)
class Share:
    """What one batch adds to one row: where, and how much of everything."""

    organisation: int
    cell: tuple[str, ...]
    counts: tuple[int, ...]


def share_of(batch: Batch) -> Share | None:
    """Return what a batch adds; nothing where it was taken back, or nobody has said what was sent."""
    if batch.pk is None or batch.withdrawn_at is not None or batch.sent is None:
        return None
    cell = (batch.day.strftime("%Y-%m"), batch.area, batch.channel, batch.method, batch.language)
    return Share(batch.organisation_id, cell, tuple(getattr(batch, name) or 0 for name in codes.COUNTS))


def replace(before: Share | None, after: Share | None) -> None:
    """Take away what a batch added before and add what it adds now, inside the caller's transaction."""
    changes = [(share, sign) for share, sign in ((before, -1), (after, 1)) if share]
    for share, sign in sorted(changes):  # in one order, so that two writers never wait for each other in a ring
        where: dict[str, Any] = {"organisation_id": share.organisation, **dict(zip(CELL, share.cell, strict=True))}
        row, _new = Tally.objects.get_or_create(**where)
        more = {name: F(name) + sign * count for name, count in zip(codes.COUNTS, share.counts, strict=True)}
        Tally.objects.filter(pk=row.pk).update(batches=F("batches") + sign, **more)


def count_again(organisation: Organisation) -> None:
    """Make the running totals of an organisation from its batches, inside the caller's transaction."""
    Tally.objects.filter(organisation=organisation).delete()
    counted = Batch.objects.filter(organisation=organisation, withdrawn_at=None).exclude(sent=None)
    rows = (
        counted.order_by()
        .annotate(month=_month())
        .values(*CELL)
        .annotate(batches=Count("id"), **{f"of_{name}": Coalesce(Sum(name), 0) for name in codes.COUNTS})
    )
    Tally.objects.bulk_create(
        Tally(
            organisation=organisation,
            batches=row["batches"],
            **{name: row[name] for name in CELL},
            **{name: row[f"of_{name}"] for name in codes.COUNTS},
        )
        for row in rows.iterator()
    )


def _month() -> Substr:
    """Return the month of a batch's day, as “2026-07”, in both databases."""
    return Substr(Cast("day", CharField()), 1, 7)
