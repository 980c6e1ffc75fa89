"""Filled forms as XML: read once, strictly, with bounds; and written, for a form filled in on a page.

Reading uses expat directly: it is fast, fetches nothing, and lets us stop at the first DOCTYPE, entity or level too
many, before anything has been built.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

from django.utils.translation import gettext as _

from lygte.core.problems import Problem

MAX_XML_BYTES = 5_000_000
MAX_DEPTH = 60
MAX_ELEMENTS = 50_000
MAX_ID = 249
MAX_NAME = 250  # the path of an answer holds the names of all groups around it


NONE: Mapping[str, str] = MappingProxyType({})  # shared: most elements have no attributes


@dataclass
class Node:
    """One element of a filled form, by its local name."""

    name: str
    text: list[str] = field(default_factory=list)
    children: list[Node] = field(default_factory=list)
    attributes: Mapping[str, str] = field(default_factory=lambda: NONE)

    @property
    def value(self) -> str:
        return "".join(self.text).strip()

    def child(self, name: str) -> Node | None:
        return next((child for child in self.children if child.name == name), None)


@dataclass(frozen=True)
class Instance:
    """What the envelope of a filled form says, and its tree of answers."""

    form_id: str
    version: str
    instance_id: str
    deprecated_id: str
    root: Node

    @property
    def encrypted(self) -> bool:
        return self.root.attributes.get("encrypted") == "yes"


def parse_instance(data: bytes) -> Instance:
    """Read a filled form as a phone sent it, or raise a Problem of the 140s."""
    if len(data) > MAX_XML_BYTES:
        raise Problem("413.144", limit=f"{MAX_XML_BYTES // 1_000_000} MB")
    _utf_8(data)
    reader = _Reader()
    parser = expat.ParserCreate("utf-8", " ")
    parser.buffer_text = True
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.characters
    parser.XmlDeclHandler = reader.declaration
    parser.StartDoctypeDeclHandler = reader.refuse
    parser.EntityDeclHandler = reader.refuse
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        reason = expat.ErrorString(error.code)
        raise Problem("400.140", at=f"{error.lineno}:{error.offset + 1}", reason=reason) from error
    return _envelope(reader)


def _utf_8(data: bytes) -> None:
    """Refuse other encodings ourselves: expat would recognise UTF-16 by its first bytes and read on."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Problem("400.143") from error
    if b"\0" in data[:4]:
        raise Problem("400.143")


class _Reader:
    """Builds the tree, and gives up as soon as the form is not one that a phone would send."""

    def __init__(self) -> None:
        self.top = Node("")
        self.stack = [self.top]
        self.elements = 0

    def declaration(self, version: str, encoding: str | None, standalone: int) -> None:
        if encoding is not None and encoding.lower().replace("_", "-") not in {"utf-8", "utf8", "us-ascii"}:
            raise Problem("400.143")

    def refuse(self, *ignored: object) -> None:
        raise Problem("400.141")

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self.elements += 1
        if self.elements > MAX_ELEMENTS:
            raise Problem("413.144", limit=f"{MAX_ELEMENTS} ×")
        if len(self.stack) > MAX_DEPTH:
            raise Problem("400.142", limit=MAX_DEPTH)
        if len(tag.rpartition(" ")[2]) > MAX_NAME:
            raise Problem("413.144", limit=_("names of %(count)s characters") % {"count": MAX_NAME})
        node = Node(tag.rpartition(" ")[2])
        if attributes:
            node.attributes = {name.rpartition(" ")[2]: value for name, value in attributes.items()}
        self.stack[-1].children.append(node)
        self.stack.append(node)

    def end(self, tag: str) -> None:
        self.stack.pop()

    def characters(self, text: str) -> None:
        self.stack[-1].text.append(text)


def _envelope(reader: _Reader) -> Instance:
    root = reader.top.children[0]
    meta = root.child("meta")
    found = {child.name: child.value for child in meta.children} if meta else {}
    instance_id = found.get("instanceID") or root.attributes.get("instanceID", "")
    if not instance_id or len(instance_id) > MAX_ID:
        raise Problem("400.145")
    form_id = root.attributes.get("id", "").strip() or root.name
    return Instance(
        form_id=form_id[:MAX_ID],
        version=root.attributes.get("version", "").strip()[:MAX_ID],
        instance_id=instance_id,
        deprecated_id=found.get("deprecatedID", ""),
        root=root,
    )


def answers_of(instance: Instance, repeats: Sequence[str]) -> dict[str, Any]:
    """Return the answers as nested dictionaries; a repeat is always a list, an answer left out is ""."""
    return _answers(instance.root, f"/{instance.root.name}", frozenset(repeats))


def _answers(node: Node, path: str, repeats: frozenset[str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for child in node.children:
        below = f"{path}/{child.name}"
        if path.count("/") == 1 and child.name == "meta":
            continue
        value: Any = _answers(child, below, repeats) if child.children else child.value
        if below in repeats:
            found.setdefault(child.name, []).append(value if child.children else {})
        elif child.name in found:
            earlier = found[child.name]
            found[child.name] = [*earlier, value] if isinstance(earlier, list) else [earlier, value]
        else:
            found[child.name] = value
    return found


def files_named_in(instance: Instance, paths: Sequence[str]) -> set[str]:
    """Return the names of the files that the answers at these paths name."""
    wanted = frozenset(paths)
    return {node.value for path, node in leaves(instance.root) if path in wanted and node.value}


def leaves(root: Node) -> Iterator[tuple[str, Node]]:
    """Yield (path, element) for every element without elements in it, in document order."""
    stack = [(f"/{root.name}", root)]
    while stack:
        path, node = stack.pop()
        if not node.children:
            yield path, node
        stack += [(f"{path}/{child.name}", child) for child in reversed(node.children)]


def build_instance(
    *, root: str, form_id: str, version: str, instance_id: str, answers: Mapping[str, Any], known: frozenset[str]
) -> bytes:
    """Write a filled form as XML. An answer to a question that the form does not have is Problem 422.170."""
    body = "".join(_elements(answers, f"/{root}", known, form_id))
    return (
        f'<{root} xmlns:orx="http://openrosa.org/xforms" id={quoteattr(form_id)} version={quoteattr(version)}>'
        f"{body}<orx:meta><orx:instanceID>{escape(instance_id)}</orx:instanceID></orx:meta></{root}>"
    ).encode()


def _elements(answers: Mapping[str, Any], path: str, known: frozenset[str], form_id: str) -> Iterator[str]:
    for name, value in answers.items():
        below = f"{path}/{name}"
        if below not in known:
            raise Problem("422.170", form_id=form_id, name=name)
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, Mapping):
                yield f"<{name}>{''.join(_elements(one, below, known, form_id))}</{name}>"
            else:
                yield f"<{name}>{escape(plain('' if one is None else str(one)))}</{name}>"


def plain(text: str) -> str:
    """Drop the control characters that XML cannot hold."""
    return "".join(c for c in text if c >= " " or c in "\t\n\r")
