"""Who takes a form in, which files the server makes for it, and which forms the rooms ship.

The rooms above register here, through `handover`; nothing in this file knows them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from lygte.core.models import Member, Organisation


@dataclass(frozen=True)
class Received:
    """A filled form, as the next room gets it. Groups are dictionaries, repeats are lists, an empty answer is ""."""

    ref: str
    organisation: Organisation
    form_id: str
    version: str
    instance_id: str
    answers: dict[str, Any]
    day: date
    member: Member


@dataclass(frozen=True)
class ShippedForm:
    """A form that comes with Lygte."""

    form_id: str
    title: str
    path: Path


@dataclass(frozen=True)
class Follower:
    """How a room follows what happens later to a filled form that it took in. References are those of `Received`."""

    replace: Callable[[str, Received], None]
    remove: Callable[[Member, str], None]
    restore: Callable[[Member, str], None]


Receiver = Callable[[Received], None]
Provider = Callable[[Organisation], bytes]

NoteProvider = Callable[[Member], Any]

RECEIVERS: dict[str, Receiver] = {}
FOLLOWERS: dict[str, Follower] = {}
PHONE_NOTES: dict[str, NoteProvider] = {}
MEDIA: dict[str, dict[str, Provider]] = {}
SHIPPED: dict[str, ShippedForm] = {}


def on_submission(form_id: str, receiver: Receiver) -> None:
    """Have `receiver(received)` called for every filled form, in the transaction that stores it.

    Where it raises a Problem, what it wrote is undone, the filled form is stored all the same and waits for a person.
    """
    RECEIVERS[form_id] = receiver


def on_change(
    form_id: str,
    *,
    replace: Callable[[str, Received], None],
    remove: Callable[[Member, str], None],
    restore: Callable[[Member, str], None],
) -> None:
    """Have a room told of later changes, each in the transaction that makes it.

    `replace(earlier, received)`: the form whose reference is `earlier` was edited; `received` takes its place.
    `remove(member, ref)`: it was rejected or put in the trash; `restore(member, ref)`: that was undone. Both may come
    for a form that is already in that state.
    """
    FOLLOWERS[form_id] = Follower(replace, remove, restore)


def provide_media(form_id: str, filename: str, provider: Provider) -> None:
    """Offer a file that is made anew for each organisation, such as its list of places."""
    MEDIA.setdefault(form_id, {})[filename] = provider


def ship_form(form_id: str, title: str, path: Path | str) -> None:
    """Ship a workbook with Lygte. The workbook's own form_id and title must be these."""
    SHIPPED[form_id] = ShippedForm(form_id, title, Path(path))


def provide_to_phones(name: str, provider: NoteProvider) -> None:
    """Give the app on a phone what its carrier may know today: `provider(member)` returns something for JSON.

    Codes, pseudonyms and days only: it lies on a phone, locked, until the next contact replaces it.
    """
    PHONE_NOTES[name] = provider
