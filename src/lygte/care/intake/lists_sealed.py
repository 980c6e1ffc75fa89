"""The list of sealed forms: those that wait for a key-holder first, then what has been dealt with."""

from __future__ import annotations

import heapq
from collections.abc import Iterable
from datetime import date
from itertools import islice
from typing import Any

from django.db.models import Q, QuerySet

from lygte.core.models import Member

from .lists import Slice, cut_off, number_of, the_one
from .models import Form, SealedSubmission
from .receivers import RECEIVERS

MOST_AT_ONCE = 200

# What asks for somebody, and what has been dealt with: the list of sealed forms shows the two one above the other.
SEALED_WAITING = (SealedSubmission.State.WAITS, SealedSubmission.State.NEEDS_LOOK)
SEALED_DONE = (SealedSubmission.State.OPENED, SealedSubmission.State.TAKEN)


def sealed_of(
    member: Member,
    state: str,
    *,
    form: str = "",
    sealed: str = "",
    since: date | None = None,
    until: date | None = None,
) -> QuerySet[SealedSubmission]:
    """Sealed forms in one state, the newest first, without their boxes: the order in which an index has them."""
    found = (
        SealedSubmission.objects.filter(organisation=member.organisation, state=state)
        .select_related("form")
        .only("ref", "day", "state", "sealed", "file_count", "problem_number", "organisation", "form__title")
    )
    if form:
        found = found.filter(form_id=number_of(Form.objects.filter(organisation=member.organisation, ref=form)))
    if sealed:
        found = found.filter(sealed=sealed)
    if since:
        found = found.filter(day__gte=since)
    if until:
        found = found.filter(day__lte=until)
    return found.order_by("-day", "-pk")


def sealed_slice(
    member: Member, states: Iterable[str], *, after: str = "", size: int, **narrowed: Any
) -> Slice[SealedSubmission]:
    """Return one page of several states, the newest first, each state read by its index and none of them counted."""
    there = SealedSubmission.objects.filter(organisation=member.organisation, ref=after).only("day", "organisation")
    last = the_one(there) if after.isalnum() else None
    runs = []
    for state in states:
        found = sealed_of(member, state, **narrowed)
        if last is not None:
            found = found.filter(Q(day__lt=last.day) | Q(day=last.day, pk__lt=last.pk), day__lte=last.day)
        runs.append(found[: size + 1])
    merged = heapq.merge(*runs, key=lambda one: (one.day, one.pk), reverse=True)
    return cut_off(list(islice(merged, size + 1)), size, last is not None)


def sealed_to_take_in(member: Member) -> list[str]:
    """Return which sealed forms wait and are taken in by a room, the oldest first, so many as are opened at once."""
    found = SealedSubmission.objects.filter(
        organisation=member.organisation, state=SealedSubmission.State.WAITS, form__form_id__in=list(RECEIVERS)
    )
    return list(found.order_by("pk").values_list("ref", flat=True)[:MOST_AT_ONCE])
