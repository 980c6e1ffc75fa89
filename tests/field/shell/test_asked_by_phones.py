"""What the app asks of the server: a token of its own, places by their pseudonyms, and sending with a ticket alone."""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django_scopes import scope, scopes_disabled

from lygte.care.intake.actions import NewDevice, revoke_device
from lygte.care.outreach.models import Place
from lygte.core.models import Member

pytestmark = pytest.mark.django_db
FRESH = "a" * 64


def digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def post(path: str, content: Any) -> Any:
    return Client().post(path, json.dumps(content), content_type="application/json")


def test_a_phone_gives_the_hash_of_its_own_token_and_the_link_is_dead(device: NewDevice) -> None:
    own = secrets.token_urlsafe(32)
    answer = post(f"/-/{device.token}/renew", {"hash": digest(own)})
    assert answer.json() == {"phone": device.ref}
    assert Client().get(f"/-/{device.token}/phone").json() == {"state": "unknown"}
    assert Client().get(f"/-/{own}/phone").json() == {"phone": device.ref}


@pytest.mark.parametrize(
    "content", [{}, {"hash": "x" * 64}, {"hash": "A" * 64}, {"hash": 5}, "text", {"hash": "a" * 63}]
)
def test_nothing_else_becomes_a_token(device: NewDevice, content: Any) -> None:
    answer = post(f"/-/{device.token}/renew", content)
    assert answer.status_code == 400 and answer.json()["number"] == "400.521"
    assert Client().get(f"/-/{device.token}/phone").status_code == 200


def test_a_revoked_phone_is_told_that_it_is_cut_off(device: NewDevice, everyone: dict[str, Member]) -> None:
    member = everyone["bogdan"]
    with scope(organisation=member.organisation):
        revoke_device(member=member, device=device.device)
    for path in ("phone", "today"):
        answer = Client().get(f"/-/{device.token}/{path}")
        assert answer.status_code == 403 and answer.json() == {"state": "cut_off"}
    assert Client().post(f"/field/send/{device.ref}").json() == {"state": "cut_off"}


def test_places_come_as_pseudonyms_and_nobody_elses(device: NewDevice, everyone: dict[str, Member]) -> None:
    with scopes_disabled():
        for name, code, whose in (("Quiet Heron", "AAA111", "amina"), ("Loud Goose", "BBB222", "chika")):
            Place.objects.create(
                organisation=everyone[whose].organisation, kind="clinic", area="DK-461", code_name=name,
                short_code=code, languages=["th"], created_on=date(2026, 1, 5),
            )  # fmt: skip
    notes = Client().get(f"/-/{device.token}/today?language=da").json()
    place = notes["places"][0]
    assert len(notes["places"]) == 1 and place["name"] == "Quiet Heron" and place["last_visit"] is None
    assert set(place) == {"ref", "code", "name", "kind", "languages", "last_visit"}


def ticket(token: str, envelope: bytes) -> str:
    words = b"lygte/send|" + hashlib.sha256(envelope).hexdigest().encode()
    return hmac.new(hashlib.sha256(token.encode()).digest(), words, hashlib.sha256).hexdigest()


def send(ref: str, envelope: bytes, said: str) -> Any:
    part = SimpleUploadedFile("envelope", envelope)
    return Client().post(f"/field/send/{ref}", {"envelope": part}, headers={"X-Ticket": said})


def test_a_ticket_lets_one_envelope_in_and_no_other(device: NewDevice) -> None:
    right = ticket(device.token, b"sealed")
    # The ticket fits: what is refused then is an envelope that is none.
    assert send(device.ref, b"sealed", right).json()["number"] == "400.474"
    for envelope, said in ((b"another", right), (b"sealed", ""), (b"sealed", ticket("guess", b"sealed"))):
        answer = send(device.ref, envelope, said)
        assert answer.status_code == 403 and answer.json()["number"] == "403.520"
        assert "state" in answer.json() and answer.json()["state"] == "problem"
    assert send("a" * 26, b"sealed", right).json() == {"state": "unknown"}
