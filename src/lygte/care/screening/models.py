"""What this room keeps: screenings as mere counts, and instruments that an organisation brought itself.

A count has no time, no worker, no place and no person: nothing can lead from it to whoever was asked.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager

from lygte.core.models import Member, Organisation
from lygte.core.refs import RefField

from . import outcomes


class Counted(models.Model):
    """One screening, counted without anybody in it: instrument, outcome, municipality, month."""

    ref = RefField()
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    instrument = models.CharField(max_length=40, choices=list(outcomes.COUNTED_AS.items()))
    version = models.PositiveSmallIntegerField()
    outcome = models.CharField(max_length=24, choices=list(outcomes.OUTCOMES.items()))
    area = models.CharField(max_length=12)
    month = models.DateField()  # its first day

    objects = ScopedManager(organisation="organisation")

    def __str__(self) -> str:
        return f"counted screening {self.ref}"


class OwnInstrument(models.Model):
    """An organisation's own instrument: the scoring file as it was understood. It never changes; a new version is a new row."""

    ref = RefField()
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(_("title"), max_length=120)
    version = models.PositiveSmallIntegerField()
    said = models.JSONField()  # an Instrument, as plain data
    workbook = models.BinaryField()
    brought_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    brought_at = models.DateTimeField()
    retired = models.BooleanField(default=False)

    objects = ScopedManager(organisation="organisation")

    class Meta:
        ordering = ["title", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "title", "version"], name="screening_version_once")
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.version}"
