"""Signing in looks like Lygte, speaks its words, and runs only script files of our own."""

from __future__ import annotations

import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.test import Client
from django.urls import reverse

from lygte.core.models import Member
from tests.conftest import PASSWORD

PAGES = [
    "account_change_password", "account_logout", "account_reauthenticate", "mfa_index", "mfa_activate_totp",
    "mfa_generate_recovery_codes", "mfa_list_webauthn", "mfa_add_webauthn",
]  # fmt: skip


@pytest.fixture
def just_signed_in(amina: Member) -> Client:
    """A client whose member signed in and then showed once more who they are, so that no page asks again."""
    client = Client()
    client.post(reverse("account_login"), {"login": amina.user.email, "password": PASSWORD})
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    return client


@pytest.fixture
def with_second_step(amina: Member) -> Member:
    TOTP.activate(amina.user, generate_totp_secret())
    RecoveryCodes.activate(amina.user)
    return amina


def looks_like_lygte(html: str) -> None:
    assert "build/lygte.css" in html or "build/public.css" in html
    assert html.count("<h1") == 1
    assert re.findall(r"<style|\sstyle=|\son[a-z]+=", html) == []
    scripts = [tag for tag in re.findall(r"<script[^>]*>", html) if "application/json" not in tag]
    assert scripts
    assert [tag for tag in scripts if 'src="/static/' not in tag] == []


@pytest.mark.parametrize("name", PAGES)
def test_each_page_looks_like_lygte(name: str, just_signed_in: Client) -> None:
    response = just_signed_in.get(reverse(name))
    assert response.status_code == 200
    looks_like_lygte(response.content.decode())


def test_recovery_codes_can_be_seen_printed_and_downloaded(just_signed_in: Client, with_second_step: Member) -> None:
    html = just_signed_in.get(reverse("mfa_view_recovery_codes")).content.decode()
    looks_like_lygte(html)
    codes = Authenticator.objects.get(user=with_second_step.user, type="recovery_codes").wrap().get_unused_codes()
    assert all(code in html for code in codes)
    text = just_signed_in.get(reverse("mfa_download_recovery_codes")).content.decode()
    assert all(code in text for code in codes)


def test_the_app_can_be_left_again(just_signed_in: Client, with_second_step: Member) -> None:
    html = just_signed_in.get(reverse("mfa_deactivate_totp")).content.decode()
    looks_like_lygte(html)
    just_signed_in.post(reverse("mfa_deactivate_totp"))
    assert not Authenticator.objects.filter(user=with_second_step.user, type="totp").exists()


def test_signing_in_with_a_password_leads_to_today(amina: Member) -> None:
    response = Client().post(reverse("account_login"), {"login": amina.user.email, "password": PASSWORD})
    assert response.status_code == 302
    assert response["Location"] == reverse("site:today")


def test_a_wrong_password_says_so_and_nothing_about_the_account(amina: Member) -> None:
    answers = [
        Client().post(reverse("account_login"), {"login": email, "password": "wrong"}).content.decode()
        for email in (amina.user.email, "nobody@example.org")
    ]
    errors = [re.findall(r'govuk-error-summary__list">(.*?)</ul>', html, re.DOTALL) for html in answers]
    assert errors[0] and errors[0] == errors[1]


def test_a_second_step_is_asked_for_where_one_is_set_up(with_second_step: Member) -> None:
    client = Client()
    response = client.post(reverse("account_login"), {"login": with_second_step.user.email, "password": PASSWORD})
    assert response["Location"].startswith(reverse("mfa_authenticate"))
    html = client.get(reverse("mfa_authenticate")).content.decode()
    looks_like_lygte(html)
    assert "One more step" in html
    code = Authenticator.objects.get(user=with_second_step.user, type="recovery_codes").wrap().get_unused_codes()[0]
    response = client.post(reverse("mfa_authenticate"), {"code": code})
    assert response["Location"] == reverse("site:today")


def test_a_lost_password_leads_to_a_coordinator_not_to_a_mailbox(db: None) -> None:
    html = Client().get(reverse("account_login")).content.decode()
    assert "Ask a coordinator of your organisation." in html
    assert not re.search(r"sign up|reset", html, re.IGNORECASE)


def test_signing_out_is_one_button_on_every_staff_page(signed_in, amina: Member) -> None:
    client = signed_in(amina)
    assert f'action="{reverse("account_logout")}"' in client.get(reverse("site:today")).content.decode()
    client.post(reverse("account_logout"))
    assert client.get(reverse("site:today")).status_code == 302


def test_no_page_of_allauth_is_shown_in_its_own_dress(db: None) -> None:
    """Whatever page is reached, its layout is ours: the layouts that all of its templates extend are overridden."""
    from django.template.loader import get_template

    for name in ("base", "entrance", "manage"):
        origin = get_template(f"allauth/layouts/{name}.html").origin
        assert "lygte/site/templates" in str(origin.name)
