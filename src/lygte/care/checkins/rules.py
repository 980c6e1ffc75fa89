"""What holds for timers, without looking anything up."""

from __future__ import annotations

from datetime import datetime, timedelta

LONGEST = timedelta(hours=12)
LATEST = timedelta(hours=24)  # a timer that began without a network may arrive after its end: then it alerts at once
COORDINATORS_AFTER = timedelta(minutes=15)  # nobody answered: the coordinators see it as well
KEPT_FOR = timedelta(days=7)


def may_be_due(due: datetime, now: datetime) -> bool:
    return now - LATEST <= due <= now + LONGEST


def is_overdue(due: datetime, now: datetime) -> bool:
    return due <= now


def concerns_coordinators(due: datetime, now: datetime) -> bool:
    return due + COORDINATORS_AFTER <= now
