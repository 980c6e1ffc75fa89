"""What stood in a locked record before, and what a second writer wanted where two edits met."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager

from ..consent.codes import Group
from ..consent.models import LockedModel, Person
from ..consent.personal import PersonalField, Tier
from ..people import Member
from ..refs import LENGTH

_undo = _("So that the person and the team can see what was changed")


class Earlier(models.Model):
    """One earlier version of a record. Its box still opens only in the place and version that it was locked for."""

    PERSONAL = {
        "box": PersonalField(_("The record as it was, locked as before"), _undo, special=True),
        "table": PersonalField(_("Kind of record"), _undo, tier=Tier.OPEN),
        "record": PersonalField(_("Which record"), _undo, tier=Tier.OPEN),
        "columns": PersonalField(_("Its codes and days as they were"), _undo, tier=Tier.OPEN),
        "kept_at": PersonalField(_("When it was replaced"), _undo, "account", "account", Tier.OPEN),
    }

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    table = models.CharField(max_length=60)
    record = models.CharField(max_length=LENGTH)
    version = models.PositiveIntegerField()
    box = models.BinaryField()
    columns = models.JSONField(default=dict)  # codes and days in the open, as text
    kept_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["table", "record", "version"], name="merging_one_earlier_a_version"),
        ]

    def __str__(self) -> str:
        return f"version {self.version} of {self.record}"


_both_shown = _("So that nothing that somebody wrote is lost when two write at once")


class Competing(LockedModel):
    """Values that somebody wrote while somebody else had changed the same fields: both are shown until one is chosen."""

    GROUP = Group.NOTES  # of a class only; each row has the group of the record that it is about
    PERSONAL = {
        "wanted": PersonalField(_("What the second writer wanted"), _both_shown, special=True),
        "table": PersonalField(_("Kind of record"), _both_shown, tier=Tier.OPEN),
        "record": PersonalField(_("Record"), _both_shown, tier=Tier.OPEN),
        "of_group": PersonalField(_("Group of fields"), _both_shown, tier=Tier.OPEN, choices=dict(Group.choices)),
        "member": PersonalField(_("Written by"), _both_shown, "account", "account", Tier.OPEN),
        "at": PersonalField(_("Written at"), _both_shown, tier=Tier.OPEN),
        "met": PersonalField(_("Version that it met"), _both_shown, tier=Tier.OPEN),
        "decided_by": PersonalField(_("Chosen by"), _both_shown, "account", "account", Tier.OPEN),
        "decided_at": PersonalField(_("Chosen at"), _both_shown, tier=Tier.OPEN),
    }

    table = models.CharField(max_length=60)
    record = models.CharField(max_length=LENGTH)
    of_group = models.CharField(max_length=14, choices=Group.choices)
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    met = models.PositiveIntegerField()
    decided_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    objects = ScopedManager(organisation="organisation")

    class Meta:
        verbose_name = _("two versions")
        indexes = [models.Index(fields=["person", "decided_at"], name="merging_undecided")]

    @property
    def group(self) -> str:
        return self.of_group
