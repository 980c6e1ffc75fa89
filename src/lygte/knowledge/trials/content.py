"""A result as data: worked out once, frozen with a fingerprint. Small numbers are taken out before it is kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import combinations
from typing import Any

from django.utils.translation import override
from django_scopes import scopes_disabled

from lygte.core.problems import Problem
from lygte.facts.register import KINDS

from .collecting import Collected, collect
from .engine.apart import EngineBusy, EngineFailed, ask
from .models import Part, Trial
from .plan import Measure
from .registry import Asked, Registered, asked, registered

LANGUAGES = ("en", "da", "nl")
FEW = {"clusters": 12, "stepped": 10, "parallel": 10, "alternation": 10}
MUCH, UNEVEN, MOSTLY = 0.2, 0.1, 0.5

Answer = Callable[[dict[str, Any]], dict[str, Any]]
Numbers = list[dict[str, int]]


@dataclass(frozen=True)
class Prepared:
    """A trial with its numbers, ready to be worked out."""

    trial: Trial
    found: Registered
    outcomes: list[Asked]
    numbers: Collected


def prepare(trial: Trial) -> Prepared:
    """Read what was registered and what was counted."""
    with scopes_disabled():
        found = registered(trial)
        outcomes = asked(found)
        gone = {
            part.organisation.ref: part.withdrawn_on
            for part in trial.parts.select_related("organisation")
            if part.withdrawn_on
        }
        if trial.stopped_on:
            gone[""] = trial.stopped_on + timedelta(days=1)
        wanted = [one.outcome for one in outcomes]
        return Prepared(trial, found, outcomes, collect(found.plan, wanted, found.sites, found.spans, gone))


def work_out(trial: Trial, answer: Answer = ask) -> dict[str, Any]:
    """Return the content of a result. It takes some seconds and holds no transaction."""
    ready = prepare(trial)
    request = {
        "do": "analyse",
        "frame": ready.found.frame.as_json(),
        "seed": ready.found.seed,
        "alpha": ready.found.plan.alpha,
        "outcomes": ready.numbers.as_request(),
    }
    try:
        answered = answer(request)
    except EngineBusy as error:
        raise Problem("409.690") from error
    except EngineFailed as error:
        raise Problem("503.710") from error
    return compose(ready, answered)


def compose(ready: Prepared, answered: dict[str, Any]) -> dict[str, Any]:
    """Put together what is shown: the plan, its history, what was observed, and the effects."""
    found, trial = ready.found, ready.trial
    with scopes_disabled():
        parts = list(trial.parts.select_related("organisation"))
    agreed = [part for part in parts if part.state in (Part.State.AGREED, Part.State.WITHDRAWN)]
    outcomes = [_outcome(ready, place, one, answered["outcomes"][place]) for place, one in enumerate(ready.outcomes)]
    return {
        "title": trial.title,
        "registrar": trial.organisation.name,
        "plan": found.plan.as_json(),
        "latest": found.latest.as_json(),
        "organisations": sorted(part.organisation.name for part in agreed),
        "withdrawn": sum(part.state == Part.State.WITHDRAWN for part in parts),
        "sites": len(found.sites),
        "seed": found.seed,
        "algorithm": found.content["algorithm"],
        "schedule": found.content["schedule"],
        "smallest": found.content.get("smallest"),
        "versions": [
            {
                "number": version.number,
                "day": version.made_at.date().isoformat(),
                "hash": version.content_hash,
                "after_start": version.after_start,
                "reason": version.reason,
            }
            for version in found.versions
        ],
        "stopped": {"on": trial.stopped_on.isoformat(), "reason": trial.stop_reason} if trial.stopped_on else None,
        "observed": observed(ready),
        "outcomes": without_small(outcomes),
        "data": ready.numbers.fingerprint(),
        "made_with": answered["made_with"],
    }


def observed(ready: Prepared) -> Numbers:
    """Return for each method: the periods planned, heard of, silent, gone and left out after a change."""
    found = ready.found
    rows = [dict.fromkeys(("planned", "seen", "silent", "gone", "left_out"), 0) for _arm in range(found.frame.arms)]
    for arms, counts, states in zip(found.schedule, found.counted, ready.numbers.states, strict=True):
        for arm, counted, state in zip(arms, counts, states, strict=True):
            rows[arm]["planned"] += 1
            rows[arm][state if counted else "left_out"] += 1
    return rows


def _outcome(ready: Prepared, place: int, one: Asked, answered: dict[str, Any]) -> dict[str, Any]:
    outcome = one.outcome
    arms = _totals(ready, place)
    return {
        **outcome.as_json(),
        "label": _said(outcome.measure),
        "per_label": _said(outcome.per) if outcome.per else None,
        "unit": _unit(outcome.measure),
        "per_unit": _unit(outcome.per) if outcome.per else None,
        "role": "main" if one.main else "other",
        "status": one.status,
        "on": one.on,
        "after_start": one.after_start,
        "hidden": False,
        "arms": arms,
        "effects": answered["effects"],
        "carry_over": answered["carry_over"],
        "shuffled": answered["shuffled"],
        "cannot": answered["cannot"],
        "warnings": list(_warnings(ready, place, answered, per=outcome.per is not None)),
    }


def _totals(ready: Prepared, place: int) -> Numbers:
    """Return for each method what was counted, over what."""
    found = ready.found
    totals = [{"y": 0, "e": 0} for _arm in range(found.frame.arms)]
    for site, arms in enumerate(found.schedule):
        for period, arm in enumerate(arms):
            over = ready.numbers.e[place][site][period]
            if found.counted[site][period] and over:
                totals[arm]["y"] += ready.numbers.y[place][site][period]
                totals[arm]["e"] += over
    return totals


def _said(measure: Measure) -> dict[str, str]:
    return {language: _in(language, measure.label) for language in LANGUAGES}


def _unit(measure: Measure) -> dict[str, str]:
    return {language: _in(language, lambda: str(KINDS[measure.fact].unit)) for language in LANGUAGES}


def _in(language: str, say: Callable[[], str]) -> str:
    with override(language):
        return say()


# What a reader should be warned of --------------------------------------------------------------------------------------
def _warnings(ready: Prepared, place: int, answered: dict[str, Any], *, per: bool) -> Iterator[str]:
    frame = ready.found.frame
    drawn = len(frame.sites) * (1 if frame.design in ("clusters", "stepped") else frame.blocks)
    if drawn < FEW[frame.design]:
        yield "few"
    yield from _missing(observed(ready), ready.found.plan.silent)
    if per and _more_than_its_measure(ready, place):
        yield "many"
    rates = [
        y
        for rows in zip(ready.numbers.y[place], ready.numbers.e[place], ready.found.counted, strict=True)
        for y, e, counts in zip(*rows, strict=True)
        if e and counts
    ]
    if rates and sum(y == 0 for y in rates) > MOSTLY * len(rates):
        yield "zeros"
    if any(one["low"] > 0 or one["high"] < 0 for one in answered["carry_over"]):
        yield "carry_over"
    level = ready.found.plan.alpha / max(frame.arms - 1, 1)
    for effect, share in zip(answered["effects"], answered["shuffled"], strict=True):
        if (effect["low"] > 0 or effect["high"] < 0) != (share < level):
            yield "disagree"
            return


def _more_than_its_measure(ready: Prepared, place: int) -> bool:
    """Tell whether somewhere more was counted than what it is counted per, although it is seldom half of that."""
    totals = _totals(ready, place)
    if any(2 * arm["y"] >= arm["e"] for arm in totals):
        return False
    found = ready.found
    return any(
        counts and 0 < e < y
        for rows in zip(ready.numbers.y[place], ready.numbers.e[place], found.counted, strict=True)
        for y, e, counts in zip(*rows, strict=True)
    )


def _missing(rows: Numbers, silent: str) -> Iterator[str]:
    """Tell of periods that are lost, of some that are only silent, and of methods that lost unequally many."""

    def share(row: dict[str, int], *names: str) -> float:
        due = row["planned"] - row["left_out"]
        return sum(row[name] for name in names) / due if due else 0.0

    lost = [share(row, "gone", *(["silent"] if silent == "missing" else [])) for row in rows]
    quiet = [share(row, "silent") for row in rows]
    if max(lost) > MUCH:
        yield "lost"
    if max(lost) - min(lost) > UNEVEN or max(quiet) - min(quiet) > UNEVEN:
        yield "uneven"
    if silent == "nought" and max(quiet) > MUCH:
        yield "silent"


# Small numbers ------------------------------------------------------------------------------------------------------------
def without_small(outcomes: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Take out every outcome by which a number from 1 to 4 could be read or reckoned; what is hidden is not kept.

    Small can be a number itself, what it is counted per, what is left of that, or the difference between two outcomes
    of the same method counted in the same unit. The main outcome is kept rather than another.
    """
    shown: list[dict[str, Any]] = []
    for one in outcomes:
        alone = any(_small(number) for arm in one["arms"] for number in _alone(one, arm))
        pairs = any(
            _small(mine - theirs)
            for other in shown
            if not other["hidden"]
            for at, arm in enumerate(one["arms"])
            for mine, theirs in _comparable(one, arm, other, other["arms"][at])
        )
        shown.append(_hidden(one) if alone or pairs else one)
    return shown


