"""Twenty people sign in at once on a real server: all get in, all have their key open, and none stands in line for another."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from lygte.cli.operate import server_command
from tests.care.intake.test_live import database_of_its_own

PEOPLE = 20
WORDS = "four unrelated quiet words"
PREPARE = f"""
import django
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
call_command("createcachetable", verbosity=0)
from lygte.core.models import Kind, Member, Organisation, Role, User
from lygte.core.vault.keys import make_member_key, set_up
organisation = Organisation.objects.create(name="Lanternen (invented)", kind=Kind.OUTREACH, country="DK")
for number in range({PEOPLE}):
    user = User.objects.create_user(f"person{{number}}@example.org", "{WORDS}", name="x")
    role = Role.WORKER if number else Role.COORDINATOR
    member = Member.objects.create(user=user, organisation=organisation, role=role)
    (make_member_key if number else set_up)(member=member, passphrase="{WORDS}")
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """A database of its own with twenty people, each with a key."""
    folder = tmp_path_factory.mktemp("crowd")
    for address in database_of_its_own(folder):
        root = Path(__file__).resolve().parents[3]
        given = {
            **os.environ,
            "PYTHONPATH": os.pathsep.join([str(root / "src"), str(root)]),
            "DJANGO_SETTINGS_MODULE": "tests.hostile.sign_in.crowd_settings",
            "LYGTE_DATABASE_URL": address,
            "LYGTE_DATA_DIR": str(folder / "data"),
            "LYGTE_KEYS_DIR": str(folder / "keys"),
            "LYGTE_PROXIES": "1",  # each of them signs in from somewhere else
            "LYGTE_SECRET_KEY": "x" * 50,
            "CROWD_WAITS": "60",
        }
        done = subprocess.run([sys.executable, "-c", PREPARE], env=given, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        yield given


@contextmanager
def server(environment: dict[str, str]) -> Iterator[str]:
    port = free_port()
    command = server_command("127.0.0.1", port)
    [place] = [n for n, word in enumerate(command) if word.endswith(":application")]
    command[place] = "tests.hostile.sign_in.crowd_app:application"
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_for(address, process)
        yield address
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_for(address: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        try:
            httpx.get(address, timeout=10)
            return
        except httpx.HTTPError:
            time.sleep(0.1)
    raise AssertionError("the server did not start")


def sign_in(address: str, number: int) -> bool:
    """Sign one person in; tell whether they are in and their key is open."""
    from_there = {"X-Forwarded-For": f"10.2.3.{number}"}
    with httpx.Client(base_url=address, headers=from_there, timeout=120) as client:
        page = client.get("/account/login/").text
        token = re.search(r'csrfmiddlewaretoken" value="([^"]+)"', page)
        assert token, page[:300]
        form = {"login": f"person{number}@example.org", "password": WORDS, "csrfmiddlewaretoken": token[1]}
        answer = client.post("/account/login/", data=form, headers={"Referer": address})
        return answer.status_code == 302 and "Locked part: open" in client.get("/today/").text


def crowd(address: str) -> int:
    """Let everybody sign in at once; return how many got in with their key open."""
    with ThreadPoolExecutor(PEOPLE) as people:
        return sum(people.map(lambda number: sign_in(address, number), range(PEOPLE)))


def test_twenty_sign_in_at_once_and_none_waits_for_another_s_passphrase(environment: dict[str, str]) -> None:
    with server(environment) as address:
        assert crowd(address) == PEOPLE
    print(f"{PEOPLE} sign-ins at once, each stretched beside another: all in, all open")


def test_one_lock_for_everybody_would_be_found(environment: dict[str, str]) -> None:
    with server({**environment, "CROWD_FAULT": "1", "CROWD_WAITS": "2"}) as address:
        assert crowd(address) < PEOPLE
