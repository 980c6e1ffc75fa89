"""When a record is erased its facts are removed, coarsened or kept, as registered; nothing leads back to the record."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from lygte.core.models import Member
from lygte.facts import projection
from lygte.facts.erasure import KEPT, erase_facts
from lygte.facts.ledger import Fact, ledger_rows, record_facts, total_rows
from lygte.facts.models import Record
from lygte.facts.register import KINDS, Kind, register_kind


@pytest.fixture(autouse=True)
def lamps() -> Iterator[None]:
    for fate in ("keep", "coarsen", "remove"):
        register_kind(Kind(f"lamp_{fate}", "Lamps", "Lamps lit.", "lamps", on_erasure=fate))  # type: ignore[arg-type]
    yield
    for fate in ("keep", "coarsen", "remove"):
        del KINDS[f"lamp_{fate}"]


@pytest.fixture
def erased(amina: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(projection, "PROJECTIONS", {})
    day = date(2026, 3, 5)
    facts = [Fact(f"lamp_{fate}", day, "DK-461", amina.organisation_id, 7) for fate in ("keep", "coarsen", "remove")]
    record_facts(source="case:a", facts=facts)
    erase_facts("case:a")


def told() -> list[tuple[str, str, str, int]]:
    return sorted((row[4], str(row[1]), row[2], row[6]) for row in ledger_rows())


WANTED = [("lamp_coarsen", "2026-03-01", "DK", 7), ("lamp_keep", "2026-03-05", "DK-461", 7)]


def test_each_kind_meets_the_fate_that_it_registered(erased: None) -> None:
    assert told() == WANTED
    assert sorted((row[0], row[2], row[-1]) for row in total_rows()) == [
        ("lamp_coarsen", "DK", 7),
        ("lamp_keep", "DK-461", 7),
    ]


def test_nothing_leads_back_to_the_record(erased: None) -> None:
    assert all(name.startswith(KEPT) and "case" not in name for name in Record.objects.values_list("name", flat=True))
    erase_facts("case:a")
    assert told() == WANTED


def test_a_rebuild_keeps_what_stayed(erased: None) -> None:
    before = projection.fingerprint()
    assert projection.rebuild() == 2
    assert projection.fingerprint() == before
