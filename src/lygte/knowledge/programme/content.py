"""What a status report says, complete and in all three languages, as data that can be frozen and hashed.

Only numbers that may be shown are in it: what is hidden never gets this far.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from pydantic import TypeAdapter

from lygte.directory.areas import AREAS, area_name, areas_within
from lygte.facts.register import KINDS

from .counting import Delivered, Scope, asking, count, segments_of
from .figures import Figure, Goal, Text, in_every_language, protected
from .models import Delivery, Initiative, Milestone
from .months import Months, overlap
from .planfile.schema import Indicator, PlanFile, Target

SECTIONS = ("done", "learned", "hindered", "next")


@dataclass(frozen=True)
class SourceNote:
    """A document, as a report cites it."""

    title: str
    publisher: str
    published: str
    note: Text | None = None


@dataclass(frozen=True)
class BaselineNote:
    """A figure from before the plan."""

    title: Text
    value: int
    unit: Text
    period: Text
    measure: str
    interval: tuple[int, int] | None
    definition: Text
    source: SourceNote
    note: Text | None


@dataclass(frozen=True)
class MoneyNote:
    amount: int
    currency: str
    months: Months


@dataclass(frozen=True)
class MilestoneNote:
    kind: Text
    title: Text
    due: str


@dataclass(frozen=True)
class DelivererNote:
    organisation: str
    areas: tuple[str, ...]
    months: Months


@dataclass(frozen=True)
class Report:
    """One initiative of one plan, as at one month."""

    plan_key: str
    plan_title: Text
    plan_months: Months
    invented: bool
    owners: tuple[str, ...]
    targets_note: Text | None
    number: int
    title: Text
    purpose: Text
    months: Months
    period_note: Text | None
    as_at: str
    areas: tuple[str, ...]
    place_kinds: tuple[Text, ...]
    money: MoneyNote | None
    money_note: Text | None
    milestones: tuple[MilestoneNote, ...]
    followed_by: tuple[str, ...]
    deliverers: tuple[DelivererNote, ...]
    baselines: tuple[BaselineNote, ...]
    figures: tuple[Figure, ...]
    sources: tuple[SourceNote, ...]
    narrative: Mapping[str, str]
    narrative_language: str


_adapter = TypeAdapter(Report)


def as_json(report: Report) -> dict[str, object]:
    """Return the report as plain data, ready to be stored."""
    return dict(_adapter.dump_python(report, mode="json"))


def from_json(data: object) -> Report:
    return _adapter.validate_python(data)


def hash_of(data: object) -> str:
    """Return the SHA-256 of the report's data in one canonical form; printed on an issued report."""
    written = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(written.encode()).hexdigest()


def scope_of(initiative: Initiative, deliveries: Iterable[Delivery], as_at: str, place_kinds: Iterable[str]) -> Scope:
    """Return what of the ledger counts for an initiative up to a month."""
    months = (initiative.first_month, max(initiative.first_month, min(as_at, initiative.last_month)))
    delivered, names = [], {}
    for delivery in deliveries:
        stretch = overlap((delivery.from_month, delivery.to_month or initiative.last_month), months)
        if stretch:
            areas = frozenset[str]().union(*(areas_within(code) for code in delivery.areas))
            delivered.append(Delivered(delivery.organisation_id, areas, stretch))
            names[delivery.organisation_id] = delivery.organisation.name
    ordered = dict(sorted(names.items(), key=lambda item: item[1]))
    return Scope(months, segments_of(delivered), tuple(place_kinds), ordered)


def figures_for(initiative: Initiative, as_at: str) -> tuple[Figure, ...]:
    """Return all figures of an initiative together, as they must always be made; none while nobody delivers it."""
    plan = PlanFile.model_validate(initiative.plan.content)
    spec = plan.initiatives[[one.number for one in plan.initiatives].index(initiative.number)]
    scope = scope_of(initiative, _deliveries(initiative), as_at, spec.place_kinds)
    if not scope.segments:
        return ()
    declared = {one.key: one for one in plan.indicators}
    sources = {source.key: source.title for source in plan.sources}
    ask = asking(scope)
    counted = [count(declared[key], scope, ask) for key in spec.indicators]
    return tuple(protected(counted, scope, lambda one: _goal(one, sources)))


