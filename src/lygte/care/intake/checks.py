"""What is wrong with an XLSForm, all of it at once, each with sheet, row and column.

pyxform stops at the first fault and never looks into expressions; this reads the same rows before it.
It knows no Django: the process that converts workbooks imports it. A finding is a plain dictionary.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from pyxform import aliases
from pyxform.parsing.sheet_headers import SMART_QUOTES
from pyxform.question_type_dictionary import QUESTION_TYPE_DICT
from pyxform.xls2json import RE_BEGIN_CONTROL, RE_END_CONTROL, RE_OSM, RE_SELECT

from .xpath import NAME, XPathError, check_xpath

Finding = dict[str, Any]
MOST_FINDINGS = 100

COMMON_TYPES = [
    "text", "integer", "decimal", "note", "select_one", "select_multiple", "rank", "date", "time", "dateTime",
    "geopoint", "geotrace", "geoshape", "image", "audio", "video", "file", "barcode", "range", "calculate",
    "acknowledge", "hidden", "start", "end", "today", "deviceid", "username", "phonenumber", "email", "audit",
    "background-audio", "xml-external", "csv-external", "start-geopoint", "begin_group", "end_group",
    "begin_repeat", "end_repeat", "select_one_from_file", "select_multiple_from_file",
]  # fmt: skip
NEVER_SHOWN = {
    "calculate", "hidden", "start", "end", "today", "deviceid", "username", "phonenumber", "email", "audit",
    "background-audio", "xml-external", "csv-external", "start-geopoint", "simserial", "subscriberid", "imei",
    "start time", "end time", "get today", "device id", "phone number", "uri:deviceid", "uri:phonenumber",
    "uri:username", "uri:email", "uri:simserial", "uri:subscriberid", "background-geopoint",
}  # fmt: skip
WATCHING = {"deviceid", "phonenumber", "simserial", "subscriberid", "imei", "username", "email", "background-audio",
            "background-geopoint", "start-geopoint", "audit"}  # fmt: skip
EXPRESSIONS = {
    "relevant": "relevant", "relevance": "relevant", "bind::relevant": "relevant", "constraint": "constraint",
    "bind::constraint": "constraint", "calculation": "calculation", "calculate": "calculation",
    "bind::calculate": "calculation", "required": "required", "bind::required": "required",
    "choice_filter": "choice_filter", "repeat_count": "repeat_count", "jr:count": "repeat_count",
    "read_only": "read_only", "readonly": "read_only", "bind::readonly": "read_only",
}  # fmt: skip
REFERENCE = re.compile(rf"\$\{{\s*(last-saved#)?({NAME})\s*\}}")
XML_NAME = re.compile(rf"^{NAME}(:{NAME})?$")
QUOTES = re.compile("|".join(map(re.escape, SMART_QUOTES)))
META_NAMES = {"instanceID", "instanceName", "audit"}


@dataclass
class Survey:
    """The rows of one workbook, and what the checks learn on the way."""

    survey: Sequence[Mapping[str, str]]
    choices: Sequence[Mapping[str, str]]
    settings: Mapping[str, str]
    names: dict[str, int] = field(default_factory=dict)
    lists: set[str] = field(default_factory=set)


def finding(number: str, sheet: str = "", row: int = 0, column: str = "", **details: Any) -> Finding:
    return {"number": number, "sheet": sheet, "row": row, "column": column, "details": details}


def normal(header: str) -> str:
    """Bring a column's header into one spelling: `Bind : relevant` and `bind::relevant` are the same."""
    parts = re.split(r"\s*::?\s*", header.strip(), maxsplit=1)
    first = "_".join(parts[0].split()).lower()
    if first == "jr" and len(parts) == 2:
        return f"jr:{parts[1]}"
    return first if len(parts) == 1 else f"{first}::{parts[1].strip()}"


def read_rows(rows: Sequence[Mapping[str, Any]] | None) -> list[dict[str, str]]:
    """Return the rows with their headers in one spelling; cells beyond the last header belong to no column."""
    return [{normal(key): str(value) for key, value in row.items() if key} for row in rows or []]


