"""The calendar address of a member: made, and taken back. Only its hash is kept, so it is shown once."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass

from django.utils import timezone

from lygte.core.access import Verb
from lygte.core.actions import action
from lygte.core.models import Member

from ..models import Feed


def hash_of(token: str) -> str:
    """Return what is kept of a token. 256 random bits need no slow hash: there is nothing to try out."""
    return hashlib.sha256(token.encode()).hexdigest()


@dataclass(frozen=True)
class Address:
    """A fresh address; its token is shown once."""

    token: str
    ref: str


@action(Verb.CASE_LIST, details=lambda address: {"calendar": True})
def make_feed(*, member: Member) -> Address:
    """Make the member's calendar address; an earlier one stops working."""
    token = secrets.token_urlsafe(32)
    Feed.objects.update_or_create(member=member, defaults={"token_hash": hash_of(token), "made_at": timezone.now()})
    return Address(token, member.ref)


@action(Verb.CASE_LIST, details=lambda member: {"calendar": False})
def revoke_feed(*, member: Member) -> Member:
    """Take the calendar address back, at once."""
    Feed.objects.filter(member=member).delete()
    return member
