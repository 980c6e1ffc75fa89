"""Named queries of the programme room; each takes the member first.

A plan belongs to a funder for writing. For reading it is found by its own rules and not by the scope of one
organisation: deliverers see what they deliver, the others see plans and what has been issued.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from django.db.models import Prefetch, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django_scopes import scopes_disabled

from lygte.core.access import Verb, may
from lygte.core.models import Kind, Member, Organisation
from lygte.core.problems import Problem
from lygte.core.today import Need, needs
from lygte.facts.register import KINDS

from . import formats, rules
from .content import Report, area_label, build_report, figures_for, from_json
from .counting import BY_MONTH
from .figures import Figure
from .models import Indicator, Initiative, Milestone, Plan, StatusReport
from .sheet import shown

FEW = 5


def said(text: Mapping[str, str]) -> str:
    """Return a text of a plan in the reader's language."""
    return text.get(language()) or text.get("en", "")


def language() -> str:
    """Return the reader's language, as one of the three."""
    return (get_language() or "en")[:2]


def month_name(month: str) -> str:
    """Return a month in the reader's language."""
    return formats.month(month, language())


def plans(member: Member) -> QuerySet[Plan]:
    """Return the plans a member may see."""
    with scopes_disabled():
        found = Plan.objects.all()
        organisation = member.organisation
        if organisation.kind == Kind.FUNDER:
            return found.filter(organisation=organisation)
        if rules.sees_only_delivered(organisation.kind):
            return found.filter(initiatives__deliveries__organisation=organisation).distinct()
        if organisation.kind == Kind.HOST:
            return found.none()
        return found.filter(country=organisation.country)


def initiatives(member: Member) -> QuerySet[Initiative]:
    """Return the initiatives of all plans a member may see."""
    return Initiative.objects.filter(plan__in=plans(member)).select_related("plan__organisation")


def plan_of(member: Member, ref: str) -> Plan:
    """Return a plan, or Problem 404.1, the same for absent and not yours."""
    with scopes_disabled():
        found = plans(member).filter(ref=ref).prefetch_related("initiatives__milestones", "baselines").first()
    return _or_404(found)


def initiative_of(member: Member, ref: str) -> Initiative:
    """Return an initiative, or Problem 404.1."""
    with scopes_disabled():
        return _or_404(initiatives(member).filter(ref=ref).first())


def indicator_of(member: Member, ref: str) -> Indicator:
    """Return an indicator, or Problem 404.1."""
    with scopes_disabled():
        return _or_404(Indicator.objects.filter(ref=ref, plan__in=plans(member)).select_related("plan").first())


def own_initiative(member: Member, ref: str) -> Initiative:
    """Return an initiative of the member's own plan, for writing, or Problem 404.1."""
    found = initiative_of(member, ref)
    if not owns(member, found.plan):
        raise Problem("404.1")
    return found


def owns(member: Member, plan: Plan) -> bool:
    """Tell whether the plan is the member's organisation's to write."""
    same = plan.organisation_id == member.organisation_id
    return same and rules.writes_plan(member.role, member.organisation.kind)


def delivers(member: Member, initiative: Initiative) -> bool:
    """Tell whether the member's organisation delivers the initiative."""
    return initiative.deliveries.filter(organisation=member.organisation).exists()


def reports(member: Member, initiative: Initiative) -> QuerySet[StatusReport]:
    """Return the reports of an initiative that a member may read: drafts only for writers and deliverers."""
    found = StatusReport.objects.filter(initiative=initiative).select_related("initiative__plan", "issued_by__user")
    if rules.sees_draft(owns=owns(member, initiative.plan), delivers=delivers(member, initiative)):
        return found
    return found.filter(state=StatusReport.State.ISSUED)


def report_of(member: Member, ref: str) -> StatusReport:
    """Return a report, or Problem 404.1."""
    with scopes_disabled():
        found = StatusReport.objects.filter(ref=ref, initiative__in=initiatives(member))
        report = _or_404(found.select_related("initiative__plan__organisation", "issued_by__user").first())
        return _or_404(reports(member, report.initiative).filter(pk=report.pk).first())


Thing = TypeVar("Thing")


def _or_404(found: Thing | None) -> Thing:
    if found is None:
        raise Problem("404.1")
    return found


def visible_report(member: Member, initiative: Initiative, as_at: str) -> tuple[Report | None, StatusReport | None]:
    """Return what a member sees of an initiative's figures: counted now, or those last issued, or nothing yet.

    Live figures are for writers and deliverers; others would learn small numbers by looking every day.
    """
    if rules.sees_draft(owns=owns(member, initiative.plan), delivers=delivers(member, initiative)):
        return build_report(initiative, as_at), None
    issued = initiative.reports.filter(state=StatusReport.State.ISSUED).first()
    return (from_json(issued.frozen), issued) if issued else (None, None)


