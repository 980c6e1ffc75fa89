"""A round, the places on it, and controls of authorities. None of them holds a person who is visited, or an address."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager

from lygte.care.outreach.handover import INTERPRETERS, PARTS_OF_DAY, PLACE_KINDS, choices
from lygte.core.models import Member, Organisation
from lygte.core.refs import RefField

from . import codes


class Round(models.Model):
    """One round through one region. Who goes are members of the organisation: there is no seat for anybody else."""

    ref = RefField()
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", db_index=False)
    region = models.CharField(_("region"), max_length=12)
    day = models.DateField(_("day"))
    part_of_day = models.CharField(_("part of the day"), max_length=10, choices=choices(PARTS_OF_DAY), blank=True)
    members = models.ManyToManyField(Member, verbose_name=_("who goes"), related_name="+")
    languages = models.JSONField(_("languages needed"), default=list, blank=True)
    interpreter = models.CharField(_("interpreter"), max_length=8, choices=choices(INTERPRETERS), blank=True)
    state = models.CharField(max_length=12, choices=choices(codes.STATES), default=codes.PLANNED, editable=False)

    objects = ScopedManager(organisation="organisation")

    # Counted by the reads that list rounds.
    places: int
    reached: int

    class Meta:
        indexes = [models.Index(fields=["organisation", "-day", "-id"], name="rounds_by_day")]

    def __str__(self) -> str:
        return f"round {self.ref}"

    @property
    def open(self) -> bool:
        return self.state in codes.OPEN


class Stop(models.Model):
    """A place on a round, in its turn. `visit` is what was recorded there that day by somebody who went along."""

    ref = RefField()
    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="stops")
    position = models.PositiveSmallIntegerField()
    place = models.CharField(max_length=26, db_index=True)  # the reference of a place
    kind = models.CharField(max_length=12, choices=choices(PLACE_KINDS))  # as on the day it was planned
    area = models.CharField(max_length=12)
    visit = models.CharField(max_length=26, blank=True, default="")
    outcome = models.CharField(max_length=10, blank=True, default="")

    objects = ScopedManager(organisation="round__organisation")

    class Meta:
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["round", "place"], name="rounds_place_once")]

    def __str__(self) -> str:
        return f"stop {self.ref}"


class JointControl(models.Model):
    """A control that an authority led and where somebody of the team was present: counted apart, never outreach."""

    ref = RefField()
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", db_index=False)
    day = models.DateField(_("day"))
    led_by = models.CharField(_("led by"), max_length=12, choices=choices(codes.AUTHORITIES))
    area = models.CharField(_("municipality"), max_length=12)
    kind = models.CharField(_("kind of place"), max_length=12, choices=choices(PLACE_KINDS))
    place = models.CharField(
        max_length=26, blank=True, default=""
    )  # the reference of a place of ours, where it was one
    withdrawn = models.BooleanField(default=False)

    objects = ScopedManager(organisation="organisation")

    class Meta:
        indexes = [
            models.Index(fields=["organisation", "-day", "-id"], name="rounds_controls_by_day"),
            models.Index(fields=["place", "day"], name="rounds_control_at"),
        ]

    def __str__(self) -> str:
        return f"joint control {self.ref}"
