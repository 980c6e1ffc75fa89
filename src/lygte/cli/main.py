"""The commands and their order. Each lives in the file named for what it does."""

from __future__ import annotations

import sys

import typer

from . import content, demo, develop, keys, operate, protection, statistics

app = typer.Typer(
    name="lygte",
    help="Lygte: from the street to the statistic, without a register of sex workers.",
    no_args_is_help=True,
    rich_markup_mode="rich",
    add_completion=False,
    pretty_exceptions_show_locals=False,
)

START, RUN, WORK, BUILD = "Start here", "Run it", "Work with it", "Build it"

app.command(rich_help_panel=START)(demo.demo)
app.command(rich_help_panel=START)(develop.test)
app.command(rich_help_panel=RUN)(operate.serve)
app.command(rich_help_panel=RUN)(operate.worker)
app.command(rich_help_panel=RUN)(operate.migrate)
app.add_typer(operate.log, name="log", rich_help_panel=RUN)
app.add_typer(keys.keys, name="keys", rich_help_panel=RUN)
app.command(rich_help_panel=WORK)(content.organisations)
app.command(rich_help_panel=WORK)(content.members)
app.add_typer(content.form, name="form", rich_help_panel=WORK)
app.add_typer(content.device, name="device", rich_help_panel=WORK)
app.add_typer(content.plan, name="plan", rich_help_panel=WORK)
app.add_typer(content.facts, name="facts", rich_help_panel=WORK)
app.add_typer(protection.protection, name="protection", rich_help_panel=RUN)
app.command(rich_help_panel=WORK, context_settings=statistics.PASS_ON)(statistics.estimate)
app.add_typer(statistics.trials, name="trials", rich_help_panel=WORK)
app.command(rich_help_panel=BUILD)(develop.check)
app.command(rich_help_panel=BUILD)(develop.messages)
app.command(rich_help_panel=BUILD)(develop.docs)
app.command(rich_help_panel=BUILD)(develop.bench)
app.command(rich_help_panel=BUILD)(develop.mutants)


def main() -> None:
    """Run a command; `help`, `help form publish` and no words at all show what there is."""
    words = sys.argv[1:]
    if words[:1] == ["help"]:
        words = [*words[1:], "--help"]
    app(args=words, prog_name="lygte")
