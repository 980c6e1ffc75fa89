"""Rebuilding the ledger from the records: proof that facts are a pure function of them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator

from lygte.core.transactions import writing

from .ledger import Fact, ledger_rows, record_many, total_rows
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
        Entry.objects.all()._raw_delete(Entry.objects.db)
        Record.objects.all()._raw_delete(Record.objects.db)
        return record_many(_everything())


def fingerprint() -> str:
    """Return the SHA-256 of the ledger and its totals; equal before and after a rebuild."""
    digest = hashlib.sha256()
    for rows in (ledger_rows(), total_rows()):
        for row in rows:
            digest.update(repr(tuple(str(part) for part in row)).encode())
        digest.update(b"--")
    return digest.hexdigest()