def check_form(*, survey: Any, choices: Any, settings: Any) -> tuple[list[Finding], list[Finding]]:
    """Return (errors, warnings) found in the rows of the three sheets."""
    form = Survey(read_rows(survey), read_rows(choices), (read_rows(settings) or [{}])[0])
    form.lists = {row.get("list_name", row.get("list name", "")) for row in form.choices} - {""}
    form.names = {
        row.get("name", row.get("value", "")): n for n, row in enumerate(form.survey, start=2) if row.get("type")
    }
    errors: list[Finding] = []
    warnings: list[Finding] = []
    for source in (_structure, _questions, _choices, _references, _expressions, _settings):
        for found in source(form):
            (warnings if found["number"].startswith("200.") else errors).append(found)
    errors.sort(key=lambda f: (f["sheet"] != "survey", f["sheet"], f["row"]))
    return errors[:MOST_FINDINGS], warnings[:MOST_FINDINGS]


def _kind(row: Mapping[str, str]) -> str:
    return " ".join(row.get("type", row.get("command", "")).split())


def _is_off(row: Mapping[str, str]) -> bool:
    return aliases.yes_no.get(row.get("disabled", "no"), False)


def _structure(form: Survey) -> Iterator[Finding]:
    """Groups and repeats must close in the order in which they opened; siblings have different names."""
    if not any(_kind(row) for row in form.survey):
        yield finding("422.111", "survey", 1, "type")
        return
    opened: list[tuple[str, int, str]] = []
    seen: list[dict[str, int]] = [{}]
    for number, row in enumerate(form.survey, start=2):
        kind, name = _kind(row), row.get("name", row.get("value", ""))
        if not kind or _is_off(row):
            continue
        begin, end = RE_BEGIN_CONTROL.match(kind), RE_END_CONTROL.match(kind)
        if end:
            what = aliases.control[end["type"]]
            if not opened or opened[-1][0] != what:
                yield finding("422.117", "survey", number, "type", value=kind)
                continue
            opened.pop()
            seen.pop()
            continue
        if name and name in seen[-1]:
            yield finding("422.114", "survey", number, "name", value=name, first=seen[-1][name])
        seen[-1].setdefault(name, number)
        if begin:
            opened.append((aliases.control[begin["type"]], number, name))
            seen.append({})
    for what, number, name in opened:
        yield finding("422.116", "survey", number, "type", value=f"begin {what}", name=name)


def _questions(form: Survey) -> Iterator[Finding]:
    """Each row: a type that exists, a name that XML allows, a label where people look at it, a list that exists."""
    for number, row in enumerate(form.survey, start=2):
        kind = _kind(row)
        if _is_off(row) or not kind:
            if row.get("name") and not _is_off(row):
                yield finding("422.118", "survey", number, "type", name=row["name"])
            continue
        if RE_END_CONTROL.match(kind) or kind in aliases.settings_header:
            continue
        yield from _type(form, number, kind)
        yield from _name_and_label(number, row, kind)


def _type(form: Survey, number: int, kind: str) -> Iterator[Finding]:
    select = RE_SELECT.match(kind)
    if select:
        yield from _list_of(form, number, select["select_command"], select["list_name"])
        return
    if kind in QUESTION_TYPE_DICT or RE_BEGIN_CONTROL.match(kind) or RE_OSM.match(kind) or kind == "osm":
        if kind in WATCHING:
            yield finding("200.101", "survey", number, "type", value=kind)
        return
    words = kind.split()
    if words[0].lower() in aliases.select and len(words) == 1:
        yield finding("422.120", "survey", number, "type", value=kind)
        return
    near = get_close_matches(words[0], COMMON_TYPES, n=1, cutoff=0.6) or get_close_matches(
        kind.lower().replace(" ", "_"), COMMON_TYPES, n=1, cutoff=0.6
    )
    if near:
        yield finding("422.112", "survey", number, "type", value=kind, suggestion=near[0])
    else:
        yield finding("422.113", "survey", number, "type", value=kind)


