"""From the tables of a form to the names of OData, which know fewer signs: entity sets, properties, links between them."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field

from ..schema import Column, Kind, Schema, Table, unique

ROOT = "Submissions"
LONGEST = 128
EDM = {
    Kind.TEXT: "Edm.String",
    Kind.WHOLE: "Edm.Int64",
    Kind.NUMBER: "Edm.Double",
    Kind.DATE: "Edm.Date",
    Kind.MOMENT: "Edm.DateTimeOffset",
    Kind.YES_NO: "Edm.Boolean",
}
SYSTEM = {
    "__received_at": "submissionDate",
    "__sent_by": "submitterId",
    "__phone": "deviceName",
    "__files_here": "attachmentsPresent",
    "__files_named": "attachmentsExpected",
    "__state": "state",
    "__review": "reviewState",
    "__edits": "edits",
    "__corrected": "corrected",
    "__version": "formVersion",
    "__instance_id": "instanceId",
}
OWN = {
    "__key": "__id",
    "__parent_key": "__parent_id",
    "__root_key": "__submission_id",
    "__position": "__position",
    "__other": "__other",
}


@dataclass
class Property:
    """A property: of a column, or one that holds others."""

    name: str
    column: int | None = None
    kind: Kind = Kind.TEXT
    below: list[Property] = field(default_factory=list)
    taken: set[str] = field(default_factory=set)

    def add(self, name: str, column: int | None = None, kind: Kind = Kind.TEXT) -> Property:
        made = Property(unique(identifier(name), self.taken, LONGEST), column, kind)
        self.below.append(made)
        return made


@dataclass
class EntitySet:
    """A table as an entity set: its properties, and the sets of the repeats in it by the name of the link."""

    name: str
    table: int
    top: Property
    links: dict[str, int] = field(default_factory=dict)


def identifier(name: str) -> str:
    """Return a name that OData takes: letters, digits and `_`, not beginning with a digit."""
    signs = "".join(sign if _fits(sign) else "_" for sign in unicodedata.normalize("NFC", name))
    return signs if signs[:1].isalpha() or signs[:1] == "_" else f"_{signs}"


def _fits(sign: str) -> bool:
    return unicodedata.category(sign) in {"Lu", "Ll", "Lt", "Lm", "Lo", "Nl", "Nd", "Mn", "Mc", "Pc"}


def entity_sets(schema: Schema) -> list[EntitySet]:
    """Return one entity set for each table, in the same order."""
    taken = {ROOT.casefold()}
    sets = []
    for number, table in enumerate(schema.tables):
        name = (
            ROOT
            if table.parent is None
            else unique(identifier(f"{ROOT}_{table.path.replace('/', '_')}"), taken, LONGEST)
        )
        sets.append(EntitySet(name, number, _properties(table)))
    for number, table in enumerate(schema.tables):
        if table.parent is not None:
            around = schema.tables[table.parent].path
            link = table.path.removeprefix(f"{around}/").replace("/", "_")
            parent = sets[table.parent]
            parent.links[unique(identifier(link), parent.top.taken, LONGEST)] = number
    return sets


def _properties(table: Table) -> Property:
    top = Property("")
    system: Property | None = None
    groups: dict[str, Property] = {}
    for number, column in enumerate(table.everything):
        if column.source >= 0:
            _answer(top, groups, table, column, number)
        elif column.name in OWN:
            top.add(OWN[column.name], number, column.kind)
        else:
            system = system or top.add("__system")
            system.add(SYSTEM[column.name], number, column.kind)
            if column.name == "__received_at":
                system.add("updatedAt", None, Kind.MOMENT).column = UPDATED
    return top


UPDATED = -1  # the moment of the last edit: no column of the tables, where it is the moment it was received


def _answer(top: Property, groups: dict[str, Property], table: Table, column: Column, number: int) -> None:
    """Put the answer into the properties of the groups around it; a part of a place beside its whole."""
    path = table.order[column.source]
    around, _slash, name = path.rpartition("/")
    part = column.name.rpartition("/")[2] if column.part is not None else ""
    _group(top, groups, around).add(f"{name}_{part}" if part else name, number, column.kind)


def _group(top: Property, groups: dict[str, Property], path: str) -> Property:
    if not path:
        return top
    if path not in groups:
        around, _slash, name = path.rpartition("/")
        groups[path] = _group(top, groups, around).add(name)
    return groups[path]


def leaves(top: Property, trail: str = "") -> Iterator[tuple[str, Property]]:
    """Yield every property that holds a value, by its path."""
    for one in top.below:
        path = f"{trail}/{one.name}" if trail else one.name
        if one.below:
            yield from leaves(one, path)
        else:
            yield path, one


def narrowed(top: Property, wanted: set[str], trail: str = "") -> Property:
    """Return only the wanted properties, each by its path or by that of one around it."""
    kept = []
    for one in top.below:
        path = f"{trail}/{one.name}" if trail else one.name
        if path in wanted:
            kept.append(one)
        elif one.below and (inner := narrowed(one, wanted, path)).below:
            kept.append(inner)
    return Property(top.name, top.column, top.kind, kept)
