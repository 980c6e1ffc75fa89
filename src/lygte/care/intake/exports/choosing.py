"""Which filled forms come out: by day, state, review and version. What an edit replaced, what lies in the trash and
what is encrypted never does.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from ..models import Form, Grade, SealedSubmission, Submission


@dataclass(frozen=True)
class Choice:
    """What somebody asked for; empty means everything."""

    since: date | None = None
    until: date | None = None
    state: str = ""
    review: str = ""
    version: str = ""  # the reference of a version

    def told(self) -> dict[str, str]:
        """Return the choice as it stands in the log and in the files."""
        named = {
            "since": self.since and self.since.isoformat(),
            "until": self.until and self.until.isoformat(),
            "state": self.state,
            "review": self.review,
            "version": self.version,
        }
        return {name: str(value) for name, value in named.items() if value}


@dataclass(frozen=True)
class Moment:
    """The moment at which an export began: edits and trash after it change nothing in it."""

    at: datetime
    last: int  # the newest filled form there was


def now(form: Form) -> Moment:
    newest = Submission.objects.filter(form=form).order_by("-pk").values_list("pk", flat=True)[:1]
    return Moment(timezone.now(), next(iter(newest), 0))


def chosen(form: Form, choice: Choice, moment: Moment) -> QuerySet[Submission]:
    """Return the filled forms that stood at that moment and can be read without a key."""
    found = Submission.objects.filter(
        Q(replaced_by=None) | Q(replaced_by__gt=moment.last),
        Q(trashed_at=None) | Q(trashed_at__gt=moment.at),
        form=form,
        pk__lte=moment.last,
        encrypted=False,
    ).exclude(form_version__grade__in=[Grade.LOCKED, Grade.SEALED])
    if choice.since:
        found = found.filter(received_at__gte=_midnight(choice.since))
    if choice.until:
        found = found.filter(received_at__lt=_midnight(choice.until + timedelta(days=1)))
    if choice.state:
        found = found.filter(state=choice.state)
    if choice.review:
        found = found.filter(review=choice.review)
    if choice.version:
        found = found.filter(form_version__ref=choice.version)
    return found


def locked_count(form: Form) -> int:
    """Return how many filled forms stay out because only a key-holder can open them."""
    sealed = SealedSubmission.objects.filter(form=form).count()
    return sealed + Submission.objects.standing().filter(form=form, encrypted=True).count()


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
