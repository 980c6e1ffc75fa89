"""What people decided about two codes: one person, or two."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager

from lygte.core.consent.models import Person
from lygte.core.consent.personal import PersonalField, Tier
from lygte.core.models import Member, Organisation
from lygte.core.refs import RefField

_one_record = _("So that one person has one record, and two people have two")


class Merge(models.Model):
    """Two codes were found to be one person. Every record stays where it was, under its own key: undoing moves nothing."""

    PERSONAL = {
        "kept": PersonalField(_("Code that stays"), _one_record, tier=Tier.OPEN),
        "gone": PersonalField(_("Code that is the same person"), _one_record, tier=Tier.OPEN),
        "at": PersonalField(_("When"), _one_record, "account", "account", Tier.OPEN),
        "member": PersonalField(_("Who"), _one_record, "account", "account", Tier.OPEN),
        "seats": PersonalField(_("Places on the team that came with it"), _one_record, tier=Tier.OPEN),
        "undone_at": PersonalField(_("Taken apart on"), _one_record, "account", "account", Tier.OPEN),
        "undone_by": PersonalField(_("Taken apart by"), _one_record, "account", "account", Tier.OPEN),
    }

    ref = RefField()
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    kept = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    gone = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    seats = models.JSONField(default=list)  # seats that the merge added, to be ended when it is undone
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+")

    objects = ScopedManager(organisation="organisation")

    class Meta:
        verbose_name = _("merge")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"merge {self.ref}"


class Apart(models.Model):
    """Two codes were found to be two people, so that nobody is asked again."""

    PERSONAL = {
        "first": PersonalField(_("One code"), _one_record, tier=Tier.OPEN),
        "second": PersonalField(_("The other code"), _one_record, tier=Tier.OPEN),
        "at": PersonalField(_("When"), _one_record, "account", "account", Tier.OPEN),
        "member": PersonalField(_("Who"), _one_record, "account", "account", Tier.OPEN),
    }

    ref = RefField()
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    first = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")

    objects = ScopedManager(organisation="organisation")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["first", "second"], name="duplicates_apart_once")]

    def __str__(self) -> str:
        return f"apart {self.ref}"
