"""A real server and a real HTTP client: chunked bodies, HEAD, names in UTF-8, and the same form a hundred times at once."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import httpx
import psycopg
import pytest

from lygte.cli.operate import server_command

from .collect.client import Collect, told
from .conftest import BASIC, BOUNDARY, body, filled

PREPARE = """
import django, json, pathlib, sys
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
call_command("createcachetable", verbosity=0)
from lygte.core.models import Kind, Member, Organisation, Role, User
organisation = Organisation.objects.create(name="Lanternen (invented)", kind=Kind.OUTREACH, country="DK")
user = User.objects.create(email="bogdan@example.org", name="Bogdan")
Member.objects.create(user=user, organisation=organisation, role=Role.COORDINATOR)
from lygte.care.intake import commands, xlsform
xlsform.UNDECLARED = ""  # what is tried here is the wire, not what a form may ask
commands.publish_form_file(sys.argv[1])
print(json.dumps(commands.add_device(None, sys.argv[2])))
"""
COUNT = """
import django, json, sys
django.setup()
from django_scopes import scopes_disabled
from lygte.care.intake.models import Attachment, Submission
from lygte.core.audit import chains, verify_chain
with scopes_disabled():
    forms = Submission.objects.filter(instance_id=sys.argv[1])
    files = Attachment.objects.filter(submission__in=forms)
    print(json.dumps({"forms": forms.count(), "files": {file.name: file.size for file in files},
                      "log_is_whole": all(verify_chain(chain).whole for chain in chains())}))
