"""A screening in a person's record: locked under their key, in a group of consent of its own. What came out is no column."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager

from lygte.core.consent.codes import Group
from lygte.core.consent.models import LockedModel
from lygte.core.consent.personal import PersonalField, Tier
from lygte.core.models import Member

_to_talk = _("To talk further from what was said, if the person wants to")
_who = _("To know who answers for it")


class Screening(LockedModel):
    """What a person took along: the answers, or what they gave, or both. Which instrument it was stands locked too."""

    GROUP = Group.SCREENING
    PERSONAL = {
        "instrument": PersonalField(_("Instrument"), _to_talk, special=True),
        "title": PersonalField(_("Name of the instrument"), _to_talk, special=True),
        "version": PersonalField(_("Version of the instrument"), _to_talk),
        "age_group": PersonalField(_("Age group"), _to_talk),
        "answers": PersonalField(_("Answers"), _to_talk, special=True),
        "result": PersonalField(_("What the answers gave"), _to_talk, special=True),
        "day": PersonalField(_("Day"), _to_talk, tier=Tier.OPEN),
        "member": PersonalField(_("Written down by"), _who, "account", "account", Tier.OPEN),
    }

    day = models.DateField()
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")

    objects = ScopedManager(organisation="organisation")

    class Meta:
        verbose_name = _("screening")
        ordering = ["day", "pk"]
