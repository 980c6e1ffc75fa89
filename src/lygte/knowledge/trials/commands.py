"""What the command line calls: a draft tried out on the past, with its progress shown."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django_scopes import scopes_disabled

from lygte.core.problems import Problem

from .engine.apart import answer
from .models import Trial
from .trying_out import smallest_of


def smallest_of_draft(ref: str, seed: str, advance: Callable[[int], None]) -> dict[str, Any]:
    """Return the smallest difference that a draft finds; it is kept nowhere. Problem 404.1 where there is no such draft."""
    with scopes_disabled():
        trial = Trial.objects.filter(ref=ref, state=Trial.State.DRAFT).first()
    if trial is None:
        raise Problem("404.1")
    return smallest_of(trial, seed=seed, answer=partial(answer, advance=advance))
