"""What can be asked about forms, phones and filled forms. The member comes first and sees their organisation only."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.urls import reverse
from django.utils.translation import gettext, ngettext

from lygte.core.access import Verb, may
from lygte.core.models import Member
from lygte.core.problems import CATALOGUE, Problem
from lygte.core.today import Need, needs

from .models import Device, Form, FormVersion, SealedSubmission, Submission


@needs
def submissions_to_look_at(member: Member) -> list[Need]:
    if not may(member, Verb.SUBMISSION_RESOLVE):
        return []
    waiting = Submission.objects.filter(organisation=member.organisation, state=Submission.State.NEEDS_LOOK)
    count = waiting.standing().count()
    if not count:
        return []
    return [
        Need(
            title=ngettext("%(count)s filled form needs a look", "%(count)s filled forms need a look", count)
            % {"count": count},
            detail=gettext("They are stored, but could not be taken in as they are."),
            url=reverse("intake:submission_list") + "?state=needs_look",
            urgent=True,
            count=count,
        )
    ]


@needs
def sealed_forms_that_wait(member: Member) -> list[Need]:
    if not may(member, Verb.SUBMISSION_READ):
        return []
    count = SealedSubmission.objects.filter(
        organisation=member.organisation, state__in=(SealedSubmission.State.WAITS, SealedSubmission.State.NEEDS_LOOK)
    ).count()
    if not count:
        return []
    return [
        Need(
            title=ngettext("%(count)s sealed form waits", "%(count)s sealed forms wait", count) % {"count": count},
            detail=gettext("Open them in a session that holds your organisation's key."),
            url=reverse("intake:sealed_list"),
            count=count,
        )
    ]


def forms_of(member: Member) -> QuerySet[Form]:
    return Form.objects.filter(organisation=member.organisation).annotate(
        version_count=Count("versions", distinct=True)
    )


def with_grade(forms: QuerySet[Form]) -> QuerySet[Form]:
    """Add the grade of each form's newest version, as `grade`."""
    newest = FormVersion.objects.filter(form=OuterRef("pk")).order_by("-pk")
    return forms.annotate(grade=Subquery(newest.values("grade")[:1]))


def versions_of(member: Member, form: Form) -> QuerySet[FormVersion]:
    """All versions of a form, the newest first, without their bytes."""
    return (
        FormVersion.objects.filter(organisation=member.organisation, form=form)
        .select_related("published_by__user")
        .defer("workbook", "xform")
    )


def devices_of(member: Member) -> QuerySet[Device]:
    return Device.objects.filter(organisation=member.organisation).select_related("member__user")


def problem_of(submission: Submission) -> Problem | None:
    """Return the problem that keeps a filled form waiting, in the reader's language."""
    if submission.problem_number not in CATALOGUE:
        return None
    parts = [
        Problem(part["number"], at=_said(part["at"]), **_details_said(part["details"]))
        for part in submission.problem_parts
        if part["number"] in CATALOGUE
    ]
    details = _details_said(submission.problem_details)
    return Problem(submission.problem_number, at=_said(submission.problem_at), parts=parts, **details)


def _said(label: str) -> str:
    """Return the label of a question, kept in English, in the reader's language."""
    return gettext(label) if label else ""


def _details_said(details: dict[str, Any]) -> dict[str, Any]:
    return {**details, "field": _said(details["field"])} if "field" in details else details
