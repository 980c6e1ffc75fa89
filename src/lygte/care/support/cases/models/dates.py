"""Dates that must not pass, and how far a formal identification has come. Support never depends on either."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager

from lygte.core.consent.codes import Group
from lygte.core.consent.models import LockedModel
from lygte.core.consent.personal import PersonalField, Tier

from .. import codes

_not_to_pass = _("So that no right is lost because a day passed")
_their_choice = _("To stand by the person in a procedure that they choose")


class Deadline(LockedModel):
    """A date that must not pass. Which one it is stands locked: in the open there is a day and nothing else."""

    GROUP = Group.IDENTIFICATION
    PERSONAL = {
        "kind": PersonalField(_("Which date"), _not_to_pass, special=True, choices=codes.DEADLINES),
        "about": PersonalField(_("What it is about"), _not_to_pass, special=True),
        "outcome": PersonalField(_("What came of it"), _their_choice, special=True, choices=codes.DEADLINE_OUTCOMES),
        "starts_on": PersonalField(_("From"), _not_to_pass, tier=Tier.OPEN),
        "first_due": PersonalField(_("Until, at first"), _not_to_pass, tier=Tier.OPEN),
        "due": PersonalField(_("Until"), _not_to_pass, tier=Tier.OPEN),
        "ended_on": PersonalField(_("Over since"), _not_to_pass, tier=Tier.OPEN),
    }

    starts_on = models.DateField()
    first_due = models.DateField()
    due = models.DateField()
    ended_on = models.DateField(null=True)

    objects = ScopedManager(organisation="organisation")

    class Meta:
        verbose_name = _("deadline")
        ordering = ["due", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(due__gte=models.F("starts_on")), name="cases_deadline_after_start"),
        ]
        indexes = [
            models.Index(fields=["organisation", "due"], condition=Q(ended_on=None), name="cases_deadlines"),
            models.Index(fields=["person", "due"], condition=Q(ended_on=None), name="cases_next_deadline"),
        ]


class Identification(LockedModel):
    """One dated state of a formal identification: who said what. To say no to it, or to step out, changes no help."""

    GROUP = Group.IDENTIFICATION
    PERSONAL = {
        "state": PersonalField(_("State"), _their_choice, special=True, choices=codes.IDENTIFICATIONS),
        "by": PersonalField(_("By whom"), _their_choice, special=True),
        "remark": PersonalField(_("Remark"), _their_choice, special=True),
        "day": PersonalField(_("Day"), _their_choice, tier=Tier.OPEN),
    }

    day = models.DateField()

    objects = ScopedManager(organisation="organisation")

    class Meta:
        verbose_name = _("identification")
        ordering = ["day", "pk"]
