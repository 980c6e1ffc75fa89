"""The picture of the house is held by a machine, and the machine is proved able to see each kind of crack."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LINT = Path(sys.executable).parent / "lint-imports"

PLANTS = {
    # what is planted: (file, line of code, name of the contract that must break)
    "core imports a room": ("core/planted.py", "import lygte.facts.reads", "Storeys"),
    "facts imports a wing": ("facts/planted.py", "import lygte.care.outreach.models", "Storeys"),
    "a room imports the site": ("care/outreach/planted.py", "import lygte.site.urls", "Storeys"),
    "care imports knowledge": ("care/outreach/planted.py", "import lygte.knowledge.programme.models", "Storeys"),
    "knowledge imports care": ("knowledge/programme/planted.py", "import lygte.care.outreach.reads", "The wall:"),
    "care reaches knowledge": ("care/intake/planted.py", "import lygte.knowledge.programme.reads", "The wall, from"),
    "intake imports outreach": ("care/intake/planted.py", "import lygte.care.outreach.models", "The care wing"),
    "outreach reads intake's tables": ("care/outreach/planted.py", "import lygte.care.intake.models", "Handover only"),
    "a room opens the ledger's tables": (
        "knowledge/programme/planted.py",
        "import lygte.facts.models",
        "Only the ledger",
    ),
}


def lint(root: Path) -> str:
    environment = {**os.environ, "PYTHONPATH": str(root / "src"), "COLUMNS": "200"}
    done = subprocess.run([LINT, "--no-cache"], cwd=root, env=environment, capture_output=True, text=True)
    return done.stdout + done.stderr


def broken(report: str) -> list[str]:
    return [line for line in report.splitlines() if " BROKEN" in line or line.rstrip().endswith("BROKEN")]


def test_the_house_has_no_crack() -> None:
    report = lint(ROOT)
    assert "0 broken" in report, report


@pytest.mark.parametrize("what", PLANTS)
def test_a_planted_crack_is_seen(what: str, tmp_path: Path) -> None:
    where, line, contract = PLANTS[what]
    shutil.copytree(
        ROOT / "src", tmp_path / "src", ignore=shutil.ignore_patterns("static", "templates", "*.mo", "*.po")
    )
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    (tmp_path / "src" / "lygte" / where).write_text(f'"""Planted."""\n{line}\n')
    report = lint(tmp_path)
    assert any(one.startswith(contract) for one in broken(report)), report
