"""Adding a phone, finding it by its secrets, revoking it."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils import timezone

from lygte.core.access import Verb
from lygte.core.actions import action
from lygte.core.lookups import Lookup
from lygte.core.models import Member
from lygte.core.personal_signs import refuse_signs
from lygte.core.problems import Problem
from lygte.core.refs import new_ref

from ..digest_box import digest_box
from ..models import Device


def hash_of(secret: str) -> str:
    """Return the SHA-256 of a random secret of 256 bits or more; such secrets need no slow hash."""
    return hashlib.sha256(secret.encode()).hexdigest()


@dataclass(frozen=True)
class NewDevice:
    """A phone just added, with its secrets in clear, to be shown once."""

    device: Device
    token: str
    username: str
    password: str

    @property
    def ref(self) -> str:
        return self.device.ref


@action(Verb.DEVICE_ADD)
def add_device(*, member: Member, label: str, holder: Member | None = None) -> NewDevice:
    """Add a phone for a member, or for oneself, and return its secrets, which are not kept."""
    refuse_signs(label, looked=True)
    token = secrets.token_urlsafe(32)
    username = f"phone-{secrets.token_hex(8)}"
    password = secrets.token_urlsafe(48)
    ref = new_ref()
    device = Device.objects.create(
        ref=ref,
        organisation=member.organisation,
        member=holder or member,
        label=label,
        digest_box=digest_box(ref, username, password),
        token_hash=hash_of(token),
        username=username,
        password_hash=hash_of(password),
    )
    return NewDevice(device, token, username, password)


@action(Verb.DEVICE_RENEW)
def renew_token(*, member: Member, device: Device, token_hash: str) -> Device:
    """Let a phone have a token that it made by itself, so that the one somebody saw or photographed is dead."""
    device.token_hash = token_hash
    device.save(update_fields=["token_hash"])
    return device


@action(Verb.DEVICE_REVOKE)
def revoke_device(*, member: Member, device: Device) -> Device:
    """Stop a phone from fetching and sending, at once."""
    if device.revoked_at is not None:
        raise Problem("409.173")
    device.revoked_at = timezone.now()
    device.save(update_fields=["revoked_at"])
    return device


def _living(**named: str) -> QuerySet[Device]:
    living = Device.objects.filter(revoked_at=None, member__active=True, member__user__is_active=True, **named)
    return living.select_related("member__organisation")


BY_TOKEN = Lookup(_living, token_hash=("a?", "b?"))
BY_USERNAME = Lookup(_living, username=("a?", "b?"))


def find_device_by_token(token: str) -> Device | None:
    """Return the phone that holds the token. Call it with scopes disabled: the organisation is not known yet."""
    return _with_organisation(BY_TOKEN.one(token_hash=hash_of(token)))


def find_device_by_username(username: str) -> Device | None:
    return _with_organisation(BY_USERNAME.one(username=username))


def find_device_by_password(username: str, password: str) -> Device | None:
    device = find_device_by_username(username)
    kept = device.password_hash if device else hash_of("")
    return device if hmac.compare_digest(kept, hash_of(password)) else None


def _with_organisation(found: Device | None) -> Device | None:
    if found is not None:
        found.organisation = found.member.organisation  # the same, and already read
    return found


def note_seen(*, device: Device) -> None:
    """Remember the day, and no more, on which a phone was last here."""
    today = timezone.localdate()
    if device.last_seen != today:
        Device.objects.filter(pk=device.pk).update(last_seen=today)


def is_cut_off(token: str) -> bool:
    """Tell whether a token was this server's and is no more: then whatever the phone still holds may be wiped."""
    return Device.objects.filter(token_hash=hash_of(token)).exists() and find_device_by_token(token) is None
