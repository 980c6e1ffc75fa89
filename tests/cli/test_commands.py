"""Commands as somebody types them: help for all, numbered problems, JSON that a script can read."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
KOREA = "A,B,C,count\n1,0,0,61\n0,1,0,24\n0,0,1,9\n1,1,0,14\n1,0,1,3\n0,1,1,2\n1,1,1,1\n"  # invented counts


def environment_of(folder: Path) -> dict[str, str]:
    """Return the environment that the script gives to its commands, on a database in the folder."""
    paths = os.pathsep.join(str(ROOT / part) for part in ("src", "darkfigure/src", "."))
    environment = {k: v for k, v in os.environ.items() if k != "LYGTE_DATABASE_URL"}
    return environment | {
        "PYTHONPATH": paths,
        "LYGTE_DATA_DIR": str(folder),
        "DJANGO_SETTINGS_MODULE": "lygte.site.settings",
        "COLUMNS": "200",
    }


def lygte(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "lygte.cli", *words]
    return subprocess.run(command, cwd=ROOT, env=environment_of(folder), capture_output=True, text=True)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with an empty, ready database."""
    path = tmp_path_factory.mktemp("data")
    assert lygte(path, "migrate").returncode == 0
    return path


def test_an_estimate_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "table.csv").write_text(KOREA)
    done = lygte(tmp_path, "estimate", str(tmp_path / "table.csv"), "--method", "main", "--json")
    result = json.loads(done.stdout)
    assert {"estimate", "lower", "upper", "model", "status", "n_models"} <= result.keys()
    assert result["estimate"] > 114 and result["model"] == "[1,2,3]"


@pytest.mark.parametrize(
    ("words", "number"),
    [
        (["form", "publish", "nowhere.xlsx"], "404.174"),
        (["form", "publish", "nowhere.xlsx", "--organisation", "nobody"], "400.3"),
        (["device", "add", "--member", "nobody"], "400.2"),
        (["plan", "import", "nowhere.yaml"], "400.3"),
    ],
)
def test_what_cannot_be_done_is_told_with_its_number(folder: Path, words: list[str], number: str) -> None:
    done = lygte(folder, *words)
    assert done.returncode == 2
    assert number in done.stderr and "Traceback" not in done.stderr


@pytest.mark.parametrize("words", [["organisations"], ["members"], ["log", "verify"], ["facts", "rebuild"]])
def test_scripts_get_json_and_nothing_else(folder: Path, words: list[str]) -> None:
    done = lygte(folder, *words, "--json")
    assert done.returncode == 0, done.stderr
    json.loads(done.stdout)


def test_help_is_there_for_every_command(folder: Path) -> None:
    for words in (["help"], ["help", "form", "publish"], ["help", "device", "add"], []):
        assert "Usage" in lygte(folder, *words).stdout
