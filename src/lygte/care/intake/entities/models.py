"""Lists, what stands in them, how it came to be so, and what waits: for its turn, for approval, for a decision.

A list holds places, things or cases by code. It holds no person: see `ethics.py`.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager

from lygte.core.models import Member, Organisation
from lygte.core.refs import RefField

from ..models import FormVersion, Submission


class EntityList(models.Model):
    """A list of one organisation, made by publishing a form that writes to it. `stamp` grows with every change."""

    class Holds(models.TextChoices):
        PLACES = "places", _("Places")
        THINGS = "things", _("Things")
        CASES = "cases", _("Cases, by code")

    class Sees(models.TextChoices):
        EVERYONE = "everyone", _("Everyone of the organisation")
        CREATOR = "creator", _("Only who made it")
        ASSIGNED = "assigned", _("Who made it, and whom it is assigned to")

    ref = RefField()
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=250)
    holds = models.CharField(_("what it holds"), max_length=8, choices=Holds.choices, default=Holds.THINGS)
    sees = models.CharField(_("who sees it"), max_length=8, choices=Sees.choices, default=Sees.EVERYONE)
    approval = models.BooleanField(_("new entries wait for approval"), default=False)
    properties = models.JSONField(default=list)  # names, in the order in which forms brought them
    stamp = models.PositiveBigIntegerField(default=1)
    made_at = models.DateTimeField(auto_now_add=True)

    objects = ScopedManager(organisation="organisation")

    class Meta:
        ordering = ["name", "pk"]
        constraints = [models.UniqueConstraint(fields=["organisation", "name"], name="entities_one_list_per_name")]

    def __str__(self) -> str:
        return self.name


class ListUse(models.Model):
    """A version of a form names a file that may be a list."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    form_version = models.ForeignKey(FormVersion, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=250)  # of the list, without ".csv"

    objects = ScopedManager(organisation="organisation")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["form_version", "name"], name="entities_use_once")]

    def __str__(self) -> str:
        return self.name


class Conflict(models.TextChoices):
    """How an update met what stood: on something other than it knew, or on the same field."""

    NONE = "", _("No conflict")
    SOFT = "soft", _("Two changed different things")
    HARD = "hard", _("Two changed the same thing")


class Entity(models.Model):
    """What stands in a list now. `values` holds the label and the properties."""

    ref = RefField()
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", db_index=False)
    list = models.ForeignKey(EntityList, on_delete=models.PROTECT, related_name="entities")
    uuid = models.CharField(max_length=36)
    label = models.CharField(max_length=250)
    values = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=1)
    conflict = models.CharField(max_length=4, choices=Conflict.choices, blank=True, default="")
    forced = models.BooleanField(default=False)  # came into being by an update whose beginning had not come
    creator = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    assigned = models.ManyToManyField(Member, related_name="+")
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    deleted_at = models.DateTimeField(null=True)
    deleted_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")

    objects = ScopedManager(organisation="organisation")

    class Meta:
        ordering = ["-pk"]
        verbose_name_plural = "entities"
        constraints = [models.UniqueConstraint(fields=["list", "uuid"], name="entities_one_per_uuid")]
        indexes = [
            models.Index(fields=["organisation"], condition=~models.Q(conflict=""), name="entities_undecided"),
        ]

    def __str__(self) -> str:
        return f"{self.uuid} in {self.list_id}"


class EntityVersion(models.Model):
    """One version: what stood after it, and what its writer had before them (`seen`), which a conflict makes different."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", db_index=False)
    entity = models.ForeignKey(Entity, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    values = models.JSONField(default=dict)
    seen = models.JSONField(default=dict)
    base = models.PositiveIntegerField(null=True)  # the version on the server that it was written on
    trunk = models.PositiveIntegerField(null=True)
    branch = models.CharField(max_length=36, blank=True, default="")
    branch_base = models.PositiveIntegerField(null=True)  # the version on the phone that it was written on
    conflict = models.CharField(max_length=4, choices=Conflict.choices, blank=True, default="")
    submission = models.ForeignKey(Submission, null=True, on_delete=models.PROTECT, related_name="+")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()

    objects = ScopedManager(organisation="organisation")

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["entity", "number"], name="entities_version_once")]
        indexes = [models.Index(fields=["entity", "branch", "branch_base"], name="entities_branch")]

    def __str__(self) -> str:
        return f"version {self.number} of {self.entity_id}"


class Contest(models.Model):
    """A field that two changed differently: what the later one wanted, kept beside what stands until somebody decides."""

    ref = RefField()
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", db_index=False)
    entity = models.ForeignKey(Entity, on_delete=models.CASCADE, related_name="contests")
    version = models.ForeignKey(EntityVersion, on_delete=models.CASCADE, related_name="contests")
    field = models.CharField(max_length=250)
    wanted = models.TextField(blank=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    taken = models.BooleanField(default=False)

    objects = ScopedManager(organisation="organisation")

    class Meta:
        ordering = ["field", "pk"]
        constraints = [models.UniqueConstraint(fields=["version", "field"], name="entities_contest_once")]

    def __str__(self) -> str:
        return f"contest {self.ref}"


class Feed(models.Model):
    """What became of the entities in one filled form. A filled form feeds lists once."""

    class State(models.TextChoices):
        FED = "fed", _("Written to the lists")
        WAITS = "waits", _("Waits for approval")
        FAILED = "failed", _("Not written to the lists")
        REPLACED = "replaced", _("An edit took its place")

    ref = RefField()
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", db_index=False)
    submission = models.OneToOneField(Submission, on_delete=models.CASCADE, related_name="+")
    state = models.CharField(max_length=8, choices=State.choices)
    problem_number = models.CharField(max_length=8, blank=True, default="")
    problem_at = models.CharField(max_length=250, blank=True, default="")
    problem_details = models.JSONField(default=dict)
    at = models.DateTimeField()

    objects = ScopedManager(organisation="organisation")

    class Meta:
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["organisation"], condition=models.Q(state="failed"), name="entities_failed"),
        ]

    def __str__(self) -> str:
        return f"feed of {self.submission_id}"


class Held(models.Model):
    """An update from a phone without a signal whose predecessor has not come. It waits for it, at most some days."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", db_index=False)
    list = models.ForeignKey(EntityList, on_delete=models.PROTECT, related_name="+", db_index=False)
    uuid = models.CharField(max_length=36)
    base = models.PositiveIntegerField()
    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="+")
    position = models.PositiveIntegerField()
    sent = models.JSONField()
    held_at = models.DateTimeField(db_index=True)

    objects = ScopedManager(organisation="organisation")

    class Meta:
        ordering = ["base", "pk"]
        constraints = [models.UniqueConstraint(fields=["submission", "position"], name="entities_held_once")]
        indexes = [models.Index(fields=["list", "uuid"], name="entities_waiting")]

    def __str__(self) -> str:
        return f"held update of {self.uuid}"


class Switch(models.Model):
    """A provided list that must be switched on, and is, for one organisation."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=60)
    on = models.BooleanField(default=True)
    changed_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", db_index=False)
    changed_at = models.DateTimeField(auto_now=True)

    objects = ScopedManager(organisation="organisation")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "name"], name="entities_one_switch")]

    def __str__(self) -> str:
        return self.name
