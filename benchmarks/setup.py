"""How long it takes from a fresh copy to a server that answers: cold, in a made environment, and the second time."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from lygte.cli.common import ROOT
from lygte.demo.processes import wait_until_it_answers

from .server import HOST, end, free_port

NOT_PASSED_ON = ("LYGTE_", "PYTHONPATH", "DJANGO_", "VIRTUAL_ENV", "UV_CACHE_DIR", "PIP_CACHE_DIR", "XDG_CACHE_HOME")


def measure_setup(done: Callable[[str], None]) -> dict[str, Any]:
    """Clone the tree as committed into an empty home and start the demo four times."""
    with tempfile.TemporaryDirectory(prefix="lygte-setup-") as name:
        folder = Path(name)
        copy, environment = folder / "lygte", _environment(folder)
        subprocess.run(["git", "clone", "--quiet", str(ROOT), str(copy)], check=True, env=environment)
        found = {}
        for title, data in (
            ("fresh clone, empty caches", "one"),
            ("second start, keeping the data", "one"),
            ("third start, keeping the data", "one"),
            ("new data in a made environment", "two"),
        ):
            found[title] = {"seconds": round(_start(copy, environment, folder / data), 1)}
            done(title)
        found["fresh clone, empty caches"]["megabytes"] = _megabytes(copy)
        return found


def _environment(folder: Path) -> dict[str, str]:
    """Return an environment with an empty home and empty caches; where packages come from is kept."""
    home = folder / "home"
    home.mkdir()
    kept = {key: value for key, value in os.environ.items() if not key.startswith(NOT_PASSED_ON)}
    settings = Path(os.environ.get("XDG_CONFIG_HOME", Path.home() / ".config"))
    npm = Path(os.environ.get("NPM_CONFIG_USERCONFIG", Path.home() / ".npmrc"))
    return {
        **kept,
        "HOME": str(home),
        "XDG_CONFIG_HOME": str(settings),
        "NPM_CONFIG_USERCONFIG": str(npm),
        "npm_config_cache": str(home / ".npm"),
    }


def _start(copy: Path, environment: dict[str, str], data: Path) -> float:
    """Return the seconds until the demo answers; its end is not counted."""
    port = free_port()
    python = getattr(sys, "_base_executable", sys.executable)
    command = [python, str(copy / "lygte"), "demo", "--port", str(port), "--data", str(data)]
    start = time.perf_counter()
    with open(copy.parent / "output", "wb") as output:
        process = subprocess.Popen(
            command, cwd=copy, env=environment, stdout=output, stderr=output, start_new_session=True
        )
    try:
        limit = start + 600
        while time.perf_counter() < limit:
            if wait_until_it_answers(HOST, port, lambda: process.poll() is not None):
                return time.perf_counter() - start
            if process.poll() is not None:
                raise RuntimeError((copy.parent / "output").read_text()[-2000:])
        raise RuntimeError("the demo did not answer within ten minutes")
    finally:
        end(process)


def _megabytes(folder: Path) -> int:
    done = subprocess.run(["du", "-sm", str(folder)], capture_output=True, text=True, check=True)
    return int(done.stdout.split()[0])
