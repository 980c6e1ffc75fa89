"""Listens to every log line of a whole test run and fails the run if a secret stands in one of them.

The tests use a handful of words nowhere else: passwords, recovery words, names of invented persons. `SENTINELS` are
these; a test that makes others adds them with `listen_for`.
"""

from __future__ import annotations

import logging
from typing import Any

import pytest

SENTINELS: set[str] = {"four unrelated quiet words"}


def listen_for(*words: str) -> None:
    """Add words that must never be logged from now on."""
    SENTINELS.update(words)


class Listener(logging.Handler):
    """Keeps where a sentinel was logged, never the line itself."""

    def __init__(self) -> None:
        super().__init__(level=logging.DEBUG)
        self.found: list[str] = []
        self.lines = 0

    def emit(self, record: logging.LogRecord) -> None:
        self.lines += 1
        try:
            text = f"{record.getMessage()} {record.exc_text or ''} {record.exc_info or ''}"
        except Exception:
            text = str(record.msg)
        for word in SENTINELS:
            if word in text:
                self.found.append(f"{record.name} {record.pathname}:{record.lineno}")


LISTENER = Listener()


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Listen from now on: setting Django up, once or again, takes away whoever listened before."""
    root = logging.getLogger()
    if LISTENER not in root.handlers:
        root.addHandler(LISTENER)


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    worker = getattr(session.config, "workeroutput", None)
    if worker is not None:  # one of several processes: the first of them tells
        worker["secrets"] = (LISTENER.lines, LISTENER.found)
    elif LISTENER.found:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any, error: object) -> None:
    lines, found = getattr(node, "workeroutput", {}).get("secrets", (0, []))
    LISTENER.lines += lines
    LISTENER.found += found


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if LISTENER.found:
        terminalreporter.section("secrets in the log", red=True, bold=True)
        for place in sorted(set(LISTENER.found)):
            terminalreporter.line(place)
    else:
        terminalreporter.line(f"{LISTENER.lines} log lines, none of {len(SENTINELS)} secrets in them")
