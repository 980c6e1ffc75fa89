"""How long a session lives, and that its number changes whenever somebody shows who they are."""

from __future__ import annotations

import time
from typing import Any

from allauth.account.signals import authentication_step_completed
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest

from .devices import note_device

SEEN_EVERY = 60  # seconds between two notes of activity, so that reading does not write
SIGNED_IN, SEEN = "signed_in", "seen"


@receiver(user_logged_in)
def _begin(sender: Any, request: HttpRequest, user: AbstractBaseUser, **more: Any) -> None:
    """Note when the session began: Django's own limit moves on with every change of the session."""
    now = int(time.time())
    request.session[SIGNED_IN] = request.session[SEEN] = now
    note_device(request, user)


@receiver(authentication_step_completed)
def _step_up(sender: Any, request: HttpRequest, reauthenticated: bool = False, **more: Any) -> None:
    """Give the session a new number after a step-up: one that was stolen before is worth nothing afterwards."""
    if reauthenticated:
        request.session.cycle_key()


def is_over(request: HttpRequest) -> bool:
    """Tell whether the session is too old or was left alone too long; note that it is used, where it is not."""
    now, session = int(time.time()), request.session
    began, seen = session.setdefault(SIGNED_IN, now), session.get(SEEN, now)
    if now - seen > settings.LYGTE_IDLE_SECONDS or now - began > settings.LYGTE_SESSION_SECONDS:
        return True
    if now - seen >= SEEN_EVERY or SEEN not in session:
        session[SEEN] = now
    return False
