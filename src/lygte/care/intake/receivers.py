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


Receiver = Callable[[Received], None]
Provider = Callable[[Organisation], bytes]

RECEIVERS: dict[str, Receiver] = {}
MEDIA: dict[str, dict[str, Provider]] = {}
SHIPPED: dict[str, ShippedForm] = {}


def on_submission(form_id: str, receiver: Receiver) -> None:
    """Have `receiver(received)` called for every filled form, in the transaction that stores it.

    Where it raises a Problem, what it wrote is undone, the filled form is stored all the same and waits for a person.
    """
    RECEIVERS[form_id] = receiver


def provide_media(form_id: str, filename: str, provider: Provider) -> None:
    """Offer a file that is made anew for each organisation, such as its list of places."""
    MEDIA.setdefault(form_id, {})[filename] = provider


def ship_form(form_id: str, title: str, path: Path | str) -> None:
    """Ship a workbook with Lygte. The workbook's own form_id and title must be these."""
    SHIPPED[form_id] = ShippedForm(form_id, title, Path(path))
