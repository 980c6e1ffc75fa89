"""Revoking a member, renewing the organisation's key and turning the epoch survive a kill -9 at any step (check 36)."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

from lygte.core.models import Member
from lygte.core.vault import ciphers, epochs, renewal, turning, wraps
from lygte.core.vault.keyring import open_keyring
from lygte.core.vault.keys import let_in, shut_out
from lygte.core.vault.models import KeyGrant, Wrapped
from tests.conftest import PASSPHRASE

from .world import Kept, house, opened

pytestmark = pytest.mark.django_db(transaction=True)

ROOT = Path(__file__).resolve().parents[4]
PEOPLE = 16
POINTS = {"turn": 22, "renew": 22, "shut_out": 8}


@dataclass(frozen=True)
class Mortal:
    """The process whose children are killed."""

    process: subprocess.Popen[str]

    def order(self, what: str, member: Member, other: Member, die_at: int | None) -> dict[str, Any]:
        assert self.process.stdin and self.process.stdout
        order = {
            "do": what,
            "member": member.pk,
            "private": member.keyring.private.hex(),
            "other": other.pk,
            "die_at": die_at,
        }
        self.process.stdin.write(json.dumps(order) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())


@pytest.fixture
def mortal(tmp_path: Path) -> Iterator[Mortal]:
    wanted = ("ENGINE", "NAME", "USER", "PASSWORD", "HOST", "PORT")
    database = {key: str(connection.settings_dict[key]) for key in wanted}
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "lygte.site.settings",
        "LYGTE_DATA_DIR": str(tmp_path / "data"),
        "LYGTE_KEYS_DIR": str(settings.LYGTE_KEYS_DIR),
        "LYGTE_TEST_DATABASE": json.dumps(database),
        "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)]),
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.core.vault.engine.killed"],
        cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    yield Mortal(process)
    assert process.stdin
    process.stdin.close()
    process.wait(timeout=20)


def under_a_dead_key() -> int:
    return Wrapped.objects.exclude(epoch__in=epochs.numbers()).count()


def look(holder: Member, people: list[Kept], when: str) -> None:
    slips = [wraps.open_by_code(kind=Wrapped.SLIP, secret=one.slip) for one in people]
    assert under_a_dead_key() == 0, when
    assert opened(holder, people) == len(people), f"{when}: somebody's words do not open"
    assert all(slips), when


def spread(steps: int, points: int) -> list[int]:
    """Return so many steps, from the first to the last."""
    return sorted({1 + round(i * (steps - 1) / (points - 1)) for i in range(points)})


def afresh(member: Member) -> Member:
    member.keyring = open_keyring(member, PASSPHRASE)
    return member


def test_fifty_deaths_lose_nobody_and_leave_nothing_under_a_dead_key(mortal: Mortal) -> None:
    amina, bogdan, people = house("bogdan", "amina", PEOPLE)
    deaths = 0
    for what, points in POINTS.items():
        whole = mortal.order(what, bogdan, amina, die_at=None)
        assert whole["told"].isdigit(), whole
        finish(what, bogdan, amina, people)
        for die_at in spread(int(whole["told"]), points):
            private = afresh(bogdan).keyring.current_private()
            before = epochs.numbers()
            died = mortal.order(what, bogdan, amina, die_at)
            assert died["killed"], f"{what} was not killed at step {die_at}: {died}"
            deaths += 1
            look(bogdan, people, f"{what}, killed at step {die_at}")
            finish(what, bogdan, amina, people)
            look(bogdan, people, f"{what}, finished after step {die_at}")
            if what == "turn":
                assert before[-1] not in epochs.numbers() and len(epochs.numbers()) == 1
            if what == "renew":
                assert opens_with(private) == 0 and afresh(bogdan).keyring.current_private() != private
    print(f"{deaths} deaths by signal 9 on {connection.vendor}: 0 unreadable rows, 0 rows under a destroyed key")
    assert deaths >= 50


def finish(what: str, bogdan: Member, amina: Member, people: list[Kept]) -> None:
    """Do again what was killed, as somebody does who starts it once more."""
    if what == "turn":
        turning.turn_epoch()
    elif what == "renew":
        renewal.renew_organisation_key(member=afresh(bogdan))
    elif what == "shut_out":
        shut_out(member=bogdan, other=amina)
        assert opened(amina, people) == 0 and not KeyGrant.objects.filter(member=amina).exists()
        let_in(member=afresh(bogdan), other=amina)
        assert opened(amina, people) == len(people)


def opens_with(private: bytes) -> int:
    """Return how many wrapped keys an old organisation key still opens."""
    count = 0
    for row in Wrapped.objects.filter(kind=Wrapped.PERSON):
        try:
            ciphers.unseal(private, wraps.unwrap_outside(row))
            count += 1
        except ciphers.Unopenable:
            pass
    return count
