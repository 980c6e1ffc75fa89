"""The password opens the key: at sign-in by itself, on a page for who signs in otherwise; it shuts when one leaves."""

from __future__ import annotations

import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.test import Client
from django.urls import reverse

from lygte.core.members import choose_password, make_password_link
from lygte.core.models import Member
from lygte.core.vault import sessions
from lygte.core.vault.keyring import open_keyring
from lygte.core.vault.keys import Standing, standing
from lygte.core.vault.models import MemberKey
from tests.conftest import PASSWORD, make_member

from .conftest import SignIn, is_open

Pair = tuple[Member, Member]


def code_of(member: Member) -> str:
    secret = Authenticator.objects.get(user=member.user, type="totp").wrap().instance.data["secret"]
    return format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))


def test_signing_in_with_the_password_opens_the_locked_part(key_holders: Pair, sign_in: SignIn) -> None:
    client = sign_in(key_holders[0])
    assert is_open(client)
    assert "Locked part: open" in client.get(reverse("site:today")).content.decode()
    cookie = client.cookies[sessions.cookie_name()]
    assert cookie["httponly"] and cookie["samesite"] == "Lax"


def test_signing_in_otherwise_leaves_it_closed_and_a_page_opens_it(key_holders: Pair, signed_in) -> None:
    client = signed_in(key_holders[0])
    assert not is_open(client)
    assert "Locked part: closed" in client.get(reverse("site:today")).content.decode()
    wanted = reverse("vault:keys")
    answer = client.post(reverse("vault:unlock"), {"passphrase": PASSWORD, "next": wanted})
    assert (answer.status_code, answer["Location"]) == (302, wanted)
    assert is_open(client)


def test_a_wrong_passphrase_opens_nothing_and_says_so(key_holders: Pair, signed_in) -> None:
    client = signed_in(key_holders[0])
    answer = client.post(reverse("vault:unlock"), {"passphrase": "not the one"})
    assert answer.status_code == 400
    assert "That is not the password of your key." in answer.content.decode()
    assert not is_open(client)


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "/keys/open/"]
)
def test_the_page_leads_nowhere_else(key_holders: Pair, signed_in, elsewhere: str) -> None:
    client = signed_in(key_holders[0])
    answer = client.post(reverse("vault:unlock"), {"passphrase": PASSWORD, "next": elsewhere})
    assert answer["Location"] == reverse("site:today")


def test_after_twenty_tries_in_an_hour_not_even_the_right_one_is_tried(
    key_holders: Pair, signed_in, monkeypatch
) -> None:
    client, tried = signed_in(key_holders[0]), []
    monkeypatch.setattr("lygte.core.vault.views.open_keyring", lambda *a: tried.append(a) or open_keyring(*a))
    now = [time.time()]
    monkeypatch.setattr("allauth.core.internal.ratelimit.time.time", lambda: now[0])
    for _ in range(60):
        now[0] += 30
        client.post(reverse("vault:unlock"), {"passphrase": "guess"})
    assert len(tried) == 20
    answer = client.post(reverse("vault:unlock"), {"passphrase": PASSWORD})
    assert "Too many tries" in answer.content.decode()
    assert len(tried) == 20
    now[0] += 3600
    assert client.post(reverse("vault:unlock"), {"passphrase": PASSWORD}).status_code == 302


def test_closing_it_by_the_button_forgets_the_key_and_keeps_the_sign_in(key_holders: Pair, sign_in: SignIn) -> None:
    client = sign_in(key_holders[0])
    client.post(reverse("vault:shut"))
    assert sessions.SLOT not in client.session
    assert not client.cookies[sessions.cookie_name()].value
    assert not is_open(client)


@pytest.mark.parametrize("way", ["signed out", "left alone", "a working day later"])
def test_the_key_goes_when_the_session_ends(key_holders: Pair, sign_in: SignIn, settings, way: str) -> None:
    client = sign_in(key_holders[0])
    assert client.cookies[sessions.cookie_name()].value
    if way == "signed out":
        client.post(reverse("account_logout"))
    else:
        session = client.session
        back = {"left alone": settings.LYGTE_IDLE_SECONDS, "a working day later": settings.LYGTE_SESSION_SECONDS}[
            way
        ] + 5
        session["seen" if way == "left alone" else "signed_in"] = int(time.time()) - back
        session.save()
        assert client.get(reverse("site:today")).status_code == 302
    assert not client.cookies[sessions.cookie_name()].value
    assert sessions.SLOT not in client.session


