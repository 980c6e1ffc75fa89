"""Reads a plan file that may be broken or hostile: limits first, then text to nodes, then nodes to plain data.

Nothing is constructed by the YAML library: only words, whole numbers, decimals, yes/no and nothing are understood,
anchors and tags are refused, and every value remembers its line and column.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    CollectionEndEvent,
    CollectionStartEvent,
    DocumentStartEvent,
    Event,
    ScalarEvent,
)
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from .faults import Fault, Path, PlanFileRefused, closest
from .schema import PlanFile, known_keys

MOST_BYTES = 256 * 1024
MOST_VALUES = 20_000
DEEPEST = 12
LONGEST_NUMBER = 18

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")  # no letter; an escape in a quoted text can bring one

Place = tuple[int, int]


@dataclass
class Places:
    """Where each value and each key stands in the file."""

    values: dict[Path, Place] = field(default_factory=dict)
    keys: dict[Path, Place] = field(default_factory=dict)

    def of(self, path: Path, *, key: bool = False) -> Place:
        """Return line and column of a path, or of the nearest thing around it that the file has."""
        if key and path in self.keys:
            return self.keys[path]
        while path and path not in self.values:
            path = path[:-1]
        return self.values.get(path, (1, 1))


def read_plan(content: bytes) -> tuple[PlanFile, Places]:
    """Return the plan in a file and the place of each value, or raise PlanFileRefused with every fault found."""
    text = _decoded(content)
    _keep_limits(text)
    places, faults = Places(), list[Fault]()
    data = _plain(_composed(text), (), places, faults)
    plan = _validated(data, places, faults)
    if faults or plan is None:
        raise PlanFileRefused(faults)
    return plan, places


def _decoded(content: bytes) -> str:
    if len(content) > MOST_BYTES:
        raise PlanFileRefused([Fault("400.301", 1, 1, details={"most": f"{MOST_BYTES // 1024} KB"})])
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise PlanFileRefused([Fault("400.302", line, 1)]) from error


def _keep_limits(text: str) -> None:
    """Walk over the file once without building anything, and stop at the first thing that a plan never needs."""
    depth = values = documents = 0
    try:
        for event in YAML(typ="safe", pure=True).parse(text):
            depth += isinstance(event, CollectionStartEvent) - isinstance(event, CollectionEndEvent)
            values += isinstance(event, ScalarEvent | CollectionStartEvent)
            documents += isinstance(event, DocumentStartEvent)
            _refuse(event, depth, values, documents)
    except MarkedYAMLError as error:
        raise _not_yaml(error) from error
    except (YAMLError, ValueError, RecursionError) as error:
        raise PlanFileRefused([Fault("400.302", 1, 1)]) from error


def _refuse(event: Event, depth: int, values: int, documents: int) -> None:
    mark = event.start_mark
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    if depth > DEEPEST:
        raise PlanFileRefused([Fault("400.304", line, column, details={"most": str(DEEPEST)})])
    if values > MOST_VALUES:
        raise PlanFileRefused([Fault("400.301", line, column, details={"most": f"{MOST_VALUES} values"})])
    if documents > 1:
        raise PlanFileRefused([Fault("400.306", line, column)])
    if isinstance(event, AliasEvent) or getattr(event, "anchor", None):
        raise PlanFileRefused([Fault("400.303", line, column)])
    if str(getattr(event, "tag", None) or "") not in ("", "None"):
        raise PlanFileRefused([Fault("400.305", line, column)])


def _not_yaml(error: MarkedYAMLError) -> PlanFileRefused:
    mark = error.problem_mark or error.context_mark
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    reason = " ".join(str(error.problem or error.context or "").split())
    return PlanFileRefused([Fault("400.307", line, column, details={"reason": reason})])


def _composed(text: str) -> Node | None:
    try:
        return YAML(typ="safe", pure=True).compose(text)
    except MarkedYAMLError as error:
        raise _not_yaml(error) from error


def _plain(node: Node | None, path: Path, places: Places, faults: list[Fault]) -> Any:
    """Turn a node into plain data, noting the place of everything on the way."""
    if node is None:
        return None
    places.values[path] = (node.start_mark.line + 1, node.start_mark.column + 1)
    if isinstance(node, SequenceNode):
        return [_plain(item, (*path, number), places, faults) for number, item in enumerate(node.value)]
    if isinstance(node, MappingNode):
        return _plain_mapping(node, path, places, faults)
    return _plain_scalar(str(node.value), str(node.tag), path, places, faults)


def _plain_mapping(node: MappingNode, path: Path, places: Places, faults: list[Fault]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key_node, value_node in node.value:
        key = str(key_node.value) if isinstance(key_node, ScalarNode) else "?"
        line, column = key_node.start_mark.line + 1, key_node.start_mark.column + 1
        if key in found:
            faults.append(Fault("400.315", line, column, (*path, key), {"key": key}))
            continue
        found[key] = _plain(value_node, (*path, key), places, faults)
        places.keys[(*path, key)] = (line, column)
    return found


def _plain_scalar(text: str, tag: str, path: Path, places: Places, faults: list[Fault]) -> Any:
    text = _CONTROL.sub("", text)
    if tag.endswith(":null"):
        return None
    if tag.endswith(":bool"):
        return text.lower() == "true"
    if tag.endswith((":int", ":float")):
        return _number(text, path, places, faults)
    return text


def _number(text: str, path: Path, places: Places, faults: list[Fault]) -> int | float | str:
    plain = text.replace("_", "")
    if len(plain) > LONGEST_NUMBER:
        faults.append(Fault("400.316", *places.of(path), path, {"most": str(LONGEST_NUMBER)}))
        return 0
    for kind in (int, float):
        try:
            return kind(plain)
        except ValueError:
            continue
    return text


def _validated(data: Any, places: Places, faults: list[Fault]) -> PlanFile | None:
    if not isinstance(data, dict):
        faults.append(Fault("400.308", *places.of(())))
        return None
    try:
        return PlanFile.model_validate(data)
    except ValidationError as error:
        faults.extend(_fault_of(detail, data, places) for detail in error.errors(include_url=False))
        return None


def _fault_of(detail: ErrorDetails, data: Any, places: Places) -> Fault:
    """Turn what pydantic found into a fault that names the place in the file and the way out."""
    path = _real_path(detail["loc"], data)
    kind = detail["type"]
    if kind == "extra_forbidden":
        known = known_keys(path[:-1], data)
        meant = closest(str(path[-1]), known)
        number = "400.310" if meant else "400.311"
        details = {"key": str(path[-1]), "meant": meant, "known": ", ".join(known)}
        return Fault(number, *places.of(path, key=True), path, details)
    if kind == "missing":
        return Fault("400.312", *places.of(path), path, {"key": str(path[-1])})
    if kind.startswith("400."):
        return Fault(kind, *places.of(path), path, {name: str(value) for name, value in detail["ctx"].items()})
    if kind in ("literal_error", "enum"):
        return _choice_fault(detail, path, places)
    details = {"found": _shown(detail.get("input")), "needed": kind}
    return Fault("400.313", *places.of(path), path, details)


def _choice_fault(detail: ErrorDetails, path: Path, places: Places) -> Fault:
    known = [word.strip(" '") for word in str(detail["ctx"]["expected"]).replace(" or ", ", ").split(",")]
    found = _shown(detail.get("input"))
    meant = closest(found, known)
    number = "400.320" if meant else "400.321"
    return Fault(number, *places.of(path), path, {"found": found, "meant": meant, "known": ", ".join(known)})


def _real_path(loc: tuple[int | str, ...], data: Any) -> Path:
    """Keep the steps that lead through the file; pydantic adds names of its own where a value may be of two kinds."""
    path: list[str | int] = []
    here = data
    for position, step in enumerate(loc):
        if "[" in str(step):
            continue  # the name of a type that was tried, not a key of the file
        if isinstance(here, dict) and (step in here or position == len(loc) - 1):
            here = here.get(step)
            path.append(step)
        elif isinstance(here, list) and isinstance(step, int) and step < len(here):
            here = here[step]
            path.append(step)
    return tuple(path)


def _shown(value: Any) -> str:
    text = " ".join(str(value).split())
    return text if len(text) <= 60 else f"{text[:57]}…"
