"""What a worker writes down, and what the person answered to a measure of how they are."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager

from lygte.core.consent.codes import Group
from lygte.core.consent.models import LockedModel
from lygte.core.consent.personal import PersonalField, Tier
from lygte.core.models import Member

_to_go_on = _("To go on where the last talk ended")
_who = _("To know who answers for it")


class Note(LockedModel):
    """A few words of a worker about a day. The person can read them."""

    GROUP = Group.NOTES
    PERSONAL = {
        "text": PersonalField(_("Note"), _to_go_on, special=True),
        "day": PersonalField(_("Day"), _to_go_on, tier=Tier.OPEN),
        "member": PersonalField(_("Written by"), _who, "account", "account", Tier.OPEN),
    }

    day = models.DateField()
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")

    objects = ScopedManager(organisation="organisation")

    class Meta:
        verbose_name = _("note")
        ordering = ["-day", "-pk"]
        indexes = [models.Index(fields=["person", "-day"], name="cases_notes")]


_to_see_change = _("So that the person and their worker see how it changes")


class Measure(LockedModel):
    """Answers to one instrument on one day. Which instrument, and what came out, stands locked: no list can be made of it."""

    GROUP = Group.MEASURES
    PERSONAL = {
        "instrument": PersonalField(_("Instrument"), _to_see_change, special=True),
        "answers": PersonalField(_("Answers"), _to_see_change, special=True),
        "day": PersonalField(_("Day"), _to_see_change, tier=Tier.OPEN),
        "member": PersonalField(_("Written down by"), _who, "account", "account", Tier.OPEN),
    }

    day = models.DateField()
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")

    objects = ScopedManager(organisation="organisation")

    class Meta:
        verbose_name = _("measure")
        ordering = ["day", "pk"]
