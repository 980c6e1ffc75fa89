"""From an uploaded workbook to an XForm: checks its size, converts it in a process of its own, tells what is wrong."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from lygte.core.problems import Problem

from .grades import UNDECLARED
from .problems import REASONS
from .workbook import WorkbookRefused, check_workbook

log = logging.getLogger(__name__)
WALL_SECONDS = 20
NOWHERE = {"sheet": "", "row": 0, "column": ""}
SOURCE = Path(__file__).resolve().parents[3]


@dataclass(frozen=True)
class Converted:
    """A form ready to be published. `warnings` are findings: number, sheet, row, column, details."""

    xform: bytes
    outline: dict[str, Any]
    warnings: list[dict[str, Any]]

    @property
    def form_id(self) -> str:
        return str(self.outline["form_id"])

    @property
    def version(self) -> str:
        return str(self.outline["version"])

    @property
    def grade(self) -> str:
        return str(self.outline["grade"])


def convert_workbook(data: bytes, filename: str, grade: str = "") -> Converted:
    """Return the XForm of a workbook, or raise Problem 422.100 with one part for each thing to mend.

    A grade makes the form at least so strict, whatever the workbook declares.
    """
    try:
        kind = check_workbook(data, filename)
    except WorkbookRefused as refused:
        raise as_problem({"number": refused.number, **NOWHERE, "details": refused.details}) from refused
    stem = Path(filename.replace("\\", "/")).stem[:200] or "form"
    answer = json.loads(_convert_once(data, kind, stem, grade, UNDECLARED))
    if "errors" in answer:
        parts = [as_problem(found) for found in answer["errors"]]
        raise Problem("422.100", parts=parts, count=len(parts))
    return Converted(answer["xform"].encode(), answer["outline"], answer["warnings"])


@lru_cache(maxsize=4)
def _convert_once(data: bytes, kind: str, stem: str, grade: str, undeclared: str) -> str:
    """Run the converting process; the same workbook for many organisations is converted once."""
    version = timezone.now().strftime("%Y%m%d%H%M%S")
    command = [sys.executable, "-m", "lygte.care.intake.conversion", kind, stem, version, grade, undeclared]
    with tempfile.TemporaryDirectory() as folder:
        environment = {
            "PYTHONPATH": os.pathsep.join([str(SOURCE), *filter(None, sys.path)]),
            "PYTHONIOENCODING": "utf-8",
            "TMPDIR": folder,
            "OPENBLAS_NUM_THREADS": "1",
            "PATH": os.environ.get("PATH", ""),
        }
        try:
            done = subprocess.run(
                command, input=data, capture_output=True, timeout=WALL_SECONDS, env=environment, cwd=folder, check=False
            )
        except subprocess.TimeoutExpired as error:
            raise Problem("413.109") from error
    if done.returncode != 0:
        log.warning("a workbook was not converted: status %s", done.returncode)
        raise Problem("413.109")
    return done.stdout.decode()


def as_problem(found: dict[str, Any]) -> Problem:
    """Turn a finding into a Problem in the reader's language."""
    details = dict(found["details"])
    if found["number"] in {"422.129", "422.445"}:
        details["reason"] = str(REASONS[details["reason"]]).format(**details)
    return Problem(found["number"], at=place_of(found), **details)


def place_of(found: dict[str, Any]) -> str:
    """Return "sheet survey, row 12, column type", as far as it is known."""
    places = []
    if found["sheet"]:
        places.append(_("sheet {name}").format(name=found["sheet"]))
    if found["row"]:
        places.append(_("row {number}").format(number=found["row"]))
    if found["column"]:
        places.append(_("column {name}").format(name=found["column"]))
    return ", ".join(places)
