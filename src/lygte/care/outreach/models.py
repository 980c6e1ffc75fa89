"""A place and the visits to it. Neither holds a person, an address or a word of free text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager

from lygte.core.models import Member, Organisation
from lygte.core.refs import RefField
from lygte.directory.industries import DIVISIONS

from . import codes

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class Place(models.Model):
    """Somewhere to visit, under a name that the team gave it. The address will live in the vault, not here."""

    ref = RefField()
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(_("kind of place"), max_length=12, choices=codes.choices(codes.PLACE_KINDS))
    industry = models.CharField(_("industry"), max_length=2, choices=codes.choices(DIVISIONS), blank=True, default="")
    area = models.CharField(_("municipality"), max_length=12)
    code_name = models.CharField(_("code name"), max_length=40)
    short_code = models.CharField(_("short code"), max_length=6, editable=False)
    languages = models.JSONField(_("languages spoken there"), default=list, blank=True)
    open_at = models.JSONField(_("usually open"), default=list, blank=True)  # parts of the day, see codes.PARTS_OF_DAY
    source = models.CharField(_("how we know of it"), max_length=8, choices=codes.choices(codes.SOURCES), default="ad")
    state = models.CharField(max_length=8, choices=codes.choices(codes.STATES), default="active", editable=False)
    created_on = models.DateField(editable=False)

    objects = ScopedManager(organisation="organisation")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "short_code"], name="outreach_short_code_once"),
            models.UniqueConstraint(fields=["organisation", "code_name"], name="outreach_code_name_once"),
            models.CheckConstraint(condition=Q(industry="") | Q(kind="workplace"), name="outreach_industry_at_work"),
        ]
        indexes = [models.Index(fields=["organisation", "state", "code_name"], name="outreach_place_list")]

    def __str__(self) -> str:
        return f"{self.code_name} ({self.short_code})"


class Visit(models.Model):
    """One visit, as counts. It keeps the place's kind and area of that day: changing a place rewrites no history."""

    ref = RefField()
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", db_index=False)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="visits", db_index=False)
    place_kind = models.CharField(max_length=12, choices=codes.choices(codes.PLACE_KINDS))
    industry = models.CharField(max_length=2, choices=codes.choices(DIVISIONS), blank=True, default="")
    area = models.CharField(max_length=12)
    day = models.DateField()
    part_of_day = models.CharField(max_length=10, choices=codes.choices(codes.PARTS_OF_DAY), blank=True, default="")
    minutes = models.PositiveSmallIntegerField(null=True)
    team_size = models.PositiveSmallIntegerField(null=True)
    outcome = models.CharField(max_length=10, choices=codes.choices(codes.OUTCOMES))
    announced = models.BooleanField(null=True)
    interpreter = models.CharField(max_length=8, choices=codes.choices(codes.INTERPRETERS), blank=True, default="")
    present = models.PositiveSmallIntegerField(default=0)
    spoken_to = models.PositiveSmallIntegerField(default=0)
    new = models.PositiveSmallIntegerField(default=0)
    refused = models.PositiveSmallIntegerField(default=0)
    counts = models.JSONField(default=dict)  # {dimension: {code: more than 0}}, see codes.COUNTED
    submission = models.CharField(max_length=26, blank=True, default="")
    recorded_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_reason = models.CharField(
        max_length=12, choices=codes.choices(codes.ALL_WITHDRAWAL_REASONS), blank=True, default=""
    )

    objects = ScopedManager(organisation="organisation")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(spoken_to__lte=models.F("present")), name="outreach_spoken_in_present"),
            models.UniqueConstraint(
                fields=["submission"], condition=~Q(submission=""), name="outreach_one_visit_per_submission"
            ),
            models.CheckConstraint(condition=Q(new__lte=models.F("spoken_to")), name="outreach_new_in_spoken"),
        ]
        # Each list walks one of these from its newest end and stops after a page; none counts the table.
        indexes = [
            models.Index(fields=["organisation", "-day", "-id"], name="outreach_visit_list"),
            models.Index(fields=["organisation", "place_kind", "-day", "-id"], name="outreach_visit_kind"),
            models.Index(fields=["organisation", "area", "-day", "-id"], name="outreach_visit_area"),
            models.Index(fields=["place", "-day", "-id"], name="outreach_visit_place"),
            models.Index(fields=["recorded_by", "-day", "-id"], name="outreach_visit_mine"),
            models.Index(
                fields=["organisation", "-day", "-id"],
                name="outreach_visit_withdrawn",
                condition=Q(withdrawn_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"visit {self.ref}"

    @property
    def outcome_in_short(self) -> StrOrPromise:
        return codes.OUTCOMES_IN_SHORT[self.outcome]

    @property
    def withdrawn(self) -> bool:
        return self.withdrawn_at is not None
