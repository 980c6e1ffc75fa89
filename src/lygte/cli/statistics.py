"""The population-size library from Lygte's own command line; it is a library of its own and knows nothing of Lygte."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from .common import AsJson, Data, console, show_json, with_django

PASS_ON = {"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []}


def estimate(words: typer.Context) -> None:
    """Estimate how many are on nobody's list, from a table of overlaps (darkfigure)."""
    from darkfigure.cli import main

    raise typer.Exit(main(["estimate", *words.args]) or 0)


trials = typer.Typer(no_args_is_help=True, help="Method trials.")


@trials.command("coverage")
def coverage(
    runs: Annotated[int, typer.Option("--runs", help="Made-up trials of each kind.")] = 1000,
    seed: Annotated[int, typer.Option("--seed")] = 2026,
    as_json: AsJson = False,
) -> None:
    """Make up trials with a known truth, and tell how often the intervals hold it."""
    from rich.table import Table

    from lygte.knowledge.trials.engine import worlds

    found = []
    with _progress() as progress:
        task = progress.add_task("Made-up trials", total=runs * len(worlds.WORLDS))
        for world in worlds.WORLDS:
            found.append(
                worlds.coverage(world, runs=runs, seed=seed, advance=lambda count: progress.advance(task, count))
            )
    if as_json:
        show_json({"ratio": worlds.RATIO, "seed": seed, "worlds": found})
        return
    table = Table("made-up trials", "runs", "told", "held, %", "interval, times", "mean ratio")
    for one in found:
        share, width, mean = f"{100 * one['coverage']:.1f}", f"{one['width']:.2f}", f"{one['mean']:.3f}"
        table.add_row(one["world"], str(one["runs"]), str(one["told"]), share, width, mean)
    console.print(table)


@trials.command("smallest")
@with_django
def smallest(
    ref: Annotated[str, typer.Argument(metavar="REF", help="Reference of the trial, from its address.")],
    seed: Annotated[str, typer.Option("--seed", help="The same seed gives the same answer.")] = "2026",
    as_json: AsJson = False,
    data: Data = None,
) -> None:
    """Try a drafted plan out on the past: what is the smallest difference that it finds four times of five?"""
    from lygte.knowledge.trials.commands import smallest_of_draft
    from lygte.knowledge.trials.engine.power import RUNS

    with _progress() as progress:
        task = progress.add_task("Made-up trials", total=2 * RUNS)
        found = smallest_of_draft(ref, seed, lambda count: progress.advance(task, count))
    if as_json:
        show_json(found)
        return
    console.print(
        f"{found['ratio']:.2f} times as many, found {found['found']} times of {found['runs']}; "
        f"without a difference misled {found['false']} times of {found['told']}."
    )


def _progress() -> Any:
    from rich.console import Console
    from rich.progress import Progress

    return Progress(console=Console(stderr=True), transient=True)
