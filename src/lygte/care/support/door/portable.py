"""The record as a file that its owner takes away: JSON for another program, a page for reading, in one zip under a quiet name.

It is made in memory and never stored here. docs/rooms/door.md says what stands where; `FORMAT` and `VERSION` name it.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import Model
from django.template.loader import render_to_string
from django.utils import timezone, translation

from lygte.core.consent.codes import Via
from lygte.core.consent.gate import note_seen
from lygte.core.consent.models import Consent, LockedModel, Person, Seat
from lygte.core.consent.personal import Tier
from lygte.core.models import Member
from lygte.core.problems import Problem
from lygte.core.transactions import writing

from . import marks
from .agreed import said_so_far, standing
from .record import Chapter, Kept, chapters, open_all
from .seen import Line, in_words, lines_about

FORMAT, VERSION = "lygte-person", 1
FILE_NAME = "notes.zip"  # says nothing to whoever looks through the downloads


def take_away(people: Sequence[Person], keys: Mapping[str, bytes]) -> bytes:
    """Return everything of a person as a zip, and leave a line that it was taken."""
    person, kept = people[0], open_all(people, keys)
    lines = in_words(lines_about(people))
    content = json.dumps(document(people, kept, lines), ensure_ascii=False, indent=1, default=plain)
    page = render_to_string("door/portable.html", page_context(people, chapters(kept), lines))
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("notes.json", content)
        archive.writestr("notes.html", page)
    with writing():
        groups = sorted({one.record.group for one in kept})
        note_seen(member=None, seen={person: groups}, via=Via.SLIP, recipient=marks.TOOK)
    return file.getvalue()


def plain(value: Any) -> Any:
    """Return what JSON cannot hold as text."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Model):
        return named(value)
    return str(value)


def named(value: Model) -> Any:
    """Return a row that a record points to: colleagues by the name they go by, others by their reference."""
    if isinstance(value, Member):
        return {"name": value.user.name, "role": value.role, "organisation": value.organisation.name}
    return getattr(value, "ref", None)


def document(people: Sequence[Person], kept: list[Kept], lines: list[Line]) -> dict[str, Any]:
    """Return the record as the JSON document of `FORMAT`."""
    person = people[0]
    return {
        "format": FORMAT,
        "version": VERSION,
        "made_at": timezone.now(),
        "language": translation.get_language() or "en",
        "person": {"ref": person.ref, "code": person.code, "since": person.made_on},
        "organisation": {"ref": person.organisation.ref, "name": person.organisation.name},
        "team": [
            {"member": seat.member, "first": seat.first, "since": seat.since, "until": seat.until}
            for seat in Seat.objects.filter(person__in=people).select_related("member__user", "member__organisation")
        ],
        "consents": [_consent(row) for row in Consent.objects.filter(person__in=people)],
        "holds": [{"ground": hold.ground, "since": hold.since, "until": hold.until} for hold in person.holds.all()],
        "records": [_record(one) for one in kept],
        "seen": [_seen(line) for line in lines],
    }


def _consent(row: Consent) -> dict[str, Any]:
    return {
        "kind": row.kind,
        "purpose": row.purpose,
        "recipient": row.recipient,
        "groups": row.groups,
        "until": row.until,
        "language": row.language,
        "text_version": row.text_version,
        "manner": row.manner,
        "at": row.at,
    }


def _record(one: Kept) -> dict[str, Any]:
    record = one.record
    return {
        "kind": record._meta.label_lower,
        "ref": record.ref,
        "group": record.group,
        "version": record.version,
        "title": one.title,
        "values": dict(one.values),
        "open": _open_columns(record),
        "words": [{"label": str(label), "text": text} for label, text in one.words],
        "damaged": one.damaged,
        "before": [
            {"version": was.version, "until": was.until, "values": dict(was.values), "open": dict(was.columns)}
            for was in one.before
        ],
    }


def _open_columns(record: LockedModel) -> dict[str, Any]:
    return {name: getattr(record, name, None) for name, field in record.PERSONAL.items() if field.tier == Tier.OPEN}


def _seen(line: Line) -> dict[str, Any]:
    return {
        "at": line.at,
        "what": str(line.what),
        "who": line.who,
        "role": str(line.role),
        "organisation": line.house,
        "to": line.to,
        "groups": [str(group) for group in line.groups],
        "why": str(line.why),
        "by_the_person": line.own,
    }


def page_context(people: Sequence[Person], found: list[Chapter], lines: list[Line]) -> dict[str, Any]:
    """Return what the readable page in the zip shows."""
    return {
        "person": people[0],
        "chapters": found,
        "lines": lines,
        "standing": standing(people[0]),
        "said": said_so_far(people),
        "language": translation.get_language() or "en",
    }


def read_portable(content: bytes) -> dict[str, Any]:
    """Return the document in a file that somebody took away here or elsewhere. Raises Problem 422.581 for any other file."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if archive.getinfo("notes.json").file_size > LARGEST:
                raise Problem("422.581")
            found = json.loads(archive.read("notes.json"))
    except (zipfile.BadZipFile, KeyError, ValueError, RuntimeError, OSError, NotImplementedError):
        raise Problem("422.581") from None
    if not isinstance(found, dict) or found.get("format") != FORMAT or found.get("version") != VERSION:
        raise Problem("422.581")
    return found


LARGEST = 50_000_000  # bytes of JSON; a life in words is far smaller
