"""The trash: a filled form that nobody should see any more, until somebody takes it out again."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils import timezone

from lygte.core.access import Verb
from lygte.core.actions import action
from lygte.core.models import Member
from lygte.core.problems import Problem

from ..models import Submission
from ..telling import tell_whether_it_counts
from .filled import must_stand
from .reviews import held


@action(Verb.SUBMISSION_TRASH, details=lambda submission: {"trash": True})
def put_in_trash(*, member: Member, submission: Submission) -> Submission:
    """Take a filled form, with what it was before its edits, out of every list and figure. Phones cannot send it again."""
    submission = held(submission)
    must_stand(submission)
    now = timezone.now()
    for one in line_of(submission):
        one.trashed_at, one.trashed_by = now, member
        one.save(update_fields=["trashed_at", "trashed_by"])
    tell_whether_it_counts(member, submission)
    return submission


@action(Verb.SUBMISSION_TRASH, details=lambda submission: {"trash": False})
def take_out_of_trash(*, member: Member, submission: Submission) -> Submission:
    """Put a filled form back where it was."""
    submission = held(submission)
    if submission.trashed_at is None:
        raise Problem("409.406")
    if submission.replaced_by_id is not None:
        raise Problem("409.403")
    for one in line_of(submission):
        one.trashed_at = one.trashed_by = None
        one.save(update_fields=["trashed_at", "trashed_by"])
    tell_whether_it_counts(member, submission)
    return submission


def line_of(submission: Submission) -> Iterator[Submission]:
    """Yield a filled form and what it was before each edit, the newest first."""
    one: Submission | None = submission
    while one is not None:
        yield one
        one = one.earlier
