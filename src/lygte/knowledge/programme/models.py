"""Action plans as tables: what a plan file said, who delivers it where, and the reports made of it."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager

from lygte.core.models import Member, Organisation
from lygte.core.refs import RefField


class Plan(models.Model):
    """An action plan, owned for writing by a funder. `content` is the whole plan file as it was checked."""

    ref = RefField()
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="plans")
    key = models.CharField(max_length=60)
    country = models.CharField(max_length=2)
    invented = models.BooleanField(default=False)
    title = models.JSONField()
    first_month = models.CharField(max_length=7)
    last_month = models.CharField(max_length=7)
    content = models.JSONField()
    imported_at = models.DateTimeField(auto_now=True)
    objects = ScopedManager(organisation="organisation")

    class Meta:
        ordering = ["-first_month", "key"]
        constraints = [models.UniqueConstraint(fields=["organisation", "key"], name="one_plan_per_key")]

    def __str__(self) -> str:
        return self.key


class Baseline(models.Model):
    """A figure from before the plan, as its source gives it."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="baselines")
    position = models.PositiveSmallIntegerField()
    key = models.CharField(max_length=60)
    spec = models.JSONField()

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["plan", "key"], name="one_baseline_per_key")]

    def __str__(self) -> str:
        return self.key


class Indicator(models.Model):
    """A declared figure: which facts, filtered how, by what, put together how."""

    ref = RefField()
    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="indicators")
    position = models.PositiveSmallIntegerField()
    key = models.CharField(max_length=60)
    spec = models.JSONField()

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["plan", "key"], name="one_indicator_per_key")]

    def __str__(self) -> str:
        return self.key


class Initiative(models.Model):
    """One thing that a plan sets going."""

    ref = RefField()
    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="initiatives")
    number = models.PositiveSmallIntegerField()
    title = models.JSONField()
    spec = models.JSONField()
    first_month = models.CharField(max_length=7)
    last_month = models.CharField(max_length=7)

    class Meta:
        ordering = ["plan", "number"]
        constraints = [models.UniqueConstraint(fields=["plan", "number"], name="one_initiative_per_number")]

    def __str__(self) -> str:
        return f"{self.plan.key} {self.number}"


class Pool(models.Model):
    """Money set aside for an initiative."""

    initiative = models.OneToOneField(Initiative, on_delete=models.CASCADE, related_name="pool")
    amount = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    first_month = models.CharField(max_length=7)
    last_month = models.CharField(max_length=7)

    def __str__(self) -> str:
        return f"{self.amount} {self.currency}"


class Milestone(models.Model):
    """Something due by a month or a season; `due_day` is the last day on which it is not yet late."""

    class Kind(models.TextChoices):
        STATUS = "mid_term_status", _("Mid-term status")
        EVALUATION = "mid_term_evaluation", _("Mid-term evaluation")
        FINAL = "final", _("Final report")

    initiative = models.ForeignKey(Initiative, on_delete=models.CASCADE, related_name="milestones")
    kind = models.CharField(max_length=24, choices=Kind.choices)
    title = models.JSONField()
    due = models.CharField(max_length=12)
    due_day = models.DateField()

    class Meta:
        ordering = ["due_day", "pk"]

    def __str__(self) -> str:
        return f"{self.kind} {self.due}"


class Delivery(models.Model):
    """Who delivers an initiative, where, from when to when. No last month: until the initiative ends."""

    ref = RefField()
    initiative = models.ForeignKey(Initiative, on_delete=models.PROTECT, related_name="deliveries")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="deliveries")
    areas = models.JSONField()
    from_month = models.CharField(max_length=7)
    to_month = models.CharField(max_length=7, blank=True, default="")

    class Meta:
        ordering = ["from_month", "organisation__name"]
        verbose_name_plural = "deliveries"

    def __str__(self) -> str:
        return f"{self.organisation.name} {self.from_month}"


class StatusReport(models.Model):
    """The report of an initiative as at a month: a draft is computed when read, an issued one is frozen."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        ISSUED = "issued", _("Issued")

    ref = RefField()
    initiative = models.ForeignKey(Initiative, on_delete=models.PROTECT, related_name="reports")
    as_at = models.CharField(max_length=7)
    narrative = models.JSONField(default=dict, blank=True)
    narrative_language = models.CharField(max_length=2, default="en")
    state = models.CharField(max_length=8, choices=State.choices, default=State.DRAFT)
    frozen = models.JSONField(null=True, blank=True)
    content_hash = models.CharField(max_length=64, blank=True, default="")
    issued_at = models.DateTimeField(null=True, blank=True)
    issued_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["-as_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["initiative", "as_at"], name="one_report_per_month")]

    def __str__(self) -> str:
        return f"{self.initiative} {self.as_at}"
