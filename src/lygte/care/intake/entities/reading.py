"""What a filled form asks of lists: each `meta/entity` in it, read by what its version declares. Pure.

Raises a Problem for whatever cannot be done; the filled form is stored all the same (see `actions/feeding.py`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from lygte.core.personal_signs import signs
from lygte.core.problems import Problem

from ..instance import Instance, Node

UUID = re.compile(r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$")
UUID_4 = re.compile(r"^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$")
CODE = re.compile(r"^(?=.*\d)[A-Za-z0-9-]{3,40}$")
WHOLE = re.compile(r"^\d{1,9}$")
MOST_LABEL = 250
MOST_VALUE = 10_000
LABEL = "label"  # among the values; no property may be called so


@dataclass(frozen=True)
class Sent:
    """One entity as a filled form has it. `values` holds the properties and, where there is one, the label."""

    list: str
    uuid: str
    create: bool
    update: bool
    values: Mapping[str, str]
    base: int | None = None
    trunk: int | None = None
    branch: str = ""
    position: int = 0

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @property
    def label(self) -> str:
        return self.values.get(LABEL, "")


def sent_in(instance: Instance, declarations: list[dict[str, Any]]) -> list[Sent]:
    """Return what a filled form asks of lists, in the order of the form. Those that ask nothing are left out."""
    found: list[Sent] = []
    for declared in declarations:
        for around, node in _entities(instance.root, declared["path"]):
            create, update = _true(node, "create"), _true(node, "update")
            if (create and not declared["create"]) or (update and not declared["update"]):
                raise Problem("422.436", at=declared["list"], action="create" if create else "update")
            if create or update:
                found.append(_sent(declared, around, node, create, update, len(found)))
    return found


def _entities(root: Node, path: str) -> Iterator[tuple[Node, Node]]:
    """Yield (element around, entity) for every `meta/entity` at a path; a repeat gives several."""
    names = path.strip("/").split("/")[1:]
    level = [root]
    for name in names:
        level = [child for node in level for child in node.children if child.name == name]
    for around in level:
        for meta in around.children:
            if meta.name == "meta":
                yield from ((around, child) for child in meta.children if child.name == "entity")


def _true(node: Node, name: str) -> bool:
    return node.attributes.get(name, "").strip().lower() in {"1", "true"}


def _sent(declared: Mapping[str, Any], around: Node, node: Node, create: bool, update: bool, position: int) -> Sent:
    at = declared["list"]
    uuid = node.attributes.get("id", "").strip().lower().removeprefix("uuid:")
    if not UUID_4.match(uuid):
        raise Problem("422.430", at=at)
    values = _values(declared, around)
    label = node.child("label")
    if label is not None and label.value:
        values[LABEL] = label.value
    sent = Sent(
        list=declared["list"],
        uuid=uuid,
        create=create,
        update=update,
        values=values,
        base=_number(node, "baseVersion", at),
        trunk=_number(node, "trunkVersion", at),
        branch=node.attributes.get("branchId", "").strip().lower(),
        position=position,
    )
    _check_envelope(sent)
    return sent


def _number(node: Node, name: str, at: str) -> int | None:
    text = node.attributes.get(name, "").strip()
    if not text:
        return None
    if not WHOLE.match(text):
        raise Problem("422.434", at=at, name=name)
    return int(text)


def _check_envelope(sent: Sent) -> None:
    if sent.branch and not UUID.match(sent.branch):
        raise Problem("422.435", at=sent.list)
    if sent.trunk is not None and not sent.branch:
        raise Problem("422.433", at=sent.list)
    if sent.create and not sent.update and not sent.label:
        raise Problem("422.431", at=sent.list)
    if sent.update and not sent.create and sent.base is None:
        raise Problem("422.432", at=sent.list)
    for name, value in sent.values.items():
        most = MOST_LABEL if name == LABEL else MOST_VALUE
        if len(value) > most:
            raise Problem("422.455", at=f"{sent.list}, {name}", limit=most)


def _values(declared: Mapping[str, Any], around: Node) -> dict[str, str]:
    """Return the properties that the form has an answer for, an empty one included; one left out is not touched."""
    found = {}
    for name, path, _kind in declared["saves"]:
        node: Node | None = around
        for step in path[len(declared["path"]) + 1 :].split("/"):
            node = node.child(step) if node is not None else None
        if node is not None:
            found[name] = node.value
    return found


def look_for_people(sent: Sent, *, kinds: Mapping[str, str], holds: str, looked: bool) -> None:
    """Raise a Problem where an entity would put a person into a list. A personal number is refused whoever looked.

    `kinds` are the types of the questions; only words are looked at, since a place on the map is full of numbers.
    """
    if holds == "cases" and sent.label and not CODE.match(sent.label):
        raise Problem("422.443", at=sent.list)
    for name, value in sent.values.items():
        found = signs(value) if kinds.get(name, "string") == "string" else []
        where = f"{sent.list}, {name}"
        if any(sign.forbidden for sign in found):
            raise Problem("422.441", at=where)
        if found and not looked:
            raise Problem("422.442", at=where, what=", ".join(dict.fromkeys(str(sign.label) for sign in found)))
