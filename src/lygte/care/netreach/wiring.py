"""What this room hangs up elsewhere when the site starts: its kinds of facts."""

from lygte.facts.projection import register_projection
from lygte.facts.register import register_kind

from .facts import KINDS, facts_of_all


def register_all() -> None:
    """Register everything; called once, by Django."""
    for kind in KINDS:
        register_kind(kind)
    register_projection(name="netreach", facts_of_all=facts_of_all)
