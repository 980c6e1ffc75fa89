"""The ledger: one row per record that gave facts, one per fact, and the running totals that pages read."""

from __future__ import annotations

from django.db import models

from lygte.core.models import Organisation


class Record(models.Model):
    """The record that gave facts, by name only (“visit:…”): when, in which municipality, whose."""

    name = models.CharField(max_length=48, unique=True)
    day = models.DateField()
    area = models.CharField(max_length=12)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return self.name


class Entry(models.Model):
    """One fact: of a kind, with its dimensions written as “name=code|name=code” in order of name."""

    record = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="entries")
    kind = models.CharField(max_length=40)
    dimensions = models.CharField(max_length=120, blank=True)
    value = models.IntegerField()

    def __str__(self) -> str:
        return f"{self.kind} {self.dimensions} {self.value}"


class Total(models.Model):
    """The sum of all facts that agree in everything, by month; kept in the transaction that adds a fact."""

    kind = models.CharField(max_length=40)
    month = models.CharField(max_length=7)
    area = models.CharField(max_length=12)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    dimensions = models.CharField(max_length=120, blank=True)
    value = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                # In the order in which reports ask: whose, of what, when.
                fields=["organisation", "kind", "month", "area", "dimensions"],
                name="one_total_per_cell",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.month} {self.value}"
