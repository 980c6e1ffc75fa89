"""Feeds: keys by which a spreadsheet reads one form, until somebody takes them back."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager

from lygte.core.models import Member, Organisation
from lygte.core.refs import RefField

from ..models import Form


class Feed(models.Model):
    """A key to read the filled forms of one form, and nothing else. Only its hash is kept."""

    ref = RefField()
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    form = models.ForeignKey(Form, on_delete=models.PROTECT, related_name="feeds")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    label = models.CharField(_("what it is for"), max_length=60)
    token_hash = models.CharField(max_length=64, unique=True)
    made_on = models.DateField(auto_now_add=True)
    last_read = models.DateField(null=True)
    revoked_at = models.DateTimeField(null=True)

    objects = ScopedManager(organisation="organisation")

    class Meta:
        ordering = ["revoked_at", "label", "pk"]

    def __str__(self) -> str:
        return self.label
