"""`./lygte demo`: an invented world, a server, and a page of paper that says what to look at."""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer
from rich.padding import Padding
from rich.panel import Panel
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeRemainingColumn
from rich.table import Table

from .common import ROOT, Data, console, errors, ready
from .operate import note_address, prepare, server_command

if TYPE_CHECKING:
    from lygte.demo.folder import Note
    from lygte.demo.processes import Child

WORKER = [sys.executable, "-m", "lygte.cli", "worker", "--quiet"]
VISITS, SEED = 200, 2026
EVERYWHERE = {"0.0.0.0", "::"}  # noqa: S104
NEAR = "localhost,127.0.0.1,[::1]"


def demo(
    visits: Annotated[int, typer.Option(min=20, help="How many visits the invented world has.")] = VISITS,
    seed: Annotated[int, typer.Option(help="Another number makes another world.")] = SEED,
    host: Annotated[str, typer.Option("--host", help="Address to listen on; 0.0.0.0 lets a phone in.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=1, max=65535, help="Port to listen on.")] = 8000,
    fresh: Annotated[bool, typer.Option("--fresh", help="Throw the invented world away and make it anew.")] = False,
    data: Data = None,
) -> None:
    """Try it: an invented world, the server, and what to look at first. A second start keeps what you did."""
    from lygte.demo import processes

    if not processes.port_is_free(host, port):
        other = next((p for p in range(port + 1, port + 50) if p < 65536 and processes.port_is_free(host, p)), 0)
        _stop(
            f"Something already listens on port {port}.", f"End it, or choose another port: ./lygte demo --port {other}"
        )
    folder = _surroundings(host, data)
    note = _make_ready(folder, visits=visits, seed=seed, fresh=fresh)
    if (visits not in (VISITS, note.visits)) or (seed not in (SEED, note.seed)):
        console.print("The world that is there is kept. --fresh makes the one you ask for.", style="yellow")
    _run(note, folder, host, port)


def _stop(problem: str, next_step: str) -> NoReturn:
    errors.print(f"[bold red]lygte:[/] {problem}", highlight=False)
    errors.print(f"       {next_step}", style="dim", highlight=False)
    raise typer.Exit(2)


def _surroundings(host: str, data: Path | None) -> Path:
    """Say, before any setting is read, where the data are, that this is a demo, and who may call it by what name."""
    if data is not None:
        os.environ["LYGTE_DATA_DIR"] = str(data.expanduser().resolve())
    os.environ["LYGTE_DEMO"] = "1"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lygte.site.settings")
    if host in EVERYWHERE:
        os.environ.setdefault("LYGTE_HOSTS", ",".join([NEAR, *_own_addresses()]))
    elif host not in NEAR.split(","):
        os.environ.setdefault("LYGTE_HOSTS", f"{NEAR},{host}")
    return Path(os.environ.get("LYGTE_DATA_DIR", ROOT / "var")).resolve()


def _own_addresses() -> list[str]:
    name = socket.gethostname()
    try:
        found = {str(answer[4][0]) for answer in socket.getaddrinfo(name, None, socket.AF_INET)}
    except OSError:
        found = set()
    return [name, *sorted(found)]


# The world ------------------------------------------------------------------------------------------------------------
def _make_ready(folder: Path, *, visits: int, seed: int, fresh: bool) -> Note:
    """Return the note of a world that is ready, making it first where there is none."""
    from lygte.demo import folder as place

    if not fresh and (note := place.read_note(folder)):
        return note
    if fresh:
        _stop_at(folder, place.strangers(folder))
    with errors.status("Looking at the data …"):
        ready()
        state = _state()
    if state == "somebody's":
        _stop(
            f"The data in {folder} are not a demo: there are organisations that are not invented. Nothing was changed.",
            "Keep the demo apart: ./lygte demo --data DIR",
        )
    if state in ("empty", "unfinished"):
        _stop_at(folder, place.unstamped(folder))
    if state == "unfinished" or (fresh and state == "demo"):
        _throw_away(folder)
        state = "empty"
    with errors.status("Preparing the database and the pages …"):
        prepare()
    if state == "empty":
        place.claim(folder)
        _fill(visits, seed)
    last = place.last_note(folder)  # removed with the rest when a world was thrown away
    size, number = (last.visits, last.seed) if last and state == "demo" else (visits, seed)
    note = place.Note(state=place.state_of_code(), visits=size, seed=number, pages=_pages())
    place.write_note(folder, note)
    return note


def _stop_at(folder: Path, others: list[str]) -> None:
    """Stop where the folder holds what is not ours to remove or to fill."""
    if others:
        _stop(
            f"The folder {folder} also holds things that Lygte did not make: {', '.join(others[:5])}. Nothing was removed.",
            "Move them away, or name a folder of its own: ./lygte demo --fresh --data DIR",
        )


def _state() -> str:
    """Return what the database holds: nothing, a whole demo, half of one, or something that is somebody's."""
    from django.db import connection

    from lygte.demo import seed

    if "core_organisation" not in connection.introspection.table_names() or seed.is_empty():
        return "empty"
    if not seed.is_demo():
        return "somebody's"
    return "demo" if seed.is_finished() else "unfinished"


def _throw_away(folder: Path) -> None:
    """Empty a demo database, and remove what the demo wrote beside it."""
    from django.core.management import call_command
    from django.db import connection

    from lygte.demo import folder as place
    from lygte.demo import keys

    if connection.vendor == "sqlite":
        connection.close()
        place.remove_sqlite(Path(connection.settings_dict["NAME"]))
    else:
        call_command("flush", verbosity=0, interactive=False)
    place.remove_content(folder)
    keys.remove_folder()


def _fill(visits: int, number: int) -> None:
    from lygte.demo.seed import seed

    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=errors, transient=True) as progress:
        task = progress.add_task("Inventing a world", total=visits)
        seed(visits=visits, seed=number, advance=lambda count: progress.advance(task, count), results=True)


def _pages() -> dict[str, str]:
    """Return the addresses of the pages that the steps name."""
    from django.urls import reverse

    from lygte.demo.cast import AS_AT, DK_PLAN
    from lygte.knowledge.programme.models import StatusReport

    report = StatusReport.objects.get(initiative__plan__key=DK_PLAN, initiative__number=3, as_at=AS_AT)
    return {
        "record": reverse("outreach:visit_record"),
        "places": reverse("outreach:place_list"),
        "forms": reverse("intake:form_list"),
        "phone": reverse("intake:device_add"),
        "submissions": reverse("intake:submission_list"),
        "report": reverse("programme:report", args=[report.ref]),
        "paper": reverse("programme:report_paper", args=[report.ref, "en"]),
        "follow_up": reverse("programme:follow_up"),
    }


# The processes ----------------------------------------------------------------------------------------------------------
def _run(note: Note, folder: Path, host: str, port: int) -> None:
    """Start the server and the queue's worker, tell what there is, and stay until somebody ends it."""
    from lygte.demo import processes

    stopping = threading.Event()  # a handler that raised could be swallowed in the middle of a fork
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda number, frame: stopping.set())
    children: list[Child] = []
    failed = ""
    try:
        with errors.status("Starting the server …"):
            note_address(host, port)
            children.append(processes.start_child("server", server_command(host, port)))
            answered = processes.wait_until_it_answers(host, port, lambda: children[0].ended or stopping.is_set())
        if answered:
            _send_waiting(folder, f"http://{_near(host)}:{port}")
            _tell(note, folder, host, port)
            children.append(processes.start_child("worker", WORKER))
            failed = _watch(children, stopping)
        elif not stopping.is_set():
            failed = "server"
    finally:
        if stopping.is_set():
            console.print("\nStopping …", style="dim")
        processes.stop_children(children)
    if failed:
        _stop(
            f"The {failed} ended by itself.", "What it said stands above. The data are kept: ./lygte demo starts again."
        )


