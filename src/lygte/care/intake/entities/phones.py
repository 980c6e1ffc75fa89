"""Lists for phones: what a worker may see of them, as the file, its token, and the document that tells what is gone."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterable, Sequence
from functools import partial
from xml.sax.saxutils import quoteattr

from lygte.core.models import Member, Organisation

from ..beside import Outline, PhoneFile
from ..models import FormVersion
from .models import EntityList, ListUse, Switch
from .provided import PROVIDED, ProvidedList
from .reads import seen_by

INTEGRITY = "entities:integrity"
MOST_ASKED = 5_000  # ids in one question for what is gone


def offered(member: Member, version: FormVersion) -> list[PhoneFile]:
    """Return the lists that go with a form to one worker's phone."""
    names = list(ListUse.objects.filter(form_version=version).values_list("name", flat=True))
    if not names:
        return []
    own = EntityList.objects.filter(organisation=member.organisation, name__in=names)
    files = {one.name: _file_of(member, one) for one in own}
    for one in _provided(member.organisation, set(names) - set(files)):
        files[one.name] = _file_provided(member, one)
    return [files[name] for name in sorted(files)]


def names_offered(organisation: Organisation, outline: Outline) -> frozenset[str]:
    """Return the files that need not be asked for: lists there are, lists that the form itself makes, provided ones."""
    own = EntityList.objects.filter(organisation=organisation).values_list("name", flat=True)
    made = (one["list"] for one in outline.get("entities", []))
    return frozenset(f"{name}.csv" for name in {*own, *made, *PROVIDED})


def _provided(organisation: Organisation, names: set[str]) -> Iterable[ProvidedList]:
    there = [PROVIDED[name] for name in sorted(names & set(PROVIDED))]
    if not any(one.switched for one in there):
        return there
    on = set(Switch.objects.filter(organisation=organisation, on=True).values_list("name", flat=True))
    return [one for one in there if not one.switched or one.name in on]


def _file_of(member: Member, one: EntityList) -> PhoneFile:
    return PhoneFile(
        filename=f"{one.name}.csv",
        hash=token_of(member, one),
        content=partial(csv_of, member, one),
        kind="approvalEntityList" if one.approval else "entityList",
        integrity=INTEGRITY,
    )


def token_of(member: Member, one: EntityList) -> str:
    """Return a token that changes with the list, and is each worker's own where they do not all see the same."""
    parts = [one.ref, str(one.stamp), one.sees]
    if one.sees != EntityList.Sees.EVERYONE:
        parts.append(member.ref)
    return hashlib.md5(".".join(parts).encode(), usedforsecurity=False).hexdigest()


def csv_of(member: Member, one: EntityList) -> bytes:
    """Return what a worker may see of a list: the columns that phones need, then the properties."""
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(["name", "label", "__version", *one.properties])
    found = seen_by(member, one).filter(deleted_at=None).order_by("pk")
    for uuid, label, version, values in found.values_list("uuid", "label", "version", "values").iterator(2_000):
        rows.writerow([uuid, label, version, *(values.get(name, "") for name in one.properties)])
    return text.getvalue().encode()


def _file_provided(member: Member, one: ProvidedList) -> PhoneFile:
    content = provided_csv(member, one)
    token = hashlib.md5(content, usedforsecurity=False).hexdigest()
    return PhoneFile(filename=f"{one.name}.csv", hash=token, content=partial(bytes, content))


def provided_csv(member: Member, one: ProvidedList) -> bytes:
    listed = list(one.rows(member))
    columns = list(dict.fromkeys(name for row in listed for name in row.properties))
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(["name", "label", *columns])
    rows.writerows([row.name, row.label, *(row.properties.get(name, "") for name in columns)] for row in listed)
    return text.getvalue().encode()


def integrity_of(member: Member, one: EntityList, ids: Sequence[str]) -> str:
    """Tell of each entity whether it is gone for this worker: deleted, or not theirs to see any more.

    Of what the server has never seen it says nothing: it may still be on its way.
    """
    asked = {uuid.strip().lower().removeprefix("uuid:"): uuid for uuid in ids[:MOST_ASKED]}
    there = set(one.entities.filter(uuid__in=asked).values_list("uuid", flat=True))
    living = set(seen_by(member, one).filter(deleted_at=None, uuid__in=asked).values_list("uuid", flat=True))
    rows = (
        f"<entity id={quoteattr(asked[uuid])}><deleted>{'false' if uuid in living else 'true'}</deleted></entity>"
        for uuid in sorted(there)
    )
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<data><entities>{"".join(rows)}</entities></data>'
