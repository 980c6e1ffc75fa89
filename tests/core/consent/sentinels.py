"""A person of whom everything is kept that can be kept: one locked record of every kind, each value a word of its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from django.db import models
from django.utils import timezone

from lygte.core.consent import gate
from lygte.core.consent.models import LockedModel, Person
from lygte.core.consent.personal import Tier
from lygte.core.consent.protection import PLUMBING, locked_models
from lygte.core.models import Member
from lygte.core.refs import new_ref
from lygte.core.vault.keyring import keyring_of

# Values that must be a code or a number for the pages to make sense of them; they are no sentinels.
FIXED: dict[str, Mapping[str, Any]] = {
    "cases.Measure": {"instrument": "who5", "answers": {"1": 3, "2": 3, "3": 3, "4": 3, "5": 3}},
    "merging.Competing": {"wanted": {}},
}
# Kinds that are no record by themselves: made only together with a package, a request, two edits that meet.
WITH_OTHERS = {"referrals.Referral", "referrals.Disclosure", "merging.Competing", "consent.GlassBreak"}


def word(model: type[LockedModel], name: str) -> str:
    """Return the sentinel of one field: a word that stands nowhere else."""
    return f"ZQ{model._meta.model_name}{name}QZ".replace("_", "")


def kinds() -> Iterator[type[LockedModel]]:
    for model in locked_models():
        if model._meta.label not in WITH_OTHERS:
            yield model


def sentinels(model: type[LockedModel]) -> dict[str, str]:
    """Return the words that a record of a kind holds, by field."""
    fixed = FIXED.get(model._meta.label, {})
    return {
        name: word(model, name)
        for name, one in model.PERSONAL.items()
        if one.tier == Tier.LOCKED and not one.choices and name not in fixed
    }


def _column(field: models.Field[Any, Any], member: Member, today: date) -> Any:
    if field.choices:
        return next(value for value, _label in field.flatchoices if value)
    if field.is_relation:
        return member if field.related_model is Member else None
    if isinstance(field, models.DateTimeField):
        return timezone.now()
    if isinstance(field, models.DateField):
        return (
            None
            if field.null
            else today + timedelta(days=7 if field.name.startswith(("end", "due", "first_due")) else 0)
        )
    if isinstance(field, models.IntegerField):
        return 1
    return "DK-461" if field.name == "area" else "da" if field.name == "language" else ""


def make(model: type[LockedModel], person: Person, member: Member) -> LockedModel:
    """Make one record of a kind, whoever may or may not read it: the key is taken past the gate, as only a test may."""
    today = timezone.localdate()
    columns = {
        field.name: _column(field, member, today)
        for field in model._meta.concrete_fields
        if field.name not in PLUMBING and not (field.is_relation and field.null) and not field.has_default()
    }
    record = model(organisation=person.organisation, person=person, **columns)
    codes = {
        name: next(iter(one.choices)) for name, one in model.PERSONAL.items() if one.tier == Tier.LOCKED and one.choices
    }
    values = {**codes, **FIXED.get(model._meta.label, {}), **sentinels(model)}
    gate.put(record, values, keyring_of(member).person_key(person.ref))
    return record


def everything(person: Person, member: Member) -> list[LockedModel]:
    """Make one record of every kind."""
    return [make(model, person, member) for model in kinds()]


def refs_of(person: Person, records: list[LockedModel]) -> list[str]:
    """Return every reference under which something of the person could stand in an address."""
    return [person.ref, *(record.ref for record in records), new_ref()]
