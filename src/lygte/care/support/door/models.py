"""What a person writes themselves, their open page for a few minutes, and their wish to be erased on a day they chose."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager

from lygte.core.consent.codes import Group
from lygte.core.consent.models import LockedModel, Person
from lygte.core.consent.personal import PersonalField, Tier
from lygte.core.models import Member
from lygte.core.refs import LENGTH, RefField

ACCOUNT, CORRECTION = "account", "correction"
KINDS = [(ACCOUNT, _("My own words")), (CORRECTION, _("Please correct this"))]

_to_be_heard = _("So that what the person says stands beside what was written about them")
_to_answer = _("So that a request to correct something is answered")


class Account(LockedModel):
    """The person's own words: beside a record, or about everything. Written with the slip, without a worker."""

    GROUP = Group.ACCOUNT
    PERSONAL = {
        "text": PersonalField(_("What I wrote"), _to_be_heard, special=True),
        "answer": PersonalField(_("Answer of my team"), _to_answer, special=True),
        "kind": PersonalField(_("What it is"), _to_answer, tier=Tier.OPEN, choices=dict(KINDS)),
        "about": PersonalField(_("Beside which record"), _to_be_heard, tier=Tier.OPEN),
        "written_on": PersonalField(_("Written on"), _to_answer, tier=Tier.OPEN),
        "answered_by": PersonalField(_("Answered by"), _to_answer, "account", "account", Tier.OPEN),
        "answered_on": PersonalField(_("Answered on"), _to_answer, tier=Tier.OPEN),
    }

    kind = models.CharField(max_length=10, choices=KINDS)
    about = models.CharField(max_length=LENGTH, blank=True)  # the reference of a record; empty: about everything
    written_on = models.DateField()
    answered_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+")
    answered_on = models.DateField(null=True)

    objects = ScopedManager(organisation="organisation")

    class Meta:
        verbose_name = _("my own words")
        ordering = ["-written_on", "-pk"]

    @property
    def waits(self) -> bool:
        """Whether the team owes an answer."""
        return self.kind == CORRECTION and self.answered_on is None


_own_door = _("So that the person gets to their own record with their slip")


class Opening(models.Model):
    """The page of one person, open on one device for a few minutes. The keys in it open only with the device's cookie.

    It has a table of its own, so that it never mixes with the session of a member who may use the same phone.
    """

    PERSONAL = {
        "lookup": PersonalField(_("What finds it by the cookie"), _own_door, tier=Tier.OPEN),
        "slip": PersonalField(_("Which slip"), _own_door, tier=Tier.OPEN),
        "box": PersonalField(_("The key, locked under the cookie"), _own_door),
        "began_at": PersonalField(_("From"), _own_door, tier=Tier.OPEN),
        "used_at": PersonalField(_("Last used"), _own_door, tier=Tier.OPEN),
    }

    lookup = models.CharField(max_length=64, unique=True)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    slip = models.CharField(max_length=LENGTH, db_index=True)  # when the slip ends, so does this
    box = models.BinaryField()
    began_at = models.DateTimeField()
    used_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"opening {self.pk}"


class ErasureWish(models.Model):
    """A person wants to be erased on a day that they chose themselves, so that they can still change their mind."""

    PERSONAL = {
        "asked_on": PersonalField(_("Asked on"), _own_door, "account", tier=Tier.OPEN),
        "due_on": PersonalField(_("Erased on"), _own_door, "account", tier=Tier.OPEN),
    }

    ref = RefField()
    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="erasure_wish")
    asked_on = models.DateField()
    due_on = models.DateField(db_index=True)

    def __str__(self) -> str:
        return f"wish {self.pk}"
