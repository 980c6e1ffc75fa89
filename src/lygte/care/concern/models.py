"""A sign noted about a place, somebody's objection to it, and a decision to tell an authority. None names a person met."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django_scopes import ScopedManager

from lygte.core.models import Member, Organisation
from lygte.core.refs import LENGTH, RefField

from . import codes


class NotedSign(models.Model):
    """One sign that one colleague noted about a place, and how they know. It is forgotten when the rule says so."""

    ref = RefField()
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    place = models.CharField(max_length=LENGTH)  # the reference of a place
    sign = models.SlugField(max_length=32, db_index=False)
    known = models.CharField(max_length=14, choices=codes.choices(codes.KNOWN))
    sure = models.CharField(max_length=6, choices=codes.choices(codes.SURE))
    day = models.DateField()
    rule_version = models.PositiveSmallIntegerField()
    noted_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    noted_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    objects = ScopedManager(organisation="organisation")

    class Meta:
        ordering = ["-day", "-pk"]
        indexes = [models.Index(fields=["organisation", "place", "-day"], name="concern_of_place")]

    def __str__(self) -> str:
        return f"sign {self.ref}"


class Contest(models.Model):
    """An objection to a noted sign. While it stands, the sign does not count."""

    ref = RefField()
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    noted = models.ForeignKey(NotedSign, on_delete=models.CASCADE, related_name="contests")
    reason = models.CharField(max_length=14, choices=codes.choices(codes.CONTESTS))
    note = models.CharField(max_length=300, blank=True, default="")
    contested_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    contested_at = models.DateTimeField()

    objects = ScopedManager(organisation="organisation")

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["noted", "contested_by"], name="concern_contest_once")]

    def __str__(self) -> str:
        return f"contest {self.ref}"


class Telling(models.Model):
    """A decision to tell an authority about a place: chosen piece by piece, with a reason, by two people, or refused."""

    ref = RefField()
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    place = models.CharField(max_length=LENGTH)  # the reference of a place
    authority = models.CharField(max_length=12, choices=codes.choices(codes.AUTHORITIES))
    ground = models.CharField(max_length=10, choices=codes.choices(codes.GROUNDS))
    people = models.CharField(max_length=8, choices=codes.choices(codes.PEOPLE))
    pieces = models.JSONField(default=list)
    why = models.CharField(max_length=500, blank=True, default="")
    state = models.CharField(max_length=10, choices=codes.choices(codes.TELLING_STATES), default="asked")
    asked_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+")
    decided_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    objects = ScopedManager(organisation="organisation")

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=F("asked_by")), name="concern_two_people"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["asked", "refused", "withdrawn"]) | Q(confirmed_by__isnull=False),
                name="concern_second_person",
            ),
        ]

    def __str__(self) -> str:
        return f"telling {self.ref}"
