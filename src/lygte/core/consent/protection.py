"""What is kept about a person, field by field: why, on which legal ground, how long. The build fails where one is missing.

The record of processing (GDPR Article 30) and the impact assessment (Article 35) are made from here.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any

from django.apps import apps
from django.core.checks import CheckMessage, Error, register
from django.db.models import Model
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from ..vault.models import SearchToken
from .models import Consent, Erasure, Hold, LockedModel, Person, Seat, Seen
from .personal import GROUNDS, KEEPS, PersonalField, Tier

PLUMBING = frozenset({"id", "ref", "organisation", "person", "version", "locked"})


def _open(label: Any, why: Any, ground: str = "account", keep: str = "account") -> PersonalField:
    return PersonalField(label, why, ground, keep, Tier.OPEN)


_to_find = _("To find a record again without a name")
_to_obey = _("To do what the person agreed to, and nothing else")
_to_tell = _("So that the person can see who has seen them")
_to_limit = _("So that only those who work with the person can read")
_to_hold = _("To tell the person why their record is kept")
_to_prove = _("To prove that somebody was erased, and to erase again after a restored backup")

# Tables about persons that hold codes and days only, and so are not locked.
PLAIN: dict[type[Model], Mapping[str, PersonalField]] = {
    Person: {
        "code": _open(_("Code"), _to_find),
        "made_on": _open(_("Made on"), _("To know when it must be erased")),
        "merged_into": _open(_("The same person as"), _("So that one person has one record")),
    },
    Seat: {
        "member": _open(_("Who"), _to_limit),
        "first": _open(_("Whom the person turns to first"), _to_limit),
        "since": _open(_("From"), _to_limit),
        "until": _open(_("Until"), _to_limit),
    },
    Consent: {
        "kind": _open(_("Agreed, withdrawn, or asked and said no"), _to_obey),
        "purpose": _open(_("Purpose"), _to_obey),
        "recipient": _open(_("Recipient"), _to_obey),
        "groups": _open(_("Parts of the record"), _to_obey),
        "until": _open(_("Until"), _to_obey),
        "language": _open(_("Language in which they were asked"), _to_obey),
        "text_version": _open(_("Version of the text that was read"), _to_obey),
        "manner": _open(_("Spoken or written"), _to_obey),
        "at": _open(_("When"), _to_obey),
        "member": _open(_("Who wrote it down"), _to_obey),
    },
    Seen: {
        "at": _open(_("When"), _to_tell),
        "member": _open(_("Who"), _to_tell),
        "via": _open(_("In which way"), _to_tell),
        "groups": _open(_("Which parts"), _to_tell),
        "purpose": _open(_("Purpose"), _to_tell),
        "recipient": _open(_("To whom"), _to_tell),
        "entry": _open(_("Line of the log"), _to_tell),
    },
    Hold: {
        "ground": _open(_("Ground"), _to_hold, "legal"),
        "since": _open(_("From"), _to_hold, "legal"),
        "until": _open(_("Until"), _to_hold, "legal"),
        "set_by": _open(_("Proposed by"), _to_hold, "legal"),
        "confirmed_by": _open(_("Confirmed by"), _to_hold, "legal"),
        "ended_at": _open(_("Ended"), _to_hold, "legal"),
        "wished_at": _open(_("The person asked for erasure"), _to_hold, "legal"),
    },
    Erasure: {
        "at": _open(_("When"), _to_prove, keep="proof"),
        "because": _open(_("Why"), _to_prove, keep="proof"),
        "epoch": _open(_("Epoch of the keys"), _to_prove, keep="proof"),
        "records": _open(_("How many records"), _to_prove, keep="proof"),
    },
    SearchToken: {
        "field": _open(_("Kind of word"), _("To find a person by a word inside one organisation"), "consent"),
        "token": _open(_("Blind token"), _("To find a person by a word inside one organisation"), "consent"),
    },
}


def plain_models() -> Iterator[tuple[type[Model], Mapping[str, PersonalField]]]:
    """Yield tables about persons that are not locked: those of this room, and those of rooms that declare `PERSONAL`."""
    yield from PLAIN.items()
    for model in sorted(apps.get_models(), key=lambda one: one._meta.db_table):
        declared = getattr(model, "PERSONAL", None)
        if declared is not None and not issubclass(model, LockedModel):
            yield model, declared


def everything_kept() -> Iterator[tuple[type[Model], Mapping[str, PersonalField]]]:
    """Yield every table about persons with what is declared about its fields."""
    for locked in locked_models():
        yield locked, locked.PERSONAL
    yield from plain_models()


def fingerprint() -> str:
    """Return the SHA-256 of everything declared about what is kept; documents made from it carry it."""
    with translation.override("en"):
        tables = [
            [model._meta.label, str(getattr(model, "GROUP", "")), [_words(name, one) for name, one in fields.items()]]
            for model, fields in everything_kept()
        ]
        grounds = [[code, one.article, str(one.label)] for code, one in GROUNDS.items()]
        keeps = [[code, str(one.label), one.after, one.time.days] for code, one in KEEPS.items()]
    return hashlib.sha256(json.dumps([tables, grounds, keeps], ensure_ascii=False).encode()).hexdigest()


def _words(name: str, one: PersonalField) -> list[Any]:
    return [name, str(one.label), str(one.why), one.ground, one.keep, str(one.tier), one.special]


def locked_models() -> Iterator[type[LockedModel]]:
    """Yield every kind of record of a person that there is, in the order of their tables' names."""
    found = [model for model in apps.get_models() if issubclass(model, LockedModel)]
    yield from sorted(found, key=lambda model: model._meta.db_table)


@register()
def every_field_of_a_person_has_a_reason(**options: object) -> list[CheckMessage]:
    """Refuse to start with a column of a person that has no purpose, ground or time (E010, E011)."""
    errors: list[CheckMessage] = []
    tables: list[tuple[type[Model], Mapping[str, PersonalField]]] = [
        *((model, getattr(model, "PERSONAL", {})) for model in locked_models()),
        *plain_models(),
    ]
    for model, declared in tables:
        columns = {f.name for f in model._meta.concrete_fields} - PLUMBING
        for name in sorted(columns - set(declared)):
            errors.append(Error(f"{model.__name__}.{name} has no purpose, ground and time.", id="lygte.E010"))
        for name, one in declared.items():
            if one.ground not in GROUNDS or one.keep not in KEEPS or not one.why:
                errors.append(Error(f"{model.__name__}.{name}: unknown ground or time.", id="lygte.E011"))
    return errors
