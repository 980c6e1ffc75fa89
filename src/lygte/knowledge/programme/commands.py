"""What the command line calls: import a plan file."""

from __future__ import annotations

from pathlib import Path

from lygte.core.models import Kind, Organisation
from lygte.core.problems import Problem

from .actions import Imported, import_plan_for
from .planfile.reading import MOST_BYTES


def import_plan_file(path: Path | str, organisation_ref: str | None = None) -> Imported:
    """Import a plan file for a funder, by reference or name; without one, for the only funder there is.

    Raises Problem 400.300 with a part for every fault in the file, 400.3 or 400.4 for what cannot be found.
    """
    organisation = _funder(organisation_ref)
    try:
        with Path(path).open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise Problem("400.4", path=str(path)) from error
    return import_plan_for(organisation=organisation, content=content)


def _funder(ref: str | None) -> Organisation:
    funders = Organisation.objects.filter(kind=Kind.FUNDER)
    if ref is not None:
        named = Organisation.objects.filter(ref=ref).first() or Organisation.objects.filter(name=ref).first()
        if named is None:
            raise Problem("400.3", ref=ref)
        return named
    if funders.count() > 1:
        raise Problem("400.6", names=", ".join(funders.values_list("name", flat=True)))
    if not funders.exists():
        raise Problem("400.3", ref=Kind.FUNDER.value)
    return funders.get()
