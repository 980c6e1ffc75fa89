"""Everything that is kept about a person, in plain words, whatever kind of record it is: a new kind appears unasked.

The kinds come from `consent.protection.locked_models`, the words from each kind's PERSONAL.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Model
from django.utils import formats, timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from lygte.core.consent import gate
from lygte.core.consent.codes import Group
from lygte.core.consent.models import LockedModel, Person
from lygte.core.consent.personal import PersonalField, Text, Tier
from lygte.core.consent.protection import locked_models
from lygte.core.merging.models import Earlier
from lygte.core.models import Member
from lygte.core.problems import Problem
from lygte.directory.areas import area_name
from lygte.directory.languages import LANGUAGES

from .models import Account

Words = tuple[tuple[Text, str], ...]  # what it is called, and what stands there


@dataclass(frozen=True)
class Before:
    """How a record stood before somebody changed it."""

    version: int
    until: datetime
    values: Mapping[str, Any]
    words: Words
    columns: Mapping[str, str]


@dataclass(frozen=True)
class Kept:
    """One record: what it is, what stands in it, and what the person wrote beside it."""

    record: LockedModel
    title: str
    values: Mapping[str, Any]
    words: Words
    damaged: bool = False  # it could not be opened: changed outside Lygte, or its key is missing here
    beside: list[Kept] = field(default_factory=list)
    before: list[Before] = field(default_factory=list)


@dataclass(frozen=True)
class Chapter:
    """The records of one group of fields."""

    group: str
    label: Text
    records: list[Kept]


def records_of(people: Sequence[Person]) -> list[LockedModel]:
    """Return every record there is of a person, of every kind; nothing is opened. Several, where they are the same."""
    return [
        record
        for model in locked_models()
        for record in model._default_manager.filter(person__in=people)
        .select_related("person", *_members_in(model))
        .order_by("pk")
    ]


def _members_in(model: type[LockedModel]) -> list[str]:
    columns = [column.name for column in model._meta.concrete_fields if column.related_model is Member]
    return [f"{name}__{part}" for name in columns for part in ("user", "organisation")]


def open_all(people: Sequence[Person], keys: Mapping[str, bytes]) -> list[Kept]:
    """Open everything with the keys of the person's own slip (by the reference of the person)."""
    opened: list[tuple[LockedModel, Mapping[str, Any], bool]] = []
    for record in records_of(people):
        values, damaged = _open(record, keys.get(record.person.ref))
        opened.append((record, values, damaged))
    first_words = {record.ref: _first_words(record, values) for record, values, _damaged in opened}
    kept = [
        Kept(record, str(record._meta.verbose_name), values, words_of(record, values, first_words), damaged)
        for record, values, damaged in opened
    ]
    _put_before(kept, people, keys)
    return kept


def _put_before(kept: list[Kept], people: Sequence[Person], keys: Mapping[str, bytes]) -> None:
    """Hang on each record how it stood before, newest first."""
    by_place = {(one.record._meta.label, one.record.ref): one for one in kept}
    for row in Earlier.objects.filter(person__in=people).order_by("-version"):
        one = by_place.get((row.table, row.record))
        if one is not None:
            was = copy(one.record)
            was.version, was.locked = row.version, bytes(row.box)
            values, _damaged = _open(was, keys.get(one.record.person.ref))
            words = tuple(
                (declared.label, text)
                for name, declared in was.PERSONAL.items()
                if (text := in_words(values.get(name), declared))
            )
            one.before.append(Before(row.version, row.kept_at, values, words, row.columns))


def _open(record: LockedModel, key: bytes | None) -> tuple[Mapping[str, Any], bool]:
    if key is None:
        return {}, record.locked is not None
    try:
        return gate.open_record(record, key), False
    except Problem:
        return {}, True


def chapters(kept: list[Kept]) -> list[Chapter]:
    """Return records by group, the person's own words beside what they are about; the rest of them last."""
    by_ref = {one.record.ref: one for one in kept}
    loose: list[Kept] = []
    for one in kept:
        target = by_ref.get(one.record.about) if isinstance(one.record, Account) else None
        (target.beside if target else loose).append(one)
    found = [Chapter(g.value, g.label, [one for one in loose if one.record.group == g.value]) for g in Group]
    return [chapter for chapter in found if chapter.records]


def words_of(record: LockedModel, values: Mapping[str, Any], first_words: Mapping[str, str]) -> Words:
    """Return what stands in a record, in words, in the order in which its fields are declared; empty ones are left out."""
    found = []
    for name, one in record.PERSONAL.items():
        text = (
            _open_column(record, name, one, first_words) if one.tier == Tier.OPEN else in_words(values.get(name), one)
        )
        if text:
            found.append((one.label, text))
    return tuple(found)


def _first_words(record: LockedModel, values: Mapping[str, Any]) -> str:
    words = [in_words(values.get(name), one) for name, one in record.PERSONAL.items() if one.tier == Tier.LOCKED]
    return next((text for text in words if text), "")


def _open_column(record: LockedModel, name: str, one: PersonalField, first_words: Mapping[str, str]) -> str:
    value = getattr(record, name, None)
    if isinstance(value, str) and value in first_words:
        return first_words[value]  # it points to another record
    if isinstance(value, LockedModel):
        return first_words.get(value.ref, "")
    special = SPECIAL.get(name)
    return special(value) if special and value else in_words(value, one)


def _groups(value: list[str]) -> str:
    known = dict(Group.choices)
    return ", ".join(str(known.get(group, group)) for group in value)


def _kind(table: str) -> str:
    known = {model._meta.label: str(model._meta.verbose_name) for model in locked_models()}
    return known.get(table, table)


# Columns whose codes have their words elsewhere; they are called the same in every kind of record.
SPECIAL: dict[str, Callable[[Any], str]] = {
    "area": area_name,
    "language": lambda code: str(LANGUAGES.get(code, code)),
    "groups": _groups,
    "table": _kind,
}


def in_words(value: Any, one: PersonalField | None = None) -> str:
    """Return any value as a person can read it."""
    choices = one.choices if one and one.choices else {}
    if value is None or value == "" or value == [] or value == {}:
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, str | int) and str(value) in choices:
        return str(choices[str(value)])
    if isinstance(value, datetime):
        return formats.date_format(timezone.localtime(value), "DATETIME_FORMAT")
    if isinstance(value, date):
        return formats.date_format(value, "DATE_FORMAT")
    if isinstance(value, Member):
        return f"{value.user.name}, {value.organisation.name}"
    if isinstance(value, dict):
        return "; ".join(f"{key}: {in_words(item, one)}" for key, item in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(in_words(item, one) for item in value)
    if isinstance(value, Model):
        return str(value)
    return _of_text(str(value))


def _of_text(text: str) -> str:
    try:
        day = parse_date(text) if len(text) == 10 else None
    except ValueError:
        day = None
    return formats.date_format(day, "DATE_FORMAT") if day else text
