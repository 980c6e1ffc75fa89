"""A check-in: who is out alone, who is told, until when. It says where somebody of the staff was, so it is kept briefly."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django_scopes import ScopedManager

from lygte.core.models import Member, Organisation
from lygte.core.refs import RefField


class CheckIn(models.Model):
    """One timer of one worker. It has ended when she said that she is safe, or when somebody reached her."""

    ref = RefField()
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    colleague = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    place = models.CharField(max_length=26, blank=True, default="")  # the reference of a place, never an address
    phone_id = models.CharField(max_length=32, blank=True, default="")  # the timer's own number on the phone
    started_at = models.DateTimeField()
    due_at = models.DateTimeField()
    alerted_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")

    objects = ScopedManager(organisation="organisation")

    class Meta:
        ordering = ["due_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["member", "phone_id"], condition=~Q(phone_id=""), name="checkin_once"),
            models.UniqueConstraint(fields=["member"], condition=Q(ended_at=None), name="one_open_checkin"),
        ]
        indexes = [models.Index(fields=["due_at"], condition=Q(ended_at=None), name="checkin_open")]

    def __str__(self) -> str:
        return f"check-in {self.ref}"
