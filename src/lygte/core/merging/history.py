"""Keeping what a record said before each change, in the same transaction as the change."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import models

from ..consent import gate
from ..consent.models import LockedModel
from ..consent.protection import PLUMBING
from .models import Competing, Earlier


def open_columns(record: LockedModel) -> dict[str, str]:
    """Return the codes and days of a record as text, by column."""
    fields = [field for field in record._meta.concrete_fields if field.name not in PLUMBING]
    return {field.name: _text(field, record) for field in fields}


def _text(field: models.Field[Any, Any], record: LockedModel) -> str:
    value = getattr(record, field.attname)
    return "" if value is None else str(value)


@gate.before_change
def keep_earlier(before: LockedModel) -> None:
    """Keep the version that is about to be replaced."""
    if before.locked is None:
        return
    Earlier.objects.get_or_create(
        table=before._meta.label,
        record=before.ref,
        version=before.version,
        defaults={"person": before.person, "box": bytes(before.locked), "columns": open_columns(before)},
    )


def as_it_was(record: LockedModel, version: int) -> LockedModel | None:
    """Return the record as it was in an earlier version, to be opened through the gate; None if it was not kept."""
    if version == record.version:
        return record
    kept = Earlier.objects.filter(table=record._meta.label, record=record.ref, version=version).first()
    if kept is None:
        return None
    was = type(record)._base_manager.select_related("person").get(pk=record.pk)
    was.version, was.locked = kept.version, bytes(kept.box)
    return was


def columns_of(record: LockedModel, version: int) -> Mapping[str, str]:
    """Return the codes and days of an earlier version."""
    kept = Earlier.objects.filter(table=record._meta.label, record=record.ref, version=version).first()
    return kept.columns if kept else {}


def forget(record: LockedModel) -> None:
    """Delete earlier versions and undecided values of a record that is removed for good, inside the caller's action."""
    at = {"table": record._meta.label, "record": record.ref}
    Earlier.objects.filter(**at).delete()
    Competing.objects.filter(person=record.person, **at).delete()