def _watch(children: list[Child], stopping: threading.Event) -> str:
    """Wait until somebody ends the demo, or a process ends by itself: then return its name."""
    while not stopping.wait(0.25):
        for child in children:
            if child.ended:
                return child.name
    return ""


def _near(host: str) -> str:
    near = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, host)  # noqa: S104
    return f"[{near}]" if ":" in near and not near.startswith("[") else near


def _send_waiting(folder: Path, site: str) -> None:
    """Send the part of the world that goes in as from phones, once."""
    from lygte.demo.folder import TO_SEND

    if not (folder / TO_SEND).exists():
        return
    ready()
    from django.db import connections

    from lygte.demo import sending

    letters = sending.waiting_letters(folder)
    with Progress(
        SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), console=errors, transient=True
    ) as bar:
        task = bar.add_task("Sending filled forms as phones do", total=len(letters))
        sending.send_waiting(folder, site, advance=lambda count: bar.advance(task, count))
    connections.close_all()


# What is told -----------------------------------------------------------------------------------------------------------
def _tell(note: Note, folder: Path, host: str, port: int) -> None:
    from lygte.demo.cast import ACCOUNTS, PASSWORD, account
    from lygte.demo.folder import TRUTH

    site = f"http://localhost:{port}"
    lines = [
        f"[bold]{site}[/]",
        f"{note.visits:,} visits from seed {note.seed}. Every person, place and figure is invented.",
    ]
    if host in EVERYWHERE:
        lines += [f"From a phone on the same network: http://{address}:{port}" for address in _own_addresses()[1:]]
    console.print()
    console.print(Panel("\n".join(lines), title="Lygte is running", title_align="left", expand=False, padding=(1, 2)))
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    for head in ("Sign in as", "Sees"):
        table.add_column(head)
    for one in ACCOUNTS:
        table.add_row(f"[bold]{one.email}[/]", one.sees)
    console.print(Padding(table, (1, 2)))
    console.print(f"  The password of them all: [bold]{PASSWORD}[/]\n", highlight=False)
    console.print("  [bold]Look at this first[/]")
    for number, (login, sentence, names) in enumerate(STEPS, 1):
        who = account(login)
        console.print(
            f"  {number}. [bold]{who.plain_name}[/] ({who.email}): {sentence}", highlight=False, soft_wrap=True
        )
        for name in names:
            console.print(f"     {site}{note.pages[name]}", style="cyan", highlight=False, soft_wrap=True)
    truth = folder / TRUTH
    console.print(f"  5. Compare the figures with what is true: {truth}", highlight=False, soft_wrap=True)
    console.print("  6. Run a season by hand, rounds to results, in an hour: docs/season.md\n", highlight=False)
    console.print("  Ctrl-C stops it. ./lygte demo goes on where you left off; --fresh starts over.\n", style="dim")


STEPS = (
    ("worker", "record a visit, then find it at its place", ("record", "places")),
    (
        "coordinator",
        "the form behind it, a phone by QR code, and two forms that need a look",
        ("forms", "phone", "submissions"),
    ),
    (
        "officer",
        "the status of initiative 3 as at June 2017, computed from the visits, as page and as PDF",
        ("report", "paper"),
    ),
    ("contact", "what an authority sees: issued reports and the follow-up, never a place", ("follow_up",)),
)
