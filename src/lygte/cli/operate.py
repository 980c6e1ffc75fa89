"""Commands that run an installation: serve, worker, migrate, log."""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
from pathlib import Path
from typing import Annotated

import typer

from .common import AsJson, Data, console, show_json, with_django

log = typer.Typer(no_args_is_help=True, help="The log of what was done.")

THREADS = 4  # of Django in each process
TO_FINISH = 20.0  # seconds that a periodic job may take to end when the worker is asked to

Host = Annotated[str, typer.Option("--host", help="Address to listen on.")]
Port = Annotated[int, typer.Option("--port", help="Port to listen on.")]


def server_command(host: str, port: int, workers: int = 1, threads: int = THREADS) -> list[str]:
    """Return the words that start the web server.

    Django stays synchronous, since asynchronous serving costs it more for the same work; before it stands a doorway
    that takes requests in without a thread.
    """
    environment = [shutil.which("env") or "/usr/bin/env", f"LYGTE_THREADS={threads}"] if threads != THREADS else []
    return [
        *environment, sys.executable, "-m", "granian", "--interface", "rsgi", "lygte.site.rsgi:application",
        "--host", host, "--port", str(port), "--workers", str(workers), "--no-ws",
        "--no-access-log", "--log-level", "warning", "--workers-kill-timeout", "5", "--respawn-failed-workers",
    ]  # fmt: skip


def note_address(host: str, port: int) -> str:
    """Keep the address of the running site in the data folder, for commands that print it; return it.

    `localhost` rather than 127.0.0.1: passkeys need a name.
    """
    from django.conf import settings

    name = "localhost" if host in {"127.0.0.1", "0.0.0.0", "::1", "::"} else host  # noqa: S104 (compared, not bound)
    address = f"http://{name}:{port}"
    (settings.DATA_DIR / "address").write_text(address)
    return address


def noted_address() -> str:
    """Return the address under which the site was last started from this data folder."""
    from django.conf import settings

    path = settings.DATA_DIR / "address"
    return path.read_text().strip() if path.exists() else "http://localhost:8000"


def prepare() -> None:
    """Bring database and static files up to date; quick when there is nothing to do."""
    from django.core.management import call_command

    from lygte.site.messages import compile_all

    compile_all()
    call_command("migrate", verbosity=0, interactive=False)
    call_command("createcachetable", verbosity=0)
    collect_static()


def _mark_of_rooms() -> str:
    """Return a mark that changes when a style sheet or script of any room does."""
    from django.contrib.staticfiles.finders import get_finders

    digest = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list([]):
            if not name.startswith("build/"):
                found = Path(storage.path(name)).stat()
                digest.update(f"{name} {found.st_size} {found.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def collect_static() -> None:
    """Collect the static files where they changed, into a folder that holds nothing but what we collected."""
    from django.conf import settings
    from django.core.management import call_command

    from lygte.core.problems import Problem

    stamp = settings.STATIC_ROOT / "lygte-stamp"
    built = settings.PACKAGE / "site" / "static" / "build" / "lygte-stamp"
    wanted = (built.read_text() if built.exists() else "none") + _mark_of_rooms()
    if stamp.exists() and stamp.read_text() == wanted:
        return
    if settings.STATIC_ROOT.exists() and any(settings.STATIC_ROOT.iterdir()) and not stamp.exists():
        raise Problem("400.7", folder=settings.STATIC_ROOT)
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    stamp.write_text("unfinished")  # ours from here on, also where we are interrupted
    for path in settings.STATIC_ROOT.iterdir():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        elif path != stamp:
            path.unlink()
    call_command("collectstatic", verbosity=0, interactive=False)
    stamp.write_text(wanted)


@with_django
def serve(
    host: Host = "127.0.0.1",
    port: Port = 8000,
    workers: Annotated[int, typer.Option(help="Processes; leave it at 1 on SQLite.")] = 1,
    threads: Annotated[int, typer.Option(help="Threads in each process.")] = THREADS,
    data: Data = None,
) -> None:
    """Serve the site; behind a proxy with TLS for anything but a trial (docs/running.md)."""
    from lygte.core.durability import require_durable

    with console.status("Bringing the database up to date …"):
        prepare()
    require_durable()
    note_address(host, port)
    command = server_command(host, port, workers, threads)
    os.execv(command[0], command)


@with_django
def worker(
    once: Annotated[bool, typer.Option("--once", help="Do what is due now and end, as cron wants it.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="Do not tell of ordinary work.")] = False,
    data: Data = None,
) -> None:
    """Do the work that waits in the queue and what comes round by itself, and go on waiting for more."""
    import threading

    from django.core.management import call_command

    from lygte.core.schedule import keep_running, run_due

    said = 0 if quiet else 1
    if once:
        done = run_due()
        for job in done if not quiet else ():
            console.print(f"{job.name}  {'done' if job.well else '[bold red]failed[/]'}", highlight=False)
        call_command("db_worker", batch=True, startup_delay=False, verbosity=said)
        raise typer.Exit(0 if all(job.well for job in done) else 1)
    stop = threading.Event()
    clock = threading.Thread(target=keep_running, args=[stop], daemon=True)
    clock.start()
    try:
        call_command("db_worker", verbosity=said)
    finally:
        stop.set()
        clock.join(TO_FINISH)


@with_django
def migrate(data: Data = None) -> None:
    """Bring the database and the static files up to date."""
    prepare()
    console.print("The database is up to date.")


@log.command("verify")
@with_django
def verify(as_json: AsJson = False, data: Data = None) -> None:
    """Verify that no line of any log was changed or removed; keep the printed heads somewhere else."""
    from lygte.core.audit import chains, verify_chain

    verdicts = [verify_chain(chain) for chain in chains()]
    if as_json:
        show_json([{**vars(v), "whole": v.whole} for v in verdicts])
    else:
        for v in verdicts:
            state = "whole" if v.whole else f"[bold red]changed at entry {v.broken_at}[/]"
            console.print(f"{v.chain}  {v.entries:>8} entries  {state}  head {v.head[:16]}", highlight=False)
    if not all(v.whole for v in verdicts):
        raise typer.Exit(1)
