"""A person under a code, who works with them, what they agreed to, who has seen what. No name stands here.

What a person told is in the rooms' own tables, locked; each of those is a `LockedModel`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, NoReturn

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager

from ..organisations import Organisation
from ..people import Member
from ..refs import LENGTH, RefField
from .codes import Group, HoldGround, Manner, Purpose, Via
from .personal import PersonalField, Tier


class Person(models.Model):
    """Somebody who asked for help. Their name, if they gave one, is a locked record like any other."""

    ref = RefField()
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(_("code"), max_length=9)  # like K7QM-4RD2: random, to be said on the phone
    made_on = models.DateField()
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="merged")

    objects = ScopedManager(organisation="organisation")

    class Meta:
        verbose_name = _("person")
        constraints = [models.UniqueConstraint(fields=["organisation", "code"], name="consent_code_once")]

    def __str__(self) -> str:
        return self.code


class Seat(models.Model):
    """A member's place on the team of a person. Without one, nothing locked of the person is shown to them."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="seats")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="seats")
    first = models.BooleanField(default=False)  # the worker whom the person turns to first
    since = models.DateField()
    until = models.DateField(null=True)

    class Meta:
        verbose_name = _("place on the team")
        constraints = [
            models.UniqueConstraint(fields=["person", "member"], condition=Q(until=None), name="consent_one_seat"),
            models.UniqueConstraint(fields=["person"], condition=Q(until=None, first=True), name="consent_one_first"),
        ]
        indexes = [models.Index(fields=["member", "until"], name="consent_my_people")]

    def __str__(self) -> str:
        return f"seat {self.pk}"


class LedgerOnly(models.QuerySet[Any]):
    """Refuses to change a line. Lines go only with the person, when a person is erased (see `erasure.py`)."""

    def update(self, **kwargs: Any) -> NoReturn:
        raise TypeError("the ledger is append-only")


class Consent(models.Model):
    """One line of the consent ledger: something was agreed to, or withdrawn. Never changed; guarded in the database."""

    ref = RefField()
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="consents")
    kind = models.CharField(
        max_length=8,
        choices=[("grant", _("Agreed")), ("withdraw", _("Withdrawn")), ("declined", _("Asked, and said no"))],
    )
    purpose = models.CharField(max_length=12, choices=Purpose.choices, blank=True)
    recipient = models.CharField(max_length=48, blank=True)  # "own", "service:<ref>", "organisation:<ref>"
    groups = models.JSONField(default=list)
    until = models.DateField(null=True)
    language = models.CharField(max_length=8)
    text_version = models.CharField(max_length=12)
    manner = models.CharField(max_length=8, choices=Manner.choices)
    at = models.DateTimeField()
    member = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+")

    objects = LedgerOnly.as_manager()

    class Meta:
        verbose_name = _("line of consent")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.kind} {self.purpose}"


class Seen(models.Model):
    """One line of "who has seen me": somebody saw, passed on, took or changed something. The person can read it."""

    person = models.CharField(max_length=LENGTH, db_index=True)
    at = models.DateTimeField()
    member = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, related_name="+")
    via = models.CharField(max_length=10, choices=Via.choices)
    groups = models.JSONField(default=list)
    purpose = models.CharField(max_length=12, blank=True)
    recipient = models.CharField(max_length=48, blank=True)
    entry = models.PositiveBigIntegerField()  # sequence of the line in the organisation's log that this belongs to

    class Meta:
        verbose_name = _("line of who has seen")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["person", "-at"], name="consent_who_has_seen")]

    def __str__(self) -> str:
        return f"seen {self.via}"


class LockedModel(models.Model):
    """A record of a person: codes and days in the open, what was said in one locked box.

    A subclass names its `GROUP`, and every field in `PERSONAL` (see `protection.py`); the site does not start otherwise.
    """

    GROUP: ClassVar[Group]
    PERSONAL: ClassVar[Mapping[str, PersonalField]]

    ref = RefField()
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    version = models.PositiveIntegerField(default=0)
    locked = models.BinaryField(null=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self._meta.model_name} {self.ref}"

    @property
    def group(self) -> str:
        return str(self.GROUP)


_to_review = _("So that a second person can see whether it was needed, and the person can see it")
GLASS_BREAK = {
    "reason": PersonalField(_("Reason"), _to_review, "vital", "account"),
    "member": PersonalField(_("Who"), _to_review, "account", "account", Tier.OPEN),
    "groups": PersonalField(_("What was opened"), _to_review, "account", "account", Tier.OPEN),
    "at": PersonalField(_("From"), _to_review, "account", "account", Tier.OPEN),
    "until": PersonalField(_("Until"), _to_review, "account", "account", Tier.OPEN),
    "reviewed_by": PersonalField(_("Looked at by"), _to_review, "account", "account", Tier.OPEN),
    "reviewed_at": PersonalField(_("Looked at on"), _to_review, "account", "account", Tier.OPEN),
    "found": PersonalField(_("What was found"), _to_review, "account", "account", Tier.OPEN),
}


class GlassBreak(LockedModel):
    """An emergency opening: a reason (locked), an hour, chosen groups, and a second person who looks at it."""

    GROUP = Group.NOTES
    PERSONAL = GLASS_BREAK

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    groups = models.JSONField(default=list)
    at = models.DateTimeField()
    until = models.DateTimeField()
    reviewed_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+")
    reviewed_at = models.DateTimeField(null=True)
    found = models.CharField(
        max_length=8, blank=True, choices=[("right", _("It was needed")), ("wrong", _("It was not needed"))]
    )

    objects = ScopedManager(organisation="organisation")

    class Meta:
        verbose_name = _("emergency opening")


class Erasure(models.Model):
    """One line of the log of erasures. It says that somebody was erased and when, and nothing about them."""

    person = models.CharField(max_length=LENGTH, unique=True)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    because = models.CharField(max_length=10, choices=[("asked", _("Asked for")), ("retention", _("Time was over"))])
    epoch = models.PositiveIntegerField()
    records = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("erasure")

    def __str__(self) -> str:
        return f"erasure {self.pk}"


class Hold(models.Model):
    """A legal duty to keep a record for a while, against erasure; the person can read it. It needs two people."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="holds")
    ground = models.CharField(max_length=12, choices=HoldGround.choices)
    since = models.DateField()
    until = models.DateField()
    set_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    confirmed_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)
    wished_at = models.DateTimeField(null=True)  # the person asked for erasure meanwhile: done when the hold ends

    class Meta:
        verbose_name = _("legal hold")
        constraints = [
            models.UniqueConstraint(fields=["person"], condition=Q(ended_at=None), name="consent_one_hold"),
        ]

    def __str__(self) -> str:
        return f"hold {self.pk}"
