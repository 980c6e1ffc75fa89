"""A plan tried out before it is registered: what is the smallest difference it would find?"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils import timezone
from django_scopes import scopes_disabled

from lygte.core.problems import Problem

from . import reads
from .collecting import collect
from .engine.apart import EngineBusy, EngineFailed, ask
from .models import Trial
from .periods import past_periods
from .plan import frame_for, plan_of
from .rules import faults_of
from .standing import smallest_key

PAST = {"team_day": 260}  # a year of working days, or of weeks
LATER = ("422.715",)  # a plan may be tried out although its first day is not settled yet


def smallest_of(trial: Trial, *, seed: str, answer: Callable[[dict[str, Any]], dict[str, Any]] = ask) -> dict[str, Any]:
    """Return the smallest rate ratio that a draft finds four times of five, with the seed it was tried with."""
    with scopes_disabled():
        plan = plan_of(trial.draft)
        sites = reads.sites_of(trial.parts.select_related("organisation"), plan.unit)
        today = timezone.localdate()
        faults = [problem for problem in faults_of(plan, sites, today) if problem.number not in LATER]
        if faults:
            raise Problem("422.710", count=len(faults), parts=faults)
        past = past_periods(plan.unit, today, PAST.get(plan.unit, 52))
        numbers = collect(plan, [plan.outcomes[0]], sites, past)
    request = {
        "do": "power",
        "frame": frame_for(plan, sites).as_json(),
        "seed": seed,
        "alpha": plan.alpha,
        "y": numbers.y[0],
        "e": numbers.e[0],
    }
    try:
        found = answer(request)
    except EngineBusy as error:
        raise Problem("409.690") from error
    except EngineFailed as error:
        raise Problem("503.710") from error
    if found["cannot"]:
        raise Problem("422.723")
    keys = [site.key for site in sites]
    return {**found, "seed": seed, "of": smallest_key(plan, keys), "past": [str(past[0][0]), str(past[-1][1])]}
