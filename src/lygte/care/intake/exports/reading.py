"""Filled forms one after the other, in bounded pieces: a million of them take no more memory than a hundred.

Pieces are found by key, not by an open cursor: no transaction stays open while a slow reader fetches, SQLite can tidy up
behind us, and both databases use the same index (form, id).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.db.models import Count, QuerySet
from django.db.models.functions import Length
from django_scopes import scope, scopes_disabled

from lygte.core.models import Organisation

from ..instance import parse_instance
from ..models import Attachment, Submission
from .rows import Row, rows_of
from .schema import Schema
from .values import System, moment_text, other_of

PIECE = 500  # filled forms looked up at once
MOST_BYTES = 4_000_000  # of XML held at once; a single filled form may be larger


@dataclass
class Filled:
    """One filled form as rows, and what Lygte knows of it besides."""

    pk: int
    received_at: str
    row: Row
    system: System

    def system_of(self, row: Row) -> System:
        """Return the columns of ours for one of its rows."""
        if row.table == 0:
            return self.system
        return {
            "__key": row.key,
            "__parent_key": row.parent_key,
            "__root_key": row.root_key,
            "__position": str(row.position),
            "__other": other_of(row.other),
        }


def pieces(organisation: Organisation, found: QuerySet[Submission]) -> Iterator[list[int]]:
    """Yield the numbers of filled forms, oldest first, in pieces whose XML fits the memory we allow."""
    after = 0
    while True:
        with scope(organisation=organisation):
            heads = list(
                found.filter(pk__gt=after).order_by("pk").annotate(size=Length("xml")).values_list("pk", "size")[:PIECE]
            )
        if not heads:
            return
        after = heads[-1][0]
        yield from by_size(heads)


def by_size(heads: Iterable[tuple[int, int]]) -> Iterator[list[int]]:
    held, size = list[int](), 0
    for pk, more in heads:
        if held and size + more > MOST_BYTES:
            yield held
            held, size = [], 0
        held.append(pk)
        size += more
    if held:
        yield held


def filled_forms(organisation: Organisation, found: QuerySet[Submission], schema: Schema) -> Iterator[Filled]:
    """Yield filled forms as rows, oldest first."""
    for keys in pieces(organisation, found):
        yield from load(organisation, keys, schema)


def load(organisation: Organisation, keys: Sequence[int], schema: Schema) -> Iterator[Filled]:
    """Yield the filled forms with these numbers, in this order. The database is asked three times for all of them."""
    with scope(organisation=organisation):
        rows = {one.pk: one for one in _with_names(keys)}
        first, edits = first_of(rows.values())
        files = dict(
            Attachment.objects.filter(submission__in=keys, sealed_key=None)
            .order_by()
            .values_list("submission")
            .annotate(Count("pk"))
        )
    for pk in keys:
        if pk in rows:
            yield _filled(rows.pop(pk), schema, first[pk], edits[pk], files.get(pk, 0))


def _with_names(keys: Sequence[int]) -> QuerySet[Submission]:
    wanted = (
        "ref",
        "instance_id",
        "received_at",
        "xml",
        "state",
        "review",
        "corrections",
        "organisation",
        "form_version",
    )
    return (
        Submission.objects.filter(pk__in=keys)
        .order_by()  # the order of lists would lead SQLite through the whole organisation for every piece
        .select_related("form_version", "member", "device")
        .only(*wanted, "form_version__version", "member__ref", "device__label")
    )


def first_of(rows: Iterable[Submission]) -> tuple[dict[int, str], dict[int, int]]:
    """Return for each filled form the reference of the one it is an edit of, at the very beginning, and how many edits.

    Keys made of it stay the same however often a filled form is edited.
    """
    first = {row.pk: row.ref for row in rows}
    edits = dict.fromkeys(first, 0)
    asked = {pk: pk for pk in first}
    while asked:
        # An edit is of the same form as what it replaced. Asked for more than the index of replaced forms holds (the
        # organisation, the reference), SQLite reads all of them for every piece: a million took as long as their square.
        with scopes_disabled():
            links = dict(Submission.objects.filter(replaced_by__in=asked).order_by().values_list("pk", "replaced_by"))
            refs = dict(Submission.objects.filter(pk__in=links).order_by().values_list("pk", "ref")) if links else {}
        found: dict[int, int] = {}
        for pk, later in links.items():
            of = asked[later or 0]
            first[of], found[pk] = refs[pk], of
            edits[of] += 1
        asked = found
    return first, edits


def _filled(one: Submission, schema: Schema, key: str, edits: int, files: int) -> Filled:
    root = parse_instance(bytes(one.xml)).root
    row = rows_of(root, schema, one.form_version_id, key, one.corrections)
    received = moment_text(one.received_at)
    system = {
        "__key": key,
        "__instance_id": one.instance_id,
        "__received_at": received,
        "__version": one.form_version.version,
        "__state": one.state,
        "__review": one.review,
        "__edits": str(edits),
        "__corrected": "1" if one.corrections else "0",
        "__sent_by": one.member.ref,
        "__phone": one.device.label if one.device else "",
        "__files_named": str(_files_named(row, schema)),
        "__files_here": str(files),
        "__other": other_of(row.other),
    }
    return Filled(one.pk, received, row, system)


def _files_named(row: Row, schema: Schema) -> int:
    table = schema.tables[row.table]
    here = sum(bool(row.answers[place]) for place in table.files)
    return here + sum(_files_named(one, schema) for one in row.below)
