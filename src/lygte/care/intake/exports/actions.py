"""Taking filled forms out, and making and closing feeds: each a verb and a line in the log, before anything leaves."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.utils import timezone

from lygte.core.access import Verb
from lygte.core.actions import action
from lygte.core.models import Member
from lygte.core.personal_signs import refuse_signs
from lygte.core.problems import Problem

from ..actions import hash_of
from ..models import Form
from . import choosing
from .about import about_of
from .choosing import Choice
from .formats import FORMATS
from .models import Feed
from .schema import schema_of


@dataclass(frozen=True)
class Export:
    """An export that the log already tells of: what it holds, and the bytes when somebody takes them."""

    form: Form
    format: str
    choice: Choice
    count: int
    stream: Callable[[], Iterator[bytes]]

    @property
    def ref(self) -> str:
        return self.form.ref

    @property
    def filename(self) -> str:
        day = timezone.localdate().isoformat()
        return f"{self.form.form_id}-{day}{FORMATS[self.format].ending}"


@action(
    Verb.SUBMISSION_EXPORT,
    details=lambda export: {"format": export.format, "filled_forms": export.count, **export.choice.told()},
)
def begin_export(*, member: Member, form: Form, format: str, choice: Choice, split: bool = False) -> Export:
    """Decide what leaves, as it stands at this moment. The bytes are made only as they are taken."""
    if format not in FORMATS:
        raise Problem("400.499", format=format, known=", ".join(FORMATS))
    moment = choosing.now(form)
    found = choosing.chosen(form, choice, moment)
    count = found.count()
    schema = schema_of(form, split=split)
    about = about_of(form, choice, count, choosing.locked_count(form), schema)
    stream = FORMATS[format].begin(member.organisation, found, schema, about)
    return Export(form, format, choice, count, stream)


@dataclass(frozen=True)
class NewFeed:
    """A feed just made, with its key in clear, to be shown once."""

    feed: Feed
    token: str

    @property
    def ref(self) -> str:
        return self.feed.ref


@action(Verb.FORM_FEED, details=lambda new: {"form": new.feed.form.ref})
def make_feed(*, member: Member, form: Form, label: str) -> NewFeed:
    """Make a key to one form, for a spreadsheet. It works as long as who made it may make feeds here."""
    refuse_signs(label, looked=True)
    token = secrets.token_urlsafe(32)
    feed = Feed.objects.create(
        organisation=member.organisation, form=form, member=member, label=label, token_hash=hash_of(token)
    )
    return NewFeed(feed, token)


@action(Verb.FORM_FEED, details=lambda feed: {"closed": True})
def close_feed(*, member: Member, feed: Feed) -> Feed:
    """Take a key back, at once."""
    if feed.revoked_at is not None:
        raise Problem("409.497")
    feed.revoked_at = timezone.now()
    feed.save(update_fields=["revoked_at"])
    return feed


@dataclass(frozen=True)
class Reading:
    """A table that a feed begins to read."""

    feed: Feed
    table: str

    @property
    def ref(self) -> str:
        return self.feed.ref


@action(Verb.SUBMISSION_FEED, details=lambda reading: {"table": reading.table})
def begin_reading(*, member: Member, feed: Feed, table: str) -> Reading:
    """Leave the line that a table is read; the pages after the first carry a mark of ours and belong to it."""
    today = timezone.localdate()
    if feed.last_read != today:
        Feed.objects.filter(pk=feed.pk).update(last_read=today)
    return Reading(feed, table)
