"""In which order the suite runs, and what of it asks a database: the rest needs no second run on PostgreSQL."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from django.test import SimpleTestCase

ROOT = Path(__file__).parent
FIXTURES = {"db", "transactional_db", "live_server"}
# A file that speaks of one of these may start a server or a database of its own.
OF_ITS_OWN = ("connection", "DATABASE", "subprocess", "Popen")
# What takes longest begins first, so that no process is left alone with it at the end.
FIRST = (
    "every_url", "core/consent/test_at_once.py", "security/test_leaks.py", "core/consent/test_policy.py", "journeys/test_axe",
    "durability", "core/vault/engine", "hostile", "field", "journeys", "security", "core/consent", "care/intake",
)  # fmt: skip


@cache
def _speaks_of_a_database(path: Path) -> bool:
    source = path.read_text("utf-8")
    return any(word in source for word in OF_ITS_OWN)


def asks_a_database(item: pytest.Item) -> bool:
    """Tell whether a test may give another answer on another database."""
    marked = item.get_closest_marker("django_db") is not None
    case = getattr(item, "cls", None)
    of_django = isinstance(case, type) and issubclass(case, SimpleTestCase)
    return (
        marked
        or of_django
        or bool(FIXTURES & set(getattr(item, "fixturenames", ())))
        or _speaks_of_a_database(item.path)
    )


def _turn(item: pytest.Item) -> int:
    name = item.path.relative_to(ROOT).as_posix() if item.path.is_relative_to(ROOT) else ""
    return next((turn for turn, start in enumerate(FIRST) if name.startswith(start)), len(FIRST))


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if not asks_a_database(item):
            item.add_marker("plain")
    items.sort(key=_turn)
