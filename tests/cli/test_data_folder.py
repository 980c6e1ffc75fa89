"""The data folder: for its owner alone, with one secret key, and static files that never mix with somebody's."""

from __future__ import annotations

import os
import secrets
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from django.core.exceptions import ImproperlyConfigured

from lygte.cli import operate
from lygte.core.problems import Problem
from lygte.site import settings as product

from .test_commands import ROOT, environment_of


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


# For its owner alone --------------------------------------------------------------------------------------------------
def test_what_the_script_starts_writes_for_its_owner_alone(tmp_path: Path) -> None:
    """Run the script up to the point where it hands over, and write a file as what comes after would."""
    script: dict[str, Any] = {"__name__": "script", "__file__": str(ROOT / "lygte")}
    exec(compile((ROOT / "lygte").read_text(), "lygte", "exec"), script)  # noqa: S102 (our own script)
    script |= {"ensure_environment": lambda testing: None, "ensure_assets": lambda: None}
    before = os.umask(0o022)
    try:
        with (
            mock.patch.dict(os.environ),
            mock.patch.object(sys, "argv", ["lygte", "organisations", "--data", str(tmp_path / "data")]),
            mock.patch.object(os, "execv", lambda *words: (tmp_path / "database").touch()),
        ):
            script["main"]()
    finally:
        os.umask(before)
    assert mode_of(tmp_path / "database") == 0o600


def test_a_new_data_folder_and_its_key_are_closed_whatever_the_shell_says(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    environment = {k: v for k, v in environment_of(folder).items() if k != "LYGTE_SECRET_KEY"}
    subprocess.run([sys.executable, "-c", "import lygte.site.settings"], env=environment, umask=0, check=True)
    assert mode_of(folder) == 0o700 and mode_of(folder / "secret_key") == 0o600


# The secret key -------------------------------------------------------------------------------------------------------
@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty data folder, and no key in the environment."""
    monkeypatch.setattr(product, "DATA_DIR", tmp_path)
    monkeypatch.delenv("LYGTE_SECRET_KEY", raising=False)
    return tmp_path


def test_the_key_is_made_once_and_kept(folder: Path) -> None:
    key = product._secret_key()
    assert len(key) > 50 and product._secret_key() == key
    assert [path.name for path in folder.iterdir()] == ["secret_key"]


def test_two_processes_that_start_at_once_have_one_key(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    quicker = "q" * 60

    def make_while_another_finishes(size: int) -> str:
        (folder / "secret_key").write_text(quicker)
        return "s" * 60

    monkeypatch.setattr(secrets, "token_urlsafe", make_while_another_finishes)
    assert product._secret_key() == quicker
    assert (folder / "secret_key").read_text() == quicker and len(list(folder.iterdir())) == 1


@pytest.mark.parametrize("content", ["", "short", " \n" * 100])
def test_a_key_too_short_is_refused_with_what_to_do(folder: Path, content: str) -> None:
    (folder / "secret_key").write_text(content)
    with pytest.raises(ImproperlyConfigured, match="Remove it: a new one is made"):
        product._secret_key()


def test_the_key_of_the_environment_goes_first(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LYGTE_SECRET_KEY", "given")
    assert product._secret_key() == "given" and not list(folder.iterdir())


# Static files ---------------------------------------------------------------------------------------------------------
@pytest.fixture
def static(tmp_path: Path, settings: Any) -> Path:
    """An empty place for static files, and a package whose built pages have a stamp."""
    settings.STATIC_ROOT, settings.PACKAGE = tmp_path / "static", tmp_path / "package"
    build(tmp_path, "one")
    return tmp_path / "static"


def build(folder: Path, stamp: str) -> None:
    path = folder / "package" / "site" / "static" / "build" / "lygte-stamp"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(stamp)


def test_static_files_are_collected_once_for_each_build(static: Path, tmp_path: Path) -> None:
    operate.collect_static()
    assert (static / "lygte.svg").exists() and (static / "lygte-stamp").read_text().startswith("one")
    (static / "lygte.svg").unlink()
    operate.collect_static()
    assert not (static / "lygte.svg").exists()  # nothing to do: quick
    (static / "old.css").touch()
    build(tmp_path, "two")
    operate.collect_static()
    assert (static / "lygte.svg").exists() and not (static / "old.css").exists()
    assert (static / "lygte-stamp").read_text().startswith("two")


def test_a_folder_with_somebodys_files_is_refused_now_and_later(static: Path, tmp_path: Path) -> None:
    static.mkdir()
    (static / "thesis.odt").write_text("years of work")
    for stamp in ("one", "two"):
        build(tmp_path, stamp)
        with pytest.raises(Problem, match=r"400\.7"):
            operate.collect_static()
    assert [path.name for path in static.iterdir()] == ["thesis.odt"]


def test_collecting_that_was_interrupted_is_done_again(static: Path) -> None:
    with (
        mock.patch("django.core.management.call_command", side_effect=KeyboardInterrupt),
        pytest.raises(KeyboardInterrupt),
    ):
        operate.collect_static()
    (static / "half.css").touch()
    operate.collect_static()
    assert (static / "lygte.svg").exists() and not (static / "half.css").exists()
