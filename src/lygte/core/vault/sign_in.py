"""One passphrase for people: the password with which somebody signs in is the passphrase of their key.

Signing in by password opens the key, changing the password locks it anew. Who signs in otherwise is asked on the
unlock page. A new password by a coordinator's link opens nothing: that is what makes the locked part locked.
"""

from __future__ import annotations

from typing import Any

from allauth.account.forms import ChangePasswordForm, LoginForm
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse

from ..access import Verb, may
from ..people import Member, User
from ..problems import Problem
from ..transactions import writing
from .keyring import open_keyring
from .keys import change_passphrase, make_member_key
from .models import MemberKey, OrganisationKey
from .sessions import finish_waiting, keep_open, keep_waiting, shut

STALE = "vault_stale"  # in the session: the password was right, and the key did not open with it


def members_with_keys(user: AbstractBaseUser) -> list[Member]:
    """Return the memberships of an account for which it may have a key."""
    mine = Member.objects.filter(user=user.pk, active=True).select_related("organisation", "user").order_by("pk")
    return [member for member in mine if may(member, Verb.KEY_MAKE)]


def _working_for(request: HttpRequest, user: AbstractBaseUser) -> Member | None:
    """Return the membership the session will work under, if a key goes with it."""
    first = Member.objects.filter(user=user.pk, active=True).order_by("pk").first()
    return next((m for m in members_with_keys(user) if first is not None and m.pk == first.pk), None)


class SignInForm(LoginForm):
    """The sign-in form of allauth; once the password was right, it also opens the key."""

    def login(self, request: HttpRequest, redirect_url: str | None = None) -> HttpResponse:
        _open_with(request, self.user, self.cleaned_data["password"])
        return super().login(request, redirect_url=redirect_url)


def _open_with(request: HttpRequest, user: User, password: str) -> None:
    """Open the key and let it wait for the end of the sign-in."""
    shut(request)
    request.session.pop("member", None)
    member = _working_for(request, user)
    if member is None:
        return
    try:
        keep_waiting(request, open_keyring(member, password))
    except Problem as problem:
        if problem.number == "423.2":
            request.session[STALE] = True
        elif problem.number == "423.3":
            request.first_key = (member, password)  # type: ignore[attr-defined]


@receiver(user_logged_in)
def _signed_in(sender: Any, request: HttpRequest, user: AbstractBaseUser, **more: Any) -> None:
    finish_waiting(request, user.pk)
    member, password = getattr(request, "first_key", (None, ""))
    if member is not None and member.user_id == user.pk:
        _make_first_key(request, member, password)


def _make_first_key(request: HttpRequest, member: Member, password: str) -> None:
    """Make the key of somebody new in the same breath, so that only a colleague's letting in is left to do.

    Not where a second sign is asked for: this runs in the request of the password, or not at all.
    """
    if OrganisationKey.objects.filter(organisation=member.organisation_id, retired_at=None).exists():
        keep_open(request, make_member_key(member=member, passphrase=password))


@receiver(user_logged_out)
def _signed_out(sender: Any, request: HttpRequest | None, user: AbstractBaseUser | None, **more: Any) -> None:
    if request is not None:
        shut(request)


class PasswordChangeForm(ChangePasswordForm):
    """The form of allauth; the new password also locks the keys, in the same transaction."""

    def save(self) -> None:
        old, new = self.cleaned_data["oldpassword"], self.cleaned_data["password1"]
        with writing():
            super().save()
            for member in members_with_keys(self.user):
                _lock_anew(member, old, new)


def _lock_anew(member: Member, old: str, new: str) -> None:
    if not MemberKey.objects.filter(member=member).exists():
        return
    try:
        change_passphrase(member=member, old=old, new=new)
    except Problem as problem:
        if problem.number != "423.2":  # a key of an older password stays as it is; the unlock page says what to do
            raise
