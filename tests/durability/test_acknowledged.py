"""What was acknowledged is there: after kill -9 on bad networks, and on a full disk, which acknowledges nothing.

This is the short soak; docs/rooms/intake.md says how to run the long one.
"""

from __future__ import annotations

import base64
import os
import shutil
import subprocess
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from django.db import connection

from lygte.care.intake import jobs, storage

from .house import LOOK, House, folder_for_all, house, prepare
from .phones import BOUNDARY, body_of
from .soak import soak

MISHAPS = ("cut in the body", "acknowledgement lost", "acknowledgement cut", "sent twice")
LARGEST_TABLE = 17_000_000  # a little more than PostgreSQL's own files of 16 MiB, which it makes whole


@pytest.fixture(scope="module")
def template() -> Iterator[Path]:
    """A prepared database, made once."""
    folder = folder_for_all()
    prepare(connection.vendor, folder)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def home(template: Path) -> Iterator[House]:
    folder = folder_for_all()
    subprocess.run(["cp", "-a", f"{template}/.", str(folder)], check=True)
    with house(connection.vendor, folder) as built:
        yield built
    shutil.rmtree(folder, ignore_errors=True)


def test_what_was_acknowledged_survives_kill_9_once_and_whole(home: House) -> None:
    kills = 3 if connection.vendor == "postgresql" else 2
    outcome = soak(home, forms=250, kills=kills)
    assert outcome.acknowledged == 250 and sum(outcome.kills.values()) == kills
    assert outcome.nothing_lost, outcome
    assert outcome.files_acknowledged > 100
    for mishap in MISHAPS:
        assert outcome.mishaps[mishap] > 5, "the network was too good for this to prove anything"


def test_it_would_show_if_the_database_lost_what_it_acknowledged(home: House) -> None:
    if connection.vendor != "postgresql":
        return  # what SQLite wrote is in the system's memory, which a kill does not take: see test_settings.py
    outcome = soak(home, forms=150, kills=3, lose=True)
    assert outcome.lost > 0 and not outcome.nothing_lost


def send(home: House, instance_id: str, size: int, note: str = "") -> httpx.Response:
    xml = (
        f'<data xmlns:orx="http://openrosa.org/xforms" id="pictures" version="1"><people>{note}</people><item><photo>'
        f"a.jpg</photo></item><orx:meta><orx:instanceID>{instance_id}</orx:instanceID></orx:meta></data>"
    )
    return httpx.post(
        f"http://127.0.0.1:{home.port}/-/{home.prepared['phones'][0]['token']}/submission",
        content=body_of(xml.encode(), {"a.jpg": b"x" * size}, incomplete=False),
        headers={"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"},
        timeout=60,
    )


def test_a_full_disk_acknowledges_nothing_and_loses_nothing(home: House) -> None:
    home.start()
    before, small, large = (f"uuid:{uuid.uuid4()}" for _ in range(3))
    assert send(home, before, 50_000).status_code == 201
    home.largest_file(2_000)  # of the server: its files, and SQLite's database
    for instance_id, size in ((small, 50_000), (large, 3_000_000)):
        response = send(home, instance_id, size)
        assert response.status_code == 503 and "503." in response.text, response.text
    home.largest_file(-1)
    found = home.run(LOOK)
    assert [form[0] for form in found["forms"]] == [before]
    assert found["left_over"] == 0, "half-written files fill the disk further"
    assert send(home, small, 50_000).status_code == 201
    assert send(home, large, 3_000_000).status_code == 201
    found = home.run(LOOK)
    assert {form[0] for form in found["forms"]} == {before, small, large} and len(found["forms"]) == 3
    assert len(found["files"]) == 3 and "gone" not in {sha for _instance, _name, sha in found["files"]}
    assert found["log_is_whole"]


def test_a_full_disk_of_postgresql_acknowledges_nothing_and_loses_nothing(home: House) -> None:
    if connection.vendor != "postgresql":
        return  # the disk of SQLite is the server's, see above
    home.database.stop_process()
    home.database.start(LARGEST_TABLE)
    home.start()
    acknowledged, refused = set(), ""
    while len(acknowledged) < 10 and not refused:
        instance_id, note = f"uuid:{uuid.uuid4()}", base64.b64encode(os.urandom(3_300_000)).decode()
        response = send(home, instance_id, 500, note)
        assert response.status_code in (201, 503), response.text
        if response.status_code == 201:
            acknowledged.add(instance_id)
        else:
            refused = instance_id
    assert acknowledged and refused, "the disk was never full"
    home.database.kill()
    home.database.start()
    assert {form[0] for form in home.run(LOOK)["forms"]} == acknowledged
    assert send(home, refused, 500, note).status_code == 201
    found = home.run(LOOK)
    assert {form[0] for form in found["forms"]} == {*acknowledged, refused} and found["log_is_whole"]


def test_files_that_no_row_speaks_of_are_removed_after_a_week(
    tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.ATTACHMENTS_DIR = tmp_path
    forgotten, used = (storage.store_file("a.jpg", b"picture").stored_as for _ in range(2))
    monkeypatch.setattr(jobs, "names_in_use", lambda: {used})
    assert jobs.forget_files() == 0, "a form that is being stored this minute has files without a row"
    later = time.time() + jobs.KEPT_FOR.total_seconds() + 60
    monkeypatch.setattr(jobs.time, "time", lambda: later)
    assert jobs.forget_files() == 1
    assert storage.path_of(used).exists() and not storage.path_of(forgotten).exists()
