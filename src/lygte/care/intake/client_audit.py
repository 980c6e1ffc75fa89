"""The record that phone apps keep of how a form was filled in (audit.csv): read with patience, kept line by line.

Columns and events that we do not know are left alone. Places are kept only where the form itself asks for them: from
any other file they are taken out before it is written to the disk.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from .instance import Instance
from .models import AuditEvent, Submission
from .storage import Bytes, path_of

PLACES = ("latitude", "longitude", "accuracy")
MOST_LINES = 20_000
MOST_BYTES = 10_000_000
LONGEST = 5_000
COLUMNS = {
    "event": ("event", 60),
    "node": ("node", 1000),
    "old-value": ("old_value", LONGEST),
    "new-value": ("new_value", LONGEST),
    "user": ("user", 250),
    "change-reason": ("change_reason", LONGEST),
    **{name: (name, 30) for name in PLACES},
}


def name_of_audit(instance: Instance) -> str:
    """Return the name of the file that holds the record, or ""."""
    meta = instance.root.child("meta")
    audit = meta.child("audit") if meta else None
    return audit.value if audit else ""


def without_places(instance: Instance, outline: Mapping[str, Any], files: Mapping[str, Bytes]) -> Mapping[str, Bytes]:
    """Return the files with the places taken out of the record, unless the form asks for places."""
    name = name_of_audit(instance)
    if name not in files or outline.get("audit_location"):
        return files
    return {**files, name: _without_columns(files[name])}


def _without_columns(content: Bytes) -> Bytes:
    rows = list(_rows(bytes(content)))
    header = [_plain(name) for name in rows[0]] if rows else []
    kept = [place for place, name in enumerate(header) if name not in PLACES]
    if len(kept) == len(header):
        return content
    out = io.StringIO()
    written = csv.writer(out, lineterminator="\n")
    for row in rows:
        written.writerow([row[place] for place in kept if place < len(row)])
    return out.getvalue().encode()


def _rows(content: bytes) -> Iterator[list[str]]:
    text = content[:MOST_BYTES].decode("utf-8-sig", errors="replace").replace("\0", "")
    csv.field_size_limit(MOST_BYTES)
    try:
        yield from csv.reader(io.StringIO(text, newline=""))
    except csv.Error:
        return  # what was read up to here counts


def _plain(name: str) -> str:
    return name.strip().lower()


def ingest_audit(submission: Submission, instance: Instance) -> None:
    """Read the record of a filled form, where it has come, in the place of what was read before."""
    name = "" if submission.encrypted else name_of_audit(instance)
    file = submission.attachments.filter(name=name).first() if name else None
    if file is None:
        return
    submission.audit_events.all().delete()
    content = path_of(file.stored_as).read_bytes()
    AuditEvent.objects.bulk_create(islice(_events(submission, content), MOST_LINES), batch_size=500)


def _events(submission: Submission, content: bytes) -> Iterator[AuditEvent]:
    rows = _rows(content)
    header = [_plain(name) for name in next(rows, [])]
    if "event" not in header:
        return
    for position, row in enumerate(rows):
        line = dict(zip(header, row, strict=False))
        if not line.get("event", "").strip():
            continue
        yield AuditEvent(
            organisation_id=submission.organisation_id,
            submission=submission,
            position=position,
            start=_milliseconds(line.get("start", "")),
            end=_milliseconds(line.get("end", "")),
            **{field: line.get(column, "").strip()[:longest] for column, (field, longest) in COLUMNS.items()},
        )


def _milliseconds(text: str) -> int | None:
    text = text.strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 15 else None
