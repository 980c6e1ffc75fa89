"""What comes round by itself: due once, taken by one worker, tried again after a failure, never lost."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import connections
from django.utils import timezone

from lygte.core import schedule
from lygte.core.models import Member, ScheduledJob
from lygte.core.schedule import AGAIN_AFTER, TAKEN_FOR, Ran, periodic, run_due

DAY = timedelta(hours=24)


@pytest.fixture(autouse=True)
def _no_other_jobs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schedule, "JOBS", {})


@pytest.fixture
def runs() -> list[str]:
    """Register a daily job and return the list to which each of its runs adds a word."""
    done: list[str] = []
    periodic("room.job", every=DAY)(lambda: done.append("ran"))
    return done


def make_due(ago: timedelta = timedelta(0)) -> None:
    ScheduledJob.objects.update(next_at=timezone.now() - ago)


@pytest.mark.django_db
def test_a_new_job_is_due_at_once_and_then_once_a_day(runs: list[str]) -> None:
    assert run_due() == [Ran("room.job", well=True)]
    assert run_due() == [] and runs == ["ran"]
    row = ScheduledJob.objects.get()
    assert row.began_at and row.ended_at and not row.failed
    assert abs(row.next_at - row.began_at - DAY) < timedelta(minutes=1)
    make_due()
    assert run_due() and runs == ["ran", "ran"]


@pytest.mark.django_db
def test_a_job_missed_for_a_week_is_run_once_not_seven_times(runs: list[str]) -> None:
    run_due()
    make_due(ago=timedelta(days=7))
    run_due()
    run_due()
    assert runs == ["ran", "ran"]


@pytest.mark.django_db
def test_a_failed_job_is_told_tried_again_within_the_hour_and_stops_no_other(
    runs: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    schedule.JOBS.clear()

    @periodic("room.broken", every=DAY)
    def broken() -> None:
        raise RuntimeError("planted")

    periodic("room.after", every=DAY)(lambda: runs.append("after"))
    assert run_due() == [Ran("room.broken", well=False), Ran("room.after", well=True)]
    assert "room.broken" in caplog.text and runs == ["after"]
    row = ScheduledJob.objects.get(name="room.broken")
    assert row.failed and timedelta(minutes=50) < row.next_at - timezone.now() <= AGAIN_AFTER


@pytest.mark.django_db
def test_a_job_whose_worker_was_killed_is_begun_again_later(runs: list[str]) -> None:
    run_due()
    make_due()
    assert schedule._take(schedule.JOBS["room.job"], timezone.now())  # taken, and then nothing: killed
    assert run_due() == []
    assert timedelta(0) < ScheduledJob.objects.get().next_at - timezone.now() <= TAKEN_FOR
    make_due()
    assert run_due() and runs == ["ran", "ran"]


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_do_not_both_run_a_job(runs: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    run_due()
    make_due()
    both_saw_it_due, really = threading.Barrier(2, timeout=20), schedule.writing

    @contextmanager
    def writing_after_both_looked() -> Iterator[None]:
        if threading.current_thread() is not threading.main_thread() and not waited.__dict__.get("done"):
            waited.done = True
            both_saw_it_due.wait()
        with really():
            yield

    waited = threading.local()
    monkeypatch.setattr(schedule, "writing", writing_after_both_looked)

    def work(_: int) -> list[Ran]:
        try:
            return run_due()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as two:
        answers = list(two.map(work, range(2)))
    assert sorted(len(answer) for answer in answers) == [0, 1]
    assert runs == ["ran", "ran"]


def test_two_jobs_cannot_share_a_name(runs: list[str]) -> None:
    with pytest.raises(ValueError, match=r"room\.job"):

        @periodic("room.job", every=DAY)
        def other() -> None: ...


@pytest.mark.django_db
def test_the_logs_are_verified_daily_and_a_changed_one_is_told(
    monkeypatch: pytest.MonkeyPatch, amina: Member, caplog: pytest.LogCaptureFixture
) -> None:
    from lygte.core import jobs
    from lygte.core.models import AuditHead

    from .test_audit import write_five

    monkeypatch.undo()
    assert schedule.JOBS["core.verify_log"].every == DAY
    daily: Callable[[], object] = schedule.JOBS["core.verify_log"].work
    chain = write_five(amina)
    assert daily() == {"chains": 1, "entries": 5, "broken": {}}
    assert not caplog.records
    AuditHead.objects.update(digest="f")
    assert daily() == {"chains": 1, "entries": 5, "broken": {chain: 6}}
    assert chain in caplog.text and jobs.logger.name in caplog.text
