"""What this room hangs up elsewhere when the site starts: its kinds of facts, and how to give all of them again."""

from lygte.facts.projection import register_projection
from lygte.facts.register import register_kind

from .counting import facts_of_all
from .facts import KINDS


def register_all() -> None:
    """Register everything; called once, by Django."""
    for kind in KINDS:
        register_kind(kind)
    register_projection(name="case", facts_of_all=facts_of_all)
