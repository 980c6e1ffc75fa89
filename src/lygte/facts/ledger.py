"""Writing facts. A fact is checked against the register, so that nothing finer than agreed can be recorded."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from typing import Any

from django.db import connection

from .models import Entry, Record, Total
from .register import KINDS


@dataclass(frozen=True)
class Fact:
    """`value` things of a `kind`, on a day, in a municipality, recorded by an organisation."""

    kind: str
    day: date
    area: str
    organisation_id: int
    value: int
    dimensions: Mapping[str, str] = field(default_factory=dict)

    def written_dimensions(self) -> str:
        """Return the dimensions in their one canonical form. Raises ValueError outside the register."""
        kind = KINDS.get(self.kind)
        if kind is None:
            raise ValueError(f"{self.kind} is not a registered kind")
        if set(self.dimensions) != {d.name for d in kind.dimensions}:
            raise ValueError(f"{self.kind} takes the dimensions {[d.name for d in kind.dimensions]}")
        for dimension in kind.dimensions:
            if self.dimensions[dimension.name] not in dimension.values:
                raise ValueError(f"{self.dimensions[dimension.name]} is no code of {dimension.name}")
        return "|".join(f"{name}={self.dimensions[name]}" for name in sorted(self.dimensions))


Cell = tuple[str, str, str, int, str]  # kind, month, area, organisation, dimensions


def cell_of(fact: Fact) -> Cell:
    return (fact.kind, fact.day.strftime("%Y-%m"), fact.area, fact.organisation_id, fact.written_dimensions())


def record_facts(*, source: str, facts: Iterable[Fact]) -> None:
    """Record what one source gave, inside the caller's transaction. All facts share day, area and organisation."""
    kept = [fact for fact in facts if fact.value]
    if not kept:
        return
    first = kept[0]
    if len({(f.day, f.area, f.organisation_id) for f in kept}) > 1:
        raise ValueError("the facts of one record share day, area and organisation")
    cells = [(cell_of(fact), fact.value) for fact in kept]
    record = Record.objects.create(name=source, day=first.day, area=first.area, organisation_id=first.organisation_id)
    Entry.objects.bulk_create(
        Entry(record=record, kind=cell[0], dimensions=cell[4], value=value) for cell, value in cells
    )
    change: Counter[Cell] = Counter()
    for cell, value in cells:
        change[cell] += value
    add_to_totals(change)


def remove_facts(source: str) -> None:
    """Take back what one source gave, inside the caller's transaction; nothing happens if it gave nothing."""
    record = Record.objects.filter(name=source).first()
    if record is None:
        return
    month = record.day.strftime("%Y-%m")
    change: Counter[Cell] = Counter()
    for kind, dimensions, value in record.entries.values_list("kind", "dimensions", "value"):
        change[(kind, month, record.area, record.organisation_id, dimensions)] -= value
    record.delete()
    add_to_totals(change)
    Total.objects.filter(value=0, month=month, organisation=record.organisation_id).delete()


def add_to_totals(change: Mapping[Cell, int]) -> None:
    """Add to the running totals; in the order of the key, so that two writers never wait for each other in a ring."""
    table = Total._meta.db_table
    cells = iter(sorted(change.items()))
    while batch := list(islice(cells, 150)):
        rows = ", ".join(["(%s, %s, %s, %s, %s, %s)"] * len(batch))
        values: list[Any] = [part for cell, value in batch for part in (*cell, value)]
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO {table} (kind, month, area, organisation_id, dimensions, value) VALUES {rows} "
                "ON CONFLICT (kind, month, area, organisation_id, dimensions) "
                f"DO UPDATE SET value = {table}.value + excluded.value",
                values,
            )


def record_many(sources: Iterable[tuple[str, list[Fact]]], *, batch: int = 5000) -> int:
    """Record the facts of many new sources quickly, inside the caller's transaction; return how many facts.

    Meant for loading and rebuilding while nobody else records: it numbers the rows itself.
    """
    next_record = (Record.objects.order_by("-pk").values_list("pk", flat=True).first() or 0) + 1
    totals: Counter[Cell] = Counter()
    count = 0
    stream = iter(sources)
    while chunk := list(islice(stream, batch)):
        records: list[tuple[Any, ...]] = []
        entries: list[tuple[Any, ...]] = []
        for source, facts in chunk:
            kept = [fact for fact in facts if fact.value]
            if not kept:
                continue
            first = kept[0]
            records.append((next_record, source, first.day, first.area, first.organisation_id))
            for fact in kept:
                cell = cell_of(fact)
                totals[cell] += fact.value
                entries.append((next_record, fact.kind, cell[4], fact.value))
            next_record += 1
        write_rows(Record, ("id", "name", "day", "area", "organisation_id"), records)
        write_rows(Entry, ("record_id", "kind", "dimensions", "value"), entries)
        count += len(entries)
    add_to_totals(totals)
    _renumber(Record)
    return count


def write_rows(model: Any, columns: tuple[str, ...], rows: list[tuple[Any, ...]]) -> None:
    """Insert many rows in the quickest way that the database has."""
    if not rows:
        return
    table, names = model._meta.db_table, ", ".join(columns)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            marks = ", ".join(["%s"] * len(columns))
            cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", rows)


def _renumber(model: Any) -> None:
    """Tell PostgreSQL where to go on numbering after rows that brought their own number."""
    if connection.vendor != "postgresql":
        return
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT coalesce(max(id), 1) FROM {table}))"
        )


def ledger_rows() -> Iterator[tuple[Any, ...]]:
    """Yield the whole ledger in a fixed order, without row numbers: what a rebuild must reproduce."""
    yield from (
        Entry.objects.order_by("record__name", "kind", "dimensions")
        .values_list(
            "record__name", "record__day", "record__area", "record__organisation__ref", "kind", "dimensions", "value"
        )
        .iterator(chunk_size=5000)
    )


def total_rows() -> Iterator[tuple[Any, ...]]:
    """Yield all running totals in a fixed order."""
    yield from (
        Total.objects.order_by("kind", "month", "area", "organisation", "dimensions")
        .values_list("kind", "month", "area", "organisation__ref", "dimensions", "value")
        .iterator(chunk_size=5000)
    )
