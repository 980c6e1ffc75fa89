"""Where a trial stands: what keeps it from being registered, whether data began, whether its result may be worked out."""

from __future__ import annotations

from datetime import date, timedelta

from django.utils import timezone
from django_scopes import scopes_disabled

from lygte.core.problems import Problem
from lygte.facts.reads import recorded_days

from . import reads
from .models import Part, Result, Trial
from .plan import Plan, hash_of, plan_of
from .registry import registered
from .rules import faults_of, ready_on, written


def faults(trial: Trial, today: date) -> list[Problem]:
    """Return everything that keeps a draft from being registered, who has not answered among it."""
    plan = plan_of(trial.draft)
    with scopes_disabled():
        parts = list(trial.parts.select_related("organisation"))
    waiting = [part.organisation.name for part in parts if part.state == Part.State.INVITED]
    found = faults_of(plan, reads.sites_of(parts, plan.unit), today)
    return [*found, *([Problem("422.720", names=", ".join(waiting))] if waiting else [])]


def smallest_key(plan: Plan, sites: list[str]) -> str:
    """Return by what a smallest difference is known to belong to a plan: the words of a question do not matter."""
    said = {name: value for name, value in plan.as_json().items() if name != "question"}
    return hash_of([said, sites])


def data_began(trial: Trial) -> bool:
    """Tell whether anything was recorded by those who take part since the first day, or could have been."""
    plan = registered(trial).plan
    today = timezone.localdate()
    assert plan.first_day is not None
    if today >= plan.first_day:
        return True
    parts = trial.parts.exclude(state=Part.State.DECLINED).values_list("organisation", flat=True)
    return bool(recorded_days(days=(plan.first_day, today + timedelta(days=366)), organisations=list(parts)))


def refuse_early(trial: Trial, today: date) -> None:
    """Raise 409.711 before a trial is over, and 409.712 after a result is out: nobody looks twice, nobody looks early."""
    if trial.state == Trial.State.DRAFT:
        raise Problem("409.716")
    if has_result(trial):
        raise Problem("409.712")
    ready = ready_on(registered(trial).plan, trial.stopped_on)
    if today < ready:
        raise Problem("409.711", day=written(ready))


def has_result(trial: Trial) -> bool:
    return Result.objects.filter(trial=trial).exists()
