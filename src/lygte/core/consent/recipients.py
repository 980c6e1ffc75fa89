"""To whom something may be passed on: rooms that know services register how to list and name them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from ..people import Member
from .codes import OWN


@dataclass(frozen=True)
class Recipients:
    """One kind of recipient: codes begin with `prefix`, such as “service:”."""

    prefix: str
    purposes: frozenset[str]
    listed: Callable[[Member], list[tuple[str, str]]]
    name: Callable[[str], str]


KNOWN: dict[str, Recipients] = {}


def register_recipients(kind: Recipients) -> None:
    """Add a kind of recipient; `listed(member)` gives (code, name), `name(code)` the name of one."""
    KNOWN[kind.prefix] = kind


def recipients_for(member: Member, purpose: str) -> list[tuple[str, str]]:
    """Return to whom something may be passed on for a purpose, by code and name."""
    return [one for kind in KNOWN.values() if purpose in kind.purposes for one in kind.listed(member)]


def name_of(recipient: str) -> str:
    """Return how a recipient is called."""
    if recipient in ("", OWN):
        return _("us")
    kind = next((kind for prefix, kind in KNOWN.items() if recipient.startswith(prefix)), None)
    return kind.name(recipient) if kind else _("a service")