def _deliveries(initiative: Initiative) -> list[Delivery]:
    return list(initiative.deliveries.select_related("organisation"))


def _goal(indicator: Indicator, sources: Mapping[str, str]) -> Goal | None:
    target = indicator.target
    return Goal(target.value, target.by, sources[target.source]) if isinstance(target, Target) else None


def build_report(
    initiative: Initiative,
    as_at: str,
    narrative: Mapping[str, str] | None = None,
    narrative_language: str = "en",
    *,
    figures: bool = True,
) -> Report:
    """Return the report of an initiative, its figures counted now (or left out)."""
    plan = PlanFile.model_validate(initiative.plan.content)
    spec = plan.initiatives[[one.number for one in plan.initiatives].index(initiative.number)]
    money = spec.money
    return Report(
        plan_key=plan.key,
        plan_title=plan.title.model_dump(),
        plan_months=(plan.period.first, plan.period.last),
        invented=plan.invented,
        owners=tuple(plan.owners),
        targets_note=_text(plan.targets_note),
        number=spec.number,
        title=spec.title.model_dump(),
        purpose=spec.purpose.model_dump(),
        months=(initiative.first_month, initiative.last_month),
        period_note=_text(spec.period_note),
        as_at=as_at,
        areas=tuple(area_label(code) for code in spec.areas),
        place_kinds=tuple(in_every_language(_place_kind_label(kind)) for kind in spec.place_kinds),
        money=MoneyNote(money.amount, money.currency, (money.period.first, money.period.last)) if money else None,
        money_note=_text(spec.money_note),
        milestones=tuple(
            MilestoneNote(in_every_language(Milestone.Kind(one.kind).label), one.title.model_dump(), one.due)
            for one in spec.milestones
        ),
        followed_by=tuple(spec.followed_by),
        deliverers=_deliverers(initiative),
        baselines=_baselines(plan),
        figures=figures_for(initiative, as_at) if figures else (),
        sources=tuple(_sources(plan).values()),
        narrative=dict(narrative or {}),
        narrative_language=narrative_language,
    )


def area_label(code: str) -> str:
    """Name an area so that a region is not taken for a town."""
    area = AREAS.get(code)
    return area.name if area else area_name(code)


def _place_kind_label(code: str) -> object:
    return place_kind_labels().get(code, code)


def place_kind_labels() -> Mapping[str, object]:
    """Return the kinds of place that facts know, with their labels."""
    for kind in KINDS.values():
        for dimension in kind.dimensions:
            if dimension.name == "place_kind":
                return dimension.values
    return {}


def _text(text: object) -> Text | None:
    return text.model_dump() if text is not None else None  # type: ignore[attr-defined]


def _deliverers(initiative: Initiative) -> tuple[DelivererNote, ...]:
    return tuple(
        DelivererNote(
            delivery.organisation.name,
            tuple(area_label(code) for code in delivery.areas),
            (delivery.from_month, delivery.to_month or initiative.last_month),
        )
        for delivery in _deliveries(initiative)
    )


def _sources(plan: PlanFile) -> dict[str, SourceNote]:
    return {one.key: SourceNote(one.title, one.publisher, one.published, _text(one.note)) for one in plan.sources}


def _baselines(plan: PlanFile) -> tuple[BaselineNote, ...]:
    sources = _sources(plan)
    return tuple(
        BaselineNote(
            title=one.title.model_dump(),
            value=one.value,
            unit=one.unit.model_dump(),
            period=one.period.model_dump(),
            measure=one.measure,
            interval=one.interval,
            definition=one.definition.model_dump(),
            source=sources[one.source],
            note=_text(one.note),
        )
        for one in plan.baselines
    )


def today_as_at(initiative: Initiative, today: date) -> str:
    """Return the month up to which figures are read today: this one, but never after the initiative ends."""
    return max(initiative.first_month, min(f"{today.year:04d}-{today.month:02d}", initiative.last_month))
