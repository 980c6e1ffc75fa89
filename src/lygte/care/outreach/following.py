"""A visit follows its filled form: it is replaced by an edit, and counts only while the form does."""

from __future__ import annotations

from django_scopes import scope

from lygte.care.intake.handover import Received
from lygte.core.models import Member

from . import codes, reads
from .actions import record_visit, replace_visit, restore_with_its_form, withdraw_with_its_form


def replace_visit_of(earlier: str, received: Received) -> None:
    """Let the visit that was made of an earlier submission say what its edit says."""
    with scope(organisation=received.organisation):
        member = received.member
        visit = reads.visit_of_submission(member, earlier)
        if visit is None:
            record_visit(member=member, answers=received.answers, submission=received.ref)
        else:
            replace_visit(member=member, visit=visit, answers=received.answers, submission=received.ref)


def take_visit_away(member: Member, submission: str) -> None:
    """Let a visit count no more, since its filled form was rejected or put in the trash."""
    visit = reads.visit_of_submission(member, submission)
    if visit is not None and not visit.withdrawn:
        withdraw_with_its_form(member=member, visit=visit)


def bring_visit_back(member: Member, submission: str) -> None:
    """Let a visit count again; one that was withdrawn for another reason stays withdrawn."""
    visit = reads.visit_of_submission(member, submission)
    if visit is not None and visit.withdrawn_reason == codes.WITH_ITS_FORM:
        restore_with_its_form(member=member, visit=visit)
