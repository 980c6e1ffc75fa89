"""Members: removing them, and the one-time link with which a colleague chooses a new password."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.contrib.auth.password_validation import validate_password
from django.utils import timezone

from .access import Verb
from .actions import action
from .organisations import Kind, Organisation
from .people import ROLES_OF_KIND, Member, PasswordLink, Role, User
from .problems import Problem
from .transactions import writing

LINK_LASTS = timedelta(days=3)


def hash_of_token(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def make_password_link(user: User) -> str:
    """Return a fresh one-time token; earlier ones of the same person stop working."""
    token = secrets.token_urlsafe(32)
    PasswordLink.objects.filter(user=user, used_at=None).update(expires_at=timezone.now())
    PasswordLink.objects.create(user=user, token_hash=hash_of_token(token), expires_at=timezone.now() + LINK_LASTS)
    return token


def open_link(token: str, *, lock: bool = False) -> PasswordLink:
    """Return the link of a token, or Problem 404.2 when it is used, too old or unknown."""
    links = PasswordLink.objects.select_for_update(of=("self",)) if lock else PasswordLink.objects.all()
    link = links.select_related("user").filter(token_hash=hash_of_token(token)).first()
    if link is None or not link.is_open():
        raise Problem("404.2")
    return link


def choose_password(*, token: str, password: str) -> User:
    """Set the password of the person a link was made for; the link is used up. Raises ValidationError if weak."""
    with writing():
        link = open_link(token, lock=True)
        validate_password(password, link.user)
        link.user.set_password(password)
        link.user.save(update_fields=["password"])
        link.used_at = timezone.now()
        link.save(update_fields=["used_at"])
    return link.user


def role_fits(kind: str, role: str) -> bool:
    return role in ROLES_OF_KIND.get(kind, frozenset())


def check_role(organisation: Organisation, role: str) -> None:
    """Raise Problem 422.1 for a role that this kind of organisation cannot give: the firewall is a type."""
    if not role_fits(organisation.kind, role):
        raise Problem("422.1", kind=Kind(organisation.kind).label, role=Role(role).label)


@dataclass(frozen=True)
class Welcome:
    """A member and the token for a new password; the token is shown once."""

    member: Member
    token: str

    @property
    def ref(self) -> str:
        return self.member.ref


def belongs_elsewhere(user: User, organisation: Organisation) -> bool:
    """Tell whether an account is, or ever was, of another organisation: then it is not ours to hand over."""
    return Member.objects.filter(user=user).exclude(organisation=organisation).exists()


@action(Verb.MEMBER_ADD, details=lambda welcome: {"password_link": True})
def renew_password_link(*, member: Member, other: Member) -> Welcome:
    """Make a new link for a colleague who cannot sign in. It gives no access to what is locked.

    Raises Problem 409.3 for somebody who also belongs elsewhere: whoever holds the link holds the whole account.
    """
    if belongs_elsewhere(other.user, member.organisation):
        raise Problem("409.3")
    return Welcome(other, make_password_link(other.user))


def _needs_another_coordinator(other: Member) -> bool:
    rest = Member.objects.filter(organisation=other.organisation, active=True, role=Role.COORDINATOR)
    return other.role == Role.COORDINATOR and not rest.exclude(pk=other.pk).exists()


Follow = Callable[[Member, Member], None]
ON_LEAVING: list[Follow] = []


def on_leaving(follow: Follow) -> Follow:
    """Register what must happen in the same transaction when somebody leaves: `follow(who_leaves, who_did_it)`."""
    if follow not in ON_LEAVING:
        ON_LEAVING.append(follow)
    return follow


@action(Verb.MEMBER_REMOVE)
def remove_member(*, member: Member, other: Member) -> Member:
    """End a membership at once; what the person did stays in the log."""
    Organisation.objects.select_for_update().get(pk=other.organisation_id)  # two cannot remove each other at once
    if _needs_another_coordinator(other):
        raise Problem("409.2")
    other.active = False
    other.save(update_fields=["active"])
    for follow in ON_LEAVING:
        follow(other, member)
    return other
