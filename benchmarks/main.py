"""`./lygte bench`: everything that is measured, in order, as a table and as one JSON object."""

from __future__ import annotations

import json
import os
import platform
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from lygte.cli.common import ROOT, console, errors, show_json
from lygte.cli.develop import postgresql

from .pages import measure_pages
from .server import serving
from .setup import measure_setup
from .signing_in import measure_cases
from .submissions import measure_submissions
from .table import show
from .unlock import measure_unlock

PARTS = ("pages", "cases", "submissions", "setup", "unlock")
SETTINGS = "lygte.site.settings"


def measure(*, visits: int, out: Path | None, only: str | None, as_json: bool) -> None:
    """Measure what is asked for and tell it."""
    if only is not None and only not in PARTS:
        raise SystemExit(f"lygte: --only {only} is not known.\n       Say one of: {', '.join(PARTS)}.")
    wanted = {only} if only else set(PARTS)
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(143))  # so that databases and servers end too
    started = time.monotonic()
    found: dict[str, Any] = {"conditions": conditions(visits)}
    bars = Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), console=errors
    )
    with bars as progress:
        if wanted & {"pages", "cases", "submissions"}:
            _on_both(found, visits, wanted, progress, out)
        if "setup" in wanted:
            task = progress.add_task("Set-up", total=4)
            found["setup"] = measure_setup(lambda _title: progress.advance(task))
        if "unlock" in wanted:
            task = progress.add_task("Keys", total=5)
            found["unlock"] = measure_unlock(lambda _title: progress.advance(task))
    found["conditions"]["load_at_the_end"] = os.getloadavg()[0]
    found["conditions"]["minutes"] = round((time.monotonic() - started) / 60, 1)
    _keep(found, out)
    if as_json:
        show_json(found)
        return
    show(found, console)
    show_json(found)


def conditions(visits: int) -> dict[str, Any]:
    """Return what a figure depends on."""
    import django

    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True)
    return {
        "visits": visits,
        "cores": os.cpu_count(),
        "processor": _processor(),
        "memory_gb": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1),
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "django": django.get_version(),
        "commit": commit.stdout.strip(),
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "load_at_the_start": os.getloadavg()[0],
    }


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "not told")


def _keep(found: dict[str, Any], out: Path | None) -> None:
    """Write what there is so far, so that a run that is broken off was not for nothing."""
    if out:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(json.dumps(found, indent=2, ensure_ascii=False))


def _on_both(found: dict[str, Any], visits: int, wanted: set[str], progress: Progress, out: Path | None) -> None:
    """Fill both databases at the same time, then measure one after the other."""
    found.update({part: {} for part in ("world", "memory", *sorted(wanted - {"setup", "unlock"}))})
    with _databases() as databases:
        for name, facts in _fill(visits, databases, progress).items():
            found["world"][name] = {key: facts[key] for key in ("database", "seconds", "size", "peak_mb")}
            task = progress.add_task(f"{name}: measuring", total=len(facts["pages"]) + 1)
            result = _measure_one(databases[name], facts, wanted, partial(_advance, progress, task))
            for part, figures in result.items():
                found[part][name] = figures
            _keep(found, out)


def _advance(progress: Progress, task: TaskID, _done: str) -> None:
    progress.advance(task)


@contextmanager
def _databases() -> Iterator[dict[str, dict[str, str]]]:
    """Yield the environment of a server on each database."""
    with tempfile.TemporaryDirectory(prefix="lygte-bench-") as name, postgresql() as address:
        common = {"DJANGO_SETTINGS_MODULE": SETTINGS, "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}"}
        folder = Path(name)
        yield {
            "SQLite": {**common, "LYGTE_DATA_DIR": str(folder / "sqlite")},
            "PostgreSQL": {**common, "LYGTE_DATA_DIR": str(folder / "pg"), "LYGTE_DATABASE_URL": address},
        }


def _ask_world(environment: dict[str, str], word: str, hear: Callable[[dict[str, Any]], None]) -> dict[str, Any]:
    """Run `benchmarks.world` over a database, hear each line, and return the last."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("PG", "LYGTE_"))}
    command = [sys.executable, "-m", "benchmarks.world", word]
    last: dict[str, Any] = {}
    with subprocess.Popen(command, cwd=ROOT, env={**kept, **environment}, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        for line in process.stdout:
            last = json.loads(line)
            hear(last)
    if process.returncode:
        raise RuntimeError(f"making the world ended with {process.returncode}")
    return last


def _fill(visits: int, databases: dict[str, dict[str, str]], progress: Progress) -> dict[str, dict[str, Any]]:
    facts: dict[str, dict[str, Any]] = {}

    def fill(name: str, task: TaskID) -> None:
        def hear(line: dict[str, Any]) -> None:
            if "visits" in line:
                progress.update(task, completed=line["visits"])

        facts[name] = _ask_world(databases[name], str(visits), hear)

    threads = [
        threading.Thread(target=fill, args=(name, progress.add_task(f"{name}: filling", total=visits)))
        for name in databases
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if missing := set(databases) - set(facts):
        raise SystemExit(f"lygte: the world could not be made on {', '.join(missing)}; see above.")
    return {name: facts[name] for name in databases}


def _measure_one(
    environment: dict[str, str], facts: dict[str, Any], wanted: set[str], done: Callable[[str], None]
) -> dict[str, Any]:
    """Measure one database with a server of its own; SQLite wants one process, PostgreSQL one a core."""
    on_postgresql = "LYGTE_DATABASE_URL" in environment
    workers = (os.cpu_count() or 1) if on_postgresql else 1
    found: dict[str, Any] = {}
    with serving(environment, workers=workers) as server:
        found["memory"] = {"at rest": server.memory()}
        if "pages" in wanted:
            found["pages"] = measure_pages(server.port, facts["pages"], done)
            found["memory"]["after the pages"] = server.memory()
        if "cases" in wanted:

            def seen() -> int:
                return int(_ask_world(environment, "count", lambda line: None)["seen"])

            found["cases"] = measure_cases(server.port, facts["pages"], seen, done)
            found["memory"]["after the cases"] = server.memory()
        if "submissions" in wanted:
            before = _ask_world(environment, "count", lambda line: None)
            found["submissions"] = measure_submissions(
                server, facts["phone"], facts["letters"], postgresql=on_postgresql
            )
            after = _ask_world(environment, "count", lambda line: None)
            _stored_once(before, after, found["submissions"])
            found["memory"]["after the submissions"] = server.memory()
            done("submissions")
    return found


def _stored_once(before: dict[str, int], after: dict[str, int], sent: dict[str, Any]) -> None:
    """Refuse figures of a server that lost or doubled anything."""
    forms = sum(one["sent_in_all"] for one in sent.values())
    for what, count in (("visits", forms - sent["photo"]["sent_in_all"]), ("submissions", forms)):
        if after[what] - before[what] != count:
            raise RuntimeError(f"{count} forms were sent, {after[what] - before[what]} {what} came of them")
