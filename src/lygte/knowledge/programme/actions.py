"""Writes of the programme room: import a plan, say who delivers, write and issue reports."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone
from django_scopes import scopes_disabled

from lygte.core.access import Verb
from lygte.core.actions import action
from lygte.core.audit import write_entry
from lygte.core.models import Kind, Member, Organisation
from lygte.core.personal_signs import refuse_signs
from lygte.core.problems import Problem
from lygte.core.transactions import writing
from lygte.directory.areas import AREAS, areas_within
from lygte.facts.disclosure import Cell
from lygte.facts.register import KINDS

from . import reads
from .content import SECTIONS, as_json, build_report, from_json, hash_of, place_kind_labels
from .figures import Figure
from .models import Baseline, Delivery, Indicator, Initiative, Milestone, Plan, Pool, StatusReport
from .months import last_day, month_before, overlap
from .planfile import PlanFile, PlanFileRefused, Vocabulary, check_plan, read_plan
from .planfile import schema as spec
from .problems import problem_of


@dataclass(frozen=True)
class Imported:
    """What an import did: the plan, whether it is new, and the names of what changed."""

    plan: Plan
    new: bool
    changes: list[str] = field(default_factory=list)

    @property
    def ref(self) -> str:
        return self.plan.ref


def vocabulary() -> Vocabulary:
    """Return what plans may refer to in this installation."""
    facts = {kind.name: {d.name: list(d.values) for d in kind.dimensions} for kind in KINDS.values()}
    return Vocabulary(facts=facts, areas=set(AREAS), place_kinds=list(place_kind_labels()))


def checked_plan(content: bytes) -> PlanFile:
    """Return the plan in a file, or Problem 400.300 with every fault and its line."""
    try:
        plan, places = read_plan(content)
        check_plan(plan, places, vocabulary())
    except PlanFileRefused as refused:
        raise problem_of(refused) from refused
    return plan


@action(Verb.PLAN_IMPORT, details=lambda result: {"plan": result.plan.key, "changes": len(result.changes)})
def import_plan(*, member: Member, content: bytes) -> Imported:
    """Import a plan file for the member's own organisation; the same key again updates the plan."""
    return _put(checked_plan(content), member.organisation)


def import_plan_for(*, organisation: Organisation, content: bytes) -> Imported:
    """Import a plan file from the command line, where nobody is signed in; the log says so."""
    if organisation.kind != Kind.FUNDER:
        raise Problem("422.300", organisation=organisation.name)
    plan = checked_plan(content)
    with writing():
        imported = _put(plan, organisation)
        write_entry(
            organisation=organisation,
            member=None,
            verb=Verb.PLAN_IMPORT,
            subject=imported.plan.ref,
            details={"plan": imported.plan.key, "changes": len(imported.changes)},
        )
    return imported


def _put(file: PlanFile, organisation: Organisation) -> Imported:
    content = file.model_dump(mode="json", by_alias=True)
    with scopes_disabled():
        plan = Plan.objects.filter(organisation=organisation, key=file.key).first()
        before: dict[str, Any] = plan.content if plan else {}
        if plan is None:
            plan = Plan(organisation=organisation, key=file.key)
        elif before == content:
            return Imported(plan, new=False)
        plan.country, plan.invented, plan.title = file.country, file.invented, content["title"]
        plan.first_month, plan.last_month, plan.content = file.period.first, file.period.last, content
        plan.save()
        _put_initiatives(plan, file)
        _put_keyed(plan, Baseline, file.baselines)
        _put_keyed(plan, Indicator, file.indicators)
    return Imported(plan, new=not before, changes=changes_between(before, content) if before else [])


def _put_initiatives(plan: Plan, file: PlanFile) -> None:
    kept = {one.number for one in file.initiatives}
    for gone in plan.initiatives.exclude(number__in=kept):
        if gone.deliveries.exists() or gone.reports.exists():
            raise Problem("409.300", initiative=gone.number)
        gone.delete()
    for one in file.initiatives:
        period = one.period or file.period
        initiative, _new = Initiative.objects.update_or_create(
            plan=plan,
            number=one.number,
            defaults={
                "title": one.title.model_dump(),
                "spec": one.model_dump(mode="json", by_alias=True),
                "first_month": period.first,
                "last_month": period.last,
            },
        )
        _put_money_and_milestones(initiative, one)


def _put_money_and_milestones(initiative: Initiative, one: spec.Initiative) -> None:
    Pool.objects.filter(initiative=initiative).delete()
    if one.money:
        Pool.objects.create(
            initiative=initiative,
            amount=one.money.amount,
            currency=one.money.currency,
            first_month=one.money.period.first,
            last_month=one.money.period.last,
        )
    initiative.milestones.all().delete()
    for milestone in one.milestones:
        Milestone.objects.create(
            initiative=initiative,
            kind=milestone.kind,
            title=milestone.title.model_dump(),
            due=milestone.due,
            due_day=last_day(milestone.due),
        )


def _put_keyed(plan: Plan, model: type[Baseline] | type[Indicator], specs: Collection[Any]) -> None:
    model.objects.filter(plan=plan).exclude(key__in=[one.key for one in specs]).delete()
    for position, one in enumerate(specs):
        model.objects.update_or_create(
            plan=plan, key=one.key, defaults={"position": position, "spec": one.model_dump(mode="json", by_alias=True)}
        )