# The second sign -------------------------------------------------------------------------------------------------------
@pytest.fixture
def with_app(key_holders: Pair) -> Member:
    TOTP.activate(key_holders[0].user, generate_totp_secret())
    RecoveryCodes.activate(key_holders[0].user)
    return key_holders[0]


def test_with_a_second_sign_the_key_waits_and_then_opens(with_app: Member, sign_in: SignIn) -> None:
    client = sign_in(with_app)
    before = client.session.session_key
    assert sessions.WAITING in client.session and sessions.SLOT not in client.session
    client.post(reverse("mfa_authenticate"), {"code": code_of(with_app)})
    assert client.session.session_key != before
    assert sessions.WAITING not in client.session
    assert is_open(client)


def test_who_stops_half_way_leaves_no_key_behind(with_app: Member, sign_in: SignIn) -> None:
    client = sign_in(with_app)
    client.post(reverse("account_logout"), {"next": reverse("account_login")})
    assert sessions.WAITING not in client.session
    assert not client.cookies[sessions.cookie_name()].value


def test_a_key_that_waited_too_long_is_dropped(with_app: Member, sign_in: SignIn) -> None:
    client = sign_in(with_app)
    session = client.session
    session[sessions.WAITING] = {**session[sessions.WAITING], "until": int(time.time()) - 1}
    session.save()
    client.get(reverse("mfa_authenticate"))
    assert sessions.WAITING not in client.session


def test_a_key_that_waits_for_one_does_not_open_for_another_who_signs_in_there(
    with_app: Member, key_holders: Pair, sign_in: SignIn
) -> None:
    client = sign_in(with_app)
    client.force_login(key_holders[1].user)  # as by a passkey
    assert sessions.SLOT not in client.session and sessions.WAITING not in client.session
    assert not is_open(client)


# New passwords ---------------------------------------------------------------------------------------------------------
def test_changing_the_password_locks_the_key_with_the_new_one(key_holders: Pair, sign_in: SignIn) -> None:
    member, new = key_holders[0], "another four quiet words"
    client = sign_in(member)
    form = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    client.post(reverse("account_change_password"), form)
    assert is_open(client)
    assert standing(member) == Standing.HOLDS
    assert open_keyring(member, new).current_private()
    assert is_open(sign_in(member, new))


def test_a_password_that_is_refused_changes_no_key(key_holders: Pair, sign_in: SignIn) -> None:
    member = key_holders[0]
    client = sign_in(member)
    box = bytes(MemberKey.objects.get(member=member).box)
    client.post(
        reverse("account_change_password"), {"oldpassword": PASSWORD, "password1": "short", "password2": "short"}
    )
    assert bytes(MemberKey.objects.get(member=member).box) == box


@pytest.fixture
def with_new_password(key_holders: Pair) -> tuple[Member, str]:
    """Amina, for whom a coordinator made a link, by which she chose another password."""
    new = "a password from a link"
    choose_password(token=make_password_link(key_holders[0].user), password=new)
    return key_holders[0], new


def test_a_new_password_by_link_opens_nothing_that_is_locked(with_new_password, sign_in: SignIn) -> None:
    member, new = with_new_password
    client = sign_in(member, new)
    assert not is_open(client)
    page = client.get(reverse("vault:unlock")).content.decode()
    assert "Your key does not open with your new password" in page
    assert reverse("vault:former_password") in page and reverse("vault:make") in page


def test_who_remembers_the_former_password_needs_nobody(with_new_password, sign_in: SignIn) -> None:
    member, new = with_new_password
    client = sign_in(member, new)
    assert client.post(reverse("vault:former_password"), {"old": "wrong", "passphrase": new}).status_code == 400
    client.post(reverse("vault:former_password"), {"old": PASSWORD, "passphrase": new})
    assert is_open(client) and standing(member) == Standing.HOLDS
    assert is_open(sign_in(member, new))


