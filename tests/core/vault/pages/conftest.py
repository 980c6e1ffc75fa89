"""People at the door: signing in with the form, as anybody does."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from lygte.core.models import Member
from tests.conftest import PASSWORD


@pytest.fixture(autouse=True)
def _tries_begin_anew() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


SignIn = Callable[..., Client]


@pytest.fixture
def sign_in(db: None) -> SignIn:
    """Return a function that signs a member in by the form, with a password."""

    def by_form(member: Member, password: str = PASSWORD, client: Client | None = None) -> Client:
        client = client or Client()
        client.post(reverse("account_login"), {"login": member.user.email, "password": password})
        return client

    return by_form


def is_open(client: Client) -> bool:
    """Tell whether the next page finds the locked part open."""
    member = client.get(reverse("site:today")).context["member"]
    return getattr(member, "keyring", None) is not None
