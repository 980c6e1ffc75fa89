"""What `--fresh` may remove: folders that are only called like ours are somebody's."""

from __future__ import annotations

from pathlib import Path

import pytest

from lygte.demo import folder as place
from tests.cli.test_commands import lygte

from .test_start import free_port

NAMES = ("attachments", "static")


def foreign(folder: Path, name: str) -> Path:
    (folder / name).mkdir(parents=True)
    mine = folder / name / "thesis.odt"
    mine.write_text("years of work")
    return mine


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("words", [["--fresh"], []])
def test_a_foreign_folder_called_like_ours_is_refused_and_stays(tmp_path: Path, name: str, words: list[str]) -> None:
    mine = foreign(tmp_path, name)
    done = lygte(tmp_path, "demo", "--port", str(free_port()), *words)
    said = " ".join(done.stderr.split())
    assert done.returncode == 2 and f"did not make: {name}." in said and "Move them away" in said
    assert mine.read_text() == "years of work" and not (tmp_path / "demo.json").exists()


def test_what_a_demo_made_is_removed_and_nothing_else(tmp_path: Path) -> None:
    place.claim(tmp_path)
    kept = tmp_path / "attachments" / "ab" / "abcd"
    kept.parent.mkdir()
    kept.write_text("a photo (invented)")
    assert place.strangers(tmp_path) == []
    place.remove_content(tmp_path)
    assert not (tmp_path / "attachments").exists()
    mine = foreign(tmp_path, "attachments")
    assert place.strangers(tmp_path) == ["attachments"]
    place.remove_content(tmp_path)
    assert mine.exists()


def test_an_empty_folder_or_none_is_no_stranger(tmp_path: Path) -> None:
    assert place.strangers(tmp_path / "nowhere") == []
    for name in NAMES:
        (tmp_path / name).mkdir()
    assert place.strangers(tmp_path) == []


def test_a_link_to_a_stamped_folder_elsewhere_is_not_followed(tmp_path: Path) -> None:
    elsewhere, data = tmp_path / "elsewhere", tmp_path / "data"
    place.claim(elsewhere)
    data.mkdir()
    (data / "attachments").symlink_to(elsewhere / "attachments")
    assert place.strangers(data) == ["attachments"]
    place.remove_content(data)
    assert (elsewhere / "attachments" / place.STAMPS["attachments"]).exists()
    assert (data / "attachments").is_symlink()
