"""The organisations that work with Lygte. Their kind decides what their members can ever be allowed to do."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from .refs import RefField


class Kind(models.TextChoices):
    """What an organisation is. A law enforcement body is an AUTHORITY and can never be given a field role."""

    OUTREACH = "outreach", _("Outreach")
    HEALTH = "health", _("Health")
    LEGAL = "legal", _("Legal aid")
    SELF_ORGANISATION = "self_organisation", _("Sex workers' own organisation")
    AUTHORITY = "authority", _("Authority")
    FUNDER = "funder", _("Funder")
    KNOWLEDGE = "knowledge", _("Knowledge institution")
    HOST = "host", _("Host of this installation")


class Organisation(models.Model):
    """An organisation with members. Everything it records belongs to it alone."""

    ref = RefField()
    name = models.CharField(max_length=120, unique=True)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    country = models.CharField(max_length=2, choices=[("DK", _("Denmark")), ("NL", _("Netherlands"))])
    language = models.CharField(max_length=5, default="en")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
