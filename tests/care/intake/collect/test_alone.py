"""The checks over a socket on SQLite, in a process and a database of their own (test_over_a_socket.py says why)."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[4]


def test_the_checks_over_a_socket_hold() -> None:
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("PYTEST_", "LYGTE_", "DJANGO_"))}
    words = ["-q", "-n", "0", "-p", "no:cacheprovider", str(Path(__file__).with_name("test_over_a_socket.py"))]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *words], cwd=ROOT, env=kept, capture_output=True, text=True, timeout=600
    )
    assert done.returncode == 0, done.stdout[-5000:] + done.stderr[-2000:]
    assert "3 passed" in done.stdout
