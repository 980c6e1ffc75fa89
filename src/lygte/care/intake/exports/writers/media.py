"""Files sent with filled forms, as one zip: a folder for each form, named by its key. Nothing is packed twice."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import QuerySet
from django_scopes import scope

from lygte.core.models import Organisation

from ...models import Attachment, Submission
from ...storage import path_of
from ..reading import first_of, pieces
from ..schema import unique
from .sink import CHUNK, Package

LISTED = 1000  # of the names of files that are not there


def media_zip(organisation: Organisation, found: QuerySet[Submission]) -> Iterator[bytes]:
    """Return a zip of all files of these filled forms, piece by piece. What was quarantined stays where it is."""
    package = Package()
    missing, more = list[str](), 0
    for keys in pieces(organisation, found):
        with scope(organisation=organisation):
            first, _edits = first_of(Submission.objects.filter(pk__in=keys).only("ref", "organisation"))
            rows = Attachment.objects.filter(submission__in=keys, sealed_key=None).order_by("submission", "pk")
            files = list(rows.values_list("submission", "name", "stored_as"))
        taken: dict[int, set[str]] = {}
        for submission, name, stored_as in files:
            names = taken.setdefault(submission, set())
            wanted = f"{first[submission]}/{unique(harmless(name), names, 240)}"
            try:
                with open(path_of(stored_as), "rb") as source, package.open(wanted, packed=False) as member:
                    while piece := source.read(CHUNK):
                        member.write(piece)
                        yield from package.drain()
            except FileNotFoundError:
                more += 1
                if len(missing) < LISTED:
                    missing.append(wanted)
    if missing:
        left = [f"+ {more - len(missing)}"] if more > len(missing) else []
        yield from package.put("missing.txt", "\n".join([*missing, *left, ""]).encode())
    yield from package.close()


def harmless(name: str) -> str:
    """Return a name that stays in its folder wherever it is unpacked."""
    safe = "".join("_" if sign in '/\\:*?"<>|' or sign < " " else sign for sign in name)
    return safe if safe.strip(". ") else f"file{len(name)}"
