"""The world in the database: what was recorded equals what the truth says was recorded, counted again."""

import json
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from django_scopes import scopes_disabled

from lygte.care.outreach.models import Place, Visit
from lygte.core.audit import chains, verify_chain
from lygte.core.models import Organisation
from lygte.demo import seed as seeding
from lygte.demo import sending
from lygte.demo.cast import AS_AT, DK_PLAN, PARTIES
from lygte.facts import reads
from lygte.knowledge.programme.models import Delivery, Initiative, StatusReport

TODAY = date(2026, 11, 22)
VISITS = 160

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(settings, tmp_path: Path) -> Path:
    settings.DATA_DIR = tmp_path
    return tmp_path


@pytest.fixture
def truth(folder: Path) -> dict:
    seeding.seed(visits=VISITS, seed=7, today=TODAY)
    return json.loads((folder / "demo-truth.json").read_text())


def recount() -> dict[tuple[str, ...], Counter]:
    """Count the visits in the database, by team, month, area and kind of place."""
    teams = {party.name: party.key for party in PARTIES}
    found: dict[tuple[str, ...], Counter] = {}
    for visit in Visit.objects.select_related("organisation", "place"):
        key = (teams[visit.organisation.name], visit.day.strftime("%Y-%m"), visit.place.area, visit.place.kind)
        counts = Counter(
            {"visits": 1, f"outcome {visit.outcome}": 1, f"interpreter {visit.interpreter or 'not_known'}": 1}
        )
        for name in ("present", "spoken_to", "new", "minutes"):
            counts[name] += getattr(visit, name) or 0
        for dimension, codes in visit.counts.items():
            counts.update({f"{dimension} {code}": number for code, number in codes.items()})
        found.setdefault(key, Counter()).update(counts)
    return found


def told(rows: list[dict]) -> dict[tuple[str, ...], Counter]:
    names = ("team", "month", "area", "place_kind")
    return {tuple(row[n] for n in names): Counter({k: v for k, v in row.items() if k not in names}) for row in rows}


def test_the_truth_file_equals_a_recount_of_the_database(truth: dict) -> None:
    with scopes_disabled():
        assert recount() == told(truth["recorded"]["directly"])


def test_what_is_recorded_and_what_is_still_to_be_sent_add_up_to_the_visits_asked_for(
    truth: dict, folder: Path
) -> None:
    direct, kept = (sum(row["visits"] for row in truth["recorded"][way]) for way in ("directly", "over_openrosa"))
    letters = sending.waiting_letters(folder)
    misread = sum(sending.LOST.values())
    assert direct + kept == VISITS
    assert len(letters) == kept + misread
    assert len({letter.team for letter in letters}) == 5
    assert [letter.times for letter in letters].count(2) == 5


def test_places_are_as_in_the_true_world_and_those_closed_by_today_are_closed(truth: dict) -> None:
    with scopes_disabled():
        assert Place.objects.count() == sum(row["places"] for row in truth["true"]["places"])
        assert {"active", "closed"} == set(Place.objects.values_list("state", flat=True))


def test_the_ledger_says_the_same_as_the_count_by_hand_for_the_third_initiative(truth: dict) -> None:
    by_hand = truth["status_by_hand"]["initiative 3"]
    with scopes_disabled():
        deliverers = {
            d.organisation_id for d in Delivery.objects.filter(initiative__number=3, initiative__plan__key=DK_PLAN)
        }
        areas = {row["area"] for row in truth["recorded"]["directly"]}
        common = {
            "months": ("2016-07", AS_AT),
            "areas": areas,
            "organisations": deliverers,
            "where": {"place_kind": {"clinic"}},
        }
        assert reads.totals("visit", **common)[None] == by_hand["visits"]
        assert reads.totals("people_spoken_to", **common)[None] == by_hand["spoken_to"]
        items = reads.totals("health_item", **common, by="item")
    assert items["condoms"] == by_hand["health_item condoms"]


def test_plans_deliveries_and_reports_are_there_to_look_at(truth: dict) -> None:
    with scopes_disabled():
        assert Initiative.objects.filter(plan__key=DK_PLAN).count() == 4
        reports = {r.initiative.number: r.state for r in StatusReport.objects.filter(initiative__plan__key=DK_PLAN)}
    assert reports == {1: "issued", 2: "issued", 3: "draft"}


def test_every_log_is_whole_afterwards(truth: dict) -> None:
    verdicts = [verify_chain(chain) for chain in chains()]
    assert len(verdicts) == len(PARTIES) + 1
    assert all(verdict.whole for verdict in verdicts)


def test_a_database_that_is_in_use_is_never_filled(amina, folder: Path) -> None:
    with pytest.raises(ValueError, match="not empty"):
        seeding.seed(visits=20, today=TODAY)


def test_only_a_database_where_everything_is_invented_counts_as_a_demo(db) -> None:
    assert not seeding.is_demo()
    Organisation.objects.create(name="Lanternen (invented)", kind="outreach", country="DK")
    assert seeding.is_demo()
    Organisation.objects.create(name="Somebody", kind="outreach", country="DK")
    assert not seeding.is_demo()


def test_a_world_without_its_host_was_interrupted(truth: dict) -> None:
    assert seeding.is_finished()
    Organisation.objects.filter(kind="host").update(name="somebody else (invented)")
    assert not seeding.is_finished()
