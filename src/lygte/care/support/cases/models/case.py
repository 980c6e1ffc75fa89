"""The case itself: what is needed to find it again and to count it, and in the locked box what the person asks for."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager

from lygte.core.consent.codes import Group
from lygte.core.consent.models import LockedModel, Person
from lygte.core.consent.personal import PersonalField, Tier
from lygte.core.models import Member

from .. import codes

_to_find = _("To find the case again and to know who works on it")
_to_count = _("To count cases, where the person agrees to statistics")
CASE = {
    "asked": PersonalField(_("What they ask for, in their own words"), _("To help with what they want")),
    "area": PersonalField(_("Municipality"), _to_find, tier=Tier.OPEN),
    "way_in": PersonalField(_("How they came to us"), _to_count, tier=Tier.OPEN, choices=codes.WAYS_IN),
    "language": PersonalField(_("Language"), _("To speak with them in their language"), tier=Tier.OPEN),
    "asked_on": PersonalField(_("Day on which they asked for help"), _to_count, tier=Tier.OPEN),
    "opened_on": PersonalField(_("Opened on"), _to_find, tier=Tier.OPEN),
    "opened_by": PersonalField(_("Opened by"), _to_find, "account", "account", Tier.OPEN),
    "first_step_on": PersonalField(_("Day of the first step done"), _to_count, tier=Tier.OPEN),
    "state": PersonalField(_("State"), _to_find, tier=Tier.OPEN, choices=codes.STATES),
    "ending": PersonalField(_("How the support ended"), _to_count, tier=Tier.OPEN, choices=codes.ENDINGS),
    "closed_on": PersonalField(_("Closed on"), _("To know when it must be erased"), tier=Tier.OPEN),
    "closed_by": PersonalField(_("Closed by"), _to_find, "account", "account", Tier.OPEN),
    "looked_at_by": PersonalField(_("Second look at the closing, by"), _to_find, "account", "account", Tier.OPEN),
}


class Case(LockedModel):
    """One person's case. It names no place where they were met: there is no way from a place to a person."""

    GROUP = Group.GOALS
    PERSONAL = CASE

    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="case")
    area = models.CharField(_("municipality"), max_length=12)
    way_in = models.CharField(_("way in"), max_length=14, choices=codes.choices(codes.WAYS_IN))
    language = models.CharField(_("language"), max_length=8)
    asked_on = models.DateField()
    opened_on = models.DateField()
    opened_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    first_step_on = models.DateField(null=True)
    state = models.CharField(max_length=8, choices=codes.choices(codes.STATES), default="open")
    ending = models.CharField(max_length=14, choices=codes.choices(codes.ENDINGS), blank=True, default="")
    closed_on = models.DateField(null=True)
    closed_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+")
    looked_at_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+")

    objects = ScopedManager(organisation="organisation")

    class Meta:
        verbose_name = _("case")
        # Each list walks one of these from its newest end and stops after a page.
        indexes = [
            models.Index(fields=["organisation", "state", "-opened_on", "-id"], name="cases_list"),
            models.Index(fields=["organisation", "area", "-opened_on", "-id"], name="cases_area"),
        ]

    @property
    def open(self) -> bool:
        return self.state == "open"
