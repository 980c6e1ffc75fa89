"""The ledger: totals always equal the facts, removal leaves no trace, nothing finer than agreed gets in."""

from collections.abc import Iterator
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from lygte.core.models import Member, Organisation
from lygte.core.problems import Problem
from lygte.facts import projection, reads
from lygte.facts.ledger import Fact, ledger_rows, record_facts, record_many, remove_facts, total_rows
from lygte.facts.models import Entry, Record, Total
from lygte.facts.register import KINDS, Dimension, Kind, register_kind

COLOUR = Dimension("colour", "Colour", {"red": "Red", "blue": "Blue"})
SIZE = Dimension("size", "Size", {"small": "Small", "big": "Big"})


@pytest.fixture(autouse=True)
def lamps() -> Iterator[None]:
    """Register an invented kind for the length of one test."""
    register_kind(Kind("lamp", "Lamps", "Lamps lit.", "lamps", (COLOUR, SIZE)))
    register_kind(Kind("oil", "Oil", "Oil burnt.", "litres"))
    yield
    del KINDS["lamp"], KINDS["oil"]


def lamp(
    organisation: Organisation, value: int = 1, colour: str = "red", size: str = "big", day: str = "2026-03-05"
) -> Fact:
    return Fact("lamp", date.fromisoformat(day), "DK-101", organisation.pk, value, {"colour": colour, "size": size})


MARCH = ("2026-03", "2026-03")


def test_facts_become_totals(amina: Member) -> None:
    record_facts(source="visit:a", facts=[lamp(amina.organisation, 2), lamp(amina.organisation, 3, "blue")])
    record_facts(source="visit:b", facts=[lamp(amina.organisation, 4), lamp(amina.organisation, 9, size="small")])
    assert reads.totals("lamp", months=MARCH) == {None: 18}
    assert reads.totals("lamp", months=MARCH, by="colour") == {"red": 15, "blue": 3}
    assert reads.totals("lamp", months=MARCH, where={"size": {"big"}}, by="colour") == {"red": 6, "blue": 3}
    assert reads.totals("lamp", months=MARCH, by="month") == {"2026-03": 18}
    assert reads.totals("lamp", months=MARCH, by="organisation") == {str(amina.organisation.pk): 18}
    assert reads.totals("lamp", months=MARCH, areas={"DK-999"}) == {None: 0}
    assert reads.totals("lamp", months=MARCH, organisations=set()) == {None: 0}
    assert reads.totals("lamp", months=("2026-04", "2026-12")) == {None: 0}


def test_removing_a_record_leaves_nothing_behind(amina: Member) -> None:
    record_facts(source="visit:a", facts=[lamp(amina.organisation, 2)])
    before = (list(ledger_rows()), list(total_rows()))
    record_facts(source="visit:b", facts=[lamp(amina.organisation, 5), lamp(amina.organisation, 5, "blue")])
    remove_facts("visit:b")
    assert (list(ledger_rows()), list(total_rows())) == before
    remove_facts("visit:b")
    assert (list(ledger_rows()), list(total_rows())) == before


@pytest.mark.parametrize(
    "dimensions", [{"colour": "red"}, {"colour": "red", "size": "huge"}, {"colour": "red", "size": "big", "x": "y"}, {}]
)
def test_nothing_finer_or_other_than_registered_is_recorded(amina: Member, dimensions: dict[str, str]) -> None:
    fact = Fact("lamp", date(2026, 3, 5), "DK-101", amina.organisation.pk, 1, dimensions)
    with pytest.raises(ValueError, match=r"takes the dimensions|no code of"):
        record_facts(source="visit:a", facts=[fact])
    with pytest.raises(ValueError, match="not a registered kind"):
        record_facts(source="visit:a", facts=[Fact("ghost", date(2026, 3, 5), "DK-101", amina.organisation.pk, 1)])


def test_an_unknown_kind_is_a_problem() -> None:
    with pytest.raises(Problem) as problem:
        reads.kind_named("ghost")
    assert problem.value.number == "404.400"


def test_many_at_once_equal_one_by_one(amina: Member, chika: Member) -> None:
    sources = [
        (f"visit:{i}", [lamp((amina, chika)[i % 2].organisation, i, day=f"2026-0{1 + i % 3}-05")]) for i in range(1, 60)
    ]
    for source, facts in sources:
        record_facts(source=source, facts=facts)
    one_by_one = projection.fingerprint()
    Total.objects.all().delete()
    Record.objects.all().delete()
    assert record_many(sources, batch=7) == 59
    assert projection.fingerprint() == one_by_one
    record_facts(source="visit:later", facts=[lamp(amina.organisation)])
    assert Entry.objects.count() == 60


def test_a_rebuild_reproduces_the_ledger_exactly(amina: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    sources = [(f"visit:{i}", [lamp(amina.organisation, i)]) for i in range(1, 9)]
    monkeypatch.setattr(projection, "PROJECTIONS", {"visit": lambda: iter(sources)})
    for source, facts in reversed(sources):
        record_facts(source=source, facts=facts)
    before = projection.fingerprint()
    assert projection.rebuild() == 8
    assert projection.fingerprint() == before
    Total.objects.update(value=1)
    assert projection.fingerprint() != before
    projection.rebuild()
    assert projection.fingerprint() == before


class TotalsFollow(TestCase):
    """Whatever is recorded and removed in whatever order, totals equal the sum of the facts."""

    @settings(max_examples=25, deadline=None)
    @given(st.lists(st.tuples(st.integers(0, 5), st.integers(1, 9), st.sampled_from(["red", "blue"]), st.booleans())))
    def test_totals_equal_the_sum_of_facts(self, steps: list[tuple[int, int, str, bool]]) -> None:
        organisation, _ = Organisation.objects.get_or_create(name="O", kind="outreach", country="DK")
        present: dict[str, tuple[int, str]] = {}
        for number, value, colour, add in steps:
            source = f"visit:{number}"
            if add and source not in present:
                record_facts(source=source, facts=[lamp(organisation, value, colour)])
                present[source] = (value, colour)
            elif not add:
                remove_facts(source)
                present.pop(source, None)
        for colour in ("red", "blue"):
            wanted = sum(v for v, c in present.values() if c == colour)
            assert reads.totals("lamp", months=MARCH, where={"colour": {colour}})[None] == wanted
        assert not Total.objects.filter(value=0).exists()
