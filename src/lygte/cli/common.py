"""What all commands share: the option for the data folder, a ready Django, and problems told like on a page."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Annotated, Any, NoReturn, TypeVar

import typer
from rich.console import Console

console = Console()
errors = Console(stderr=True)
ROOT = Path(os.environ.get("LYGTE_ROOT", Path(__file__).resolve().parents[3]))

# `./lygte` reads the option before Python starts; it is declared here so that every command shows and takes it.
Data = Annotated[
    Path | None,
    typer.Option("--data", metavar="DIR", help="Where the data live (default: var/ beside the script)."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")]

Command = TypeVar("Command", bound=Callable[..., Any])


def ready() -> None:
    """Set Django up; commands that need none stay quick without it."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lygte.site.settings")
    import django

    django.setup()


def stop(problem: Any) -> NoReturn:
    """Tell a problem and leave with 2."""
    for one in problem.parts or [problem]:
        errors.print(f"[bold red]{one.number}[/] {one.at + ': ' if one.at else ''}{one.sentence}", highlight=False)
        errors.print(f"      {one.next_step}", style="dim", highlight=False)
    raise typer.Exit(2)


def with_django(command: Command) -> Command:
    """Set Django up before the command, and tell a raised Problem in a sentence instead of a traceback."""

    @wraps(command)
    def run(*args: Any, **kwargs: Any) -> Any:
        ready()
        from django.conf import settings
        from django.db import OperationalError, ProgrammingError

        from lygte.core.problems import Problem

        try:
            return command(*args, **kwargs)
        except Problem as problem:
            stop(problem)
        except (OperationalError, ProgrammingError) as error:
            if "no such table" in str(error) or "does not exist" in str(error):
                stop(Problem("400.5", folder=settings.DATA_DIR))
            raise

    return run  # type: ignore[return-value]


def show_json(result: Any) -> None:
    json.dump(result, sys.stdout, ensure_ascii=False, indent=2)
    sys.stdout.write("\n")
