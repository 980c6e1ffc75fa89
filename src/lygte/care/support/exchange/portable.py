"""The file that a person took away, read with care: it may come from anywhere. Nothing is written here.

Its form is that of the person's own page, `lygte-person` 1 (docs/rooms/door.md).
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from lygte.care.support.cases.handover import INSTRUMENTS, RECORDS
from lygte.core.consent.codes import EVERY_GROUP, Group
from lygte.core.consent.models import LockedModel
from lygte.core.consent.personal import PersonalField, Tier
from lygte.core.models import Member
from lygte.core.personal_signs import refuse_signs
from lygte.core.problems import Problem

from .boxes import LARGEST_INSIDE, file_in
from .models import CameAlong

FORMAT, VERSION = "lygte-person", 1
WRONG = "422.620"
MOST_RECORDS, LONGEST = 5000, 20_000
_MODELS: list[type[LockedModel]] = [*RECORDS.values(), CameAlong]
KINDS: Mapping[str, type[LockedModel]] = {model._meta.label_lower: model for model in _MODELS}
NAMES = {model._meta.label_lower: name for name, model in RECORDS.items()}
NUMBERS_ARE_FINE = frozenset({"phone"})
STAYS = ("consents", "seen", "team", "holds")  # of the house that it comes from: it stays in the person's file


@dataclass(frozen=True)
class Piece:
    """One record of the file that can be kept as a record here."""

    kind: str
    ref: str
    group: str
    values: Mapping[str, Any]
    columns: Mapping[str, Any]  # days and codes, as their columns want them
    goal: str = ""  # reference, in the file, of the goal that a step belongs to
    who: tuple[str, ...] = ()  # who wrote it there


@dataclass(frozen=True)
class Words:
    """One record of the file that has no place here and is kept in words."""

    group: str
    title: str
    text: str


@dataclass(frozen=True)
class Carried:
    """What is in the file."""

    house: str
    made_at: str
    code: str
    pieces: list[Piece]
    words: list[Words]
    stays: Mapping[str, int]  # what is not brought in: how many lines of each
    damaged: int = 0
    before: int = 0  # earlier versions, which stay in the person's file
    left: list[Problem] = field(default_factory=list)  # records with a personal number, which is kept nowhere

    @property
    def case(self) -> Piece | None:
        return next((one for one in self.pieces if one.kind == "case"), None)

    def counts(self) -> dict[str, int]:
        """Return how many records there are of each group."""
        groups = [piece.group for piece in self.pieces] + [one.group for one in self.words]
        return {group.value: groups.count(group.value) for group in Group if group.value in groups}


def read_carried(content: bytes) -> Carried:
    """Return what is in a person's own file. Raises Problem 422.620 for any other file, and for one that was changed."""
    document = _document(content)
    records = document["records"]
    if len(records) > MOST_RECORDS:
        raise Problem(WRONG)
    pieces: list[Piece] = []
    words: list[Words] = []
    left: list[Problem] = []
    taken: set[str] = set()
    for record in records:
        if record.get("damaged"):
            continue
        piece = _piece(record, taken)
        one = piece or _words(record)
        if problem := _sign(one):
            left.append(problem)
        elif piece is not None:
            pieces.append(piece)
            taken.add(_only_one(piece))
        else:
            words.append(_words(record))
    house, person = _dict(document.get("organisation")), _dict(document.get("person"))
    stays = {name: len(_list(document.get(name))) for name in STAYS if _list(document.get(name))}
    return Carried(
        house=_short(house.get("name")),
        made_at=_short(document.get("made_at"))[:10],
        code=_short(person.get("code")),
        pieces=pieces,
        words=words,
        stays=stays,
        damaged=sum(bool(record.get("damaged")) for record in records),
        before=sum(len(_list(record.get("before"))) for record in records),
        left=left,
    )


def _document(content: bytes) -> dict[str, Any]:
    text = file_in(content, "notes.json", WRONG)
    if len(text) > LARGEST_INSIDE:
        raise Problem(WRONG)
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        raise Problem(WRONG) from None
    if not isinstance(found, dict) or found.get("format") != FORMAT or found.get("version") != VERSION:
        raise Problem(WRONG)
    if not isinstance(found.get("records"), list) or not all(isinstance(one, dict) for one in found["records"]):
        raise Problem(WRONG)
    return found


