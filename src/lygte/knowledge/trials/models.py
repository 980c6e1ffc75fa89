"""Trials as tables: the plan while it is written, what was registered and amended, who takes part, the result."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager

from lygte.core.models import Member, Organisation
from lygte.core.refs import RefField


class Trial(models.Model):
    """One question about methods. `draft` can be changed until it is registered; from then on versions count."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Being planned")
        REGISTERED = "registered", _("Registered")
        STOPPED = "stopped", _("Stopped early")

    ref = RefField()
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="trials")
    title = models.CharField(max_length=120)
    country = models.CharField(max_length=2)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    draft = models.JSONField(default=dict, blank=True)
    smallest = models.JSONField(null=True, blank=True)  # the smallest difference the plan can find, and of which plan
    stopped_on = models.DateField(null=True, blank=True)
    stop_reason = models.TextField(blank=True, default="")
    made_at = models.DateTimeField(auto_now_add=True)
    objects = ScopedManager(organisation="organisation")

    class Meta:
        ordering = ["-made_at", "-pk"]

    def __str__(self) -> str:
        return self.title


class Part(models.Model):
    """An organisation that is asked to take part, in which municipalities, and what it answered."""

    class State(models.TextChoices):
        INVITED = "invited", _("Not answered yet")
        AGREED = "agreed", _("Takes part")
        DECLINED = "declined", _("Does not take part")
        WITHDRAWN = "withdrawn", _("Withdrew")

    ref = RefField()
    trial = models.ForeignKey(Trial, on_delete=models.CASCADE, related_name="parts")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="trial_parts")
    areas = models.JSONField(default=list)
    state = models.CharField(max_length=10, choices=State.choices, default=State.INVITED)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    withdrawn_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["organisation__name"]
        constraints = [models.UniqueConstraint(fields=["trial", "organisation"], name="one_part_per_organisation")]

    def __str__(self) -> str:
        return f"{self.trial}: {self.organisation.name}"


class Version(models.Model):
    """A plan as it was registered (1) or amended (2 and up), with its fingerprint. Never changed, never deleted."""

    trial = models.ForeignKey(Trial, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    content = models.JSONField()
    content_hash = models.CharField(max_length=64)
    after_start = models.BooleanField()
    reason = models.TextField(blank=True, default="")
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["trial", "number"], name="one_version_per_number")]

    def __str__(self) -> str:
        return f"{self.trial} {self.number}"


class Result(models.Model):
    """What came out, worked out once and frozen."""

    ref = RefField()
    trial = models.OneToOneField(Trial, on_delete=models.PROTECT, related_name="result")
    content = models.JSONField()
    content_hash = models.CharField(max_length=64)
    issued_at = models.DateTimeField()
    issued_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    def __str__(self) -> str:
        return f"{self.trial}: result"
