"""Which files were made or asked for, what was brought in, and what came with a person's file and has no other place."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager

from lygte.core.consent.codes import Group
from lygte.core.consent.models import LockedModel, Person
from lygte.core.consent.personal import PersonalField, Tier
from lygte.core.models import Member, Organisation
from lygte.core.refs import RefField
from lygte.directory.services.codes import HELP_KINDS
from lygte.directory.services.models import Service

GOOD_FOR = timedelta(days=1)  # from the second person's yes until the file must be made
STATES = [
    ("asked", _("Waits for a second person")),
    ("confirmed", _("Confirmed, not made yet")),
    ("made", _("Made and taken out")),
    ("refused", _("Refused")),
]
FORMATS = [("csv", _("CSV, for any spreadsheet")), ("xlsx", _("XLSX workbook")), ("json", _("JSON, for programs"))]


class Takeout(models.Model):
    """A file that left, or that somebody asked for. The file itself is made when it is taken, and kept nowhere."""

    ref = RefField()
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20)
    fields = models.JSONField(default=list)  # names of the standard's fields
    format = models.CharField(max_length=4, choices=FORMATS)
    persons = models.PositiveSmallIntegerField()  # how many were asked for, then how many are in it
    state = models.CharField(max_length=9, choices=STATES)
    asked_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    made_at = models.DateTimeField(null=True)

    objects = ScopedManager(organisation="organisation")

    class Meta:
        ordering = ["-pk"]
        constraints = [
            # Default deny, also in the database: a file for an authority cannot be noted, so none is made.
            models.CheckConstraint(condition=Q(kind__in=list(HELP_KINDS)), name="exchange_takeout_helps"),
            models.CheckConstraint(
                condition=~Q(decided_by=models.F("asked_by")) | Q(state="refused"), name="exchange_takeout_two_people"
            ),
            models.CheckConstraint(
                condition=~Q(state="made") | Q(persons__lte=1) | Q(decided_by__isnull=False),
                name="exchange_takeout_many_need_two",
            ),
        ]
        indexes = [models.Index(fields=["organisation", "made_at"], name="exchange_made")]

    def __str__(self) -> str:
        return f"takeout {self.ref}"

    def over(self, now: datetime) -> bool:
        """Whether the second person's yes is too old."""
        return self.decided_at is None or now - self.decided_at > GOOD_FOR


_who_is_in = _("To make the file of those who agreed, and to know whose file left")


class Taken(models.Model):
    """One person whom a file is about."""

    PERSONAL = {
        "takeout": PersonalField(_("Which file"), _who_is_in, "account", "account", Tier.OPEN),
        "inside": PersonalField(_("Whether they were in it"), _who_is_in, "account", "account", Tier.OPEN),
    }

    takeout = models.ForeignKey(Takeout, on_delete=models.CASCADE, related_name="people")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    inside = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("line of a file that left")
        constraints = [models.UniqueConstraint(fields=["takeout", "person"], name="exchange_once_a_file")]

    def __str__(self) -> str:
        return f"taken {self.pk}"


class Brought(models.Model):
    """A file that became records. It says how many, and not whose."""

    ref = RefField()  # given out with the preview, so that pressing twice brings in once
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    kind = models.CharField(
        max_length=8, choices=[("table", _("Table by the standard")), ("portable", _("A person's own file"))]
    )
    cases = models.PositiveSmallIntegerField()

    objects = ScopedManager(organisation="organisation")

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"brought {self.ref}"


_to_lose_nothing = _("So that nothing is lost of what the person brought with them from elsewhere")


class CameAlong(LockedModel):
    """Something out of a person's own file that has no place here: kept in words, in the group it belonged to."""

    GROUP = Group.ACCOUNT  # of a class only; each row has the group that it had where it comes from
    PERSONAL = {
        "title": PersonalField(_("What it is"), _to_lose_nothing, special=True),
        "text": PersonalField(_("What stood there"), _to_lose_nothing, special=True),
        "of_group": PersonalField(
            _("Part of the record"), _to_lose_nothing, tier=Tier.OPEN, choices=dict(Group.choices)
        ),
        "day": PersonalField(_("Brought in on"), _to_lose_nothing, tier=Tier.OPEN),
        "member": PersonalField(_("Brought in by"), _to_lose_nothing, "account", "account", Tier.OPEN),
    }

    of_group = models.CharField(max_length=14, choices=Group.choices)
    day = models.DateField()
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")

    objects = ScopedManager(organisation="organisation")

    class Meta:
        verbose_name = _("brought along from elsewhere")
        ordering = ["pk"]

    @property
    def group(self) -> str:
        return self.of_group
