"""Collect against the application in this process; `../test_live.py` holds chunked bodies and HEAD against a real server."""

from __future__ import annotations

import os
from collections.abc import Callable

import httpx
import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.test.utils import override_settings
from django_scopes import scope

from lygte.care.intake.actions import NewDevice, add_device
from lygte.core.models import Member

from .client import Collect

CHECKS: list[str] = []
SHARED_SQLITE = "PYTEST_XDIST_WORKER" in os.environ and "LYGTE_DATABASE_URL" not in os.environ
collect_ignore = ["test_over_a_socket.py" if SHARED_SQLITE else "test_alone.py"]


@pytest.fixture
def check() -> Callable[[str, object], None]:
    """Count one check of the acceptance list and hold it."""

    def hold(what: str, holds: object) -> None:
        assert holds, what
        CHECKS.append(what)

    return hold


@pytest.fixture
def device(amina: Member) -> NewDevice:
    with scope(organisation=amina.organisation):
        return add_device(member=amina, label="blue phone")


@pytest.fixture
def http() -> httpx.Client:
    """HTTP without a socket; the connection of the test must outlive the request."""
    from django.core.signals import request_finished, request_started
    from django.db import close_old_connections

    request_started.disconnect(close_old_connections)
    request_finished.disconnect(close_old_connections)
    with override_settings(ALLOWED_HOSTS=["*"]):
        yield httpx.Client(transport=httpx.WSGITransport(app=WSGIHandler()))
    request_started.connect(close_old_connections)
    request_finished.connect(close_old_connections)


@pytest.fixture
def phone(device: NewDevice, http: httpx.Client) -> Collect:
    return Collect(f"http://testserver/-/{device.token}", http)


@pytest.fixture
def login(device: NewDevice, http: httpx.Client) -> Collect:
    """The app with user name and password instead of a token."""
    return Collect("http://testserver/openrosa", http, device.username, device.password)


def pytest_sessionfinish() -> None:
    if CHECKS:
        print(f"\n{len(CHECKS)} checks of a phone app held")
