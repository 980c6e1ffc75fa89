"""The same acceptance checks over a real socket: our server in a process of its own, on the database of the tests.

SQLite's locks on a file end for a whole process when any part of it opens and closes that file, as tests do which look for
traces in it: a second process would then take the log from under the first. So there these run by themselves (see
test_alone.py).
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit, urlunsplit

import httpx
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection

from lygte.care.intake.actions import NewDevice
from lygte.care.intake.models import FormVersion
from lygte.cli.operate import server_command
from lygte.core.models import Member
from lygte.site.settings import CACHES
from tests.care.intake.test_live import free_port, wait_for

from . import test_acceptance as acceptance
from .client import Collect

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("everywhere")]
CACHE = CACHES["default"]["LOCATION"]
ROOT = Path(__file__).resolve().parents[4]


def address_of_database() -> str:
    name = str(connection.settings_dict["NAME"])
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    parts = urlsplit(os.environ["LYGTE_DATABASE_URL"])
    return urlunsplit(parts._replace(path=f"/{quote(name)}"))


@pytest.fixture(scope="module")
def address(django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    """The address of a running server that sees what the tests write, and has their keys and files."""
    with django_db_blocker.unblock():
        connection.close()  # and with it whatever locks were lost before
        call_command("createcachetable", CACHE, verbosity=0)  # tests have theirs in memory
    port = free_port()
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "lygte.site.settings",
        "LYGTE_DATA_DIR": str(settings.DATA_DIR),
        "LYGTE_KEYS_DIR": str(settings.LYGTE_KEYS_DIR),
        "LYGTE_DATABASE_URL": address_of_database(),
        "PYTHONPATH": str(ROOT / "src"),
    }
    process = subprocess.Popen(server_command("127.0.0.1", port), env=environment)
    try:
        wait_for(f"http://127.0.0.1:{port}")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(20)
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute(f"DROP TABLE {CACHE}")


@pytest.fixture
def http() -> Iterator[httpx.Client]:
    with httpx.Client(timeout=60) as client:
        yield client


@pytest.fixture
def phone(device: NewDevice, http: httpx.Client, address: str) -> Collect:
    return Collect(f"{address}/-/{device.token}", http)


@pytest.fixture
def login(device: NewDevice, http: httpx.Client, address: str) -> Collect:
    return Collect(f"{address}/openrosa", http, device.username, device.password)


def test_addresses_and_the_rules_of_sending(
    phone: Collect, basic: FormVersion, bogdan: Member, check: acceptance.Check
) -> None:
    acceptance.test_the_table_of_addresses(phone, basic, bogdan, check)
    acceptance.Submission.objects.all().delete()
    acceptance.test_the_eight_rules_of_sending(phone, basic, bogdan, check)


def test_digest(login: Collect, basic: FormVersion, check: acceptance.Check) -> None:
    acceptance.test_digest(login, basic, check)


def test_files_of_a_form(phone: Collect, bogdan: Member, check: acceptance.Check) -> None:
    acceptance.test_files_of_a_form_and_lists_of_ten_thousand(phone, bogdan, check)
