"""Work that comes round by itself: each job has a row that says when it is next due, and one worker takes it.

A room registers a job with `@periodic("room.what", every=timedelta(hours=24))` in a module that its apps.py imports.
A job may be run twice or stopped half way, so it must be safe to begin again.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import close_old_connections, models
from django.utils import timezone

from .transactions import writing

logger = logging.getLogger(__name__)

Work = Callable[[], object]
TAKEN_FOR = timedelta(hours=2)  # a job whose worker was killed is begun again after this
AGAIN_AFTER = timedelta(hours=1)  # a job that failed is tried again after this, or earlier if it is due earlier
LOOK_EVERY = 60.0  # seconds between two looks at what is due


class ScheduledJob(models.Model):
    """When a periodic job began and ended last, and when it is next due."""

    name = models.CharField(max_length=80, unique=True)
    next_at = models.DateTimeField()
    began_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    failed = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True)
class Periodic:
    """A job and how often it is due."""

    name: str
    every: timedelta
    work: Work


JOBS: dict[str, Periodic] = {}


def periodic(name: str, every: timedelta) -> Callable[[Work], Work]:
    """Register a function without arguments to be run about every so often, by whichever worker comes first."""

    def register(work: Work) -> Work:
        known = JOBS.get(name)
        if known is not None and known.work.__qualname__ != work.__qualname__:
            raise ValueError(f"two periodic jobs are called {name}")
        JOBS[name] = Periodic(name, every, work)
        return work

    return register


@dataclass(frozen=True)
class Ran:
    """A job that was run now, and whether it went well."""

    name: str
    well: bool


def run_due() -> list[Ran]:
    """Run every job that is due and that no other worker has taken; return what was run."""
    _know_all()
    return [Ran(job.name, _run(job)) for job in list(JOBS.values()) if _take(job, timezone.now())]


def _know_all() -> None:
    """Give every job its row; a job that is new here is due at once."""
    known = set(ScheduledJob.objects.values_list("name", flat=True))
    fresh = [ScheduledJob(name=name, next_at=timezone.now()) for name in JOBS if name not in known]
    if fresh:
        with writing():
            ScheduledJob.objects.bulk_create(fresh, ignore_conflicts=True)


def _take(job: Periodic, now: datetime) -> bool:
    """Take a job if it is due: one UPDATE, of which the database lets one worker through."""
    due = ScheduledJob.objects.filter(name=job.name, next_at__lte=now)
    if not due.exists():  # most looks end here, without writing
        return False
    with writing():
        return due.update(began_at=now, ended_at=None, next_at=now + TAKEN_FOR) == 1


def _run(job: Periodic) -> bool:
    began = timezone.now()
    try:
        job.work()
    except Exception:
        logger.exception("the periodic job %s failed", job.name)
        _note(job, next_at=timezone.now() + min(job.every, AGAIN_AFTER), failed=True)
        return False
    _note(job, next_at=began + job.every, failed=False)
    return True


def _note(job: Periodic, *, next_at: datetime, failed: bool) -> None:
    with writing():
        ScheduledJob.objects.filter(name=job.name).update(ended_at=timezone.now(), next_at=next_at, failed=failed)


def keep_running(stop: threading.Event) -> None:
    """Run what is due, again and again, until told to stop; a database that is away for a while ends nothing."""
    while not stop.is_set():
        close_old_connections()
        try:
            run_due()
        except Exception:
            logger.exception("the schedule could not be looked at")
        close_old_connections()
        stop.wait(LOOK_EVERY)
