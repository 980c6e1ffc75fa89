"""What becomes of facts when the record behind them is erased: each kind has said so in the register.

Facts that stay are cut off from the record: their name is random, and no rebuild can ask the record for them again.
"""

from __future__ import annotations

from collections import Counter

from lygte.core.refs import new_ref

from .ledger import Cell, add_to_totals, remove_facts
from .models import Entry, Record
from .register import KINDS

KEPT = "erased:"  # how the name of a record begins whose source is gone


def erase_facts(source: str) -> None:
    """Remove, coarsen or keep what one source gave, as each kind registered it, inside the caller's transaction.

    Coarse means: the first of the month and the country, and no further breaking down by municipality.
    """
    record = Record.objects.filter(name=source).first()
    if record is None:
        return
    entries = list(record.entries.values_list("kind", "dimensions", "value"))
    kept = [one for one in entries if _fate(one[0]) == "keep"]
    coarse = [one for one in entries if _fate(one[0]) == "coarsen"]
    remove_facts(source)
    if kept:
        _give(record, kept)
    if coarse:
        record.area, record.day = record.area.split("-")[0], record.day.replace(day=1)
        _give(record, coarse)


def _fate(kind: str) -> str:
    return KINDS[kind].on_erasure if kind in KINDS else "remove"


def _give(like: Record, entries: list[tuple[str, str, int]]) -> None:
    name = f"{KEPT}{new_ref()}"
    record = Record.objects.create(name=name, day=like.day, area=like.area, organisation_id=like.organisation_id)
    Entry.objects.bulk_create(Entry(record=record, kind=k, dimensions=d, value=v) for k, d, v in entries)
    add_to_totals(totals_of(record))


def totals_of(record: Record) -> Counter[Cell]:
    """Return what one record adds to the running totals."""
    month = record.day.strftime("%Y-%m")
    change: Counter[Cell] = Counter()
    for kind, dimensions, value in record.entries.values_list("kind", "dimensions", "value"):
        change[(kind, month, record.area, record.organisation_id, dimensions)] += value
    return change
