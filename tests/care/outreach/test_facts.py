"""The facts of a visit: equal to a count by hand, never negative, and made again exactly."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lygte.care.outreach import codes
from lygte.care.outreach.facts import KINDS, facts_of
from lygte.care.outreach.handover import bulk_places, bulk_visits
from lygte.care.outreach.models import Place, Visit
from lygte.care.outreach.rules import VisitAnswers, faults_of
from lygte.core.models import Member
from lygte.facts.models import Entry, Total
from lygte.facts.projection import fingerprint, rebuild
from lygte.facts.reads import totals

DAY = date(2017, 3, 5)


def test_a_visit_gives_what_a_hand_would_count(amina: Member, heron: Place, visit_to: Callable[..., Visit]) -> None:
    visit = visit_to(amina, heron)
    assert {(fact.kind, fact.written_dimensions()): fact.value for fact in facts_of(visit)} == {
        ("visit", "interpreter=phone|outcome=spoke|place_kind=clinic"): 1,
        ("people_present", "place_kind=clinic"): 4,
        ("people_spoken_to", "place_kind=clinic"): 3,
        ("people_new", "place_kind=clinic"): 1,
        ("minutes", "place_kind=clinic"): 35,
        ("people_by_gender", "gender=woman|place_kind=clinic"): 2,
        ("people_by_gender", "gender=trans|place_kind=clinic"): 1,
        ("people_by_nationality", "nationality_group=southeast_asia|place_kind=clinic"): 2,
        ("people_by_language", "language=th|place_kind=clinic"): 2,
        ("people_by_language", "language=en|place_kind=clinic"): 3,
        ("health_item", "item=condoms|place_kind=clinic"): 40,
        ("health_item", "item=sti_offered|place_kind=clinic"): 3,
        ("health_item", "item=sti_taken|place_kind=clinic"): 2,
        ("leaflet", "language=th|place_kind=clinic"): 2,
    }
    assert {(fact.day, fact.area, fact.organisation_id) for fact in facts_of(visit)} == {
        (visit.day, "DK-607", amina.organisation_id)
    }


def test_recorded_facts_are_those_of_the_visit(
    amina: Member, heron: Place, visit_to: Callable[..., Visit], everywhere: None
) -> None:
    visit = visit_to(amina, heron)
    kept = Entry.objects.filter(record__name=f"visit:{visit.ref}").values_list("kind", "dimensions", "value")
    assert sorted(kept) == sorted((f.kind, f.written_dimensions(), f.value) for f in facts_of(visit))


def test_the_kinds_are_those_that_plans_rely_on() -> None:
    assert {kind.name: tuple(d.name for d in kind.dimensions) for kind in KINDS} == {
        "visit": ("place_kind", "outcome", "interpreter"),
        "people_present": ("place_kind",),
        "people_spoken_to": ("place_kind",),
        "people_new": ("place_kind",),
        "people_by_gender": ("place_kind", "gender"),
        "people_by_nationality": ("place_kind", "nationality_group"),
        "people_by_language": ("place_kind", "language"),
        "health_item": ("place_kind", "item"),
        "leaflet": ("place_kind", "language"),
        "minutes": ("place_kind",),
        "sector_visit": ("place_kind", "industry"),
        "sector_spoken_to": ("place_kind", "industry"),
    }
    assert all(kind.smallest_cell == 5 and kind.on_erasure == "keep" for kind in KINDS)


def counts_within(most: int) -> st.SearchStrategy[dict[str, dict[str, int]]]:
    dimension = st.sampled_from(sorted(codes.COUNTED))
    return st.dictionaries(
        dimension, st.dictionaries(st.sampled_from(["woman", "th", "condoms"]), st.integers(1, most), max_size=2)
    ).map(lambda found: {d: {c: n for c, n in given.items() if c in codes.COUNTED[d]} for d, given in found.items()})


@st.composite
def unsaved_visits(draw: st.DrawFn) -> Visit:
    present = draw(st.integers(0, 50))
    spoken_to = draw(st.integers(0, present))
    return Visit(
        ref="a" * 26,
        organisation_id=1,
        place_kind=draw(st.sampled_from(sorted(codes.PLACE_KINDS))),
        area="DK-101",
        day=DAY,
        outcome=draw(st.sampled_from(sorted(codes.OUTCOMES))),
        interpreter=draw(st.sampled_from(["", *codes.INTERPRETERS])),
        minutes=draw(st.none() | st.integers(0, 720)),
        present=present,
        spoken_to=spoken_to,
        new=draw(st.integers(0, spoken_to)),
        counts=draw(counts_within(20)),
    )


@given(unsaved_visits())
def test_facts_are_pure_never_negative_and_within_the_register(visit: Visit) -> None:
    before = {name: value for name, value in vars(visit).items() if name != "_state"}
    first, second = facts_of(visit), facts_of(visit)
    assert first == second
    assert {name: value for name, value in vars(visit).items() if name != "_state"} == before
    assert all(fact.value > 0 for fact in first)
    assert len({(fact.kind, fact.written_dimensions()) for fact in first}) == len(first)
    assert sum(fact.value for fact in first if fact.kind == "visit") == 1


def season(number: int) -> list[dict[str, object]]:
    """Return a small season of invented visits to two places, with every outcome."""
    rows: list[dict[str, object]] = []
    for index in range(number):
        row: dict[str, object] = {"place": "ABC2" if index % 2 else "XYZ3", "day": DAY + timedelta(days=index % 60)}
        if index % 5 == 0:
            row |= {"outcome": "not_opened"}
        else:
            spoken_to = 1 + index % 4
            row |= {"outcome": "spoke", "present": spoken_to + 1, "spoken_to": spoken_to, "new": index % 2}
            row |= {"minutes": 20 + index % 7, "interpreter": "none"}
            row |= {"counts": {"gender": {"woman": spoken_to}, "health_item": {"condoms": 10}}}
        rows.append(row)
    return rows


@pytest.fixture
def two_places(amina: Member) -> None:
    bulk_places(
        amina.organisation,
        [
            {"code_name": "Red Finch", "kind": "clinic", "area": "DK-101", "short_code": "ABC2"},
            {"code_name": "Grey Seal", "kind": "street", "area": "DK-607", "short_code": "XYZ3"},
        ],
    )


def test_many_visits_at_once_give_the_same_as_a_count_by_hand(
    amina: Member, two_places: None, everywhere: None
) -> None:
    rows = season(200)
    assert bulk_visits(amina.organisation, iter(rows)) == 200
    by_hand: Counter[str] = Counter()
    for row in rows:
        by_hand["visit"] += 1
        by_hand["people_spoken_to"] += int(str(row.get("spoken_to", 0)))
        by_hand["people_new"] += int(str(row.get("new", 0)))
        by_hand["minutes"] += int(str(row.get("minutes", 0)))
        by_hand["health_item"] += 10 if row["outcome"] == "spoke" else 0
    for kind, number in by_hand.items():
        assert sum(totals(kind, months=("2017-03", "2017-05")).values()) == number
    in_clinics = [row for row in rows if row["place"] == "ABC2"]
    found = totals("visit", months=("2017-03", "2017-05"), where={"place_kind": {"clinic"}}, by="outcome")
    assert found == Counter(str(row["outcome"]) for row in in_clinics)


def test_a_rebuild_makes_the_ledger_again_exactly(amina: Member, two_places: None, everywhere: None) -> None:
    bulk_visits(amina.organisation, season(60))
    before = fingerprint()
    Total.objects.update(value=0)
    assert fingerprint() != before
    rebuild()
    assert fingerprint() == before


@pytest.mark.parametrize(
    "wrong",
    [
        {"place": "NONE"},
        {"spoken_to": 9},
        {"counts": {"gender": {"woman": 9}}},
        {"outcome": "not_opened"},
        {"day": "2017-03-05"},
    ],
)
def test_loading_refuses_a_visit_that_no_phone_could_send_and_stores_none(
    amina: Member, two_places: None, everywhere: None, wrong: dict[str, object]
) -> None:
    right = {"place": "ABC2", "day": DAY, "outcome": "spoke", "present": 2, "spoken_to": 2}
    with pytest.raises(ValueError, match="not a visit"):
        bulk_visits(amina.organisation, [right, {**right, **wrong}])
    assert (Visit.objects.count(), Entry.objects.count()) == (0, 0)
    assert bulk_visits(amina.organisation, [right]) == 1


def test_a_code_name_that_is_an_address_is_not_loaded(amina: Member, everywhere: None) -> None:
    row = {"code_name": "Vestergade", "kind": "clinic", "area": "DK-101"}
    with pytest.raises(ValueError, match="not a place"):
        bulk_places(amina.organisation, [row])
    [card] = bulk_places(amina.organisation, [{**row, "code_name": "West Wind"}])
    assert Place.objects.get().short_code == card.short_code


def test_the_rules_hold_for_every_loaded_visit(amina: Member, two_places: None, everywhere: None) -> None:
    bulk_visits(amina.organisation, season(40))
    names = [name for name in VisitAnswers.__dataclass_fields__ if name != "place"]
    for visit in Visit.objects.select_related("place"):
        said = {name: getattr(visit, name) for name in names}
        assert list(faults_of(VisitAnswers(place=visit.place.short_code, **said))) == []
