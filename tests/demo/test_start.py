"""`./lygte demo` as somebody starts it: real processes, a real port, real forms over HTTP, and nothing left behind."""

import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
VISITS = 40


@dataclass
class Started:
    """A demo that was started, what it has said so far, and where its data are."""

    process: subprocess.Popen
    folder: Path
    said: Path
    port: int

    def wait_for(self, words: str, seconds: float = 120) -> None:
        deadline = time.monotonic() + seconds
        while words not in self.said.read_text():
            assert self.process.poll() is None and time.monotonic() < deadline, self.said.read_text()
            time.sleep(0.05)

    def end(self, number: int = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        return self.process.wait(60)

    def count(self, question: str) -> int:
        with sqlite3.connect(self.folder / "lygte.sqlite3") as database:
            return database.execute(f"SELECT count(*) FROM {question}").fetchone()[0]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def start(folder: Path, *words: str, port: int | None = None) -> Started:
    port, said = port or free_port(), folder.parent / f"said-{time.monotonic_ns()}"
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT / "src"), "HOME": str(folder.parent)}
    command = [sys.executable, "-m", "lygte.cli", "demo", "--data", str(folder), "--port", str(port), *words]
    with said.open("w") as out:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=out, stderr=out)
    return Started(process, folder, said, port)


def processes_of(folder: Path) -> list[str]:
    """Return the command lines of living processes that were started for a data folder."""
    found = []
    for path in Path("/proc").iterdir():
        try:
            if path.name.isdigit() and f"LYGTE_DATA_DIR={folder}".encode() in (path / "environ").read_bytes():
                found.append((path / "cmdline").read_text())
        except OSError:
            continue
    return found


def wait_until_gone(folder: Path) -> list[str]:
    deadline = time.monotonic() + 20
    while (left := processes_of(folder)) and time.monotonic() < deadline:
        time.sleep(0.1)
    return left


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Started]:
    """A demo that has run once and is stopped, with its data."""
    folder = tmp_path_factory.mktemp("start") / "data"
    first = start(folder, "--visits", str(VISITS))
    try:
        first.wait_for("stops it")
        with urllib.request.urlopen(f"http://localhost:{first.port}/") as page:
            assert page.status == 200
        assert len(processes_of(folder)) >= 2
        assert first.end() == 0
    finally:
        first.process.kill()
    yield first


def test_sigterm_leaves_no_process_behind(demo: Started) -> None:
    assert wait_until_gone(demo.folder) == []


def test_it_says_the_address_the_accounts_the_password_and_what_to_look_at(demo: Started) -> None:
    said = demo.said.read_text()
    for words in (f"http://localhost:{demo.port}", "officer@example.org", "lantern-by-the-road", "/programme/reports/"):
        assert words in said


def test_what_was_sent_twice_is_stored_once_and_what_nobody_can_place_waits(demo: Started) -> None:
    truth = json.loads((demo.folder / "demo-truth.json").read_text())
    sent = sum(row["visits"] for row in truth["recorded"]["over_openrosa"])
    assert sent > 5
    assert demo.count("outreach_visit") == VISITS
    assert demo.count("outreach_visit WHERE submission <> ''") == sent
    assert demo.count("intake_submission WHERE state = 'taken'") == sent
    assert demo.count("intake_submission WHERE state = 'needs_look'") == 3
    assert not (demo.folder / "demo-to-send.json").exists()


def test_a_second_start_keeps_the_data_and_ctrl_c_ends_it(demo: Started) -> None:
    with sqlite3.connect(demo.folder / "lygte.sqlite3") as database:
        database.execute("UPDATE core_organisation SET language = 'en' WHERE name LIKE 'Vejlygten%'")
    before = demo.count("intake_submission")
    second = start(demo.folder)
    second.wait_for("stops it")
    assert second.end(signal.SIGINT) == 0
    assert wait_until_gone(demo.folder) == []
    assert demo.count("intake_submission") == before
    assert demo.count("core_organisation WHERE name LIKE 'Vejlygten%' AND language = 'en'") == 1


def test_when_it_is_killed_outright_its_processes_end_too(demo: Started) -> None:
    started = start(demo.folder)
    started.wait_for("stops it")
    started.end(signal.SIGKILL)
    assert wait_until_gone(demo.folder) == []


def test_a_port_in_use_is_told_with_what_to_do(demo: Started) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        refused = start(demo.folder, port=port)
        assert refused.process.wait(60) == 2
    assert f"already listens on port {port}" in refused.said.read_text()
    assert "--port" in refused.said.read_text()


def test_starting_over_refuses_a_folder_that_holds_other_things(demo: Started) -> None:
    mine = demo.folder / "my thesis.odt"
    mine.write_text("years of work")
    try:
        refused = start(demo.folder, "--fresh")
        assert refused.process.wait(60) == 2
        assert "my thesis.odt" in refused.said.read_text()
        assert demo.count("outreach_visit") == VISITS
    finally:
        mine.unlink()


def test_an_installation_that_is_not_a_demo_is_never_touched(demo: Started) -> None:
    with sqlite3.connect(demo.folder / "lygte.sqlite3") as database:
        database.execute("UPDATE core_organisation SET name = 'A real one' WHERE name LIKE 'Natholdet%'")
    refused = start(demo.folder, "--fresh")
    assert refused.process.wait(60) == 2
    assert "not a demo" in " ".join(refused.said.read_text().split())
    assert demo.count("outreach_visit") == VISITS
