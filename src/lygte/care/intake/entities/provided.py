"""Lists that rooms above make for phones, such as places under their code names. Nothing in this file knows the rooms.

They are files that a form reads and never writes, made anew for each worker: `provide_entities("places", places_for)`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from django.utils.functional import Promise

from lygte.core.models import Member

Text = str | Promise


@dataclass(frozen=True)
class Listed:
    """One row: what a form stores (`name`), what the worker reads (`label`), and further columns."""

    name: str
    label: str
    properties: Mapping[str, str] = field(default_factory=dict)


Rows = Callable[[Member], Iterable[Listed]]


@dataclass(frozen=True)
class ProvidedList:
    """A list of a room above: what it is called in forms and on the page, and whether it must be switched on first."""

    name: str
    title: Text
    says: Text
    rows: Rows
    switched: bool


PROVIDED: dict[str, ProvidedList] = {}


def provide_entities(name: str, rows: Rows, *, title: Text, says: Text, switched: bool = False) -> None:
    """Offer `<name>.csv` to every form that names it: `rows(member)` gives what that worker may see, and no more.

    `says` tells on the page of lists what is in it. One that is `switched` goes nowhere until a coordinator of the
    organisation has switched it on. A list of the organisation itself with the same name goes before it.
    """
    PROVIDED[name] = ProvidedList(name, title, says, rows, switched)