def _dict(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _short(value: Any) -> str:
    return str(value or "")[:200]


ONCE = frozenset({"case", "name", "reach", "situation", "health"})


def _piece(record: Mapping[str, Any], taken: Collection[str]) -> Piece | None:
    """Return a record as this house can keep it, or None where it cannot: an unknown kind, a value of another shape."""
    model = KINDS.get(str(record.get("kind")))
    if model is None:
        return None
    kind = NAMES.get(model._meta.label_lower, "along")
    values, given = _dict(record.get("values")), _dict(record.get("open"))
    columns = _columns(model, given)
    group = str(given.get("of_group", "")) if kind == "along" else str(model.GROUP)
    if columns is None or group not in EVERY_GROUP or not _days_fit(kind, columns) or not _values_fit(model, values):
        return None
    goal = given.get("goal")
    piece = Piece(
        kind=kind,
        ref=_short(record.get("ref")),
        group=group,
        values=values,
        columns=columns,
        goal=goal if isinstance(goal, str) else "",
        who=_people(model, given),
    )
    return None if _only_one(piece) in taken else piece


def _only_one(piece: Piece) -> str:
    """Return what a person has one of: a second, as after a merge, is kept in words. Unlike anything, where many may be."""
    if piece.kind in ONCE:
        return piece.kind
    return f"phase {piece.columns['number']}" if piece.kind == "phase" else f"{piece.kind} {id(piece)}"


def _days_fit(kind: str, columns: Mapping[str, Any]) -> bool:
    if kind == "phase":
        return bool(columns["ends_on"] > columns["starts_on"])
    return kind != "deadline" or bool(columns["due"] >= columns["starts_on"])


def _values_fit(model: type[LockedModel], values: Mapping[str, Any]) -> bool:
    """Tell whether what was locked there can be locked here: declared, of a sensible size, of its list."""
    for name, value in values.items():
        declared = model.PERSONAL.get(name)
        if declared is None or declared.tier == Tier.OPEN or not _value_fits(name, value, declared):
            return False
    if model is RECORDS["measure"]:
        instrument = INSTRUMENTS.get(str(values.get("instrument")))
        answers = values.get("answers")
        return instrument is not None and isinstance(answers, dict) and bool(answers) and instrument.allows(answers)
    return True


def _value_fits(name: str, value: Any, declared: PersonalField) -> bool:
    if name == "answers":
        return isinstance(value, dict) and all(type(number) is int for number in value.values())
    if not isinstance(value, str) or len(value) > LONGEST:
        return False
    return not declared.choices or not value or value in declared.choices


def _columns(model: type[LockedModel], given: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return the open columns in their own types; None where one cannot be what its column holds."""
    found: dict[str, Any] = {}
    for name, declared in model.PERSONAL.items():
        if declared.tier != Tier.OPEN or name in ("goal", "of_group"):
            continue
        column = model._meta.get_field(name)
        if isinstance(column, models.ForeignKey):
            continue  # a colleague of another house; said in words
        value = given.get(name)
        if value in (None, ""):
            if isinstance(column, models.Field) and not (column.null or column.blank):
                return None
            continue
        try:
            found[name] = _typed(column, value)
        except (ValidationError, ValueError, TypeError):
            return None
    return found


def _typed(column: Any, value: Any) -> Any:
    if isinstance(column, models.DateField):
        day = parse_date(value) if isinstance(value, str) else None
        if day is None or not 1900 < day.year < 2200:
            raise ValueError
        return day
    if isinstance(column, models.PositiveSmallIntegerField):
        if type(value) is not int or value not in (1, 2, 3):
            raise ValueError
        return value
    if not isinstance(value, str):
        raise ValueError
    column.run_validators(value)
    if column.choices and value not in dict(column.choices):
        raise ValueError
    return value


def _people(model: type[LockedModel], given: Mapping[str, Any]) -> tuple[str, ...]:
    """Return who is named in a record, with what they did: colleagues of another house are words here."""
    said = []
    for name, declared in model.PERSONAL.items():
        if declared.tier == Tier.OPEN and _is_member(model, name) and given.get(name):
            who = _dict(given[name])
            names = ", ".join(_short(who.get(part)) for part in ("name", "organisation") if who.get(part))
            if names:
                said.append(f"{declared.label}: {names}")
    return tuple(said)


def _is_member(model: type[LockedModel], name: str) -> bool:
    return model._meta.get_field(name).related_model is Member


def _words(record: Mapping[str, Any]) -> Words:
    """Return a record in words: those that the file itself gives for reading."""
    group = str(record.get("group"))
    lines = [
        f"{_short(one.get('label'))}: {str(one.get('text') or '')[:LONGEST]}"
        for one in _list(record.get("words"))
        if isinstance(one, dict)
    ]
    if not lines:
        lines = [f"{_short(name)}: {str(value)[:LONGEST]}" for name, value in _dict(record.get("values")).items()]
    title = _short(record.get("title")) or _("Something else")
    return Words(group if group in EVERY_GROUP else Group.ACCOUNT.value, title, "\n".join(lines)[: LONGEST * 3])


def _sign(one: Piece | Words) -> Problem | None:
    """Return the problem of a record in which a personal number stands: such a record is left in the person's file."""
    if isinstance(one, Words):
        texts = [("", one.text)]
    else:
        texts = [(k, v) for k, v in one.values.items() if isinstance(v, str) and k not in NUMBERS_ARE_FINE]
    what = one.title if isinstance(one, Words) else str(_model_named(one.kind)._meta.verbose_name)
    for name, text in texts:
        try:
            refuse_signs(text, looked=True, at=f"{what}, {name}" if name else what)
        except Problem as problem:
            return problem
    return None


def _model_named(kind: str) -> type[LockedModel]:
    return RECORDS.get(kind, CameAlong)
