"""How sensitive a form is, what its grade forbids, and a linter that finds every forbidden construct in an XForm.

It knows no Django: the process that converts workbooks imports it. Rows of a workbook are looked at first, so that
everything is told at once with its place; the XForm that comes out is looked at afterwards, whatever it was made from.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from lxml import etree

from .personal_words import names_a_number, names_a_person, speaks_of_faces

OPEN, LOCKED, SEALED = "open", "locked", "sealed"
GRADES = (OPEN, LOCKED, SEALED)
BEFORE = ""  # a version published before there were grades: taken in as it always was
UNDECLARED = LOCKED  # the strictest grade with which every phone app can work
COLUMN = "lygte_grade"

# The side of the squares to which positions are rounded, in degrees; None: kept as measured, since nobody reads it here.
GRIDS: dict[str, float | None] = {OPEN: 0.1, LOCKED: 0.01, SEALED: None, BEFORE: None}

Finding = dict[str, Any]
Row = Mapping[str, str]

JR = "{http://openrosa.org/javarosa}"
ODK = "{http://www.opendatakit.org/xforms}"
ENTITIES = "{http://www.opendatakit.org/xforms/entities}"
XF = "{http://www.w3.org/2002/xforms}"
H = "{http://www.w3.org/1999/xhtml}"

LAST_SAVED = re.compile(r"last-saved", re.I)
PROPERTY = re.compile(r"(?<![\w-])property\s*\(", re.I)
HARMLESS_PRELOADS = {"uid", "timestamp", "date"}
WATCHING_AUDIT = re.compile(r"^(location-.*|identify-user|track-changes.*)$")
ELSEWHERE = re.compile(r"^\s*(?!jr:)[a-z][a-z0-9+.-]*:", re.I)
EXTERNAL = re.compile(r"(?:^|\s)(?:ex:|printer:|url(?:\s|$))", re.I)
FRONT = re.compile(r"(?:^|\s)(?:selfie|new-front|annotate)(?:\s|$)", re.I)
GEO = {"geopoint", "geotrace", "geoshape"}

WATCHING_TYPES = {
    "deviceid", "phonenumber", "simserial", "subscriberid", "imei", "username", "email", "device id", "phone number",
    "sim id", "subscriber id", "uri:deviceid", "uri:phonenumber", "uri:username", "uri:email", "uri:simserial",
    "uri:subscriberid", "get device id", "get phone number", "get sim id", "get subscriber id",
}  # fmt: skip
FILES = {
    "image", "photo", "audio", "video", "file", "add image prompt", "add audio prompt", "add video prompt",
    "add photo prompt", "add file prompt", "osm",
}  # fmt: skip
TEXTS = {"text", "string", "barcode", "q string", "add text prompt", "add barcode prompt"}
NUMBERS = {"integer", "int", "decimal", "date", "add integer prompt", "add decimal prompt", "add date prompt"}


def strictest(*grades: str) -> str:
    """Return the strictest of those that are grades, or nothing where none is."""
    known = [grade for grade in grades if grade in GRADES]
    return max(known, key=GRADES.index, default="")


def finding(number: str, sheet: str = "", row: int = 0, column: str = "", **details: Any) -> Finding:
    return {"number": number, "sheet": sheet, "row": row, "column": column, "details": details}


# Rows of a workbook ----------------------------------------------------------------------------------------------------
def check_rows(
    survey: Sequence[Row], choices: Sequence[Row], settings: Row, entities: Sequence[Row], grade: str
) -> Iterator[Finding]:
    """Yield what the grade forbids, and remarks (200.…), with the place in the workbook."""
    yield from _check_settings(settings)
    personal = {row.get("name", "") for row in survey if _is_personal(row)}
    for number, row in enumerate(survey, start=2):
        kind = " ".join(row.get("type", row.get("command", "")).split()).lower()
        if not kind or row.get("disabled", "").strip().lower() in {"yes", "true", "true()"}:
            continue
        yield from _check_everywhere(number, row, kind)
        if grade == OPEN:
            yield from _check_open(number, row, kind)
        elif grade == LOCKED:
            yield from _check_locked(number, row, kind)
    yield from _check_entities(survey, entities, personal, grade)


def _check_settings(settings: Row) -> Iterator[Finding]:
    declared = settings.get(COLUMN, "").strip()
    if declared and declared.lower() not in GRADES:
        yield finding("422.460", "settings", 2, COLUMN, value=declared[:40])
    for column in ("submission_url",):
        if settings.get(column):
            yield finding("422.467", "settings", 2, column, value=settings[column][:120])


def _check_everywhere(number: int, row: Row, kind: str) -> Iterator[Finding]:
    name = row.get("name", "") or kind
    for column, value in row.items():
        if LAST_SAVED.search(value) and "${" in value:
            yield finding("422.461", "survey", number, column, name=name)
        if PROPERTY.search(value) and column not in {"type", "name"} and not column.startswith(("label", "hint")):
            yield finding("422.463", "survey", number, column, name=name)
    if kind in WATCHING_TYPES:
        yield finding("422.463", "survey", number, "type", name=kind)
    if kind in {"start-geopoint", "background-geopoint"}:
        yield finding("422.462", "survey", number, "type", name=kind)
    if kind == "background-audio":
        yield finding("422.465", "survey", number, "type", name=kind)
    if kind == "audit":
        parameters = {part.split("=")[0].strip().lower() for part in re.split(r"[\s,;]+", row.get("parameters", ""))}
        for watched in sorted(one for one in parameters if WATCHING_AUDIT.match(one)):
            yield finding("422.464", "survey", number, "parameters", name=watched)
    appearance = row.get("appearance", row.get("control::appearance", ""))
    intent = [column for column in row if "intent" in column.lower() and row[column]]
    if EXTERNAL.search(appearance) or intent:
        yield finding("422.466", "survey", number, intent[0] if intent else "appearance", name=name)
    for column in ("bind::jr:preload", "preload"):
        if row.get(column, "").strip().lower() not in {"", *HARMLESS_PRELOADS}:
            yield finding("422.463", "survey", number, column, name=name)


def _check_open(number: int, row: Row, kind: str) -> Iterator[Finding]:
    name = row.get("name", "") or kind
    if kind in GEO:
        yield finding("422.469", "survey", number, "type", name=name, grade=OPEN)
    if kind in FILES:
        yield finding("422.470", "survey", number, "type", name=name)
    if (column := _personal_column(row, kind)) and kind in TEXTS | NUMBERS:
        yield finding("422.472", "survey", number, column, name=name)
    elif kind in TEXTS:
        yield finding("200.461", "survey", number, "type", name=name)


def _check_locked(number: int, row: Row, kind: str) -> Iterator[Finding]:
    name = row.get("name", "") or kind
    if kind in {"geotrace", "geoshape"}:
        yield finding("422.469", "survey", number, "type", name=name, grade=LOCKED)
    if kind in {"image", "photo", "add image prompt", "add photo prompt"}:
        if FRONT.search(row.get("appearance", "")):
            yield finding("422.471", "survey", number, "appearance", name=name)
        elif column := next((c for c, v in _words(row) if speaks_of_faces(v)), ""):
            yield finding("422.471", "survey", number, column, name=name)
        else:
            yield finding("200.460", "survey", number, "type", name=name)


def _words(row: Row) -> Iterator[tuple[str, str]]:
    """Yield what people read of a question, and its name, by column."""
    for column, value in row.items():
        if value and (column in {"name", "label"} or column.startswith("label::")):
            yield column, value


def _personal_column(row: Row, kind: str) -> str:
    asks = names_a_person if kind in TEXTS else names_a_number
    return next((column for column, value in _words(row) if asks(value)), "")


def _is_personal(row: Row) -> bool:
    kind = " ".join(row.get("type", "").split()).lower()
    return kind in TEXTS or (kind in NUMBERS and bool(_personal_column(row, kind)))


def _check_entities(
    survey: Sequence[Row], entities: Sequence[Row], personal: set[str], grade: str
) -> Iterator[Finding]:
    """A list that goes down to phones is readable there: none from a locked form, none with words about a person."""
    for number, row in enumerate(entities, start=2):
        name = row.get("dataset", row.get("list_name", ""))
        if grade != OPEN:
            yield finding("422.468", "entities", number, "list_name", name=name)
        elif any(f"${{{one}}}" in value.replace(" ", "") for value in row.values() for one in personal if one):
            yield finding("422.468", "entities", number, "label", name=name)
    for number, row in enumerate(survey, start=2):
        target = row.get("save_to", "")
        if target and grade == OPEN and (row.get("name", "") in personal or names_a_person(target)):
            yield finding("422.468", "survey", number, "save_to", name=target)


# The XForm itself ------------------------------------------------------------------------------------------------------
def lint(xform: bytes, grade: str) -> list[Finding]:
    """Return every construct in an XForm that the grade forbids; `at` in the details is where it stands in the XML.

    An unknown grade is the one for forms that declare none.
    """
    grade = grade if grade in GRADES else UNDECLARED
    root = etree.fromstring(xform, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False))
    found = [one for node in root.iter(etree.Element) for one in _lint_node(node)]
    found += _lint_answers(root, grade)
    found += _lint_entities(root, grade)
    unique = {(one["number"], one["details"]["name"]): one for one in reversed(found)}
    return sorted(unique.values(), key=lambda one: (one["number"], one["details"]["name"]))


def _at(node: Any) -> str:
    return str(node.get("nodeset") or node.get("ref") or node.get("bind") or etree.QName(node).localname)


def _lint_node(node: Any) -> Iterator[Finding]:
    """Look at one element of any kind: its name, and every attribute and text that could hold an expression."""
    name = etree.QName(node)
    texts = [str(value) for value in node.attrib.values()] + ([node.text] if node.text else [])
    if any(LAST_SAVED.search(text) for text in texts) and not _is_words(node):
        yield finding("422.461", name=_at(node))
    if any(PROPERTY.search(text) for text in texts) and not _is_words(node):
        yield finding("422.463", name=_at(node))
    if name.namespace == ODK[1:-1]:
        number = {"setgeopoint": "422.462", "recordaudio": "422.465"}.get(name.localname, "422.473")
        yield finding(number, name=_at(node) if number != "422.473" else name.localname)
    yield from _lint_attributes(node)
    if name.localname == "submission" and node.get("action"):
        yield finding("422.467", name=str(node.get("action"))[:120], value=str(node.get("action"))[:120])
    if name.localname == "instance" and ELSEWHERE.match(node.get("src", "")):
        yield finding("422.467", name=node.get("src")[:120], value=node.get("src")[:120])


def _is_words(node: Any) -> bool:
    """Tell whether an element holds only what people read; an output inside it is an element of its own."""
    return etree.QName(node).localname in {"label", "hint", "value", "title", "text", "itextId"} and not node.attrib


def _lint_attributes(node: Any) -> Iterator[Finding]:
    for attribute, value in node.attrib.items():
        name = etree.QName(attribute)
        if name.localname == "preload" and value.strip().lower() not in HARMLESS_PRELOADS:
            params = next((v for a, v in node.attrib.items() if etree.QName(a).localname == "preloadParams"), "")
            yield finding("422.463", name=f"{_at(node)} {params}".strip())
        if name.namespace == ODK[1:-1] and WATCHING_AUDIT.match(name.localname):
            yield finding("422.464", name=name.localname)
        if (name.localname == "appearance" and EXTERNAL.search(value)) or name.localname == "intent":
            yield finding("422.466", name=_at(node))


def _lint_answers(root: Any, grade: str) -> Iterator[Finding]:
    """Look at what is asked: positions, files, words that may name a person."""
    types = {b.get("nodeset", ""): b.get("type", "string").rpartition(":")[2] for b in root.iter(f"{XF}bind")}
    texts = {text.get("id"): " ".join(text.itertext()) for text in root.iter(f"{XF}text")}
    for path, kind in types.items():
        if kind in GEO and (grade == OPEN or (grade == LOCKED and kind != "geopoint")):
            yield finding("422.469", name=path, grade=grade)
    body = root.find(f"{H}body")
    for control in body.iter(f"{XF}input", f"{XF}upload", f"{XF}secret") if body is not None else ():
        path = control.get("ref") or control.get("bind") or ""
        kind = types.get(path, "string")
        words = [path.rpartition("/")[2], *_labels(control, texts)]
        is_file = etree.QName(control).localname == "upload" or kind == "binary"
        if is_file and grade == OPEN:
            yield finding("422.470", name=path)
        elif is_file and grade == LOCKED and "image" in control.get("mediatype", "image"):
            if FRONT.search(control.get("appearance", "")) or any(map(speaks_of_faces, words)):
                yield finding("422.471", name=path)
        elif grade == OPEN and any(map(names_a_person if kind in {"string", "barcode"} else names_a_number, words)):
            yield finding("422.472", name=path)
    if grade == OPEN:
        for path, kind in types.items():
            if kind == "binary" and not path.endswith("/meta/audit"):
                yield finding("422.470", name=path)


def _labels(control: Any, texts: Mapping[str, str]) -> Iterator[str]:
    label = control.find(f"{XF}label")
    if label is not None:
        reference = re.match(r"jr:itext\('(.*)'\)", label.get("ref", ""))
        yield texts.get(reference[1], "") if reference else " ".join(label.itertext())


def _lint_entities(root: Any, grade: str) -> Iterator[Finding]:
    entities = list(root.iter(f"{ENTITIES}entity", "entity", f"{XF}entity"))
    entities = [one for one in entities if one.get("dataset")]
    if entities and grade != OPEN:
        yield from (finding("422.468", name=one.get("dataset")) for one in entities)
        return
    saved = {b.get("nodeset", ""): b.get(f"{ENTITIES}saveto", "") for b in root.iter(f"{XF}bind")}
    types = {b.get("nodeset", ""): b.get("type", "string") for b in root.iter(f"{XF}bind")}
    asked = {c.get("ref") for c in root.iter(f"{XF}input")}
    for path, target in saved.items():
        free = path in asked and types[path] in {"string", "barcode"}
        if target and (free or names_a_person(target) or names_a_person(path.rpartition("/")[2])):
            yield finding("422.468", name=target)
    for bind in root.iter(f"{XF}bind"):
        if bind.get("nodeset", "").endswith("/entity/label"):
            expression = bind.get("calculate", "")
            words = [p for p in asked if p and types.get(p, "string") in {"string", "barcode"} and p in expression]
            if words:
                yield finding("422.468", name=sorted(words)[0])
