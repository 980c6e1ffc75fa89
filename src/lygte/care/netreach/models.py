"""Messages, batches of them as counts, and two sets of keyed hashes. No table here holds a way to anybody."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager

from lygte.core.consent.personal import PersonalField, Tier
from lygte.core.models import Member, Organisation
from lygte.core.refs import LENGTH, RefField
from lygte.directory.languages import LANGUAGES

from . import codes

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


_not_too_often = _("So that all teams together write to nobody too often")
_never_again = _("So that nobody here writes to somebody who does not want it")


def _mark(label: StrOrPromise, why: StrOrPromise, keep: str) -> PersonalField:
    return PersonalField(label, why, "peace", keep, Tier.OPEN)


class Message(models.Model):
    """What a team sends, under a title; its texts are in versions."""

    ref = RefField()
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(_("title"), max_length=60)
    made_at = models.DateTimeField()

    objects = ScopedManager(organisation="organisation")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "title"], name="netreach_title_once")]

    def __str__(self) -> str:
        return self.title


class Version(models.Model):
    """One version of a message, in several languages. Once published it is never changed."""

    ref = RefField()
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    texts = models.JSONField(default=dict)  # {language: text}
    stop_words = models.JSONField(default=dict)  # {language: the word with which one opts out}
    written_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+")
    published_at = models.DateTimeField(null=True)
    published_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+")

    objects = ScopedManager(organisation="organisation")

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["message", "number"], name="netreach_version_once"),
            models.UniqueConstraint(fields=["message"], condition=Q(published_at=None), name="netreach_one_draft"),
        ]

    def __str__(self) -> str:
        return f"{self.message} {self.number}"


def _count() -> models.PositiveIntegerField[int | None, int | None]:
    return models.PositiveIntegerField(null=True)


class Batch(models.Model):
    """Messages that were written in one sitting, and what came of them, as counts."""

    ref = RefField()
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", db_index=False)
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="+")
    channel = models.CharField(_("channel"), max_length=12, choices=codes.choices(codes.CHANNELS))
    method = models.CharField(_("method"), max_length=14, choices=codes.choices(codes.METHODS))
    language = models.CharField(_("language"), max_length=8, choices=list(LANGUAGES.items()))
    area = models.CharField(_("municipality"), max_length=12)
    day = models.DateField()
    made_at = models.DateTimeField()
    recorded_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    # Joins the batch to its contact marks for one day, so that it can be undone; then it is emptied on both sides.
    claim = models.CharField(max_length=LENGTH, blank=True, default="")
    cleared = _count()  # handles that may be written to; unknown where everybody reads
    withheld = _count()  # handles that may not
    sent = _count()  # unknown until somebody says it
    delivered = _count()
    answered = _count()
    conversations = _count()
    meetings = _count()
    referrals = _count()
    opted_out = _count()
    hostile = _count()
    noticed = _count()
    wrong_reader = _count()
    complaints = _count()
    distress = _count()
    note = models.CharField(max_length=300, blank=True, default="")
    withdrawn_at = models.DateTimeField(null=True)

    objects = ScopedManager(organisation="organisation")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(sent__lte=F("cleared")), name="netreach_sent_in_cleared"),
            models.CheckConstraint(condition=Q(delivered__lte=F("sent")), name="netreach_delivered_in_sent"),
            models.CheckConstraint(condition=Q(opted_out__lte=F("answered")), name="netreach_opted_in_answered"),
            models.CheckConstraint(condition=Q(hostile__lte=F("answered")), name="netreach_hostile_in_answered"),
            models.CheckConstraint(condition=Q(conversations__lte=F("answered")), name="netreach_talks_in_answered"),
            models.CheckConstraint(condition=Q(meetings__lte=F("conversations")), name="netreach_meetings_in_talks"),
            models.CheckConstraint(condition=Q(referrals__lte=F("conversations")), name="netreach_referrals_in_talks"),
            models.UniqueConstraint(fields=["claim"], condition=~Q(claim=""), name="netreach_claim_once"),
        ]
        # A list walks one of these from its newest end and stops after a page; none counts the table.
        indexes = [
            models.Index(fields=["organisation", "-day", "-id"], name="netreach_batch_list"),
            models.Index(fields=["organisation", "channel", "-day", "-id"], name="netreach_batch_channel"),
            models.Index(fields=["organisation", "method", "-day", "-id"], name="netreach_batch_method"),
            models.Index(
                fields=["organisation", "day"], name="netreach_batch_open", condition=Q(sent=None, withdrawn_at=None)
            ),
        ]

    def __str__(self) -> str:
        return f"batch {self.ref}"

    @property
    def withdrawn(self) -> bool:
        return self.withdrawn_at is not None

    @property
    def counts(self) -> dict[str, int | None]:
        return {name: getattr(self, name) for name in codes.COUNTS}

    @property
    def language_label(self) -> StrOrPromise:
        return LANGUAGES.get(self.language, self.language)


class Tally(models.Model):
    """The sums of all batches that agree in month, municipality, channel, method and language: what the funnel reads."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+", db_index=False)
    month = models.CharField(max_length=7)
    area = models.CharField(max_length=12)
    channel = models.CharField(max_length=12)
    method = models.CharField(max_length=14)
    language = models.CharField(max_length=8)
    batches = models.IntegerField(default=0)
    sent = models.IntegerField(default=0)
    delivered = models.IntegerField(default=0)
    answered = models.IntegerField(default=0)
    conversations = models.IntegerField(default=0)
    meetings = models.IntegerField(default=0)
    referrals = models.IntegerField(default=0)
    opted_out = models.IntegerField(default=0)
    hostile = models.IntegerField(default=0)
    noticed = models.IntegerField(default=0)
    wrong_reader = models.IntegerField(default=0)
    complaints = models.IntegerField(default=0)
    distress = models.IntegerField(default=0)

    objects = ScopedManager(organisation="organisation")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "month", "area", "channel", "method", "language"], name="netreach_tally_once"
            )
        ]

    def __str__(self) -> str:
        return f"tally {self.month}"


class ContactMark(models.Model):
    """That somebody was written to on a day, by any team: a keyed hash, whose key is destroyed after 60 days at most.

    It names no organisation and no batch; `claim` joins it to one for the rest of that day only.
    """

    PERSONAL: ClassVar[Mapping[str, PersonalField]] = {
        "key": _mark(_("Number of the key"), _not_too_often, "turning"),
        "mark": _mark(_("Keyed hash of a number or name"), _not_too_often, "turning"),
        "day": _mark(_("Day of a message"), _not_too_often, "turning"),
        "claim": _mark(_("Which batch, for one day"), _("So that a batch can be taken back"), "turning"),
    }

    key = models.PositiveIntegerField()
    mark = models.CharField(max_length=64, db_index=True)
    day = models.DateField()
    claim = models.CharField(max_length=LENGTH, blank=True, default="")

    class Meta:
        verbose_name = _("mark of contact online")
        indexes = [models.Index(fields=["claim"], name="netreach_mark_claim", condition=~Q(claim=""))]

    def __str__(self) -> str:
        return f"contact mark {self.pk}"


class OptOut(models.Model):
    """That somebody wants no message from anybody here: one keyed, slow hash. Not who heard it, where or when."""

    PERSONAL: ClassVar[Mapping[str, PersonalField]] = {
        "mark": _mark(_("Slow keyed hash of a number or name"), _never_again, "objection")
    }

    mark = models.CharField(max_length=64, primary_key=True)

    class Meta:
        verbose_name = _("mark of somebody who wants no messages")

    def __str__(self) -> str:
        return "opt-out"