def test_who_does_not_makes_a_new_key_and_is_let_in_by_a_colleague(
    with_new_password, key_holders: Pair, sign_in: SignIn
) -> None:
    member, new = with_new_password
    client = sign_in(member, new)
    client.post(reverse("vault:make"), {"passphrase": new})
    assert is_open(client) and standing(member) == Standing.WAITING
    sign_in(key_holders[1]).post(reverse("vault:let_in", args=[member.ref]))
    assert standing(member) == Standing.HOLDS


def test_a_key_is_only_made_with_the_password_one_signs_in_with(amina: Member, sign_in: SignIn) -> None:
    client = sign_in(amina)
    assert client.post(reverse("vault:make"), {"passphrase": "some other words here"}).status_code == 400
    assert not MemberKey.objects.filter(member=amina).exists()


def test_who_has_no_password_chooses_a_passphrase(amina: Member, signed_in) -> None:
    amina.user.set_unusable_password()
    amina.user.save()
    client = signed_in(amina)
    words = "some other words here"
    assert client.post(reverse("vault:make"), {"passphrase": "short", "again": "short"}).status_code == 400
    assert client.post(reverse("vault:make"), {"passphrase": words, "again": words + "!"}).status_code == 400
    assert client.post(reverse("vault:make"), {"passphrase": words, "again": words}).status_code == 302
    assert open_keyring(amina, words)


# Somebody new ----------------------------------------------------------------------------------------------------------
def test_somebody_new_gets_a_key_with_their_first_sign_in_and_waits(key_holders: Pair, sign_in: SignIn) -> None:
    newcomer = _newcomer(key_holders[0])
    client = sign_in(newcomer)
    assert standing(newcomer) == Standing.WAITING
    assert "You wait to be let in" in client.get(reverse("site:today")).content.decode()
    assert f"Let {newcomer.user.name} in" in sign_in(key_holders[1]).get(reverse("site:today")).content.decode()


def test_no_key_is_made_before_the_second_sign_is_given(key_holders: Pair, sign_in: SignIn) -> None:
    newcomer = _newcomer(key_holders[0])
    TOTP.activate(newcomer.user, generate_totp_secret())
    client = sign_in(newcomer)
    assert not MemberKey.objects.filter(member=newcomer).exists()
    client.post(reverse("mfa_authenticate"), {"code": code_of(newcomer)})
    assert not MemberKey.objects.filter(member=newcomer).exists()
    assert "Make your key" in client.get(reverse("site:today")).content.decode()


def _newcomer(colleague: Member) -> Member:
    from lygte.core.models import Role, User

    user = User.objects.create_user("nadia@example.org", PASSWORD, name="Nadia")
    return Member.objects.create(user=user, organisation=colleague.organisation, role=Role.WORKER)


def test_nobody_gets_a_key_where_there_is_nothing_to_lock(sign_in: SignIn, db: None) -> None:
    for name in ("amina", "dorte", "henk"):
        member = make_member(name)
        assert sign_in(member).get(reverse("site:today")).status_code == 200
        assert not MemberKey.objects.filter(member=member).exists()


def test_who_works_for_two_organisations_opens_each_by_itself(
    key_holders: Pair, chika: Member, sign_in: SignIn
) -> None:
    amina = key_holders[0]
    there = Member.objects.create(user=amina.user, organisation=chika.organisation, role="worker")
    client = sign_in(amina)
    assert is_open(client)
    client.post(reverse("core:switch"), {"member": there.ref})
    assert not is_open(client)


# When it is closed -----------------------------------------------------------------------------------------------------
def test_the_problem_page_leads_to_the_unlock_page_and_back(key_holders: Pair, chika: Member, signed_in) -> None:
    amina, bogdan = key_holders
    newcomer = _newcomer(amina)
    from lygte.core.vault.keys import make_member_key

    make_member_key(member=newcomer, passphrase=PASSWORD)
    client: Client = signed_in(bogdan)
    address = reverse("vault:let_in", args=[newcomer.ref])
    answer = client.post(address, headers={"referer": f"http://testserver{address}"})
    assert answer.status_code == 423
    link = f"{reverse('vault:unlock')}?next={address.replace('/', '%2F')}"
    assert link in answer.content.decode()
    away = client.post(address, headers={"referer": "https://evil.example/x"}).content.decode()
    assert f'href="{reverse("vault:unlock")}"' in away and "evil" not in away