"""


class Server:
    """A server of its own: its process, its database, one phone."""

    def __init__(self, environment: dict[str, str], port: int) -> None:
        self.environment, self.url = environment, f"http://127.0.0.1:{port}"
        self.phone: dict[str, str] = {}

    def run(self, script: str, *arguments: str) -> Any:
        command = [sys.executable, "-c", script, *arguments]
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)


def database_of_its_own(folder: Path) -> Iterator[str]:
    """Yield the address of an empty database beside the one of the tests, PostgreSQL where that is."""
    given = os.environ.get("LYGTE_DATABASE_URL", "")
    if not given.startswith("postgres"):
        yield f"sqlite:///{folder / 'live.sqlite3'}"
        return
    name = f"lygte_live_{uuid.uuid4().hex[:8]}"
    parts = urlsplit(given)
    with psycopg.connect(given, autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name}")
        yield urlunsplit(parts._replace(path=f"/{name}"))
        admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("live")
    (folder / "basic.md").write_text(BASIC.replace("{version}", "1"))
    for database in database_of_its_own(folder):
        port = free_port()
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "lygte.site.settings",
            "LYGTE_DATA_DIR": str(folder),
            "LYGTE_DATABASE_URL": database,
            "PYTHONPATH": str(Path(__file__).resolve().parents[3] / "src"),
        }
        running = Server(environment, port)
        running.phone = running.run(PREPARE, str(folder / "basic.md"), running.url)
        process = subprocess.Popen(server_command("127.0.0.1", port), env=environment)
        try:
            wait_for(running.url)
            yield running
        finally:
            process.terminate()
            process.wait(20)


def wait_for(url: str) -> None:
    for _ in range(150):
        try:
            httpx.get(f"{url}/-/x/formList", timeout=5)
        except httpx.TransportError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError("the server did not start")


CONTENT_TYPE = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}", "X-OpenRosa-Version": "1.0"}


def test_head_answers_without_a_body(server: Server) -> None:
    response = httpx.head(f"{server.phone['server_url']}/submission?deviceID=x", headers=CONTENT_TYPE)
    assert response.status_code == 204 and response.content == b""
    assert response.headers["X-OpenRosa-Accept-Content-Length"] == "100000000"
    assert "date" in response.headers


def test_a_list_and_its_form_are_fetched_as_addresses_say(server: Server) -> None:
    listed = httpx.get(f"{server.phone['server_url']}/formList")
    address = listed.text.partition("<downloadUrl>")[2].partition("<")[0]
    assert address.startswith(server.url)
    assert "Hvor mange" in httpx.get(f"{address}?deviceID=x").text


def test_a_chunked_body_with_names_in_utf_8_is_stored_whole(server: Server) -> None:
    instance_id, photo = f"uuid:{uuid.uuid4()}", os.urandom(1_500_000)
    xml = filled(instance_id=instance_id, extra="<photo>blåbær 北.jpg</photo>")
    data = body([("xml_submission_file", "a.xml", xml), ("blåbær 北.jpg", "blåbær 北.jpg", photo)])

    def pieces() -> Iterator[bytes]:
        for place in range(0, len(data), 70_000):
            yield data[place : place + 70_000]

    response = httpx.post(f"{server.phone['server_url']}/submission", content=pieces(), headers=CONTENT_TYPE)
    assert response.request.headers["Transfer-Encoding"] == "chunked"
    assert response.status_code == 201, response.text
    assert server.run(COUNT, instance_id) == {
        "forms": 1,
        "files": {"blåbær 北.jpg": len(photo)},
        "log_is_whole": True,
    }


def test_a_client_that_logs_in_sends_with_ordinary_multipart(server: Server) -> None:
    instance_id = f"uuid:{uuid.uuid4()}"
    response = httpx.post(
        f"{server.phone['login_url']}/submission",
        files={
            "xml_submission_file": (
                "form.xml",
                filled(instance_id=instance_id, extra="<photo>ø.jpg</photo>"),
                "text/xml",
            ),
            "ø.jpg": ("ø.jpg", b"picture", "image/jpeg"),
        },
        auth=(server.phone["username"], server.phone["password"]),
    )
    assert response.status_code == 201, response.text
    assert server.run(COUNT, instance_id)["files"] == {"ø.jpg": 7}


def test_the_same_form_sent_a_hundred_times_at_once_is_stored_once(server: Server) -> None:
    instance_id = f"uuid:{uuid.uuid4()}"
    data = body([("xml_submission_file", "a.xml", filled(instance_id=instance_id))])
    with httpx.Client(headers=CONTENT_TYPE, timeout=60) as client, ThreadPoolExecutor(20) as many:

        def send(_: int) -> tuple[int, str]:
            response = client.post(f"{server.phone['server_url']}/submission", content=data)
            return response.status_code, response.text

        answers = set(many.map(send, range(100)))
    assert {status for status, _ in answers} == {201}
    assert len(answers) == 1
    found = server.run(COUNT, instance_id)
    assert found["forms"] == 1 and found["log_is_whole"]


MANY = (
    "| survey |\n|        | type  | name | label |\n"
    + "".join(f"|        | image | p{n} | Photo |\n" for n in range(130))
    + "| settings |\n|  | form_id | version |\n|  | many | 1 |\n"
)


@pytest.fixture
def collect(server: Server) -> Iterator[Collect]:
    """Collect with its login, over a socket of its own."""
    with httpx.Client(timeout=60) as http:
        yield Collect(server.phone["login_url"], http, server.phone["username"], server.phone["password"])


def test_collect_logs_in_fetches_and_sends_over_a_socket(server: Server, collect: Collect) -> None:
    basic = next(listed for listed in collect.form_list() if listed.form_id == "basic")
    assert collect.asked[0].startswith("Digest ") and b"Hvor mange" in collect.form(basic)
    assert len(collect.asked) == 1, "one challenge serves many requests"
    instance_id = f"uuid:{uuid.uuid4()}"
    for _ in range(2):  # the answer was lost: the same again
        (sent,) = collect.send(filled(instance_id=instance_id))
        assert sent.status_code == 201 and told(sent)
    assert collect.send(filled(instance_id=instance_id, people=4))[0].status_code == 409
    assert server.run(COUNT, instance_id)["forms"] == 1
    wrong = Collect(collect.base, collect.http, collect.username, collect.password + "x")
    assert wrong.ask("GET", f"{wrong.base}/formList").status_code == 401 and len(wrong.asked) == 3


def test_collect_without_a_slash_or_with_two_is_not_sent_elsewhere(server: Server, collect: Collect) -> None:
    """A redirect loses the body of a POST and the login: every address answers where it was asked."""
    phone = Collect(server.phone["server_url"], collect.http)
    for path in ("formList", "submission"):
        for address in (f"{phone.base}/{path}", f"{phone.base}//{path}"):
            assert not phone.ask("HEAD", address).is_redirect, address
    assert phone.ask("POST", f"{phone.base}/nowhere", b"x" * 200_000, "text/plain").status_code == 404


def test_a_hundred_and_thirty_files_come_in_two_requests_over_a_socket(
    server: Server, collect: Collect, tmp_path: Path
) -> None:
    (tmp_path / "many.md").write_text(MANY)
    publish = """
import django, sys
django.setup()
from lygte.care.intake import commands, xlsform
xlsform.UNDECLARED = ""
commands.publish_form_file(sys.argv[1])
print("{}")
"""
    server.run(publish, str(tmp_path / "many.md"))
    instance_id, files = f"uuid:{uuid.uuid4()}", {f"{n}.jpg": os.urandom(3000 + n) for n in range(130)}
    answers = "".join(f"<p{n}>{n}.jpg</p{n}>" for n in range(130))
    xml = filled(form_id="many", instance_id=instance_id).replace(b"<orx:meta>", answers.encode() + b"<orx:meta>")
    assert [sent.status_code for sent in collect.send(xml, files)] == [201, 201]
    found = server.run(COUNT, instance_id)
    assert found == {"forms": 1, "files": {name: len(content) for name, content in files.items()}, "log_is_whole": True}
