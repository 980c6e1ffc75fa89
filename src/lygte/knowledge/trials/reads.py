"""Named queries; each takes the member first.

A trial belongs to who registered it. Who is asked to take part sees it too, with its own part of the schedule; everybody
else of the country sees results that were issued, and nothing before.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django_scopes import scopes_disabled

from lygte.core.access import Verb, may
from lygte.core.models import Kind, Member, Organisation
from lygte.core.problems import Problem
from lygte.core.today import Need, needs
from lygte.directory.areas import area_name

from .models import Part, Result, Trial
from .periods import Span
from .plan import Plan, Site, plan_of
from .registry import Registered, registered
from .rules import ready_on

FIELD_KINDS = (Kind.OUTREACH, Kind.HEALTH)
Thing = TypeVar("Thing")


def _or_404(found: Thing | None) -> Thing:
    if found is None:
        raise Problem("404.1")
    return found


def trials(member: Member) -> QuerySet[Trial]:
    """Return the trials a member may see."""
    mine = Q(organisation=member.organisation) if may(member, Verb.TRIAL_WRITE) else Q()
    part = Q(parts__organisation=member.organisation) & ~Q(parts__state=Part.State.DECLINED)
    issued = Q(country=member.organisation.country, result__isnull=False)
    with scopes_disabled():
        return Trial.objects.filter(mine | part | issued if mine else part | issued).distinct()


def trial_of(member: Member, ref: str) -> Trial:
    """Return a trial, or Problem 404.1, the same for absent and not yours."""
    with scopes_disabled():
        return _or_404(trials(member).filter(ref=ref).select_related("organisation", "result").first())


def own_trial(member: Member, ref: str) -> Trial:
    """Return a trial of the member's own organisation, for writing, or Problem 404.1."""
    found = trial_of(member, ref)
    if not owns(member, found):
        raise Problem("404.1")
    return found


def part_of(member: Member, ref: str) -> Part:
    """Return an invitation to the member's own organisation, or Problem 404.1."""
    with scopes_disabled():
        rows = Part.objects.filter(ref=ref, organisation=member.organisation)
        return _or_404(rows.select_related("trial__organisation", "organisation").first())


def invitation_of(member: Member, ref: str) -> Part:
    """Return an invitation that the member's organisation sent, or Problem 404.1."""
    with scopes_disabled():
        rows = Part.objects.filter(ref=ref, trial__organisation=member.organisation)
        return _or_404(rows.select_related("trial__organisation", "organisation").first())


def result_of(member: Member, ref: str) -> Result:
    """Return an issued result, or Problem 404.1."""
    with scopes_disabled():
        rows = Result.objects.filter(ref=ref, trial__in=trials(member))
        return _or_404(rows.select_related("trial__organisation").first())


def owns(member: Member, trial: Trial) -> bool:
    """Tell whether the trial is the member's organisation's to write."""
    return trial.organisation_id == member.organisation_id and may(member, Verb.TRIAL_WRITE)


def inside(member: Member, trial: Trial) -> bool:
    """Tell whether the member belongs to those who run the trial or take part in it."""
    if owns(member, trial):
        return True
    with scopes_disabled():
        return trial.parts.filter(organisation=member.organisation).exclude(state=Part.State.DECLINED).exists()


def current_plan(trial: Trial) -> Plan:
    """Return the plan as it now stands: the draft, or the newest version."""
    if trial.state == Trial.State.DRAFT:
        return plan_of(trial.draft)
    with scopes_disabled():
        return registered(trial).latest


def shown_plan(trial: Trial) -> Plan:
    """Return the plan for lists and for Today, which must not fail because of one damaged trial: unverified."""
    if trial.state == Trial.State.DRAFT:
        return plan_of(trial.draft)
    with scopes_disabled():
        newest = trial.versions.order_by("-number").first()
        return plan_of(newest.content["plan"] if newest else trial.draft)


def sites_of(parts: Iterable[Part], unit: str) -> list[Site]:
    """Return the sites of those who agreed, in a fixed order."""
    agreed = [part for part in parts if part.state == Part.State.AGREED]
    if unit != "area_week":
        return sorted((Site(part.organisation.ref, "") for part in agreed), key=lambda site: site.key)
    found = [Site(part.organisation.ref, area) for part in agreed for area in part.areas]
    return sorted(found, key=lambda site: site.key)


