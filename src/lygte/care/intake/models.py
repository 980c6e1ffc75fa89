"""Forms and their versions, the phones that may fetch and send, and what they sent, byte for byte."""

from __future__ import annotations

from typing import Any, NoReturn

from django.db import models
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager

from lygte.core.models import Member, Organisation
from lygte.core.refs import RefField


class Form(models.Model):
    """A questionnaire of one organisation. What it asks is in its versions."""

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        CLOSED = "closed", _("Closed")

    ref = RefField()
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    form_id = models.CharField(max_length=250)
    title = models.CharField(max_length=250)
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)

    objects = ScopedManager(organisation="organisation")

    class Meta:
        ordering = ["title", "pk"]
        constraints = [models.UniqueConstraint(fields=["organisation", "form_id"], name="one_form_per_form_id")]

    def __str__(self) -> str:
        return self.title


class Unchanging(models.QuerySet["FormVersion"]):
    """Refuses to change what was published; the database refuses it as well (see the migration)."""

    def update(self, **kwargs: Any) -> NoReturn:
        raise TypeError("a published version never changes")

    def delete(self) -> NoReturn:
        raise TypeError("a published version is never removed")


class FormVersion(models.Model):
    """One published version: the workbook as uploaded and the XForm as every phone gets it, for ever."""

    ref = RefField()
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    form = models.ForeignKey(Form, on_delete=models.PROTECT, related_name="versions")
    version = models.CharField(max_length=250, blank=True)
    workbook = models.BinaryField()
    workbook_name = models.CharField(max_length=120)
    xform = models.BinaryField()
    md5 = models.CharField(max_length=32)
    outline = models.JSONField(default=dict)
    warnings = models.JSONField(default=list)
    published_at = models.DateTimeField(auto_now_add=True)
    published_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")

    objects = ScopedManager(organisation="organisation", _manager_class=models.Manager.from_queryset(Unchanging))

    class Meta:
        ordering = ["-pk"]
        constraints = [models.UniqueConstraint(fields=["form", "version"], name="version_published_once")]

    def __str__(self) -> str:
        return f"{self.form_id} {self.version}"


class Device(models.Model):
    """A phone, or an app on it, that may fetch forms and send them. Only hashes of its secrets are kept."""

    ref = RefField()
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    label = models.CharField(_("name of the phone"), max_length=60)
    token_hash = models.CharField(max_length=64, unique=True)
    username = models.CharField(max_length=40, unique=True)
    password_hash = models.CharField(max_length=64)
    added_on = models.DateField(auto_now_add=True)
    last_seen = models.DateField(null=True)
    revoked_at = models.DateTimeField(null=True)

    objects = ScopedManager(organisation="organisation")

    class Meta:
        ordering = ["revoked_at", "label", "pk"]

    def __str__(self) -> str:
        return self.label


class Submission(models.Model):
    """One filled form, as received. The phone's own id and the name of its app are not kept."""

    class State(models.TextChoices):
        RECEIVED = "received", _("Received")
        TAKEN = "taken", _("Taken in")
        NEEDS_LOOK = "needs_look", _("Needs a look")

    ref = RefField()
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    form = models.ForeignKey(Form, on_delete=models.PROTECT, related_name="+")
    form_version = models.ForeignKey(FormVersion, on_delete=models.PROTECT, related_name="+")
    instance_id = models.CharField(max_length=250)
    device = models.ForeignKey(Device, null=True, on_delete=models.PROTECT, related_name="+")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    received_at = models.DateTimeField()
    xml = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    state = models.CharField(max_length=12, choices=State.choices, default=State.RECEIVED)
    problem_number = models.CharField(max_length=8, blank=True)
    problem_at = models.CharField(max_length=200, blank=True)
    problem_details = models.JSONField(default=dict)
    problem_parts = models.JSONField(default=list)
    corrections = models.JSONField(default=dict)

    objects = ScopedManager(organisation="organisation")

    class Meta:
        ordering = ["-received_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["form", "instance_id"], name="instance_stored_once"),
        ]
        indexes = [
            models.Index(fields=["organisation", "state", "-received_at"], name="submission_by_state"),
            models.Index(fields=["organisation", "-received_at"], name="submission_newest"),
        ]

    def __str__(self) -> str:
        return f"submission {self.ref}"


class Attachment(models.Model):
    """A file sent with a filled form, kept in the data folder under a random name."""

    ref = RefField()
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="attachments")
    name = models.CharField(max_length=250)
    stored_as = models.CharField(max_length=26)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)

    objects = ScopedManager(organisation="organisation")

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["submission", "name"], name="one_file_per_name")]

    def __str__(self) -> str:
        return f"file of {self.submission}"
