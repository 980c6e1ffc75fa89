"""One set of related tables for all versions of a form: a root table, and one for each repeat.

Groups are flattened: the column of a question is its path below its table, with `/` between names, since a name cannot
hold that sign. A question that moved into or out of a repeat has a column in both tables.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from lxml import etree

from ..models import Form, FormVersion
from ..outline import XF, H, choices_in_order


class Kind(StrEnum):
    """What a column holds, whatever the format calls it."""

    TEXT = "text"
    WHOLE = "whole"
    NUMBER = "number"
    DATE = "date"
    MOMENT = "moment"
    YES_NO = "yes_no"


KINDS = {
    "int": Kind.WHOLE,
    "integer": Kind.WHOLE,
    "long": Kind.WHOLE,
    "decimal": Kind.NUMBER,
    "date": Kind.DATE,
    "dateTime": Kind.MOMENT,
}
PLACE_PARTS = ("latitude", "longitude", "altitude", "accuracy")


@dataclass(frozen=True)
class Column:
    """One column of a table. `source` is the answer it is made of; `part` says which part of it, if not the whole."""

    name: str
    kind: Kind
    source: int = -1
    part: str | int | None = None  # the name of a choice, or the place of a number in a geopoint
    label: Mapping[str, str] = field(default_factory=dict)
    choices: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


ROOT_SYSTEM = (
    Column("__key", Kind.TEXT),
    Column("__instance_id", Kind.TEXT),
    Column("__received_at", Kind.MOMENT),
    Column("__version", Kind.TEXT),
    Column("__state", Kind.TEXT),
    Column("__review", Kind.TEXT),
    Column("__edits", Kind.WHOLE),
    Column("__corrected", Kind.YES_NO),
    Column("__sent_by", Kind.TEXT),
    Column("__phone", Kind.TEXT),
    Column("__files_named", Kind.WHOLE),
    Column("__files_here", Kind.WHOLE),
    Column("__other", Kind.TEXT),
)
REPEAT_SYSTEM = (
    Column("__key", Kind.TEXT),
    Column("__parent_key", Kind.TEXT),
    Column("__root_key", Kind.TEXT),
    Column("__position", Kind.WHOLE),
    Column("__other", Kind.TEXT),
)


@dataclass(frozen=True)
class Answer:
    """One question of a table, as all versions together know it."""

    path: str
    kind: str  # as the XForm has it; "string" where versions differ
    multiple: bool
    label: Mapping[str, str]
    choices: Mapping[str, Mapping[str, str]]


@dataclass
class Table:
    """The root table (path "") or that of one repeat ("group/item")."""

    name: str
    path: str
    parent: int | None
    answers: dict[str, Answer] = field(default_factory=dict)
    order: list[str] = field(default_factory=list)
    columns: list[Column] = field(default_factory=list)

    @property
    def files(self) -> list[int]:
        """Return where the answers stand that name files."""
        return [place for place, path in enumerate(self.order) if self.answers[path].kind == "binary"]

    @property
    def everything(self) -> list[Column]:
        return [*(ROOT_SYSTEM if self.parent is None else REPEAT_SYSTEM), *self.columns]


@dataclass
class Step:
    """What one version of a form has at an element: a question (`answer`), a repeat, or a group."""

    table: int
    answer: int | None = None
    repeat: bool = False
    below: dict[str, Step] = field(default_factory=dict)


@dataclass
class Schema:
    """The tables of a form, and for each of its versions how its elements find their columns."""

    tables: list[Table]
    versions: dict[int, Step]


@dataclass(frozen=True)
class Version:
    """What the tables need to know of one version of a form."""

    pk: int
    outline: Mapping[str, Any]
    multiples: frozenset[str]


def schema_of(form: Form, *, split: bool = False) -> Schema:
    """Return the tables of all versions of a form. With `split`, each choice of a multiple select has a column."""
    refs = FormVersion.objects.filter(form=form).order_by("-pk").values_list("ref", flat=True)
    return _schema_of(tuple(refs), split)


@functools.lru_cache(maxsize=32)
def _schema_of(refs: tuple[str, ...], split: bool) -> Schema:
    """Versions never change: what was made of them once need not be made for every page of a feed."""
    found = FormVersion.objects.filter(ref__in=refs).order_by("-pk").values_list("pk", "ref", "outline")
    return united([Version(pk, outline, multiples_of(ref)) for pk, ref, outline in found], split=split)


@functools.lru_cache(maxsize=256)
def multiples_of(ref: str) -> frozenset[str]:
    """Return the paths of the questions of a version that take several choices."""
    return multiples_in(bytes(FormVersion.objects.values_list("xform", flat=True).get(ref=ref)))


def multiples_in(xform: bytes) -> frozenset[str]:
    root = etree.fromstring(xform, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True))
    body = root.find(f"{H}body")
    found = [] if body is None else [node.get("ref", "") for node in body.iter(f"{XF}select")]
    return frozenset(path for path in found if path)


def united(versions: Sequence[Version], *, split: bool = False) -> Schema:
    """Unite versions, the newest first; what only an older one asked stands after what it stood after there."""
    tables: Tables = {(): Table(ROOT, "", None)}
    for version in versions:
        _widen(tables, version)
    found = list(tables.values())
    _name(found)
    for table in found:
        table.columns = _columns(table, split=split)
    places: dict[Chain, int] = {chain: number for number, chain in enumerate(tables)}
    return Schema(found, {version.pk: _steps(version, tables, places) for version in versions})


Chain = tuple[str, ...]  # the repeats around something, the outermost first, each by its path below the root
Tables = dict[Chain, Table]


def _below_root(version: Version) -> tuple[list[tuple[str, Mapping[str, Any]]], list[str]]:
    """Return the questions and the repeats of a version, by their path below the root; groups are no questions."""
    root = len(f"/{version.outline['root']}/")
    repeats = [str(path)[root:] for path in version.outline["repeats"]]
    questions = [(str(question["path"])[root:], question) for question in version.outline["questions"]]
    groups = {path[:cut] for path, _question in questions for cut, sign in enumerate(path) if sign == "/"}
    inside = groups.union(repeats)
    return [(path, question) for path, question in questions if path and path not in inside], repeats


def _chain(path: str, repeats: frozenset[str]) -> Chain:
    """Return the repeats around a path, or ending in it."""
    cuts = [cut for cut, sign in enumerate(path) if sign == "/"] + [len(path)]
    return tuple(path[:cut] for cut in cuts if path[:cut] in repeats)


def _relative(path: str, chain: Chain) -> str:
    return path[len(chain[-1]) + 1 :] if chain else path


def _widen(tables: Tables, version: Version) -> None:
    questions, listed = _below_root(version)
    repeats = frozenset(listed)
    for repeat in listed:
        chain = _chain(repeat, repeats)
        if chain not in tables:
            tables[chain] = Table("", repeat, list(tables).index(chain[:-1]))
    before: dict[Chain, str] = {}
    for path, question in questions:
        chain = _chain(path, repeats)
        table, name = tables[chain], _relative(path, chain)
        asked = Answer(
            name,
            str(question["type"]),
            f"/{version.outline['root']}/{path}" in version.multiples,
            question.get("label") or {},
            choices_in_order(question),
        )
        if name in table.answers:
            table.answers[name] = _wider(table.answers[name], asked)
        else:
            table.answers[name] = asked
            table.order.insert(table.order.index(before[chain]) + 1 if chain in before else 0, name)
        before[chain] = name


def _wider(newer: Answer, older: Answer) -> Answer:
    """Return what two versions say of one question; where their kinds differ, only text holds both."""
    kind = newer.kind if newer.kind == older.kind else _both(newer.kind, older.kind)
    return Answer(
        newer.path,
        kind,
        newer.multiple or older.multiple,
        newer.label or older.label,
        {**newer.choices, **{name: label for name, label in older.choices.items() if name not in newer.choices}},
    )


def _both(one: str, other: str) -> str:
    kinds = {KINDS.get(one), KINDS.get(other)}
    return "decimal" if kinds == {Kind.WHOLE, Kind.NUMBER} else "string"


ROOT = "submissions"


def _name(tables: list[Table]) -> None:
    """Name each repeat's table by its path; names differ also where capitals do not count."""
    taken = {ROOT}
    for table in tables:
        if table.parent is not None:
            table.name = unique(table.path.replace("/", "."), taken)


