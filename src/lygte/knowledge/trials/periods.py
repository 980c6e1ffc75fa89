"""The calendar of a trial: its weeks or working days, and which of them a day belongs to. Pure."""

from __future__ import annotations

from datetime import date, timedelta

Span = tuple[date, date]


def periods(unit: str, first: date, count: int) -> list[Span]:
    """Return the first and last day of every period: whole weeks, or days from Monday to Friday."""
    if unit != "team_day":
        return [(first + timedelta(weeks=n), first + timedelta(weeks=n, days=6)) for n in range(count)]
    days: list[Span] = []
    day = first
    while len(days) < count:
        if day.weekday() < 5:
            days.append((day, day))
        day += timedelta(days=1)
    return days


def past_periods(unit: str, before: date, count: int) -> list[Span]:
    """Return as many periods that were over before a day, the oldest first."""
    if unit != "team_day":
        last_monday = before - timedelta(days=before.weekday())
        return periods(unit, last_monday - timedelta(weeks=count), count)
    days: list[Span] = []
    day = before - timedelta(days=1)
    while len(days) < count:
        if day.weekday() < 5:
            days.append((day, day))
        day -= timedelta(days=1)
    return days[::-1]


def places_of(spans: list[Span]) -> dict[date, int]:
    """Return for every day of the trial the number of its period."""
    found = {}
    for number, (first, last) in enumerate(spans):
        for offset in range((last - first).days + 1):
            found[first + timedelta(days=offset)] = number
    return found
