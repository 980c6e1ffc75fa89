"""How long lists of filled forms are walked: page by page from the newest, never counted, never passed over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Generic, TypeVar

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Model, Q, QuerySet
from django.utils import timezone

from lygte.core.models import Member

from .models import Device, Form, ReviewState, Submission

Row = TypeVar("Row", bound=Model)


def the_one(found: QuerySet[Row]) -> Row | None:
    """Return the only row there can be. `first()` would sort, which cost a tenth of taking in a form."""
    try:
        return found.get()
    except ObjectDoesNotExist:
        return None


@dataclass(frozen=True)
class Slice(Generic[Row]):
    """Some of a long list, the newest first; `older` is the reference after which the next ones start."""

    rows: list[Row]
    older: str = ""
    newer: bool = False


def slice_of(member: Member, found: QuerySet[Submission], *, after: str, size: int) -> Slice[Submission]:
    """Return one page without counting or passing over the others: a million rows cost as much as fifty."""
    last = the_one(Submission.objects.filter(organisation=member.organisation, ref=after)) if after.isalnum() else None
    if last is not None:
        earlier = Q(received_at__lt=last.received_at) | Q(received_at=last.received_at, pk__lt=last.pk)
        found = found.filter(earlier, received_at__lte=last.received_at)
    return cut_off(newest(member, found, size + 1), size, last is not None)


def newest(member: Member, found: QuerySet[Submission], size: int) -> list[Submission]:
    """Return the first rows of a list, with what is shown of each.

    Which ones they are is asked first and alone: with everything else in one question SQLite reads all there are.
    """
    keys = list(found.values_list("pk", flat=True)[:size])
    shown = (
        Submission.objects.filter(organisation=member.organisation, pk__in=keys)
        .select_related("form", "form_version", "device", "member__user")
        .defer("xml", "form_version__workbook", "form_version__xform", "form_version__outline")
        .order_by()
    )
    rows = {one.pk: one for one in shown}
    return [rows[pk] for pk in keys if pk in rows]


def cut_off(rows: list[Row], size: int, newer: bool) -> Slice[Row]:
    """Return the page that `rows` begin; one row more than fits says that there are older ones."""
    return Slice(rows[:size], getattr(rows[size - 1], "ref", "") if len(rows) > size else "", newer)


def number_of(found: QuerySet[Any]) -> int:
    return found.values_list("pk", flat=True).first() or 0


def _midnight(day: date) -> datetime:
    within = min(
        max(day, date(1971, 1, 1)), date(2999, 1, 1)
    )  # what no database can turn into another zone is not asked
    return timezone.make_aware(datetime.combine(within, time.min))


def submissions_of(
    member: Member,
    *,
    form: str = "",
    state: str = "",
    review: str = "",
    phone: str = "",
    since: date | None = None,
    until: date | None = None,
    trashed: bool = False,
) -> QuerySet[Submission]:
    """Filled forms, the newest first; of edited ones the newest edit. What lies in the trash is listed by itself."""
    found = Submission.objects.filter(
        organisation=member.organisation,
        replaced_by=None,
        trashed_at__isnull=not trashed,
        # Always true. Without an end of days SQLite takes the index of replaced forms, where nearly all are alike.
        received_at__lte=timezone.now() + timedelta(days=1),
    )
    # Looked up first: with the number at hand the index of that form or phone gives the rows in order.
    if form:
        found = found.filter(form_id=number_of(Form.objects.filter(organisation=member.organisation, ref=form)))
    if phone:
        found = found.filter(device_id=number_of(Device.objects.filter(organisation=member.organisation, ref=phone)))
    if since:
        found = found.filter(received_at__gte=_midnight(since))
    if until:
        found = found.filter(received_at__lt=_midnight(min(until, date(2999, 1, 1)) + timedelta(days=1)))
    if review in ReviewState.values:
        found = found.filter(review=review)
    if state == "not_waiting":
        found = found.exclude(state=Submission.State.NEEDS_LOOK)
    elif state:
        found = found.filter(state=state)
    return found.order_by("-received_at", "-pk")
