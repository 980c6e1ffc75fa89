"""Forms and their versions, the phones that may fetch and send, and what they sent, byte for byte."""

from __future__ import annotations

from typing import Any, NoReturn

from django.db import models
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager

from lygte.core.models import Member, Organisation
from lygte.core.refs import RefField


class Grade(models.TextChoices):
    """How sensitive a form is: what may be asked in it, and who can ever read what comes back."""

    OPEN = "open", _("Open: counts only")
    LOCKED = "locked", _("Locked: sealed when it arrives")
    SEALED = "sealed", _("Sealed: only from a phone that seals")


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
    # How sensitive it is (see `grades.py`); empty where it was published before there were grades.
    grade = models.CharField(max_length=8, blank=True, choices=Grade.choices)
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
    digest_box = models.BinaryField(null=True)  # what Digest needs, sealed by the server's pepper
    added_on = models.DateField(auto_now_add=True)
    last_seen = models.DateField(null=True)
    revoked_at = models.DateTimeField(null=True)

    objects = ScopedManager(organisation="organisation")

    class Meta:
        ordering = ["revoked_at", "label", "pk"]

    def __str__(self) -> str:
        return self.label


class ReviewState(models.TextChoices):
    """What a coordinator thinks of a filled form. Whether it could be taken in is another matter (`Submission.state`)."""

    RECEIVED = "received", _("Not yet reviewed")
    EDITED = "edited", _("Edited")
    HAS_ISSUES = "has_issues", _("Has issues")
    APPROVED = "approved", _("Approved")
    REJECTED = "rejected", _("Rejected")


class StandingSubmissions(models.QuerySet["Submission"]):
    """What is asked again and again of filled forms."""

    def standing(self) -> StandingSubmissions:
        """Leave out what an edit replaced and what lies in the trash."""
        return self.filter(replaced_by=None, trashed_at=None)


class Submission(models.Model):
    """One filled form, as received. The phone's own id and the name of its app are not kept."""

    class State(models.TextChoices):
        RECEIVED = "received", _("Received")
        TAKEN = "taken", _("Taken in")
        NEEDS_LOOK = "needs_look", _("Needs a look")

    ref = RefField()
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    form = models.ForeignKey(Form, on_delete=models.PROTECT, related_name="+", db_index=False)  # see the indexes
    form_version = models.ForeignKey(FormVersion, on_delete=models.PROTECT, related_name="+")
    instance_id = models.CharField(max_length=250)
    device = models.ForeignKey(Device, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
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
    encrypted = models.BooleanField(default=False)
    review = models.CharField(max_length=12, choices=ReviewState.choices, default=ReviewState.RECEIVED)
    replaced_by = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="replaces")
    trashed_at = models.DateTimeField(null=True)
    trashed_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")

    objects = ScopedManager(
        organisation="organisation", _manager_class=models.Manager.from_queryset(StandingSubmissions)
    )

    class Meta:
        ordering = ["-received_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["form", "instance_id"], name="instance_stored_once"),
        ]
        indexes = [
            models.Index(fields=["organisation", "state", "-received_at"], name="submission_by_state"),
            models.Index(fields=["organisation", "-received_at"], name="submission_newest"),
            models.Index(fields=["organisation", "review", "-received_at"], name="submission_by_review"),
            models.Index(
                fields=["organisation", "-received_at"],
                condition=models.Q(trashed_at__isnull=False),
                name="submission_in_trash",
            ),
            models.Index(fields=["form", "-received_at", "-id"], name="submission_by_form"),
            models.Index(fields=["device", "-received_at", "-id"], name="submission_by_phone"),
            models.Index(fields=["form", "id"], name="submission_in_order"),  # exports read a form from end to end
        ]

    def __str__(self) -> str:
        return f"submission {self.ref}"

    @property
    def earlier(self) -> Submission | None:
        """Return the filled form that this one is an edit of, if it is one."""
        found: Submission | None = getattr(self, "replaces", None)
        return found


