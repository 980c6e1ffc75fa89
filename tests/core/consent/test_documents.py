"""The record of processing and the impact assessment follow the data model, or nothing passes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest
from django.utils import translation
from typer.testing import CliRunner

from lygte.cli.protection import protection as commands
from lygte.core.consent import protection
from lygte.core.consent.documents import DOCUMENTS, markdown
from lygte.core.consent.models import Person
from lygte.core.consent.personal import GROUNDS, KEEPS, PersonalField
from lygte.core.consent.protection import every_field_of_a_person_has_a_reason, everything_kept, fingerprint

STORED = Path(__file__).resolve().parents[3] / "docs" / "protection"


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_stored_document_is_that_of_the_data_model(name: str) -> None:
    made = markdown(DOCUMENTS[name]())
    assert (STORED / f"{name}.md").read_text("utf-8") == made, f"read it, then ./lygte protection {name}"
    assert fingerprint() in made


def test_every_field_stands_in_the_record_of_processing() -> None:
    told = markdown(DOCUMENTS["article30"]())
    fields = [one for _model, declared in everything_kept() for one in declared.values()]
    assert len(fields) > 100
    for one in fields:
        assert str(one.label) in told
        assert str(one.why) in told
        assert GROUNDS[one.ground].article in told
        assert str(KEEPS[one.keep].label) in told


def test_a_changed_field_changes_the_fingerprint(monkeypatch: pytest.MonkeyPatch) -> None:
    before = fingerprint()
    more: dict[type, Mapping[str, PersonalField]] = dict(protection.PLAIN)
    more[Person] = {**more[Person], "shoe_size": PersonalField("Shoe size", "None")}
    monkeypatch.setattr(protection, "PLAIN", more)
    assert fingerprint() != before


def test_a_column_without_a_reason_stops_the_site(monkeypatch: pytest.MonkeyPatch) -> None:
    less = {model: fields for model, fields in protection.PLAIN.items() if model is not Person}
    monkeypatch.setattr(protection, "PLAIN", {**less, Person: {}})
    assert {error.id for error in every_field_of_a_person_has_a_reason()} == {"lygte.E010"}


@pytest.mark.parametrize("language", ["en", "da", "nl"])
def test_the_documents_are_made_in_every_language(language: str) -> None:
    with translation.override(language):
        assert all(section.title for name in DOCUMENTS for section in DOCUMENTS[name]().sections)
        assert all(section.labelled is not None for name in DOCUMENTS for section in DOCUMENTS[name]().sections)


def test_the_commands_write_the_documents_and_say_what_would_go(db: None, tmp_path: Path) -> None:
    runner = CliRunner()
    for name in DOCUMENTS:
        assert runner.invoke(commands, [name, "--out", str(tmp_path), "--pdf"]).exit_code == 0
        assert (tmp_path / f"{name}.md").read_text() == (STORED / f"{name}.md").read_text()
        assert (tmp_path / f"{name}.pdf").read_bytes().startswith(b"%PDF")
    assert json.loads(runner.invoke(commands, ["retention", "--dry-run", "--json"]).stdout) == []
