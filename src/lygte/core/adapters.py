"""How django-allauth behaves here: nobody signs up; accounts are made by a coordinator."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.internal.ratelimit import truncate_ip
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

from .devices import known_device


class AccountAdapter(DefaultAccountAdapter):
    """No public sign-up, no mail, no address kept, and tries of its own for a browser that is known."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Lygte sends no mail: a message in an inbox can be read by the wrong person."""

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return a code of the visitor's address that changes every day: limits need no more, and they are stored."""
        address = truncate_ip(super().get_client_ip(request))
        return salted_hmac(f"lygte.address.{timezone.localdate()}", address, algorithm="sha256").hexdigest()[:32]

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Count tries at an account apart for a browser that has signed in to it before."""
        key: str = super()._get_login_attempts_cache_key(request, **credentials)
        device = known_device(request, str(credentials.get("email", "")))
        return f"{key}:{device}" if device else key


class SocialAdapter(DefaultSocialAccountAdapter):
    """Single sign-on opens existing accounts only."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False
