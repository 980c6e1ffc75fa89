"""A worker's secret address for the calendar of their phone. Who finds it learns that something is due, and not what."""

from __future__ import annotations

from django.db import models

from lygte.core.models import Member


class Feed(models.Model):
    """The one calendar address of a member; only its hash is kept."""

    member = models.OneToOneField(Member, on_delete=models.CASCADE, related_name="+")
    token_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"calendar of {self.member_id}"
