"""Counters that begin at nothing, and a spy on the slow hash."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core.cache import cache


@pytest.fixture(autouse=True)
def _tries_begin_anew() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def hashed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The passwords that reached the hash, in order; for an account that does not exist as well."""
    seen: list[str] = []
    encode = MD5PasswordHasher.encode

    def spied(self: MD5PasswordHasher, password: str, salt: str, *more: object) -> str:
        seen.append(password)
        return encode(self, password, salt, *more)

    monkeypatch.setattr(MD5PasswordHasher, "encode", spied)
    return seen
