"""Telling the room above: that a form came, that an edit takes its place, that it counts no more or again."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from django.db import InterfaceError, InternalError, OperationalError, transaction
from django.utils import timezone

from lygte.core.models import Member
from lygte.core.problems import Problem

from .instance import Instance, answers_of
from .models import ReviewState, Submission
from .receivers import FOLLOWERS, RECEIVERS, Received
from .rules import correct

log = logging.getLogger(__name__)


def received_from(submission: Submission, instance: Instance) -> Received:
    """Return what the next room may have of a filled form, corrections applied."""
    answers = answers_of(instance, submission.form_version.outline["repeats"])
    return Received(
        ref=submission.ref,
        organisation=submission.organisation,
        form_id=submission.form.form_id,
        version=submission.form_version.version,
        instance_id=submission.instance_id,
        answers=correct(answers, submission.corrections),
        day=timezone.localdate(submission.received_at),
        member=submission.member,
    )


def hand_over(submission: Submission, instance: Instance, *, edited: Submission | None) -> Problem | None:
    """Tell the room above, if one takes this form in. `edited` is what this one is an edit of: it takes its place."""
    receiver = RECEIVERS.get(submission.form.form_id)
    if receiver is None:
        return None
    received = received_from(submission, instance)
    earlier = taken_in(edited) if edited else None
    if earlier is None:
        return undone_where_it_fails(receiver, received)
    follower = FOLLOWERS.get(submission.form.form_id)
    if follower is None:
        return Problem("422.408", form_id=submission.form.form_id)
    return undone_where_it_fails(follower.replace, earlier.ref, received)


def taken_in(submission: Submission) -> Submission | None:
    """Return the newest form of the line of edits, from this one back, that the room above has taken in."""
    one: Submission | None = submission
    while one is not None and one.state != Submission.State.TAKEN:
        one = one.earlier
    return one


def undone_where_it_fails(do: Callable[..., None], *arguments: Any) -> Problem | None:
    """Call what a room registered; what it wrote is undone and the problem returned where it fails, however it fails."""
    try:
        with transaction.atomic():
            do(*arguments)
    except Problem as problem:
        return problem
    except (OperationalError, InterfaceError, InternalError):
        raise  # the database is busy or full: nothing is acknowledged, the phone sends again
    except Exception as error:  # a fault in a room must not lose what a worker wrote in the field
        log.exception("the receiver of a form failed")
        return Problem("422.171", kind=type(error).__name__)
    return None


def tell_whether_it_counts(member: Member, submission: Submission) -> None:
    """Tell the room that took a form in whether what it made of it still counts."""
    follower, known_as = FOLLOWERS.get(submission.form.form_id), taken_in(submission)
    if follower is None or known_as is None:
        return
    counts = submission.trashed_at is None and submission.review != ReviewState.REJECTED
    (follower.restore if counts else follower.remove)(member, known_as.ref)
