"""Which lists an XForm writes to, read from the XForm itself by the rules of ODK entities 2024.1 and 2025.1.

It knows no Django: the process that converts workbooks imports it. A finding is a plain dictionary, as in `checks.py`.
"""

from __future__ import annotations

import re
from typing import Any

from lxml import etree

from ..checks import Finding, finding
from ..xpath import NAME

XF = "{http://www.w3.org/2002/xforms}"
ENTITIES = "{http://www.opendatakit.org/xforms/entities}"
VERSIONS = re.compile(r"^(2022\.1|2023\.1|2024\.1|2025\.1)\.\d+$")
XML_NAME = re.compile(rf"^{NAME}$")

Declaration = dict[str, Any]


def declarations_of(xform: bytes) -> tuple[list[Declaration], list[Finding]]:
    """Return what each `meta/entity` of the form declares, and everything that is wrong with it.

    A declaration holds the list, the path of the element around its `meta`, what it may do (`create`, `update`), and
    `saves`: [property, path of the question, type of the question].
    """
    root = etree.fromstring(xform, etree.XMLParser(resolve_entities=False, no_network=True))
    model = root.find(f".//{XF}model")
    top = model.find(f"{XF}instance")[0]
    found = _declared(top)
    if not found:
        return [], []
    faults = _version(model)
    saves = [bind for bind in model.findall(f"{XF}bind") if bind.get(f"{ENTITIES}saveto")]
    repeats = {node.get("nodeset") for node in root.iter(f"{XF}repeat")}
    for bind in saves:
        faults += _save(bind, found, repeats)
    for declared in found.values():
        faults += _sound(declared)
    return list(found.values()), faults


def _declared(top: Any) -> dict[str, Declaration]:
    """Find every `meta/entity`; a repeat stands there twice (its template and its first), and counts once."""
    found: dict[str, Declaration] = {}
    for node in top.iter():
        if not isinstance(node.tag, str) or etree.QName(node).localname != "entity":
            continue
        meta = node.getparent()
        if meta is None or etree.QName(meta).localname != "meta" or meta.getparent() is None:
            continue
        path = _path(meta.getparent())
        found.setdefault(
            path,
            {
                "list": node.get("dataset", ""),
                "path": path,
                "create": node.get("create") is not None,
                "update": node.get("update") is not None,
                "label": any(etree.QName(child).localname == "label" for child in node if isinstance(child.tag, str)),
                "saves": [],
            },
        )
    return found


def _path(node: Any) -> str:
    names = [etree.QName(node).localname, *(etree.QName(above).localname for above in node.iterancestors())]
    names = names[: names.index("instance")] if "instance" in names else names
    return "/" + "/".join(reversed(names))


def _version(model: Any) -> list[Finding]:
    version = model.get(f"{ENTITIES}entities-version", "")
    return [] if VERSIONS.match(version) else [finding("422.448", "entities", value=version or "–")]


def _save(bind: Any, found: dict[str, Declaration], repeats: set[str]) -> list[Finding]:
    """A question feeds the nearest declaration around it; one inside a repeat cannot feed what is outside of it."""
    path, name = bind.get("nodeset", ""), bind.get(f"{ENTITIES}saveto", "")
    around = [declared for declared in found.values() if path.startswith(declared["path"] + "/")]
    if not around:
        return [finding("422.439", "survey", 0, "save_to", value=name)]
    nearest = max(around, key=lambda declared: len(declared["path"]))
    between = [r for r in repeats if path.startswith(r + "/") and r.startswith(nearest["path"] + "/")]
    if between:
        return [finding("422.439", "survey", 0, "save_to", value=name)]
    nearest["saves"].append([name, path, bind.get("type", "string")])
    return []


def _sound(declared: Declaration) -> list[Finding]:
    faults = []
    name = declared["list"]
    if not XML_NAME.match(name) or "." in name or name.startswith("__") or len(name) > 100:
        faults.append(finding("422.449", "entities", 0, "list_name", value=name))
    if declared["create"] and not declared["label"]:
        faults.append(finding("422.438", "entities", 0, "label", value=name))
    seen: set[str] = set()
    for saved, *_rest in declared["saves"]:
        wrong = not XML_NAME.match(saved) or saved.lower() in {"name", "label"} or saved.startswith("__")
        if wrong or saved in seen or len(saved) > 100:
            faults.append(finding("422.437", "survey", 0, "save_to", value=saved))
        seen.add(saved)
    return faults
