"""The policy, pure: which groups are agreed to, for a purpose, to a recipient, at a moment."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from .codes import EVERY_GROUP

GRANT, WITHDRAW, DECLINED = "grant", "withdraw", "declined"


@dataclass(frozen=True)
class Event:
    """One line of the ledger. A withdrawal with an empty recipient or purpose ends all of them."""

    kind: str
    purpose: str
    recipient: str
    groups: frozenset[str]
    until: date | None
    at: datetime

    def ends(self, earlier: Event) -> bool:
        return (
            self.kind == WITHDRAW
            and self.purpose in ("", earlier.purpose)
            and self.recipient in ("", earlier.recipient)
            and bool(earlier.groups & (self.groups or EVERY_GROUP))
        )


def live_grants(events: Sequence[Event], today: date) -> list[Event]:
    """Return the grants that stand today, with the groups that are left of them; `events` in the order of the ledger.

    A withdrawal ends what was granted before it. A grant counts to the end of its last day.
    """
    standing: list[Event] = []
    for event in events:
        if event.kind == GRANT:
            standing.append(event)
        elif event.kind == WITHDRAW:  # somebody who was asked and said no changed nothing
            standing = [rest for earlier in standing for rest in _what_is_left(earlier, event)]
    return [event for event in standing if event.until is None or event.until >= today]


def _what_is_left(earlier: Event, withdrawal: Event) -> Iterable[Event]:
    if not withdrawal.ends(earlier):
        yield earlier
        return
    left = earlier.groups - (withdrawal.groups or EVERY_GROUP)
    if left:
        yield Event(earlier.kind, earlier.purpose, earlier.recipient, left, earlier.until, earlier.at)


def groups_for(events: Sequence[Event], *, purpose: str, recipient: str, today: date) -> frozenset[str]:
    """Return the groups that may be used for a purpose by a recipient today; nothing means no."""
    found = [e.groups for e in live_grants(events, today) if e.purpose == purpose and e.recipient == recipient]
    return frozenset().union(*found)
