"""The documentation cannot drift: pages made from the code equal the code, links lead somewhere, names exist."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from lygte.site import handbook

ROOT = Path(__file__).resolve().parents[2]
DOCS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
LINK = re.compile(r"\]\(([^)#\s]+)[^)]*\)")
COMMAND = re.compile(r"`?\./lygte ([a-z]+)(?: ([a-z]+))?")


@pytest.mark.parametrize("name", handbook.PAGES)
def test_pages_made_from_the_code_are_up_to_date(name: str) -> None:
    assert (ROOT / "docs" / name).read_text("utf-8") == handbook.page(name), "run ./lygte docs"


@pytest.mark.parametrize("path", DOCS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_somewhere(path: Path) -> None:
    broken = [
        target
        for target in LINK.findall(path.read_text("utf-8"))
        if not target.startswith(("http:", "https:", "mailto:")) and not (path.parent / target).exists()
    ]
    assert broken == []


def test_commands_named_in_the_documentation_exist() -> None:
    environment = {**os.environ, "COLUMNS": "200", "PYTHONPATH": str(ROOT / "src")}
    said = subprocess.run(
        [sys.executable, "-m", "lygte.cli", "help"], cwd=ROOT, env=environment, capture_output=True, text=True
    ).stdout
    named = {word for path in DOCS for word, _sub in COMMAND.findall(path.read_text("utf-8"))}
    assert {"demo", "test"} <= named
    assert [word for word in sorted(named) if not re.search(rf"\b{word}\b", said) and word != "help"] == []


def test_every_runtime_dependency_has_its_line_of_why() -> None:
    wanted = [
        re.split(r"[\[<>=]", line)[0].strip()
        for line in (ROOT / "requirements.in").read_text().splitlines()
        if line and not line.startswith("#")
    ]
    told = (ROOT / "docs" / "dependencies.md").read_text("utf-8")
    assert [name for name in wanted if name.lower() not in told.lower()] == []


def test_nothing_names_a_machine_or_a_registry() -> None:
    tracked = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True).stdout.split("\0")
    # Written apart, so that this file does not find itself.
    forbidden = [f"{'pypi'}.org/simple", f"registry.{'npmjs'}.org", f"files.{'pythonhosted'}.org", f"/{'work'}/main"]
    found = [
        (name, word)
        for name in tracked
        if name and (ROOT / name).is_file()
        for word in forbidden
        if word.encode() in (ROOT / name).read_bytes()
    ]
    assert found == []
