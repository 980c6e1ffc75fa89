"""How the person's page stays open for a few minutes: keys in a row, locked under a secret that lives only in a cookie.

It has nothing to do with the sign-in of members: another cookie, another table, another scope.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db.models import Q
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone

from lygte.care.support.cases.handover import family
from lygte.core.consent.models import Person
from lygte.core.schedule import periodic
from lygte.core.transactions import writing
from lygte.core.vault import ciphers
from lygte.core.vault.models import Wrapped

from .models import Opening

IDLE, LONGEST = timedelta(minutes=10), timedelta(hours=1)


@dataclass(frozen=True)
class Inside:
    """The person whose page is open, and the keys that their slip opened (by the reference of the person)."""

    person: Person
    keys: Mapping[str, bytes]
    opening: Opening

    @property
    def people(self) -> list[Person]:
        """The person, and whoever was found to be the same, as far as their slip opens it: an older slip opens less."""
        return [one for one in family(self.person) if one.ref in self.keys]


def cookie_name() -> str:
    return "__Host-mine" if settings.HTTPS else "mine"


def _bound(person: Person) -> bytes:
    return ciphers.bind("door", person.ref)


def _lookup(secret: bytes) -> str:
    return ciphers.derive(secret, "door/lookup").hex()


def begin(response: HttpResponseBase, person: Person, keys: Mapping[str, bytes], slip: str) -> Opening:
    """Open the page of a person on this device; the cookie goes out with the response."""
    secret, now = ciphers.random_key(), timezone.now()
    content = json.dumps({ref: key.hex() for ref, key in keys.items()}).encode()
    box = ciphers.lock(ciphers.derive(secret, "door/key"), content, _bound(person))
    with writing():
        opening = Opening.objects.create(
            lookup=_lookup(secret), person=person, slip=slip, box=box, began_at=now, used_at=now
        )
    response.set_cookie(
        cookie_name(),
        base64.urlsafe_b64encode(secret).decode(),
        secure=settings.HTTPS,
        httponly=True,
        samesite="Strict",
        path="/",
    )
    return opening


def _secret(request: HttpRequest) -> bytes:
    try:
        secret = base64.urlsafe_b64decode(request.COOKIES.get(cookie_name(), "").encode())
    except ValueError:
        return b""
    return secret if len(secret) == ciphers.KEY else b""


def _found(request: HttpRequest) -> Opening | None:
    secret = _secret(request)
    if not secret:
        return None
    return Opening.objects.filter(lookup=_lookup(secret)).select_related("person__organisation").first()


def _still_good(opening: Opening) -> bool:
    now = timezone.now()
    slip_stands = Wrapped.objects.filter(ref=opening.slip).filter(Q(until=None) | Q(until__gt=now)).exists()
    return slip_stands and now - opening.used_at <= IDLE and now - opening.began_at <= LONGEST


def inside(request: HttpRequest) -> Inside | None:
    """Return whose page this device has open, or None: nothing open, too long ago, slip ended, person erased."""
    opening = _found(request)
    if opening is None:
        return None
    if not _still_good(opening):
        opening.delete()
        return None
    try:
        content = ciphers.unlock(ciphers.derive(_secret(request), "door/key"), opening.box, _bound(opening.person))
    except ciphers.Unopenable:
        return None
    opening.used_at = timezone.now()
    opening.save(update_fields=["used_at"])
    return Inside(opening.person, {ref: bytes.fromhex(key) for ref, key in json.loads(content).items()}, opening)


def shut(request: HttpRequest, response: HttpResponseBase) -> None:
    """Close the page on this device."""
    opening = _found(request)
    if opening is not None:
        opening.delete()
    response.delete_cookie(cookie_name(), samesite="Strict", path="/")


@periodic("door.forget_closed_pages", every=timedelta(hours=1))
def forget_closed_pages() -> int:
    """Delete the rows of pages that nobody has used for a while."""
    return Opening.objects.filter(used_at__lt=timezone.now() - IDLE).delete()[0]
