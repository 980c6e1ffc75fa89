"""The invented world: the same for the same seed, sensible, and safe to show."""

from datetime import date
from itertools import islice

import pytest

from lygte.care.outreach.codes import PLACE_KINDS
from lygte.care.outreach.rules import code_name_is_safe, faults_of
from lygte.demo import cast, truth
from lygte.demo.visits import DrawnVisit, share_out, visits_of
from lygte.demo.world import EARLIER, make_world
from lygte.directory.areas import AREAS

TODAY = date(2026, 11, 22)


def draw_all(visits: int, seed: int = 2026, today: date = TODAY) -> list[DrawnVisit]:
    world, counts = make_world(visits=visits, seed=seed, today=today), share_out(visits)
    return [
        visit
        for party, team in cast.parties_with_team()
        for season in world.seasons
        for visit in visits_of(world, party, team, season, counts.get((party.key, season), 0))
    ]


def test_the_same_seed_size_and_day_give_the_same_world() -> None:
    assert draw_all(150) == draw_all(150)


@pytest.mark.parametrize(("seed", "today"), [(2027, TODAY), (2026, date(2026, 11, 21))])
def test_another_seed_or_another_day_gives_another_world(seed: int, today: date) -> None:
    assert draw_all(150) != draw_all(150, seed, today)


@pytest.mark.parametrize("visits", [20, 137, 200, 3000])
def test_a_world_has_exactly_the_visits_asked_for(visits: int) -> None:
    assert len(draw_all(visits)) == sum(share_out(visits).values()) == visits


def test_about_six_in_ten_visits_are_of_the_addendum_and_all_of_them_danish() -> None:
    visits = draw_all(2000)
    earlier = [visit for visit in visits if visit.answers.day <= EARLIER[1]]
    assert 0.55 < len(earlier) / len(visits) < 0.65
    assert {visit.place.area[:2] for visit in earlier} == {"DK"}
    assert {visit.place.area[:2] for visit in visits} == {"DK", "NL"}


def test_every_visit_obeys_the_rules_of_the_visit_form() -> None:
    assert [fault for visit in draw_all(2000) for fault in faults_of(visit.answers)] == []


def test_no_visit_is_to_a_closed_place_or_in_the_future() -> None:
    for visit in draw_all(2000):
        place, day = visit.place, visit.answers.day
        assert place.opened <= day <= TODAY
        assert place.closed is None or day <= place.closed


def test_places_are_of_all_kinds_under_safe_code_names_in_real_municipalities() -> None:
    places = [place for found in make_world(visits=200_000, seed=1, today=TODAY).places.values() for place in found]
    assert {place.kind for place in places} == set(PLACE_KINDS)
    assert [place.code_name for place in places if not code_name_is_safe(place.code_name)] == []
    assert {AREAS[place.area].level for place in places} == {"municipality"}
    assert all(len(place.code_name.split()) == 2 for place in places)


def test_code_names_and_short_codes_are_unique_within_a_team_also_in_the_biggest_world() -> None:
    for places in make_world(visits=1_000_000, seed=2026, today=TODAY).places.values():
        assert len({place.code_name for place in places}) == len({place.short_code for place in places}) == len(places)


def test_nobody_is_met_where_nobody_works() -> None:
    for visit in draw_all(2000):
        working = visit.place.working.get(visit.answers.day.strftime("%Y-%m"), 0)
        assert visit.answers.spoken_to <= visit.answers.present <= working


def test_everybody_in_the_cast_is_marked_as_invented() -> None:
    names = [party.name for party in (*cast.PARTIES, cast.HOST)] + [account.name for account in cast.ACCOUNTS]
    assert all(name.endswith("(invented)") for name in names)
    assert all(account.email.endswith("@example.org") for account in cast.ACCOUNTS)
    assert len(cast.PASSWORD) >= 12


def test_visits_are_drawn_one_by_one_so_that_a_million_needs_no_more_memory_than_a_few() -> None:
    world = make_world(visits=1_000_000, seed=2026, today=TODAY)
    party, team = cast.parties_with_team()[0]
    drawn = visits_of(world, party, team, "current", 112_000)
    assert len(list(islice(drawn, 5))) == 5


def test_the_status_by_hand_adds_up_what_deliverers_did_in_their_areas_and_kinds_only() -> None:
    rows = [
        {"team": "road", "month": "2016-09", "area": "DK-607", "place_kind": "clinic", "visits": 3},
        {"team": "islands", "month": "2017-06", "area": "DK-370", "place_kind": "clinic", "visits": 4},
        {"team": "road", "month": "2017-07", "area": "DK-607", "place_kind": "clinic", "visits": 100},  # too late
        {"team": "round", "month": "2017-01", "area": "DK-751", "place_kind": "clinic", "visits": 100},  # not theirs
        {"team": "road", "month": "2017-01", "area": "DK-607", "place_kind": "hotel", "visits": 100},  # another kind
    ]
    assert truth.status_by_hand(rows)["initiative 3"] == {"visits": 7}
