"""What is acknowledged must survive: the site does not serve from a database that was told to lose its last writes.

A phone deletes its copy of a filled form as soon as we answer 201. The database is asked, not the settings file: what
somebody set for the role, the database or the whole server counts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connection

from .problems import Problem

# Setting → values under which an acknowledged write can be gone after a crash.
UNSAFE_POSTGRESQL: Mapping[str, frozenset[str]] = {
    "synchronous_commit": frozenset({"off"}),
    "fsync": frozenset({"off"}),
}
UNSAFE_SQLITE: Mapping[str, frozenset[str]] = {
    "synchronous": frozenset({"0", "1"}),  # OFF, and NORMAL, which leaves the log unsynced at a commit
    "journal_mode": frozenset({"off", "memory"}),
}
WANTED = {"synchronous_commit": "on", "fsync": "on", "synchronous": "FULL", "journal_mode": "WAL"}


@dataclass(frozen=True)
class Unsafe:
    """One setting of the database that gives up what was acknowledged."""

    setting: str
    value: str

    @property
    def problem(self) -> Problem:
        return Problem("400.550", setting=self.setting, value=self.value, wanted=WANTED[self.setting])


def unsafe_settings() -> list[Unsafe]:
    """Ask the database for every setting under which an acknowledged write can be lost."""
    on_postgresql = connection.vendor == "postgresql"
    unsafe = UNSAFE_POSTGRESQL if on_postgresql else UNSAFE_SQLITE
    found = []
    with connection.cursor() as cursor:
        for setting, values in unsafe.items():
            cursor.execute(f"SHOW {setting}" if on_postgresql else f"PRAGMA {setting}")
            value = str(cursor.fetchone()[0]).lower()
            if value in values:
                found.append(Unsafe(setting, value))
    return found


def require_durable() -> None:
    """Raise Problem 400.550 where the database may lose what it acknowledged."""
    found = unsafe_settings()
    if found:
        raise found[0].problem


@register(Tags.database)
def acknowledged_writes_survive(**options: Any) -> list[CheckMessage]:
    """Refuse a database that loses its last writes when the machine stops (E030)."""
    return [Error(one.problem.sentence, hint=one.problem.next_step, id="lygte.E030") for one in unsafe_settings()]
