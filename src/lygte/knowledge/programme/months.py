"""Months and seasons as plans write them ("2017-06", "spring 2017"), and the arithmetic on them. Pure."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date

MONTH = re.compile(r"(19|20|21)\d\d-(0[1-9]|1[0-2])")

# The last month of each season as the authorities of Denmark and the Netherlands use the words.
SEASONS = {"spring": 5, "summer": 8, "autumn": 11, "winter": 12}

Months = tuple[str, str]


def month_of(day: date) -> str:
    """Return the month that a day lies in."""
    return f"{day.year:04d}-{day.month:02d}"


def next_month(month: str) -> str:
    """Return the month after."""
    year, number = int(month[:4]), int(month[5:])
    return f"{year + 1:04d}-01" if number == 12 else f"{year:04d}-{number + 1:02d}"


def month_before(month: str) -> str:
    """Return the month before."""
    year, number = int(month[:4]), int(month[5:])
    return f"{year - 1:04d}-12" if number == 1 else f"{year:04d}-{number - 1:02d}"


def months_between(months: Months) -> list[str]:
    """Return every month from the first to the last, both included."""
    found, month = [], months[0]
    while month <= months[1]:
        found.append(month)
        month = next_month(month)
    return found


def overlap(one: Months, other: Months) -> Months | None:
    """Return the months that two stretches share, or None."""
    first, last = max(one[0], other[0]), min(one[1], other[1])
    return (first, last) if first <= last else None


def last_day(due: str) -> date:
    """Return the last day of a month or of a season, the day on which something due by it becomes overdue."""
    season, _, year = due.partition(" ")
    if season in SEASONS:
        due = f"{year}-{SEASONS[season]:02d}"
    year_number, month = int(due[:4]), int(due[5:7])
    return date(year_number, month, monthrange(year_number, month)[1])