def changes_between(before: Any, after: Any, path: str = "") -> list[str]:
    """Return the places at which two plan files differ, in the order of the file."""
    if isinstance(before, dict) and isinstance(after, dict):
        keys = [*after, *(key for key in before if key not in after)]
        return [
            change for key in keys for change in changes_between(before.get(key), after.get(key), f"{path} → {key}")
        ]
    if isinstance(before, list) and isinstance(after, list):
        pairs = range(max(len(before), len(after)))
        return [change for n in pairs for change in changes_between(_at(before, n), _at(after, n), f"{path} {n + 1}")]
    return [] if before == after else [path.removeprefix(" → ")]


def _at(items: list[Any], number: int) -> Any:
    return items[number] if number < len(items) else None


@action(Verb.DELIVERY_CHANGE)
def add_delivery(
    *,
    member: Member,
    initiative: Initiative,
    organisation: Organisation,
    areas: Collection[str],
    from_month: str,
    to_month: str = "",
) -> Delivery:
    """Say that an organisation delivers an initiative in these areas from a month on."""
    initiative = reads.own_initiative(member, initiative.ref)
    months = (from_month, to_month or initiative.last_month)
    for other in initiative.deliveries.filter(organisation=organisation):
        theirs = (other.from_month, other.to_month or initiative.last_month)
        if overlap(months, theirs) and _municipalities(areas) & _municipalities(other.areas):
            raise Problem("409.303", organisation=organisation.name)
    return Delivery.objects.create(
        initiative=initiative,
        organisation=organisation,
        areas=sorted(areas),
        from_month=from_month,
        to_month=to_month,
    )


def _municipalities(areas: Collection[str]) -> frozenset[str]:
    return frozenset[str]().union(*(areas_within(code) for code in areas))


@action(Verb.DELIVERY_CHANGE)
def end_delivery(*, member: Member, delivery: Delivery, to_month: str) -> Delivery:
    """Say in which month a delivery ended; what was counted until then stays counted."""
    reads.own_initiative(member, delivery.initiative.ref)
    delivery.to_month = max(to_month, month_before(delivery.from_month))
    delivery.save(update_fields=["to_month"])
    return delivery


@action(Verb.REPORT_WRITE)
def start_report(*, member: Member, initiative: Initiative, as_at: str) -> StatusReport:
    """Open the draft of a month, or the one that is there already."""
    initiative = reads.own_initiative(member, initiative.ref)
    report, _new = StatusReport.objects.get_or_create(initiative=initiative, as_at=as_at)
    return report


@action(Verb.REPORT_WRITE)
def write_narrative(
    *, member: Member, report: StatusReport, narrative: Mapping[str, str], language: str
) -> StatusReport:
    """Save what the programme officer has to say, section by section."""
    _open_for(member, report)
    for name in SECTIONS:
        refuse_signs(narrative.get(name, ""), looked=True, at=name)
    report.narrative = {name: narrative[name] for name in SECTIONS if narrative.get(name)}
    report.narrative_language = language
    report.save(update_fields=["narrative", "narrative_language", "changed_at"])
    return report


@action(Verb.REPORT_ISSUE, details=lambda report: {"hash": report.content_hash})
def issue_report(*, member: Member, report: StatusReport) -> StatusReport:
    """Freeze the figures and words of a report, with a hash over all of it; from now on it never changes."""
    _open_for(member, report)
    content = build_report(report.initiative, report.as_at, report.narrative, report.narrative_language)
    if not content.figures:
        raise Problem("409.302")
    _gives_nothing_away(report, content.figures)
    report.frozen = as_json(content)
    report.content_hash = hash_of(report.frozen)
    report.state = StatusReport.State.ISSUED
    report.issued_at, report.issued_by = timezone.now(), member
    report.save()
    return report


def _gives_nothing_away(report: StatusReport, figures: Sequence[Figure]) -> None:
    """Refuse a report from which, less one issued before, a number from 1 to 4 would follow."""
    now = _numbers(figures)
    issued = StatusReport.objects.filter(initiative=report.initiative, state=StatusReport.State.ISSUED)
    for other in issued.exclude(pk=report.pk):
        before = _numbers(from_json(other.frozen).figures)
        if any(0 < abs(now[cell] - before[cell]) < FEWEST for cell in now.keys() & before.keys()):
            raise Problem("409.304", month=other.as_at)


FEWEST = 5


def _numbers(figures: Sequence[Figure]) -> dict[tuple[str, str, str], int]:
    """Return every number that is shown, by figure, table and line."""
    found: dict[tuple[str, str, str], Cell] = {}
    for figure in figures:
        found[figure.key, "value", ""] = figure.value
        if figure.base is not None:
            found[figure.key, "base", ""] = figure.base
        found |= {(figure.key, "row", row.code): row.cell for row in figure.rows}
        found |= {(figure.key, "reporter", row.label["en"]): row.cell for row in figure.reporter_mix}
    return {cell: shown.value for cell, shown in found.items() if shown.value is not None}


def _open_for(member: Member, report: StatusReport) -> None:
    """Lock the report and see that it is the member's to write and not issued meanwhile."""
    reads.own_initiative(member, report.initiative.ref)
    locked = StatusReport.objects.select_for_update().get(pk=report.pk)
    if locked.state == StatusReport.State.ISSUED:
        raise Problem("409.301")
