"""What the command line calls: taking a form out into a file."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

from django.db.models import Q
from django_scopes import scope

from lygte.core.access import Verb
from lygte.core.models import Organisation
from lygte.core.problems import Problem

from ..commands import organisation_of
from ..handover import member_who_may
from ..models import Form
from .actions import begin_export
from .choosing import Choice


def export_form(
    name: str,
    *,
    format: str,
    out: Path | None,
    organisation: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    state: str = "",
    review: str = "",
    split: bool = False,
    wrote: Callable[[int], None] = lambda size: None,
) -> tuple[Path, int]:
    """Write a form's tables to a file of its owner's alone; return the file and how many filled forms are in it."""
    of = organisation_of(organisation)
    with scope(organisation=of):
        choice = Choice(_day(since), _day(until), state, review)
        export = begin_export(
            member=member_who_may(of, Verb.SUBMISSION_EXPORT),
            form=_form(of, name),
            format=format,
            choice=choice,
            split=split,
        )
    path = out or Path(export.filename)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise Problem("409.511", path=str(path)) from None
    with open(descriptor, "wb") as file:
        for piece in export.stream():
            file.write(piece)
            wrote(len(piece))
    return path, export.count


def _day(at: datetime | None) -> date | None:
    return at.date() if at else None


def _form(organisation: Organisation, name: str) -> Form:
    found = Form.objects.filter(Q(ref=name) | Q(form_id=name), organisation=organisation).first()
    if found is None:
        raise Problem("404.510", name=organisation.name, form=name)
    return found
