"""What is kept about a person, field by field: why, on which legal ground, how long. The build fails where one is missing.

The record of processing (GDPR Article 30) and the impact assessment (Article 35) are made from here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from django.apps import apps
from django.core.checks import CheckMessage, Error, register

from .models import LockedModel
from .personal import GROUNDS, KEEPS, PersonalField

PLUMBING = frozenset({"id", "ref", "organisation", "person", "version", "locked"})


def locked_models() -> Iterator[type[LockedModel]]:
    """Yield every kind of record of a person that there is, in the order of their tables' names."""
    found = [model for model in apps.get_models() if issubclass(model, LockedModel)]
    yield from sorted(found, key=lambda model: model._meta.db_table)


@register()
def every_field_of_a_person_has_a_reason(**options: object) -> list[CheckMessage]:
    """Refuse to start with a column of a person that has no purpose, ground or time (E010, E011)."""
    errors: list[CheckMessage] = []
    for model in locked_models():
        declared: Mapping[str, PersonalField] = getattr(model, "PERSONAL", {})
        columns = {f.name for f in model._meta.concrete_fields} - PLUMBING
        for name in sorted(columns - set(declared)):
            errors.append(Error(f"{model.__name__}.{name} has no purpose, ground and time.", id="lygte.E010"))
        for name, one in declared.items():
            if one.ground not in GROUNDS or one.keep not in KEEPS or not one.why:
                errors.append(Error(f"{model.__name__}.{name}: unknown ground or time.", id="lygte.E011"))
    return errors
