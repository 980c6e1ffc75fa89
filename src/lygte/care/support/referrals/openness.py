"""The public table: what authorities wanted to know from organisations here, and what they were told. Zeros included.

By quarter of the day on which it was asked, and by class of authority, for all organisations together. Shown are ended
quarters only, so that no change can be watched on a day. A no is about an authority, and is counted exactly. What was
handed over is about a person: from 1 to 4 it is shown as a range, and a sum only where no range follows from it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Min
from django.utils import timezone
from django_scopes import scopes_disabled

from lygte.care.concern.handover import told_to_authorities
from lygte.core.models import Organisation
from lygte.directory.services.codes import AUTHORITY_KINDS, Text

from .models import AuthorityRequest, Package
from .rules import Quarter, Shown, last_day, quarter_of, quarters, shown, shown_sum

Key = tuple[Quarter, str]


@dataclass(frozen=True)
class Line:
    """One quarter and one class of authorities."""

    quarter: Quarter
    authority: str
    refused: int
    open: int
    handed_over: Shown

    @property
    def authority_label(self) -> Text:
        return AUTHORITY_KINDS[self.authority]


@dataclass(frozen=True)
class Table:
    """What the public sees."""

    lines: tuple[Line, ...]
    refused: int
    open: int
    handed_over: Shown
    first: Quarter
    last_day: date | None
    next_day: date
    recalls_waiting: int


def table_of(requests: Iterable[tuple[date, str, str]], first: date, today: date, recalls_waiting: int = 0) -> Table:
    """Return the table of (day received, class, outcome) lines. Pure."""
    ended = quarters(first, today)
    counts: dict[str, Counter[Key]] = {"": Counter(), "refused": Counter(), "handed_over": Counter()}
    for day, authority, outcome in requests:
        if quarter_of(day) in ended:
            counts[outcome][(quarter_of(day), authority)] += 1
    keys = [(quarter, authority) for quarter in reversed(ended) for authority in AUTHORITY_KINDS]
    told = counts["handed_over"]
    return Table(
        lines=tuple(Line(*key, counts["refused"][key], counts[""][key], shown(told[key])) for key in keys),
        refused=counts["refused"].total(),
        open=counts[""].total(),
        handed_over=shown_sum(told[key] for key in keys),
        first=quarter_of(first),
        last_day=last_day(ended[-1]) if ended else None,
        next_day=last_day(quarter_of(today)),
        recalls_waiting=recalls_waiting,
    )


def public_table(today: date | None = None) -> Table:
    """Return the table of this installation, from the quarter in which it began or in which the first line was asked."""
    day = today or timezone.localdate()
    with scopes_disabled():
        requests = list(AuthorityRequest.objects.values_list("received_on", "authority", "outcome"))
        requests += told_to_authorities()  # about a place: two people decided, as here
        began = Organisation.objects.aggregate(first=Min("created_at"))["first"]
    days = [received for received, _authority, _outcome in requests]
    first = min([*days, timezone.localdate(began) if began else day])
    return table_of(requests, first, day, _recalls_waiting())


def _recalls_waiting() -> int:
    """Return how many recalled or expired packages somebody saw and has not confirmed as deleted."""
    return Package.objects.exclude(end="").exclude(seen_at=None).filter(acknowledged_at=None).count()
