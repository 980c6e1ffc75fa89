"""What coordinators say of filled forms: approved, has issues, rejected; with a reason, step by step, and undone again."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lygte.core.access import Verb
from lygte.core.actions import action
from lygte.core.models import Member
from lygte.core.personal_signs import refuse_signs
from lygte.core.problems import Problem

from ..beside import tell_reviewed
from ..models import Review, ReviewState, Submission
from ..telling import tell_whether_it_counts
from .filled import must_stand

NEEDS_REASON = frozenset({ReviewState.HAS_ISSUES, ReviewState.REJECTED})
CHOSEN = (ReviewState.APPROVED, ReviewState.HAS_ISSUES, ReviewState.REJECTED)


@action(Verb.SUBMISSION_REVIEW, details=lambda submission: {"review": submission.review})
def review_submission(
    *, member: Member, submission: Submission, state: ReviewState, comment: str = "", looked: bool = False
) -> Submission:
    """Say what is thought of a filled form. What was made of a rejected one counts no more, until that is undone."""
    if state not in CHOSEN:
        raise Problem("400.1")
    comment = comment.strip()
    if state in NEEDS_REASON and not comment:
        raise Problem("422.404", at=_("Comment"))
    refuse_signs(comment, looked=looked, at=_("Comment"))
    submission = held(submission)
    must_stand(submission)
    _step(member, submission, state, comment=comment)
    return submission


@action(Verb.SUBMISSION_REVIEW, details=lambda submission: {"review": submission.review, "undone": True})
def undo_review(*, member: Member, submission: Submission, review: str) -> Submission:
    """Take back the newest step of the review, named by its reference; both steps stay to be read."""
    submission = held(submission)
    must_stand(submission)
    newest = submission.reviews.select_related("undoes").order_by("-pk").first()
    if newest is None or newest.ref != review or newest.undoes is not None:
        raise Problem("409.405")
    _step(member, submission, ReviewState(newest.before), undoes=newest)
    return submission


def held(submission: Submission) -> Submission:
    """Return the filled form as it stands now, held until the transaction ends."""
    return Submission.objects.select_for_update(of=("self",)).select_related("form").get(pk=submission.pk)


def _step(
    member: Member, submission: Submission, state: ReviewState, *, comment: str = "", undoes: Review | None = None
) -> None:
    before = ReviewState(submission.review)
    Review.objects.create(
        organisation=submission.organisation,
        submission=submission,
        before=before,
        state=state,
        comment=comment,
        undoes=undoes,
        member=member,
        at=timezone.now(),
    )
    submission.review = state
    submission.save(update_fields=["review"])
    tell_reviewed(submission, member)
    if (before == ReviewState.REJECTED) != (state == ReviewState.REJECTED):
        tell_whether_it_counts(member, submission)
