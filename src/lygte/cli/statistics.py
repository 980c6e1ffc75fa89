"""The population-size library from Lygte's own command line; it is a library of its own and knows nothing of Lygte."""

from __future__ import annotations

import typer

PASS_ON = {"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []}


def estimate(words: typer.Context) -> None:
    """Estimate how many are on nobody's list, from a table of overlaps (darkfigure)."""
    from darkfigure.cli import main

    raise typer.Exit(main(["estimate", *words.args]) or 0)
