"""A service and the least it needs to know. There is no field for an address: a confidential one is never kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lygte.core.models import Organisation
from lygte.core.refs import RefField

from . import codes

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


SERVICE, AUTHORITY = "service:", "authority:"  # how the consent ledger calls recipients of each class


class Service(models.Model):
    """Help of one kind, for everybody who works with Lygte to find.

    The organisation that keeps the entry runs the service itself, unless `run_by` names somebody without an account.
    """

    ref = RefField()
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="services")
    run_by = models.CharField(_("run by"), max_length=120, blank=True, default="")
    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(_("kind"), max_length=20, choices=codes.choices(codes.KINDS))
    what = models.CharField(_("what they do"), max_length=400, blank=True, default="")
    areas = models.JSONField(_("areas"), default=list)
    languages = models.JSONField(_("languages"), default=list)
    opening = models.CharField(_("when they are open"), max_length=200, blank=True, default="")
    front_gate = models.CharField(_("front gate"), max_length=200, blank=True, default="")
    state = models.CharField(max_length=8, choices=codes.choices(codes.STATES), default="open", editable=False)
    checked_on = models.DateField(_("last confirmed"))

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "name"], name="services_name_once"),
            models.CheckConstraint(  # nobody on Lygte is an authority that keeps services, and none may seem so
                condition=Q(kind__in=list(codes.HELP_KINDS)) | ~Q(run_by=""), name="services_authority_is_outside"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def runs_itself(self) -> bool:
        """Whether the organisation that keeps the entry runs the service."""
        return not self.run_by

    @property
    def runner(self) -> str:
        """Who runs the service, by name."""
        return self.run_by or self.organisation.name

    @property
    def is_authority(self) -> bool:
        """Whether it belongs to the class to which nothing is referred."""
        return codes.is_authority(self.kind)

    @property
    def recipient(self) -> str:
        """How the consent ledger calls it."""
        return (AUTHORITY if self.is_authority else SERVICE) + self.ref


class Need(models.Model):
    """One thing that a service needs to know, and why; shown to the person before anything leaves."""

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="needs")
    field = models.CharField(max_length=12, choices=[(code, ask.label) for code, ask in codes.ASKS.items()])
    why = models.CharField(max_length=160)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["service", "field"], name="services_need_once")]

    def __str__(self) -> str:
        return self.field

    @property
    def ask(self) -> codes.Ask:
        """What is asked for."""
        return codes.ASKS[self.field]

    @property
    def label(self) -> StrOrPromise:
        return self.ask.label