def _small(number: int) -> bool:
    return 0 < abs(number) < 5


def _alone(one: dict[str, Any], arm: dict[str, int]) -> list[int]:
    if not one["per"]:
        return [arm["y"]]
    left = [arm["e"] - arm["y"]] if one["unit"] == one["per_unit"] else []
    return [arm["y"], arm["e"], *left]


def _comparable(
    one: dict[str, Any], mine: dict[str, int], other: dict[str, Any], theirs: dict[str, int]
) -> Iterator[tuple[int, int]]:
    """Yield the numbers of two outcomes that count in the same unit, so that their difference could mean somebody."""
    for (unit, number), (other_unit, other_number) in (
        (first, second)
        for first, second in combinations([*_numbers(one, mine), *_numbers(other, theirs)], 2)
        if first[0] == second[0]
    ):
        assert unit == other_unit
        yield number, other_number


def _numbers(one: dict[str, Any], arm: dict[str, int]) -> list[tuple[str, int]]:
    per = [(one["per_unit"]["en"], arm["e"])] if one["per_unit"] else []
    return [(one["unit"]["en"], arm["y"]), *per]


def _hidden(one: dict[str, Any]) -> dict[str, Any]:
    nothing: dict[str, Any] = {
        "arms": [],
        "effects": [],
        "carry_over": [],
        "shuffled": [],
        "cannot": "",
        "warnings": [],
    }
    return {**one, **nothing, "hidden": True}
