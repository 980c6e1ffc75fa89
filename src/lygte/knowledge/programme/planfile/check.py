"""Checks a plan that has the right shape against itself and against the world: keys, months, facts, areas."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from ..months import last_day, month_of
from .faults import Fault, Path, PlanFileRefused, closest
from .reading import Places
from .schema import Indicator, Initiative, Milestone, Period, PlanFile, Target

SHARED_DIMENSION = "place_kind"
BY_MONTH = "month"


@dataclass(frozen=True)
class Vocabulary:
    """What a plan may refer to: kinds of fact with their dimensions and codes, areas, kinds of place."""

    facts: Mapping[str, Mapping[str, Collection[str]]]
    areas: Collection[str]
    place_kinds: Collection[str]


def check_plan(plan: PlanFile, places: Places, vocabulary: Vocabulary) -> None:
    """Raise PlanFileRefused with everything that does not fit together."""
    found = [
        *_duplicates(plan),
        *_unknown_sources(plan),
        *_periods(plan),
        *_baselines(plan),
        *(f for n, one in enumerate(plan.indicators) for f in _indicator(one, n, vocabulary)),
        *(f for n, one in enumerate(plan.initiatives) for f in _initiative(plan, one, n, vocabulary)),
    ]
    if found:
        raise PlanFileRefused([_placed(fault, places) for fault in found])


def _placed(fault: Fault, places: Places) -> Fault:
    line, column = places.of(fault.path)
    return Fault(fault.number, line, column, fault.path, fault.details)


def _fault(number: str, path: Path, **details: str) -> Fault:
    return Fault(number, 0, 0, path, details)


def _unknown(number: str, path: Path, found: str, known: Collection[str], **more: str) -> Fault:
    """A word that is not in a list: with a did-you-mean (the number given) or with the list (the number after)."""
    meant = closest(found, sorted(known))
    listed = ", ".join(sorted(known)[:30]) or "-"
    status, _, point = number.partition(".")
    return _fault(
        number if meant else f"{status}.{int(point) + 1}", path, found=found, meant=meant, known=listed, **more
    )


def _duplicates(plan: PlanFile) -> Iterator[Fault]:
    lists: dict[str, tuple[str, list[str]]] = {
        "sources": ("key", [one.key for one in plan.sources]),
        "baselines": ("key", [one.key for one in plan.baselines]),
        "indicators": ("key", [one.key for one in plan.indicators]),
        "initiatives": ("number", [str(one.number) for one in plan.initiatives]),
    }
    for name, (field, keys) in lists.items():
        for position, key in enumerate(keys):
            if key in keys[:position]:
                yield _fault("400.315", (name, position, field), key=key)


def _unknown_sources(plan: PlanFile) -> Iterator[Fault]:
    known = [source.key for source in plan.sources]
    for path, key in _source_references(plan):
        if key not in known:
            yield _unknown("400.322", path, key, known)


def _source_references(plan: PlanFile) -> Iterator[tuple[Path, str]]:
    for n, baseline in enumerate(plan.baselines):
        yield ("baselines", n, "source"), baseline.source
    for n, indicator in enumerate(plan.indicators):
        if isinstance(indicator.target, Target):
            yield ("indicators", n, "target", "source"), indicator.target.source
    for n, initiative in enumerate(plan.initiatives):
        yield ("initiatives", n, "source"), initiative.source
        if initiative.money:
            yield ("initiatives", n, "money", "source"), initiative.money.source
        for m, milestone in enumerate(initiative.milestones):
            yield ("initiatives", n, "milestones", m, "source"), milestone.source


def _periods(plan: PlanFile) -> Iterator[Fault]:
    yield from _backwards(plan.period, ("period",))
    for n, initiative in enumerate(plan.initiatives):
        money = initiative.money.period if initiative.money else None
        for path, period in (("period",), initiative.period), (("money", "period"), money):
            if period is not None:
                yield from _backwards(period, ("initiatives", n, *path))
                yield from _outside(plan.period, period, ("initiatives", n, *path))


def _backwards(period: Period, path: Path) -> Iterator[Fault]:
    if period.first > period.last:
        yield _fault("400.340", path, first=period.first, last=period.last)


def _outside(whole: Period, part: Period, path: Path) -> Iterator[Fault]:
    if part.first < whole.first or part.last > whole.last:
        yield _fault("400.341", path, found=f"{part.first} – {part.last}", whole=f"{whole.first} – {whole.last}")


def _baselines(plan: PlanFile) -> Iterator[Fault]:
    for n, one in enumerate(plan.baselines):
        if one.interval and not one.interval[0] <= one.value <= one.interval[1]:
            yield _fault("400.342", ("baselines", n, "interval"), value=str(one.value))


def _indicator(one: Indicator, n: int, vocabulary: Vocabulary) -> Iterator[Fault]:
    path: Path = ("indicators", n)
    if one.fact not in vocabulary.facts:
        yield _unknown("400.324", (*path, "fact"), one.fact, vocabulary.facts)
        return
    dimensions = vocabulary.facts[one.fact]
    if one.by is not None and one.by not in (*dimensions, BY_MONTH):
        yield _unknown("400.326", (*path, "by"), one.by, [*dimensions, BY_MONTH], fact=one.fact)
    for dimension, codes in one.where.items():
        if dimension not in dimensions:
            yield _unknown("400.326", (*path, "where", dimension), dimension, dimensions, fact=one.fact)
            continue
        for position, code in enumerate(codes):
            if code not in dimensions[dimension]:
                at = (*path, "where", dimension, position)
                yield _unknown("400.328", at, code, dimensions[dimension], dimension=dimension)
    yield from _put_together(one, path)


def _put_together(one: Indicator, path: Path) -> Iterator[Fault]:
    if one.aggregation == "share" and not one.where:
        yield _fault("400.343", (*path, "aggregation"))
    if one.aggregation == "share" and one.by:
        yield _fault("400.344", (*path, "by"))
    if isinstance(one.target, Target) and one.aggregation == "share" and one.target.value > 1:
        yield _fault("400.346", (*path, "target", "value"))


def _initiative(plan: PlanFile, one: Initiative, n: int, vocabulary: Vocabulary) -> Iterator[Fault]:
    path: Path = ("initiatives", n)
    keys = [indicator.key for indicator in plan.indicators]
    for position, key in enumerate(one.indicators):
        if key not in keys:
            yield _unknown("400.334", (*path, "indicators", position), key, keys)
    for position, area in enumerate(one.areas):
        if area not in vocabulary.areas:
            yield _unknown("400.336", (*path, "areas", position), area, vocabulary.areas)
        elif not area.startswith(plan.country):
            yield _fault("400.347", (*path, "areas", position), found=area, country=plan.country)
    for position, kind in enumerate(one.place_kinds):
        if kind not in vocabulary.place_kinds:
            at = (*path, "place_kinds", position)
            yield _unknown("400.328", at, kind, vocabulary.place_kinds, dimension=SHARED_DIMENSION)
    for position, milestone in enumerate(one.milestones):
        yield from _milestone(milestone, one.period or plan.period, plan, (*path, "milestones", position, "due"))


def _milestone(one: Milestone, period: Period, plan: PlanFile, path: Path) -> Iterator[Fault]:
    """A milestone lies in the period of its initiative; a final one may come within a year after the plan."""
    due = month_of(last_day(one.due))
    latest = f"{int(plan.period.last[:4]) + 1}-{plan.period.last[5:]}" if one.kind == "final" else period.last
    if not period.first <= due <= latest:
        yield _fault("400.341", path, found=one.due, whole=f"{period.first} – {latest}")
