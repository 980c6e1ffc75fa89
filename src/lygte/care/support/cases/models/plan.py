"""The plan: goals in the person's words, steps with a day and somebody who does them, and phases that end in a handover."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager

from lygte.core.consent.codes import Group
from lygte.core.consent.models import LockedModel
from lygte.core.consent.personal import PersonalField, Tier
from lygte.core.models import Member

from .. import codes

_to_help = _("To help with what the person wants to change, or to keep")
_to_be_in_time = _("So that nothing is forgotten")
_who = _("To know who answers for it")


class Goal(LockedModel):
    """What the person wants, in their words. To stay as one is, with one's rights, is as good a goal as any."""

    GROUP = Group.GOALS
    PERSONAL = {
        "words": PersonalField(_("The goal, in the person's words"), _to_help),
        "life_area": PersonalField(_("Life area"), _to_help, choices=codes.LIFE_AREAS),
        "set_on": PersonalField(_("Set on"), _to_help, tier=Tier.OPEN),
        "state": PersonalField(_("State"), _to_help, tier=Tier.OPEN, choices=codes.GOAL_STATES),
        "ended_on": PersonalField(_("Ended on"), _to_help, tier=Tier.OPEN),
    }

    set_on = models.DateField()
    state = models.CharField(max_length=8, choices=codes.choices(codes.GOAL_STATES), default="open")
    ended_on = models.DateField(null=True)

    objects = ScopedManager(organisation="organisation")

    class Meta:
        verbose_name = _("goal")
        ordering = ["pk"]


class Step(LockedModel):
    """Something to do: what it is stands locked, its day and who does it in the open, so that a day can be planned."""

    GROUP = Group.GOALS
    PERSONAL = {
        "what": PersonalField(_("What to do"), _to_help),
        "goal": PersonalField(_("For which goal"), _to_help, tier=Tier.OPEN),
        "due": PersonalField(_("Due"), _to_be_in_time, tier=Tier.OPEN),
        "doer": PersonalField(_("Who does it"), _who, tier=Tier.OPEN, choices=codes.DOERS),
        "member": PersonalField(_("Which colleague"), _who, "account", "account", Tier.OPEN),
        "set_on": PersonalField(_("Written down on"), _to_help, tier=Tier.OPEN),
        "state": PersonalField(_("State"), _to_be_in_time, tier=Tier.OPEN, choices=codes.STEP_STATES),
        "done_on": PersonalField(_("Done on"), _to_help, tier=Tier.OPEN),
    }

    goal = models.ForeignKey(Goal, on_delete=models.SET_NULL, null=True, related_name="steps")
    due = models.DateField(null=True)
    doer = models.CharField(max_length=8, choices=codes.choices(codes.DOERS), default="worker")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+")
    set_on = models.DateField()
    state = models.CharField(max_length=8, choices=codes.choices(codes.STEP_STATES), default="open")
    done_on = models.DateField(null=True)

    objects = ScopedManager(organisation="organisation")

    class Meta:
        verbose_name = _("step")
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["member", "due"], condition=Q(state="open"), name="cases_my_steps"),
            models.Index(fields=["person", "due"], condition=Q(state="open"), name="cases_next_step"),
        ]


class Phase(LockedModel):
    """One of the three phases of a time-limited support: intense at first, handed over at the end."""

    GROUP = Group.GOALS
    PERSONAL = {
        "plan": PersonalField(_("What this phase is for"), _to_help),
        "handover": PersonalField(_("Who takes over what"), _to_help),
        "number": PersonalField(_("Phase"), _to_be_in_time, tier=Tier.OPEN, choices=codes.PHASES),
        "starts_on": PersonalField(_("First day"), _to_be_in_time, tier=Tier.OPEN),
        "ends_on": PersonalField(_("Last day"), _to_be_in_time, tier=Tier.OPEN),
    }

    number = models.PositiveSmallIntegerField()
    starts_on = models.DateField()
    ends_on = models.DateField()

    objects = ScopedManager(organisation="organisation")

    class Meta:
        verbose_name = _("phase")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["person", "number"], name="cases_one_phase_a_number"),
            models.CheckConstraint(condition=Q(ends_on__gt=models.F("starts_on")), name="cases_phase_has_days"),
        ]
