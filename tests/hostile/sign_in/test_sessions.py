"""Sessions: a new number at every sign-in and step-up, dead when they end, and worth nothing to a thief of half of one."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.cache import cache, caches
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from lygte.core.jobs import forget_sessions
from lygte.core.models import Member, Role
from lygte.core.vault import sessions as vault_sessions
from lygte.core.vault.keys import shut_out
from tests.conftest import PASSWORD

Pair = tuple[Member, Member]
COOKIE = settings.SESSION_COOKIE_NAME


def sign_in(member: Member, client: Client | None = None) -> Client:
    client = client or Client()
    client.post(reverse("account_login"), {"login": member.user.email, "password": PASSWORD})
    return client


def with_cookies(**cookies: str) -> Client:
    client = Client()
    for name, value in cookies.items():
        client.cookies[name] = value
    return client


def gets_in(client: Client) -> bool:
    return client.get(reverse("site:today")).status_code == 200


def keyring(client: Client) -> object:
    return client.get(reverse("site:today")).context["member"].keyring


def number_of(client: Client) -> str:
    return client.cookies[COOKIE].value


def is_dead(number: str) -> bool:
    return not Session.objects.filter(session_key=number).exists() and not gets_in(with_cookies(**{COOKIE: number}))


def reauthenticate(client: Client, member: Member) -> None:
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})


def reauthenticate_with_a_code(client: Client, member: Member) -> None:
    code = Authenticator.objects.get(user=member.user, type="recovery_codes").wrap().get_unused_codes()[0]
    client.post(reverse("mfa_reauthenticate"), {"code": code})


def open_the_locked_part(client: Client, member: Member) -> None:
    client.post(reverse("vault:unlock"), {"passphrase": PASSWORD})


def change_the_password(client: Client, member: Member) -> None:
    new = "another four quiet words"
    client.post(reverse("account_change_password"), {"oldpassword": PASSWORD, "password1": new, "password2": new})


def make_a_key(client: Client, member: Member) -> None:
    client.post(reverse("vault:make"), {"passphrase": PASSWORD})


def test_the_number_changes_at_the_sign_in(amina: Member) -> None:
    client = Client()
    client.get(reverse("account_login"))
    session = client.session
    session["planted"] = "by somebody who wants to ride along"
    session.save()
    client.cookies[COOKIE] = session.session_key
    sign_in(amina, client)
    assert number_of(client) != session.session_key and gets_in(client)
    assert is_dead(session.session_key)


@pytest.mark.parametrize(
    "step_up",
    [reauthenticate, reauthenticate_with_a_code, open_the_locked_part, change_the_password, make_a_key],
    ids=lambda f: f.__name__,
)
def test_the_number_changes_at_every_step_up_and_the_old_one_is_dead(
    key_holders: Pair, step_up: Callable[[Client, Member], None]
) -> None:
    amina = key_holders[0]
    client = sign_in(amina)
    if step_up is reauthenticate_with_a_code:
        TOTP.activate(amina.user, generate_totp_secret())
        RecoveryCodes.activate(amina.user)
    before = number_of(client)
    step_up(client, amina)
    assert number_of(client) != before
    assert is_dead(before)
    assert gets_in(client)


def test_signing_out_ends_it_on_the_server(key_holders: Pair) -> None:
    client = sign_in(key_holders[0])
    kept = {name: cookie.value for name, cookie in client.cookies.items()}
    client.post(reverse("account_logout"))
    assert not Session.objects.filter(session_key=kept[COOKIE]).exists()
    assert not gets_in(with_cookies(**kept))


@pytest.mark.parametrize(
    ("mark", "limit"), [("seen", "LYGTE_IDLE_SECONDS"), ("signed_in", "LYGTE_SESSION_SECONDS")], ids=["idle", "day"]
)
@pytest.mark.parametrize("over", [False, True])
def test_it_ends_after_fifteen_quiet_minutes_and_after_eight_hours_however_busy(
    amina: Member, mark: str, limit: str, over: bool
) -> None:
    assert settings.LYGTE_IDLE_SECONDS == 15 * 60 and settings.LYGTE_SESSION_SECONDS == 8 * 3600
    client = sign_in(amina)
    number, session = number_of(client), client.session
    session[mark] = int(time.time()) - getattr(settings, limit) + (-5 if over else 60)
    session.save()
    assert gets_in(client) != over
    assert Session.objects.filter(session_key=number).exists() != over


def test_being_busy_does_not_move_the_end_of_the_day(amina: Member) -> None:
    client = sign_in(amina)
    began = client.session["signed_in"]
    for _ in range(3):
        session = client.session
        session["seen"] -= 120
        session.save()
        gets_in(client)
    assert client.session["signed_in"] == began
    assert client.session["seen"] >= began


def test_a_role_or_membership_taken_away_counts_at_the_next_request(key_holders: Pair) -> None:
    bogdan = key_holders[1]
    client = sign_in(bogdan)
    assert client.get(reverse("core:member_list")).status_code == 200
    Member.objects.filter(pk=bogdan.pk).update(role=Role.WORKER)
    assert client.get(reverse("core:member_list")).status_code == 403
    Member.objects.filter(pk=bogdan.pk).update(active=False)
    assert client.get(reverse("vault:keys")).status_code == 403


def test_a_key_taken_away_counts_at_the_next_request(key_holders: Pair) -> None:
    amina, bogdan = key_holders
    client = sign_in(amina)
    assert keyring(client).current_private()
    shut_out(member=bogdan, other=amina)
    from lygte.core.problems import Problem

    with pytest.raises(Problem) as caught:
        keyring(client).current_private()
    assert caught.value.number == "423.3"


# Half of a session -----------------------------------------------------------------------------------------------------
def test_neither_cookie_opens_anything_without_the_other(key_holders: Pair) -> None:
    client = sign_in(key_holders[0])
    session, secret = number_of(client), client.cookies[vault_sessions.cookie_name()].value
    assert keyring(with_cookies(**{COOKIE: session, vault_sessions.cookie_name(): secret})) is not None
    assert keyring(with_cookies(**{COOKIE: session})) is None
    assert not gets_in(with_cookies(**{vault_sessions.cookie_name(): secret}))


def test_the_cookie_of_one_session_does_not_open_another(key_holders: Pair) -> None:
    amina, bogdan = key_holders
    one, other, hers = sign_in(amina), sign_in(amina), sign_in(bogdan)
    name = vault_sessions.cookie_name()
    for stolen in (other, hers):
        assert keyring(with_cookies(**{COOKIE: number_of(one), name: stolen.cookies[name].value})) is None


@pytest.mark.parametrize("garbage", ["", "x", "é", "A" * 44, "=" * 44, "A" * 5000])
def test_a_made_up_cookie_opens_nothing_and_breaks_nothing(key_holders: Pair, garbage: str) -> None:
    client = sign_in(key_holders[0])
    assert keyring(with_cookies(**{COOKIE: number_of(client), vault_sessions.cookie_name(): garbage})) is None


def test_a_stolen_table_of_sessions_opens_nothing(key_holders: Pair) -> None:
    """Every value in every session, and every key that can be made from one, is tried on every box in every session."""
    import base64
    import hashlib

    from lygte.core.vault import ciphers
    from lygte.core.vault.keyring import open_keyring

    amina, bogdan = key_holders
    sign_in(amina)
    by_page = Client()
    by_page.force_login(bogdan.user)
    open_the_locked_part(by_page, bogdan)
    TOTP.activate(amina.user, generate_totp_secret())
    half_way = sign_in(amina)  # the second sign is still to come
    assert vault_sessions.WAITING in half_way.session
    privates = [open_keyring(member, PASSWORD).private for member in key_holders]
    rows = [(row.session_key, row.get_decoded()) for row in Session.objects.all()]
    kept = [one for _key, data in rows for name, one in data.items() if name.startswith("vault")]
    boxes = [(one["member"], base64.urlsafe_b64decode(one["box"])) for one in kept]
    texts = [text for key, data in rows for text in [key, *_texts(data)]]
    keys = {k for text in texts for k in _keys_of(text, ciphers.KEY, hashlib, base64)}
    tried = 0
    for member, box in boxes:
        for key in keys:
            tried += 1
            with pytest.raises(ciphers.Unopenable):
                ciphers.unlock(key, box, ciphers.bind("session", member))
    everything = "|".join(texts).encode()
    assert not any(private in everything or base64.urlsafe_b64encode(private) in everything for private in privates)
    assert len(boxes) == 3 and tried > 50
    print(f"{tried} keys tried on {len(boxes)} boxes of a stolen table of sessions: none opened")


def _texts(value: object) -> list[str]:
    if isinstance(value, dict):
        return [text for key, inner in value.items() for text in [str(key), *_texts(inner)]]
    if isinstance(value, list):
        return [text for inner in value for text in _texts(inner)]
    return [str(value)]


def _keys_of(text: str, size: int, hashlib, base64) -> set[bytes]:
    raw = text.encode()
    try:
        decoded = base64.urlsafe_b64decode(raw)
    except ValueError:
        decoded = b""
    found = {hashlib.sha256(raw).digest(), raw[:size], decoded[:size], decoded[-size:]}
    return {one for one in found if len(one) == size}


def test_ended_sessions_and_old_counts_of_tries_are_deleted_every_hour(amina: Member, settings) -> None:
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "lygte_cache"}}
    call_command("createcachetable", verbosity=0)
    client = sign_in(amina)
    stale = sign_in(amina)
    Session.objects.filter(session_key=number_of(stale)).update(expire_date=timezone.now() - timedelta(minutes=1))
    caches["default"].set("needed", 1, 3600)
    caches["default"].set("over", 1, -10)
    forget_sessions()
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT cache_key FROM lygte_cache")
        kept = [row[0] for row in cursor.fetchall()]
    assert any("needed" in key for key in kept) and not any("over" in key for key in kept)
    assert gets_in(client) and is_dead(number_of(stale))
    cache.clear()
