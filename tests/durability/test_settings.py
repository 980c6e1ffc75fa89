"""The database is asked whether it keeps what it acknowledges, and the site does not serve from one that may not.

Killing processes cannot show what SQLite's `synchronous` is worth, since what was written stays in the system's own
memory; only losing power would. So the setting itself is held here, and PostgreSQL's is shown by killing it as well.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core import checks
from django.core.checks import Tags
from django.db import connection, connections

from lygte.core.durability import require_durable, unsafe_settings
from lygte.core.problems import Problem

pytestmark = pytest.mark.django_db(transaction=True)

LOSES = {
    "postgresql": [("synchronous_commit", "off")],
    "sqlite": [("synchronous", "OFF"), ("synchronous", "NORMAL"), ("journal_mode", "MEMORY")],
}


@pytest.fixture
def own(transactional_db: None, tmp_path: Path) -> Iterator[None]:
    """A connection that nobody shares: SQLite's way of writing belongs to the file, and changing it needs the file alone."""
    shared = connections["default"]
    settings = dict(shared.settings_dict)
    if shared.vendor == "sqlite":
        settings["NAME"] = str(tmp_path / "own.sqlite3")
    private = type(shared)(settings, alias="default")
    connections["default"] = private
    yield
    if private.vendor == "postgresql":
        private.cursor().execute("RESET ALL")  # a pool would hand the connection to the next test
    private.close()
    connections["default"] = shared


def set_to(name: str, value: str) -> None:
    command = f"SET {name} = '{value}'" if connection.vendor == "postgresql" else f"PRAGMA {name}={value}"
    with connection.cursor() as cursor:
        cursor.execute(command)


def test_the_product_s_own_settings_keep_what_is_acknowledged() -> None:
    assert unsafe_settings() == []
    require_durable()
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            assert cursor.execute("PRAGMA synchronous").fetchone()[0] >= 2
            assert cursor.execute("PRAGMA journal_mode").fetchone()[0] == "wal"


def test_a_setting_that_loses_the_last_writes_is_found_and_nothing_is_served(own: None) -> None:
    for name, value in LOSES[connection.vendor]:
        set_to(name, value)
        assert [one.setting for one in unsafe_settings()] == [name]
        with pytest.raises(Problem) as told:
            require_durable()
        assert told.value.number == "400.550" and name in str(told.value)
        found = checks.run_checks(tags=[Tags.database], databases=["default"])
        assert "lygte.E030" in {message.id for message in found}
        set_to(name, {"synchronous_commit": "on", "synchronous": "FULL", "journal_mode": "WAL"}[name])
        assert unsafe_settings() == []