def content_of(report: StatusReport) -> Report:
    """Return a report's content: frozen when it was issued, else counted now."""
    if report.frozen is not None:
        return from_json(report.frozen)
    return build_report(report.initiative, report.as_at, report.narrative, report.narrative_language)


def area_names(codes: Iterable[str]) -> list[str]:
    """Return the names of areas."""
    return [area_label(code) for code in codes]


def recipe_of(indicator: Indicator) -> list[tuple[str, str]]:
    """Return how an indicator is made, in words: from which facts, which of them, by what."""
    spec = indicator.spec
    kind = KINDS.get(spec["fact"])
    if kind is None:
        return []
    rows = [(_("Facts"), str(kind.label)), (_("How they are recorded"), str(kind.definition))]
    for name, codes in spec["where"].items():
        dimension = kind.dimension(name)
        rows.append((str(dimension.label), ", ".join(str(dimension.values[code]) for code in codes)))
    if spec["by"]:
        rows.append((_("Split by"), _("Month") if spec["by"] == BY_MONTH else str(kind.dimension(spec["by"]).label)))
    rows.append((_("Put together as"), _("Share") if spec["aggregation"] == "share" else _("Sum")))
    return rows


@dataclass(frozen=True)
class Drift:
    """How one figure of an issued report has moved since."""

    title: str
    then: str
    now: str


def drift_of(report: StatusReport) -> list[Drift]:
    """Return the figures that would be others today. A change of a few is not told in numbers: it would show them."""
    live = {figure.key: figure for figure in figures_for(report.initiative, report.as_at)}
    found = []
    for then in from_json(report.frozen).figures:
        now = live.get(then.key)
        if now is not None and now.value.value != then.value.value:
            found.append(_drift(then, now))
    return found


def _drift(then: Figure, now: Figure) -> Drift:
    before, after = then.value.value, now.value.value
    if before is None or after is None:
        said_now = shown(now.value, language()) if before is not None else _("no longer hidden")
    elif abs(after - before) < FEW:
        said_now = _("changed by fewer than {few}").format(few=FEW)
    else:
        said_now = shown(now.value, language())
    return Drift(said(then.title), shown(then.value, language()), said_now)


def possible_deliverers(plan: Plan) -> QuerySet[Organisation]:
    """Return the organisations that can deliver an initiative: field work in the plan's country."""
    return Organisation.objects.filter(kind__in=rules.FIELD_KINDS, country=plan.country)


@dataclass(frozen=True)
class Due:
    """A milestone, and whether a report was issued that answers it."""

    milestone: Milestone
    initiative: Initiative
    title: str
    when: str
    urgency: str
    answered: bool
    answerable: bool


def due(member: Member, today: date | None = None) -> list[Due]:
    """Return the milestones of all plans a member sees, the nearest first."""
    today = today or timezone.localdate()
    with scopes_disabled():
        rows = (
            Milestone.objects.filter(initiative__in=initiatives(member))
            .select_related("initiative__plan__organisation")
            .prefetch_related(
                Prefetch("initiative__reports", queryset=StatusReport.objects.only("as_at", "state", "initiative"))
            )
            .order_by("due_day", "pk")
        )
        return [_due(one, today) for one in rows]


def _due(one: Milestone, today: date) -> Due:
    """A report answers a milestone when it was issued and tells about the three months before it or later."""
    answered = any(
        report.state == StatusReport.State.ISSUED and report.as_at >= _three_months_before(one.due_day)
        for report in one.initiative.reports.all()
    )
    return Due(
        milestone=one,
        initiative=one.initiative,
        title=said(one.title),
        when=formats.due(one.due, language()),
        urgency="done" if answered else rules.urgency(one.due_day, today),
        answered=answered,
        answerable=bool(one.initiative.spec.get("indicators")),
    )


def _three_months_before(day: date) -> str:
    months = day.year * 12 + day.month - 1 - 3
    return f"{months // 12:04d}-{months % 12 + 1:02d}"


@needs
def milestones_waiting(member: Member) -> list[Need]:
    """Milestones due soon or overdue without an issued report, for those who write it."""
    if not may(member, Verb.REPORT_WRITE):
        return []
    return [
        Need(
            title=_("{title}: initiative {number}").format(title=one.title, number=one.initiative.number),
            detail=_("{plan}, due {when}").format(plan=said(one.initiative.plan.title), when=one.when),
            url=reverse("programme:initiative", args=[one.initiative.ref]),
            due=one.milestone.due_day,
            urgent=one.urgency == "late",
        )
        for one in due(member)
        if one.urgency in ("late", "soon") and owns(member, one.initiative.plan) and one.answerable
    ]
