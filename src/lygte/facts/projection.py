"""Rebuilding the ledger from the records: proof that facts are a pure function of them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator

from lygte.core.transactions import writing

from .erasure import KEPT, totals_of
from .ledger import Fact, add_to_totals, ledger_rows, record_many, total_rows
from .models import Entry, Record, Total

Source = tuple[str, list[Fact]]
Projection = Callable[[], Iterator[Source]]
PROJECTIONS: dict[str, Projection] = {}


def register_projection(*, name: str, facts_of_all: Projection) -> None:
    """Say how to give all facts of one room again: an iterator over (source, facts)."""
    PROJECTIONS[name] = facts_of_all


def _everything() -> Iterable[Source]:
    for name in sorted(PROJECTIONS):
        yield from PROJECTIONS[name]()


def rebuild() -> int:
    """Throw the ledger away and make it again from the records, in one transaction; return the number of facts."""
    with writing():
        Total.objects.all().delete()
        # What stayed after a source was erased cannot be asked for again: it is kept, and added up anew.
        kept = Record.objects.filter(name__startswith=KEPT)
        Entry.objects.exclude(record__in=kept)._raw_delete(Entry.objects.db)
        Record.objects.exclude(name__startswith=KEPT)._raw_delete(Record.objects.db)
        count = record_many(_everything())
        for record in kept.all():
            add_to_totals(totals_of(record))
        return count + Entry.objects.filter(record__in=kept).count()


def fingerprint() -> str:
    """Return the SHA-256 of the ledger and its totals; equal before and after a rebuild."""
    digest = hashlib.sha256()
    for rows in (ledger_rows(), total_rows()):
        for row in rows:
            digest.update(repr(tuple(str(part) for part in row)).encode())
        digest.update(b"--")
    return digest.hexdigest()