class Attachment(models.Model):
    """A file sent with a filled form, kept in the data folder under a random name."""

    ref = RefField()
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="attachments")
    name = models.CharField(max_length=250)
    stored_as = models.CharField(max_length=26)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    # Of a file that came in the open beside an encrypted form: the key to it, sealed for the form's own key.
    sealed_key = models.BinaryField(null=True)

    objects = ScopedManager(organisation="organisation")

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["submission", "name"], name="one_file_per_name")]

    def __str__(self) -> str:
        return f"file of {self.submission}"

    @property
    def quarantined(self) -> bool:
        return self.sealed_key is not None


class SealedSubmission(models.Model):
    """A filled form that lies here sealed to its organisation's key. What it says is in the box, and nowhere else.

    In the open: the form, the day, the organisation, who sent it, its state, and the instance id that the phone drew.
    """

    class State(models.TextChoices):
        WAITS = "waits", _("Waits to be opened")
        OPENED = "opened", _("Opened")
        TAKEN = "taken", _("Taken in")
        NEEDS_LOOK = "needs_look", _("Needs a look")

    class By(models.TextChoices):
        PHONE = "phone", _("On the phone")
        ARRIVAL = "arrival", _("When it arrived")

    ref = RefField()
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    form = models.ForeignKey(Form, on_delete=models.PROTECT, related_name="+")
    form_version = models.ForeignKey(FormVersion, on_delete=models.PROTECT, related_name="+")
    instance_id = models.CharField(max_length=80)  # as the phone drew it, or a keyed hash of one that is not random
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    sealed = models.CharField(max_length=8, choices=By.choices)
    header = models.BinaryField()  # what the boxes are bound to
    box = models.BinaryField()
    digest = models.CharField(max_length=64)  # keyed, of what was received: the same again is the same form
    state = models.CharField(max_length=12, choices=State.choices, default=State.WAITS)
    problem_number = models.CharField(max_length=8, blank=True)
    file_count = models.PositiveSmallIntegerField(default=0)

    objects = ScopedManager(organisation="organisation")

    class Meta:
        ordering = ["-day", "-pk"]
        constraints = [models.UniqueConstraint(fields=["form", "instance_id"], name="sealed_instance_stored_once")]
        indexes = [models.Index(fields=["organisation", "state", "-day"], name="sealed_by_state")]

    def __str__(self) -> str:
        return f"sealed form {self.ref}"


class SealedFile(models.Model):
    """A file of a sealed form: a box on disk under a random name; what it is called is inside."""

    ref = RefField()
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    submission = models.ForeignKey(SealedSubmission, on_delete=models.CASCADE, related_name="files")
    part = models.CharField(max_length=80)  # what the box is bound to; never a name
    own_key = models.BooleanField()  # sealed here, after the form: then its key is another one
    stored_as = models.CharField(max_length=26)
    size = models.BigIntegerField()
    digest = models.CharField(max_length=64)

    objects = ScopedManager(organisation="organisation")

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["submission", "part"], name="sealed_file_once")]

    def __str__(self) -> str:
        return f"file of {self.submission}"


class Review(models.Model):
    """One step in the review of a filled form: who said what of it, and when. Steps are added, never changed."""

    ref = RefField()
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="reviews")
    before = models.CharField(max_length=12, choices=ReviewState.choices)
    state = models.CharField(max_length=12, choices=ReviewState.choices)
    comment = models.CharField(max_length=2000, blank=True)
    undoes = models.OneToOneField("self", null=True, on_delete=models.CASCADE, related_name="undone_by")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = ScopedManager(organisation="organisation")

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"review of {self.submission}"


