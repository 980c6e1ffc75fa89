"""`lygte keys` on a machine of its own: it explains, looks, turns, copies and brings back, and says what is wrong."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import Result
from django.conf import settings
from typer.testing import CliRunner

from lygte.cli.main import app
from lygte.core.vault import recovery
from lygte.core.vault.keys import let_in, make_member_key, set_up
from tests.conftest import PASSPHRASE, make_member

pytestmark = pytest.mark.django_db

TWO = ["--by", "Dorte", "--before", "Emil"]


def lygte(*words: str, said: str = "") -> Result:
    return CliRunner().invoke(app, ["keys", *words], input=said, env={"COLUMNS": "200"})


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of keys for this test alone."""
    monkeypatch.setattr(settings, "LYGTE_KEYS_DIR", tmp_path / "keys")
    yield tmp_path / "keys"


def papers(text: str) -> list[str]:
    """Return the words of the two papers that were printed."""
    return [" ".join(re.findall(r"\d+\. ([a-z]+)", part)) for part in text.split("Paper ")[1:]]


def test_a_key_is_split_copied_lost_brought_back_and_its_copy_noted_as_destroyed(folder: Path, tmp_path: Path) -> None:
    explained = lygte("explain").stdout
    assert "passphrase" in explained and str(folder) in explained
    assert "423.8" in lygte("copy", "--to", str(tmp_path / "early"), *TWO).stderr
    words = papers(lygte("split", said="\n\n").stdout)
    assert [len(paper.split()) for paper in words] == [24, 24] and words[0] != words[1]
    copy = tmp_path / "stick"
    assert lygte("copy", "--to", str(copy), *TWO).exit_code == 0
    assert lygte("copy", "--to", str(copy), *TWO).exit_code == 2, "nothing is written over"
    status = json.loads(lygte("status", "--json").stdout)
    assert (status["epoch"], status["copies_of_this_epoch"], status["problems"]) == (1, 1, [])
    for path in folder.iterdir():
        path.unlink()
    assert "422.24" in lygte("restore-copy", str(copy), said=f"{words[0]}\n{words[0]}\n").stderr
    back = lygte("restore-copy", str(copy), said=f"{words[1]}\n{words[0]}\n")
    assert "epoch 1 is back" in back.stdout, back.stderr
    assert words[0] not in back.stdout
    turned = json.loads(lygte("turn", "--json").stdout)
    assert (turned["epoch"], turned["ended"], turned["copies_to_destroy"]) == (2, [1], 1)
    looked = lygte("status")
    number = re.findall(r"copy (\d+) of epoch 1", looked.stdout)[0]
    assert looked.exit_code == 1
    assert "410.3" in lygte("restore-copy", str(copy), said=f"{words[1]}\n{words[0]}\n").stderr
    assert "422.25" in lygte("copy-destroyed", number, "--by", "Emil", "--before", "emil").stderr
    assert lygte("copy-destroyed", number, *TWO).exit_code == 0
    assert lygte("copy-destroyed", number, *TWO).exit_code == 2
    assert lygte("status").exit_code == 0


def test_papers_of_an_organisation_are_made_anew_and_tested() -> None:
    bogdan, amina = make_member("bogdan"), make_member("amina")
    made = set_up(member=bogdan, passphrase=PASSPHRASE)
    bogdan.keyring = made.keyring
    make_member_key(member=amina, passphrase=PASSPHRASE)
    let_in(member=bogdan, other=amina)
    old = [recovery.words_of(half) for half in made.halves]
    typed = "\n".join(old) + "\n"
    assert "fit" in lygte("test-recovery", "--member", amina.ref, said=typed).stdout
    assert "423.2" in lygte("print-recovery", "--member", bogdan.ref, said="not this\n").stderr
    fresh = papers(lygte("print-recovery", "--member", bogdan.ref, said=f"{PASSPHRASE}\n\n\n").stdout)
    assert "422.22" in lygte("test-recovery", "--member", amina.ref, said=typed).stderr
    assert "fit" in lygte("test-recovery", "--member", amina.ref, said="\n".join(fresh) + "\n").stdout


def test_wrong_words_and_wrong_members_are_told_by_number() -> None:
    assert "400.2" in lygte("test-recovery", "--member", "nobody").stderr
    assert "400.2" in lygte("print-recovery", "--member", "nobody").stderr
    assert "422.21" in lygte("restore-copy", "nowhere", said="these are no words\nnor these\n").stderr