def possible_parties(trial: Trial) -> QuerySet[Organisation]:
    """Return the organisations that can be asked: field work in the country, not asked yet."""
    asked = trial.parts.values("organisation")
    return Organisation.objects.filter(kind__in=FIELD_KINDS, country=trial.country).exclude(pk__in=asked)


@dataclass(frozen=True)
class Row:
    """One site and period of a schedule."""

    site: Site
    team: str
    area: str
    period: int
    span: Span
    arm: int
    method: str
    counts: bool


def site_names(sites: Iterable[Site]) -> dict[Site, tuple[str, str]]:
    """Return the names of team and municipality."""
    listed = list(sites)
    names = dict(Organisation.objects.filter(ref__in={s.organisation for s in listed}).values_list("ref", "name"))
    return {s: (names.get(s.organisation, s.organisation), area_name(s.area) if s.area else "") for s in listed}


def schedule(member: Member, trial: Trial) -> list[Row]:
    """Return what a member may see of the schedule: all for who runs it, and for everybody once a result is out."""
    with scopes_disabled():
        found = registered(trial)
        everything = owns(member, trial) or Result.objects.filter(trial=trial).exists()
        own = member.organisation.ref
        return [row for row in rows_of(found) if everything or row.site.organisation == own]


def rows_of(found: Registered) -> list[Row]:
    """Return a whole schedule, site by site."""
    names = site_names(found.sites)
    return [
        Row(
            site,
            *names[site],
            period,
            span,
            found.schedule[place][period],
            found.plan.arms[found.schedule[place][period]],
            found.counted[place][period],
        )
        for place, site in enumerate(found.sites)
        for period, span in enumerate(found.spans)
    ]


def running(trial: Trial, today: date) -> bool:
    """Tell whether teams follow the schedule today."""
    if trial.state != Trial.State.REGISTERED:
        return False
    plan = shown_plan(trial)
    return bool(plan.first_day and plan.last_day and plan.first_day <= today <= plan.last_day)


# What waits for somebody ------------------------------------------------------------------------------------------------
@needs
def answers_waiting(member: Member) -> list[Need]:
    """Invitations to take part, for coordinators of field organisations."""
    if not may(member, Verb.TRIAL_JOIN):
        return []
    with scopes_disabled():
        rows = Part.objects.filter(organisation=member.organisation, state=Part.State.INVITED, trial__state="draft")
        return [
            Need(
                title=_("Take part in a method trial? {title}").format(title=part.trial.title),
                detail=_("Asked by {organisation}").format(organisation=part.trial.organisation.name),
                url=reverse("trials:trial", args=[part.trial.ref]),
            )
            for part in rows.select_related("trial__organisation")
        ]


@needs
def methods_of_today(member: Member) -> list[Need]:
    """Which method a team uses now, for everybody who goes out."""
    if member.organisation.kind not in FIELD_KINDS or not may(member, Verb.TRIAL_READ):
        return []
    today = timezone.localdate()
    with scopes_disabled():
        agreed = Trial.objects.filter(
            parts__organisation=member.organisation, parts__state=Part.State.AGREED, state=Trial.State.REGISTERED
        )
        return [need for trial in agreed if running(trial, today) for need in _method_now(member, trial, today)]


def _method_now(member: Member, trial: Trial, today: date) -> list[Need]:
    try:
        seen = schedule(member, trial)
    except Problem:  # its own page tells what is wrong with it
        return []
    rows = [
        row for row in seen if row.span[0] <= today <= row.span[1] and row.site.organisation == member.organisation.ref
    ]
    said = "; ".join(f"{row.area}: {row.method}" if row.area else row.method for row in rows)
    url = reverse("trials:schedule", args=[trial.ref])
    return [Need(title=_("Method now: {methods}").format(methods=said), detail=trial.title, url=url)] if rows else []


@needs
def results_waiting(member: Member) -> list[Need]:
    """Trials that are over and whose result can be worked out."""
    if not may(member, Verb.TRIAL_ISSUE):
        return []
    today = timezone.localdate()
    with scopes_disabled():
        over = Trial.objects.filter(organisation=member.organisation, result=None).exclude(state=Trial.State.DRAFT)
        return [
            Need(
                title=_("Work out the result: {title}").format(title=trial.title),
                detail=_("The trial is over"),
                url=reverse("trials:trial", args=[trial.ref]),
            )
            for trial in over
            if ready_on(shown_plan(trial), trial.stopped_on) <= today
        ]
