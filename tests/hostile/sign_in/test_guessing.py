"""Ten thousand guesses: of one account at most twenty an hour reach the hash, and its owner still gets in."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable

import pytest
from allauth.account.adapter import get_adapter
from allauth.core import context
from django.core.exceptions import ValidationError
from django.test import Client, RequestFactory
from django.urls import reverse

from lygte.core import devices
from lygte.core.models import Member, User
from tests.conftest import PASSWORD

AN_HOUR_ALLOWS = 20
TRIES = 10_000
LOGIN = "account_login"


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The time that limits go by; a test moves it on."""
    now = [time.time()]
    monkeypatch.setattr("allauth.core.internal.ratelimit.time.time", lambda: now[0])
    return now


def address(number: int) -> str:
    return f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"


def attempt(email: str, password: str, come_from: str, cookies: dict[str, str] | None = None) -> bool:
    """Try a password where the form of the page does, without building the page."""
    request = RequestFactory().post("/account/login/", REMOTE_ADDR=come_from)
    request.COOKIES = cookies or {}
    with context.request_context(request):
        try:
            return get_adapter().authenticate(request, email=email, password=password) is not None
        except ValidationError:
            return False


def guess(emails: list[str], from_address: Callable[[int], str], tries: int = TRIES) -> int:
    for number in range(tries):
        attempt(emails[number % len(emails)], f"guess {number}", from_address(number))
    return tries


def test_one_account_guessed_from_ten_thousand_addresses(amina: Member, hashed: list[str], clock: list[float]) -> None:
    tries = guess([amina.user.email], address)
    assert 1 <= len(hashed) <= AN_HOUR_ALLOWS
    clock[0] += 3601
    assert guess([amina.user.email], address, 100) and len(hashed) <= 2 * AN_HOUR_ALLOWS
    print(f"{tries} tries at one account in an hour from as many addresses: at most {AN_HOUR_ALLOWS} reached the hash")


def test_a_thousand_accounts_guessed_from_one_address(db: None, hashed: list[str], clock: list[float]) -> None:
    emails = [f"person{number}@example.org" for number in range(1000)]
    User.objects.bulk_create([User(email=email, name="x") for email in emails[:500]])  # half of them exist
    guess(emails, lambda number: "10.0.0.1")
    assert 1 <= len(hashed) <= 10
    print(f"{TRIES} tries at 1000 accounts from one address: {len(hashed)} reached the hash")


def test_many_accounts_guessed_from_everywhere(db: None, hashed: list[str], clock: list[float]) -> None:
    emails = [f"person{number}@example.org" for number in range(400)]
    tries = guess(emails, address, 25 * len(emails))
    each = Counter(emails[int(password.removeprefix("guess ")) % len(emails)] for password in hashed)
    assert len(each) == len(emails) and max(each.values()) <= AN_HOUR_ALLOWS
    print(f"{tries} tries at {len(emails)} accounts: at most {max(each.values())} of one account reached the hash")


def test_the_page_goes_by_the_same_count(amina: Member, hashed: list[str]) -> None:
    for number in range(60):
        Client().post(
            reverse(LOGIN), {"login": amina.user.email, "password": f"guess {number}"}, REMOTE_ADDR=address(number)
        )
    assert len(hashed) == AN_HOUR_ALLOWS


def test_the_owner_still_gets_in_from_a_browser_that_is_known_and_only_there(amina: Member, hashed: list[str]) -> None:
    form = {"login": amina.user.email, "password": PASSWORD}
    known = Client()
    known.post(reverse(LOGIN), form)
    known.post(reverse("account_logout"))
    for number in range(60):
        attempt(amina.user.email, f"guess {number}", address(number))
    strange = Client().post(reverse(LOGIN), form, REMOTE_ADDR="10.9.9.9")
    assert strange.status_code == 200  # told to wait
    assert known.post(reverse(LOGIN), form)["Location"] == reverse("site:today")


def test_a_known_browser_has_twenty_tries_of_its_own_and_no_more(
    amina: Member, hashed: list[str], clock: list[float]
) -> None:
    client = Client()
    client.post(reverse(LOGIN), {"login": amina.user.email, "password": PASSWORD})
    cookies = {devices.cookie_name(): client.cookies[devices.cookie_name()].value}
    hashed.clear()
    for number in range(500):
        attempt(amina.user.email, f"guess {number}", address(number), cookies)
    assert len(hashed) == AN_HOUR_ALLOWS


@pytest.mark.parametrize("forged", ["", "x", "0" * 32, "0" * 32 + "." + "0" * 32, "." * 200, "é.é"])
def test_a_note_that_was_not_made_here_gives_no_tries(amina: Member, hashed: list[str], forged: str) -> None:
    for number in range(100):
        attempt(amina.user.email, f"guess {number}", address(number), {devices.cookie_name(): forged})
    assert len(hashed) == AN_HOUR_ALLOWS


def test_a_note_counts_only_for_the_account_that_signed_in_there(
    amina: Member, bogdan: Member, hashed: list[str]
) -> None:
    client = Client()
    client.post(reverse(LOGIN), {"login": amina.user.email, "password": PASSWORD})
    cookies = {devices.cookie_name(): client.cookies[devices.cookie_name()].value}
    hashed.clear()
    for number in range(100):
        attempt(bogdan.user.email, f"guess {number}", address(number), cookies if number % 2 else None)
    assert len(hashed) == AN_HOUR_ALLOWS


def test_the_note_names_nobody_and_is_kept_for_several_colleagues(amina: Member, bogdan: Member) -> None:
    client = Client()
    for member in (amina, bogdan):
        client.post(reverse(LOGIN), {"login": member.user.email, "password": PASSWORD})
        client.post(reverse("account_logout"))
    note = client.cookies[devices.cookie_name()]
    assert note["httponly"] and note["samesite"] == "Lax" and note["max-age"] == devices.KEPT_FOR
    request = RequestFactory().get("/")
    request.COOKIES = {devices.cookie_name(): note.value}
    assert all(devices.known_device(request, member.user.email) for member in (amina, bogdan))
    assert "amina" not in note.value and amina.ref not in note.value


def test_no_address_of_a_visitor_is_kept_for_the_limits(amina: Member, settings) -> None:
    from django.core.cache import cache

    attempt(amina.user.email, "guess", "10.11.12.13")
    assert cache._cache and not any("10.11.12.13" in key for key in cache._cache)  # type: ignore[attr-defined]


@pytest.mark.parametrize("page", ["account_reauthenticate", "account_change_password"])
def test_a_stolen_session_has_twenty_tries_at_the_password(
    amina: Member, signed_in, hashed: list[str], clock: list[float], page: str
) -> None:
    client = signed_in(amina)
    new = "another four quiet words"
    for number in range(100):
        clock[0] += 30
        form = {"password": f"guess {number}", "oldpassword": f"guess {number}", "password1": new, "password2": new}
        client.post(reverse(page), form)
    assert 1 <= len([one for one in hashed if one.startswith("guess")]) <= AN_HOUR_ALLOWS
