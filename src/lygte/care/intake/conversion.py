"""The process that turns one workbook into an XForm: workbook on stdin, one JSON answer on stdout.

It runs apart from the server because a workbook is somebody else's program: it limits its own memory, processor
time and file sizes first, and is killed when it takes too long. pyxform writes the form into a temporary folder.
"""

from __future__ import annotations

import json
import re
import resource
import sys
from typing import Any

MEMORY_BYTES = 1 << 30
CPU_SECONDS = 15
FILE_BYTES = 32_000_000
NOT_READ = "Argument 'definition'"  # what pyxform says of a workbook that no reader of its can open
ROW_IN_MESSAGE = re.compile(r"^\s*\[row : (\d+)\]\s*")
SHEET_IN_MESSAGE = re.compile(r"On the '(\w+)' sheet")
COLUMN_IN_MESSAGE = re.compile(r"the '([\w:. ]+)' value|under the (\S+) column")


def limit_this_process() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (FILE_BYTES, FILE_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def convert(data: bytes, kind: str, stem: str, version: str, chosen: str, undeclared: str) -> dict[str, Any]:
    """Return {"errors": [...]} or {"xform", "outline", "warnings"}. `version` is used where the form gives none.

    The grade is the stricter of what the workbook declares and what was `chosen`; `undeclared` where there is neither.
    """
    from pyxform.builder import create_survey_element_from_dict
    from pyxform.errors import PyXFormError
    from pyxform.xls2json import workbook_to_json
    from pyxform.xls2json_backends import get_xlsform

    from .checks import MOST_FINDINGS, check_form, read_rows
    from .entities.declaration import declarations_of
    from .entities.sheet import check_entities, held_in
    from .grades import BEFORE, COLUMN, check_rows, lint, strictest
    from .outline import outline_of

    try:
        book = get_xlsform(data, file_type=f".{kind}")
    except PyXFormError as error:
        if kind in {"xlsx", "xls"} and str(error).startswith(NOT_READ):
            return {"errors": [{"number": "422.105", "sheet": "", "row": 0, "column": "", "details": {}}]}
        return {"errors": [_finding_of(str(error))]}
    except (SyntaxError, LookupError, TypeError, ValueError):  # what its readers say of files that are half a workbook
        return {"errors": [{"number": "422.105", "sheet": "", "row": 0, "column": "", "details": {}}]}
    book.fallback_form_name = stem
    errors, warnings = check_form(survey=book.survey, choices=book.choices, settings=book.settings)
    errors += check_entities(survey=book.survey, entities=book.entities)
    settings = (read_rows(book.settings) or [{}])[0]
    declared = strictest(settings.get(COLUMN, "").strip().lower(), chosen)
    grade = declared or undeclared
    if grade != BEFORE:
        sheets = [read_rows(sheet) for sheet in (book.survey, book.choices, book.entities)]
        for found in check_rows(sheets[0], sheets[1], settings, sheets[2], grade):
            (warnings if found["number"].startswith("200.") else errors).append(found)
    if errors:
        return {"errors": errors[:MOST_FINDINGS]}
    holds = held_in(book)
    _give_version(book, version)
    remarks: list[str] = []
    try:
        form = workbook_to_json(workbook_dict=book, fallback_form_name=stem, warnings=remarks)
        xform = create_survey_element_from_dict(form).to_xml(validate=False, pretty_print=False, warnings=remarks)
    except PyXFormError as error:
        return {"errors": [_finding_of(str(error))]}
    if grade != BEFORE and (forbidden := lint(xform.encode(), grade)):
        return {"errors": forbidden}
    writes, faults = declarations_of(xform.encode())
    if faults:
        return {"errors": faults}
    outline = {**outline_of(xform.encode()), "grade": grade, "entities": writes, "holds": holds}
    if not declared and grade != BEFORE:
        warnings.append({"number": "200.462", "sheet": "settings", "row": 2, "column": COLUMN, "details": {}})
    if outline["form_id"] == stem and not any("form_id" in row or "id_string" in row for row in book.settings or []):
        warnings.append({"number": "200.103", "sheet": "settings", "row": 2, "column": "form_id",
                         "details": {"value": stem}})  # fmt: skip
    warnings += [_finding_of(remark, number="200.104") for remark in remarks]
    return {"xform": xform, "outline": outline, "warnings": warnings}


def _give_version(book: Any, version: str) -> None:
    rows = book.settings or [{}]
    if not str(rows[0].get("version") or "").strip():
        book.settings = [{**rows[0], "version": version}, *rows[1:]]
        header = (book.settings_header or [{}])[0]
        book.settings_header = [{**header, "version": None}]


def _finding_of(message: str, number: str = "422.132") -> dict[str, Any]:
    """Find sheet, row and column in a sentence of pyxform."""
    row, sheet = ROW_IN_MESSAGE.search(message), SHEET_IN_MESSAGE.search(message)
    column = COLUMN_IN_MESSAGE.search(message)
    words = ROW_IN_MESSAGE.sub("", message).strip()
    return {
        "number": number,
        "sheet": sheet[1] if sheet else ("survey" if row else ""),
        "row": int(row[1]) if row else 0,
        "column": (column[1] or column[2]) if column else "",
        "details": {"message": " ".join(words.split())[:500]},
    }


def main() -> None:
    limit_this_process()
    kind, stem, version, chosen, undeclared = sys.argv[1:6]
    answer_to, sys.stdout = sys.stdout, sys.stderr
    try:
        answer = convert(sys.stdin.buffer.read(), kind, stem, version, chosen, undeclared)
    except RecursionError:
        answer = {"errors": [{"number": "422.134", "sheet": "", "row": 0, "column": "", "details": {}}]}
    except MemoryError:
        answer = {"errors": [{"number": "413.109", "sheet": "", "row": 0, "column": "", "details": {}}]}
    except Exception as error:  # whatever a strange workbook brings about is told as a fault of the workbook
        answer = {"errors": [_finding_of(f"{type(error).__name__}: {error}", number="422.133")]}
    json.dump(answer, answer_to)


if __name__ == "__main__":
    main()
