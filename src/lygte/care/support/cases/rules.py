"""Pure rules of this room: how days are counted, how long a period may be, what a waiting time is called."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from django.utils.translation import gettext_lazy as _

from . import codes

MONTHS_OF_SUPPORT = 9  # usual length of a time-limited support in three phases: general knowledge, November 2026
PHASE_COUNT = 3


def add_months(day: date, months: int) -> date:
    """Return the same day so many months later, or the last day of that month."""
    number = day.month - 1 + months
    year, month = day.year + number // 12, number % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def phases_of(starts_on: date, months: int = MONTHS_OF_SUPPORT) -> list[tuple[date, date]]:
    """Return first and last day of three phases of equal length, one after the other."""
    edges = [add_months(starts_on, months * number // PHASE_COUNT) for number in range(PHASE_COUNT + 1)]
    return [(first, after - timedelta(days=1)) for first, after in pairwise(edges)]


@dataclass(frozen=True)
class Period:
    """How long a period runs by itself, and at the most; None where the law names no length that we know."""

    usual: int | None
    longest: int | None
    months: bool = False

    def until(self, starts_on: date, length: int) -> date:
        return add_months(starts_on, length) if self.months else starts_on + timedelta(days=length)

    def usual_due(self, starts_on: date) -> date | None:
        return None if self.usual is None else self.until(starts_on, self.usual)

    def latest_due(self, starts_on: date) -> date | None:
        return None if self.longest is None else self.until(starts_on, self.longest)


NO_LENGTH = Period(None, None)
PERIODS: dict[str, Period] = {
    # Aliens Act (DK) s. 33(14): 30 days, up to 120; admin.cmm.dk, page current in November 2026.
    "reflection_dk": Period(30, 120),
    "restitution": Period(30, 120),  # "equal" for people with lawful stay; the same page
    # At most three months (NL): wegwijzermensenhandel.nl and comensha.nl, pages current in November 2026.
    "reflection_nl": Period(3, 3, months=True),
}


def period_of(kind: str) -> Period:
    return PERIODS.get(kind, NO_LENGTH)


WAITS: codes.Labels = {
    "0": _("The same day"),
    "1_7": _("1 to 7 days"),
    "8_14": _("8 to 14 days"),
    "15_30": _("15 to 30 days"),
    "31_90": _("31 to 90 days"),
    "over_90": _("More than 90 days"),
}
_LONGEST_OF = (("0", 0), ("1_7", 7), ("8_14", 14), ("15_30", 30), ("31_90", 90))


def wait_of(asked_on: date, first_step_on: date) -> str:
    """Return the band of days between asking for help and the first step that was done."""
    days = max(0, (first_step_on - asked_on).days)
    return next((band for band, longest in _LONGEST_OF if days <= longest), "over_90")
