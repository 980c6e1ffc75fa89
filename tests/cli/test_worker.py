"""The worker as somebody starts it: once for cron, or standing, with what comes round by itself."""

from __future__ import annotations

import json
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from .test_commands import environment_of, lygte

JOB = "core.verify_log"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    assert lygte(tmp_path, "migrate").returncode == 0
    return tmp_path


def last_ended(folder: Path) -> str | None:
    with sqlite3.connect(folder / "lygte.sqlite3") as database:
        row = database.execute("SELECT ended_at FROM core_scheduledjob WHERE name = ?", [JOB]).fetchone()
    return row[0] if row else None


def test_once_runs_what_is_due_and_ends(folder: Path) -> None:
    first = lygte(folder, "worker", "--once")
    assert first.returncode == 0, first.stderr
    assert f"{JOB}  done" in first.stdout and last_ended(folder)
    again = lygte(folder, "worker", "--once")
    assert again.returncode == 0 and JOB not in again.stdout
    assert json.loads(lygte(folder, "log", "verify", "--json").stdout) == []


def test_a_standing_worker_runs_what_is_due_and_ends_when_asked(folder: Path) -> None:
    command = [sys.executable, "-m", "lygte.cli", "worker", "--quiet"]
    process = subprocess.Popen(command, env=environment_of(folder))
    try:
        for _ in range(300):
            if last_ended(folder) or process.poll() is not None:
                break
            time.sleep(0.1)
        assert last_ended(folder)
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
    finally:
        process.kill()