def unique(name: str, taken: set[str], longest: int = 200) -> str:
    """Return the name, numbered where another has it already; capitals do not count."""
    made, number = name[:longest], 1
    while made.casefold() in taken:
        number += 1
        tail = f"_{number}"
        made = name[: longest - len(tail)] + tail
    taken.add(made.casefold())
    return made


def _columns(table: Table, *, split: bool) -> list[Column]:
    taken = {column.name.casefold() for column in table.everything}
    found: list[Column] = []
    for source, path in enumerate(table.order):
        answer = table.answers[path]
        kind = KINDS.get(answer.kind, Kind.TEXT)
        found.append(Column(unique(path, taken, 1000), kind, source, None, answer.label, answer.choices))
        if answer.kind == "geopoint":
            found += [
                Column(unique(f"{path}/{part}", taken, 1000), Kind.NUMBER, source, number)
                for number, part in enumerate(PLACE_PARTS)
            ]
        if split and answer.multiple:
            found += [
                Column(unique(f"{path}/{choice}", taken, 1000), Kind.YES_NO, source, choice, label)
                for choice, label in answer.choices.items()
            ]
    return found


def _steps(version: Version, tables: Tables, places: Mapping[Chain, int]) -> Step:
    """Return how the elements of a version find their columns."""
    questions, listed = _below_root(version)
    repeats, top = frozenset(listed), Step(0)

    def step_at(path: str) -> Step:
        step, trail = top, ""
        for name in path.split("/"):
            trail = f"{trail}/{name}" if trail else name
            table = places[_chain(trail, repeats)]
            step = step.below.setdefault(name, Step(table, repeat=trail in repeats))
        return step

    for repeat in listed:
        step_at(repeat)
    order = {chain: {name: place for place, name in enumerate(table.order)} for chain, table in tables.items()}
    for path, _question in questions:
        chain = _chain(path, repeats)
        step_at(path).answer = order[chain][_relative(path, chain)]
    return top