def _list_of(form: Survey, number: int, command: str, name: str) -> Iterator[Finding]:
    from_file = re.search(r"\.(csv|xml|geojson)$", name)
    if from_file or name in form.lists or REFERENCE.match(name) or command == "select_one_external":
        return
    near = get_close_matches(name, form.lists, n=1, cutoff=0.6)
    if near:
        yield finding("422.122", "survey", number, "type", value=name, suggestion=near[0])
    else:
        yield finding("422.121", "survey", number, "type", value=name)


def _name_and_label(number: int, row: Mapping[str, str], kind: str) -> Iterator[Finding]:
    name = row.get("name", row.get("value", row.get("tag", "")))
    if not name and kind not in {"note", "audit"}:
        yield finding("422.123", "survey", number, "name", value=kind)
    elif name and not XML_NAME.match(name):
        yield finding("422.124", "survey", number, "name", value=name)
    shown = kind not in NEVER_SHOWN and not RE_BEGIN_CONTROL.match(kind)
    computed = any(EXPRESSIONS.get(column) == "calculation" and value for column, value in row.items())
    labelled = any(
        value and column.split("::")[0] in {"label", "caption", "hint", "media", "image", "audio", "video"}
        for column, value in row.items()
    )
    if shown and not labelled and not computed:
        yield finding("422.115", "survey", number, "label", name=name or kind)


def _choices(form: Survey) -> Iterator[Finding]:
    repeated = aliases.yes_no.get(form.settings.get("allow_choice_duplicates", "no"), False)
    seen: dict[tuple[str, str], int] = {}
    for column in sorted({column for row in form.choices for column in row}):
        if (
            "::" not in column and " " not in column and not XML_NAME.match(column)
        ):  # it becomes an element of each choice
            yield finding("422.124", "choices", 1, column[:40], value=column[:80])
    for number, row in enumerate(form.choices, start=2):
        if not row:
            continue
        group, name = row.get("list_name", ""), row.get("name", row.get("value", ""))
        if not group:
            yield finding("422.125", "choices", number, "list_name", value=name)
        if not name:
            yield finding("422.126", "choices", number, "name", value=group)
        elif (group, name) in seen and not repeated:
            yield finding("422.114", "choices", number, "name", value=name, first=seen[group, name])
        seen.setdefault((group, name), number)


def _references(form: Survey) -> Iterator[Finding]:
    """Every `${name}`, in any column of any sheet, must name a row of the survey."""
    for sheet, rows in (("survey", form.survey), ("choices", form.choices), ("settings", [form.settings])):
        for number, row in enumerate(rows, start=2):
            for column, value in row.items():
                for match in REFERENCE.finditer(value) if not _is_off(row) else ():
                    yield from _reference(form, sheet, number, column, match[2])


def _reference(form: Survey, sheet: str, number: int, column: str, name: str) -> Iterator[Finding]:
    if name in form.names or name in META_NAMES or (name.endswith("_count") and name[:-6] in form.names):
        return
    if name.endswith("_other") and name[:-6] in form.names:
        return
    near = get_close_matches(name, [n for n in form.names if n], n=1, cutoff=0.6)
    if near:
        yield finding("422.128", sheet, number, column, value=name, suggestion=near[0])
    else:
        yield finding("422.127", sheet, number, column, value=name)


def _expressions(form: Survey) -> Iterator[Finding]:
    for number, row in enumerate(form.survey, start=2):
        for column, value in row.items() if not _is_off(row) else ():
            meaning = EXPRESSIONS.get(column)
            if meaning is None or not value.strip() or value.strip() in aliases.BINDING_CONVERSIONS:
                continue
            try:
                unknown = check_xpath(QUOTES.sub(lambda m: SMART_QUOTES[m.group(0)], value))
            except XPathError as error:
                yield finding(
                    "422.129",
                    "survey",
                    number,
                    column,
                    reason=error.code,
                    position=error.position,
                    **error.details,
                )
                continue
            for function in unknown:
                yield finding("200.102", "survey", number, column, value=function)


def _settings(form: Survey) -> Iterator[Finding]:
    form_id = form.settings.get("form_id", form.settings.get("id_string", ""))
    if len(form_id) > 200:
        yield finding("422.130", "settings", 2, "form_id", length=len(form_id))
    if len(form.settings.get("version", "")) > 200:
        yield finding("422.130", "settings", 2, "version", length=len(form.settings["version"]))
