"""How signs become a place of concern, and when they stop: pure, the same signs give the same standing on the same day.

Nothing here gives a number for a place, and nothing can be put in an order by it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from .rulefile import Rule


class State(StrEnum):
    """Nothing that counts; one person noted it; another one did too."""

    NONE = ""
    WAITING = "waiting"
    CONCERN = "concern"


@dataclass(frozen=True)
class Sign:
    """One sign as somebody noted it, as far as the rule asks."""

    key: int
    sign: str
    known: str
    sure: str
    day: date
    by: int
    contested: bool = False


@dataclass(frozen=True)
class Standing:
    """How a place stands: by which noted signs (their keys), and the last day on which it stands so without a new one."""

    state: State = State.NONE
    confirmed: frozenset[int] = frozenset()
    waiting: frozenset[int] = frozenset()
    until: date | None = None


def counts(sign: Sign, rule: Rule) -> bool:
    """Tell whether a noted sign counts: known first-hand, sure enough, and not contested."""
    return sign.known in rule.known and sign.sure in rule.sure and (rule.contested_counts or not sign.contested)


def standing_of(signs: Iterable[Sign], rule: Rule, today: date) -> Standing:
    """Return how a place stands today by all that was noted there and not taken back."""
    groups: dict[str, list[Sign]] = defaultdict(list)
    for sign in signs:
        if counts(sign, rule) and sign.day <= today:
            groups[sign.sign if rule.same_sign else ""].append(sign)
    confirmed: list[Sign] = []
    waiting: list[Sign] = []
    for group in groups.values():
        run = _latest_run(group, rule)
        if _last_day(run, rule) >= today:
            (confirmed if _confirmed(run, rule) else waiting).extend(run)
    state = State.CONCERN if confirmed else State.WAITING if waiting else State.NONE
    return Standing(
        state,
        frozenset(sign.key for sign in confirmed),
        frozenset(sign.key for sign in waiting),
        _last_day(confirmed or waiting, rule) if confirmed or waiting else None,
    )


def _latest_run(group: list[Sign], rule: Rule) -> list[Sign]:
    """Return the newest signs of a kind that follow one another closely enough; what was before has ended."""
    ordered = sorted(group, key=lambda sign: (sign.day, sign.key), reverse=True)
    run = [ordered[0]]
    for sign in ordered[1:]:
        if run[-1].day - sign.day > timedelta(days=rule.ends_after_days):
            break
        run.append(sign)
    return run


def _last_day(run: list[Sign], rule: Rule) -> date:
    return max(sign.day for sign in run) + timedelta(days=rule.ends_after_days)


def _confirmed(run: list[Sign], rule: Rule) -> bool:
    """Tell whether a second look found it too: another person, or, if the rule says so, the same one on another day."""
    if rule.another_person:
        return len({sign.by for sign in run}) > 1
    return len({(sign.by, sign.day) for sign in run}) > 1


def to_forget(signs: Iterable[Sign], rule: Rule, today: date) -> frozenset[int]:
    """Return the keys of signs that have ended: too old, and in no run that still stands."""
    signs = list(signs)
    standing = standing_of(signs, rule, today)
    oldest = today - timedelta(days=rule.ends_after_days)
    kept = standing.confirmed | standing.waiting
    return frozenset(sign.key for sign in signs if sign.day < oldest and sign.key not in kept)


def may_be_noted(day: date, rule: Rule, today: date) -> bool:
    """Tell whether a sign of that day can be noted: not in the future, and not ended already."""
    return today - timedelta(days=rule.ends_after_days) <= day <= today