class AuditEvent(models.Model):
    """One line of the record that a phone keeps of how a form was filled in. Places only where the form asked for them."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="audit_events")
    position = models.PositiveIntegerField()
    event = models.CharField(max_length=60)
    node = models.CharField(max_length=1000, blank=True)
    start = models.BigIntegerField(null=True)  # milliseconds since 1970, as phones count
    end = models.BigIntegerField(null=True)
    old_value = models.TextField(blank=True)
    new_value = models.TextField(blank=True)
    user = models.CharField(max_length=250, blank=True)
    change_reason = models.TextField(blank=True)
    latitude = models.CharField(max_length=30, blank=True)
    longitude = models.CharField(max_length=30, blank=True)
    accuracy = models.CharField(max_length=30, blank=True)

    objects = ScopedManager(organisation="organisation")

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["submission", "position"], name="audit_line_once")]

    def __str__(self) -> str:
        return f"{self.event} of {self.submission}"


class FormDraft(models.Model):
    """A form that is being tried out: its own secret address, its own test forms, nothing of it in any figure."""

    ref = RefField()
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    form_id = models.CharField(max_length=250)
    title = models.CharField(max_length=250)
    version = models.CharField(max_length=250, blank=True)
    workbook = models.BinaryField()
    workbook_name = models.CharField(max_length=120)
    xform = models.BinaryField()
    md5 = models.CharField(max_length=32)
    outline = models.JSONField(default=dict)
    warnings = models.JSONField(default=list)
    token_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")

    objects = ScopedManager(organisation="organisation")

    class Meta:
        ordering = ["title", "pk"]
        constraints = [models.UniqueConstraint(fields=["organisation", "form_id"], name="one_draft_per_form_id")]

    def __str__(self) -> str:
        return self.title


class TestSubmission(models.Model):
    """A form filled in to try a draft. It lies in a table of its own, so that it can never be taken for a real one."""

    __test__ = False  # the name begins like a test's

    ref = RefField()
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    draft = models.ForeignKey(FormDraft, on_delete=models.CASCADE, related_name="test_submissions")
    instance_id = models.CharField(max_length=250)
    received_at = models.DateTimeField()
    xml = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    files = models.JSONField(default=dict)  # {name: {"stored_as", "size"}}

    objects = ScopedManager(organisation="organisation")

    class Meta:
        ordering = ["-pk"]
        constraints = [models.UniqueConstraint(fields=["draft", "instance_id"], name="test_instance_stored_once")]

    def __str__(self) -> str:
        return f"test submission {self.ref}"


class FormFile(models.Model):
    """A file that a form needs: a list, a picture, a recording. Its bytes never change; a newer one takes its place."""

    ref = RefField()
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    form = models.ForeignKey(Form, null=True, on_delete=models.PROTECT, related_name="files")
    draft = models.ForeignKey(FormDraft, null=True, on_delete=models.CASCADE, related_name="files")
    name = models.CharField(max_length=250)
    stored_as = models.CharField(max_length=26)
    size = models.BigIntegerField()
    md5 = models.CharField(max_length=32)
    sha256 = models.CharField(max_length=64)
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    replaced_at = models.DateTimeField(null=True)

    objects = ScopedManager(organisation="organisation")

    class Meta:
        ordering = ["name", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(form=None, draft__isnull=False) | models.Q(form__isnull=False, draft=None),
                name="file_of_form_or_draft",
            ),
            models.UniqueConstraint(
                fields=["form", "name"], condition=models.Q(replaced_at=None), name="one_form_file_per_name"
            ),
            models.UniqueConstraint(
                fields=["draft", "name"], condition=models.Q(replaced_at=None), name="one_draft_file_per_name"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class FormKey(models.Model):
    """A key pair of an encrypted form. The private half lies here only locked under a passphrase that nobody stores."""

    ref = RefField()
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    form = models.ForeignKey(Form, on_delete=models.PROTECT, related_name="keys")
    public_key = models.TextField()  # SubjectPublicKeyInfo, DER, base64 in one line, as it stands in the form
    box = models.BinaryField()
    salt = models.BinaryField()
    passes = models.PositiveIntegerField()
    memory = models.PositiveBigIntegerField()
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")

    objects = ScopedManager(organisation="organisation")

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"key of {self.form}"
