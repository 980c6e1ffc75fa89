"""A round from its plan to its end: who and where, what ticks itself off, what goes back, and what it never is."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django_scopes import scope

from lygte.care.concern.handover import note_sign
from lygte.care.outreach.actions import change_place, close_place, restore_visit, withdraw_visit
from lygte.care.outreach.models import Place, Visit
from lygte.care.rounds import reads
from lygte.care.rounds.actions import (
    change_round,
    move_stop,
    plan_round,
    record_joint_control,
    set_state,
    withdraw_joint_control,
)
from lygte.care.rounds.models import JointControl, Round
from lygte.core.models import Member
from lygte.core.problems import Problem
from lygte.facts.models import Entry
from lygte.facts.projection import fingerprint, rebuild

from .conftest import CAPITAL, SOUTH

Planned = Callable[..., Round]
Visited = Callable[..., Visit]
Places = dict[str, Place]


@pytest.fixture(autouse=True)
def _scope(amina: Member) -> Any:
    with scope(organisation=amina.organisation):
        yield


def reached(one: Round) -> list[bool]:
    return [bool(stop.visit) for stop in one.stops.all()]


def facts(kind: str) -> dict[str, int]:
    rows = Entry.objects.filter(kind=kind).values_list("dimensions", "value")
    found: dict[str, int] = {}
    for dimensions, value in rows:
        found[dimensions] = found.get(dimensions, 0) + value
    return found


# Planning -------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("wrong", "number"),
    [
        ({"day": -1}, "422.660"),
        ({"day": 400}, "422.660"),
        ({"going": []}, "422.667"),
        ({"with_authority": True}, "422.662"),
        ({"region": "NL-ZH"}, "422.668"),
        ({"interpreter": "castle"}, "422.668"),
        ({"languages": ["xx"]}, "422.668"),
        ({"region": CAPITAL}, "422.663"),
    ],
)
def test_a_wrong_plan_is_answered_with_its_number_and_nothing_is_kept(
    plan: Planned, today: date, wrong: dict[str, Any], number: str
) -> None:
    if "day" in wrong:
        wrong = {"day": today + timedelta(days=wrong["day"])}
    with pytest.raises(Problem) as refused:
        plan("Blue Heron", **wrong)
    assert refused.value.number == number
    assert not Round.objects.exists()
    assert plan("Blue Heron").state == "planned"


def test_a_place_of_another_region_is_named_with_where_it_lies(plan: Planned) -> None:
    with pytest.raises(Problem) as refused:
        plan("Blue Heron", "West Wind")
    assert refused.value.number == "422.663"
    assert refused.value.sentence == "West Wind lies in Region Hovedstaden, not in Region Syddanmark."


@pytest.mark.parametrize("who", ["emil", "chika", "dorte"])
def test_nobody_of_an_authority_or_another_organisation_has_a_seat(
    plan: Planned, everyone: dict[str, Member], who: str
) -> None:
    with pytest.raises(Problem) as refused:
        plan("Blue Heron", going=[everyone["amina"].ref, everyone[who].ref])
    assert refused.value.number == "422.661"
    assert plan("Blue Heron", going=[everyone["amina"].ref, everyone["bogdan"].ref]).members.count() == 2


def test_a_place_that_is_closed_or_not_ours_is_refused(
    plan: Planned, amina: Member, places: Places, today: date
) -> None:
    close_place(member=amina, place=places["Grey Seal"])
    for ref in (places["Grey Seal"].ref, "a" * 26):
        with pytest.raises(Problem) as refused:
            plan_round(member=amina, region=SOUTH, day=today, going=[amina.ref], places=[ref])
        assert refused.value.number == "422.666"


def test_the_longest_wait_comes_first_with_its_neighbours_and_what_was_visited_today_is_left_out(
    plan: Planned, amina: Member, places: Places, visit: Visited, today: date, signed_in: Callable[[Member], Client]
) -> None:
    for name, ago in (("Red Finch", 40), ("Blue Heron", 10), ("Grey Seal", 20)):
        visit(amina, places[name], today - timedelta(days=ago))

    def ticked() -> list[str]:
        rows = signed_in(amina).get(reverse("rounds:plan"), {"region": SOUTH}).context["rows"]
        return [row["place"].code_name for row in rows if row["chosen"]]

    # Odense (Red Finch) comes after Fredericia by name: the wait decides, within a municipality too.
    assert ticked() == ["Red Finch", "Grey Seal", "Blue Heron"]
    one = plan("Red Finch", "Grey Seal")
    assert ticked() == ["Blue Heron"]
    visit(amina, places["Red Finch"], today)
    one.refresh_from_db()
    set_state(member=amina, round=one, state="done")
    assert ticked() == ["Grey Seal", "Blue Heron"], "back in the pool with its wait; what was visited today waits"


def test_rounds_of_one_day_are_told_apart_without_naming_anybody(
    plan: Planned, amina: Member, places: Places, today: date, signed_in: Callable[[Member], Client]
) -> None:
    first, second = plan("Blue Heron", part_of_day="evening"), plan("Red Finch", part_of_day="evening")
    plan("Grey Seal", day=today + timedelta(days=1))
    assert [note["title"] for note in reads.rounds_for_phone(amina)] == [
        "Region Syddanmark · Evening (18 to 24) · 1\N{NO-BREAK SPACE}of\N{NO-BREAK SPACE}2",
        "Region Syddanmark · Evening (18 to 24) · 2\N{NO-BREAK SPACE}of\N{NO-BREAK SPACE}2",
        "Region Syddanmark",
    ]
    assert [need.title for need in reads.rounds_that_wait(amina)] == [
        f"Your round today: Region Syddanmark · Evening (18 to 24) · {number}\N{NO-BREAK SPACE}of\N{NO-BREAK SPACE}2"
        for number in (1, 2)
    ]
    client = signed_in(amina)
    for number, one in enumerate((first, second), 1):
        title = client.get(reverse("rounds:round", args=[one.ref])).context["title"]
        assert title.endswith(
            f", Region Syddanmark · Evening (18 to 24) · {number}\N{NO-BREAK SPACE}of\N{NO-BREAK SPACE}2"
        )
    page = client.get(reverse("rounds:season"))
    assert len({row[1] for row in page.context["rows"]}) == len(page.context["rows"])
    assert len({title for _one, title, _day in page.context["next"]}) == 3
    labels = [row["label"] for row in page.context["picture"]["rows"]]
    assert len(set(labels)) == len(labels) == 2


def test_the_places_that_wait_longest_are_suggested_with_those_of_their_municipality(
    plan: Planned, amina: Member, places: Places, visit: Visited, today: date, signed_in: Callable[[Member], Client]
) -> None:
    visit(amina, places["Grey Seal"], today - timedelta(days=30))
    page = reverse("rounds:plan")
    rows = signed_in(amina).get(page, {"region": SOUTH}).context["rows"]
    assert [(row["place"].code_name, row["chosen"]) for row in rows] == [
        ("Blue Heron", True),
        ("Grey Seal", True),
        ("Red Finch", True),
    ]
    plan("Blue Heron")
    rows = signed_in(amina).get(page, {"region": SOUTH, "waiting": "never"}).context["rows"]
    assert [(row["place"].code_name, row["chosen"], row["busy"]) for row in rows] == [
        ("Red Finch", True, False),
        ("Blue Heron", False, True),
    ]
    wish = reads.PlaceWish(region=SOUTH, weeks=8)
    assert [place.code_name for place in reads.places_of(amina, wish)] == ["Blue Heron", "Red Finch"]
    assert [p.code_name for p in reads.places_of(amina, reads.PlaceWish(SOUTH, kind="street"))] == ["Grey Seal"]


def test_a_filled_page_that_is_wrong_keeps_what_was_chosen(
    amina: Member, bogdan: Member, places: Places, today: date, signed_in: Callable[[Member], Client]
) -> None:
    client = signed_in(amina)
    seal, finch = places["Grey Seal"].ref, places["Red Finch"].ref
    filled = {
        "region": SOUTH, "day": today.isoformat(), "going": [bogdan.ref], "place": [seal, finch],
        f"turn_{seal}": "2", f"turn_{finch}": "1", "with_authority": "on",
    }  # fmt: skip
    response = client.post(reverse("rounds:plan"), filled)
    assert response.status_code == 400
    assert "422.662" in response.content.decode()
    assert [row["place"].ref for row in response.context["rows"] if row["chosen"]] == [finch, seal]
    del filled["with_authority"]
    assert client.post(reverse("rounds:plan"), filled).status_code == 302
    assert [stop.place for stop in Round.objects.get().stops.all()] == [finch, seal]


# Visits tick places off -----------------------------------------------------------------------------------------------
def test_a_visit_of_the_team_on_that_day_ticks_the_place_off_and_only_that(
    plan: Planned, amina: Member, bogdan: Member, places: Places, visit: Visited, today: date
) -> None:
    one = plan("Blue Heron", "Red Finch")
    visit(bogdan, places["Blue Heron"], today)  # stayed at home: not on the round
    visit(amina, places["Blue Heron"], today - timedelta(days=1))
    one.refresh_from_db()
    assert (reached(one), one.state) == ([False, False], "planned")
    there = visit(amina, places["Red Finch"], today)
    one.refresh_from_db()
    assert (reached(one), one.state) == ([False, True], "under_way")
    withdraw_visit(member=amina, visit=there, reason="mistake")
    assert reached(one) == [False, False]
    restore_visit(member=amina, visit=there)
    assert reached(one) == [False, True]


def test_a_visit_that_was_sent_before_the_plan_counts_too_and_a_new_team_is_looked_at_again(
    plan: Planned, amina: Member, bogdan: Member, places: Places, visit: Visited, today: date
) -> None:
    visit(bogdan, places["Blue Heron"], today)
    one = plan("Blue Heron", "Red Finch")
    assert reached(one) == [False, False]
    going = [amina.ref, bogdan.ref]
    change_round(member=amina, round=one, day=today, going=going, places=[places["Red Finch"].ref])
    assert reached(one) == [False]
    both = [places["Red Finch"].ref, places["Blue Heron"].ref]
    change_round(member=amina, round=one, day=today, going=going, places=both)
    assert reached(one) == [False, True]
    change_round(member=amina, round=one, day=today, going=going, places=[places["Red Finch"].ref])
    assert reached(one) == [False, True], "a place that was visited stays on its round"


def test_what_was_not_reached_returns_to_the_pool_when_the_round_ends(
    plan: Planned, amina: Member, places: Places, visit: Visited, today: date
) -> None:
    one = plan("Blue Heron", "Red Finch")
    visit(amina, places["Blue Heron"], today)
    assert reads.on_open_rounds(amina) == {places["Red Finch"].ref}
    one.refresh_from_db()
    set_state(member=amina, round=one, state="done")
    assert reads.on_open_rounds(amina) == set()
    assert facts("round") == {"": 1}
    assert facts("round_place") == {
        "place_kind=clinic|result=reached": 1,
        "place_kind=clinic|result=not_reached": 1,
    }
    late = visit(amina, places["Red Finch"], today)  # the phone had no network
    assert facts("round_place") == {"place_kind=clinic|result=reached": 2}
    before = fingerprint()
    rebuild()
    assert fingerprint() == before
    withdraw_visit(member=amina, visit=late, reason="mistake")
    set_state(member=amina, round=one, state="under_way")
    assert facts("round") == facts("round_place") == {}


@pytest.mark.parametrize(
    ("steps", "ok"),
    [
        (["under_way", "done", "under_way", "done"], True),
        (["called_off", "planned", "done", "planned"], True),
        (["done", "called_off"], False),
        (["called_off", "done"], False),
        (["planned"], False),
    ],
)
def test_each_step_has_one_that_leads_back(plan: Planned, amina: Member, steps: list[str], ok: bool) -> None:
    one = plan("Blue Heron")
    for state in steps[:-1]:
        set_state(member=amina, round=one, state=state)
    if ok:
        assert set_state(member=amina, round=one, state=steps[-1]).state == steps[-1]
    else:
        with pytest.raises(Problem) as refused:
            set_state(member=amina, round=one, state=steps[-1])
        assert refused.value.number == "409.660"


def test_a_place_moves_to_another_round_of_the_region_unless_it_was_visited(
    plan: Planned, amina: Member, places: Places, visit: Visited, today: date
) -> None:
    one, later = plan("Blue Heron", "Red Finch"), plan("Grey Seal", day=today + timedelta(days=3))
    capital = plan("West Wind", region=CAPITAL)
    heron, finch = one.stops.all()
    for to, number in ((capital, "422.669"), (one, "409.661")):
        with pytest.raises(Problem) as refused:
            move_stop(member=amina, stop=finch, to=to)
        assert refused.value.number == number
    move_stop(member=amina, stop=finch, to=later)
    assert [stop.place for stop in later.stops.all()] == [places["Grey Seal"].ref, places["Red Finch"].ref]
    visit(amina, places["Blue Heron"], today)
    with pytest.raises(Problem) as refused:
        move_stop(member=amina, stop=heron, to=later)
    assert refused.value.number == "409.662"


def test_a_plan_keeps_the_kind_that_a_place_had(plan: Planned, amina: Member, places: Places) -> None:
    one = plan("Blue Heron")
    change_place(
        member=amina, place=places["Blue Heron"], code_name="Blue Heron", kind="hotel", area="DK-607", source="ad",
        languages=[], open_at=["night", "evening"],
    )  # fmt: skip
    assert one.stops.get().kind == "clinic"
    [shown] = reads.stops_shown(one)
    assert shown.place is not None
    assert shown.place.open_at == ("evening", "night")


# Joint controls -------------------------------------------------------------------------------------------------------
def test_a_visit_on_a_joint_control_is_refused_and_counted_apart(
    plan: Planned, amina: Member, places: Places, visit: Visited, today: date
) -> None:
    heron = places["Blue Heron"]
    control = record_joint_control(member=amina, day=today, led_by="police", place=heron.ref)
    with pytest.raises(Problem) as refused:
        visit(amina, heron, today)
    assert refused.value.number == "409.663"
    assert "Joint controls" in refused.value.next_step
    assert not Visit.objects.exists()
    assert facts("joint_control") == {"led_by=police|place_kind=clinic": 1}
    assert facts("visit") == {}
    visit(amina, heron, today - timedelta(days=1))
    withdraw_joint_control(member=amina, control=control)
    assert facts("joint_control") == {}
    late = visit(amina, heron, today)
    withdraw_visit(member=amina, visit=late, reason="mistake")
    withdraw_joint_control(member=amina, control=control, withdrawn=False)
    with pytest.raises(Problem) as refused:
        restore_visit(member=amina, visit=late)
    assert refused.value.number == "409.663"
    withdraw_joint_control(member=amina, control=control)
    restore_visit(member=amina, visit=late)
    for again in (
        lambda: withdraw_joint_control(member=amina, control=control, withdrawn=False),
        lambda: record_joint_control(member=amina, day=today, led_by="tax", place=heron.ref),
    ):
        with pytest.raises(Problem) as refused:
            again()
        assert refused.value.number == "409.664"
    assert JointControl.objects.count() == 1


def test_the_record_page_says_where_a_joint_control_belongs_and_keeps_what_was_typed(
    amina: Member, places: Places, today: date, signed_in: Callable[[Member], Client]
) -> None:
    heron = places["Blue Heron"]
    client = signed_in(amina)
    page = reverse("rounds:controls")
    assert next(iter(client.get(page).context["form"].fields["led_by"].choices))[0] == ""
    assert client.post(page, {"day": today.isoformat(), "led_by": "", "place": heron.short_code}).status_code == 400
    assert client.post(page, {"day": today.isoformat(), "led_by": "police"}).status_code == 400
    filled = {"day": today.isoformat(), "led_by": "police", "place": heron.short_code.lower()}
    assert client.post(page, filled).status_code == 302
    answers = {"place": heron.short_code, "day": today.isoformat(), "outcome": "not_opened", "minutes": "17"}
    response = client.post(reverse("outreach:visit_record"), answers)
    assert response.status_code == 400
    assert "joint control was recorded at this place" in response.content.decode()
    assert 'value="17"' in response.content.decode()


# Phones ---------------------------------------------------------------------------------------------------------------
def test_phones_of_those_who_go_get_the_round_in_the_order_planned(
    plan: Planned, amina: Member, bogdan: Member, places: Places, visit: Visited, today: date
) -> None:
    order = ["Red Finch", "Grey Seal", "Blue Heron"]
    plan(*order, part_of_day="evening", languages=["th"])
    plan("West Wind", region=CAPITAL, day=today + timedelta(days=5))
    visit(amina, places["Grey Seal"], today)
    assert reads.rounds_for_phone(bogdan) == []
    [note] = reads.rounds_for_phone(amina)
    assert (note["title"], note["when"]) == ("Region Syddanmark · Evening (18 to 24)", "Today")
    assert note["places"] == [places[name].ref for name in order]
    assert [(stop["name"], stop["reached"]) for stop in note["stops"]] == [
        ("Red Finch", False),
        ("Grey Seal", True),
        ("Blue Heron", False),
    ]
    assert set(note["stops"][0]) == {"ref", "code", "name", "kind", "area", "languages", "last_visit", "reached"}
    listed = reads.places_on_todays_rounds(amina)
    assert [(row.name, row.label, row.properties["reached"]) for row in listed] == [
        (places["Red Finch"].short_code, "1 · Red Finch", "no"),
        (places["Grey Seal"].short_code, "2 · Grey Seal", "yes"),
        (places["Blue Heron"].short_code, "3 · Blue Heron", "no"),
    ]


def test_today_tells_of_the_round_and_of_one_that_was_not_ended(
    plan: Planned, amina: Member, bogdan: Member, today: date
) -> None:
    one = plan("Blue Heron")
    [need] = reads.rounds_that_wait(amina)
    assert need.title == "Your round today: Region Syddanmark"
    assert reads.rounds_that_wait(bogdan) == []
    Round.objects.filter(pk=one.pk).update(day=today - timedelta(days=1))
    [need] = reads.rounds_that_wait(bogdan)
    assert need.title == "1 round is over and not ended"


# Pages ----------------------------------------------------------------------------------------------------------------
def test_a_round_is_begun_moved_and_ended_on_its_page_with_undo(
    plan: Planned, amina: Member, places: Places, today: date, signed_in: Callable[[Member], Client]
) -> None:
    one = plan("Blue Heron", "Red Finch", languages=["th", "ro"])
    other = plan("Grey Seal", day=today + timedelta(days=1))
    client = signed_in(amina)
    page = reverse("rounds:round", args=[one.ref])
    assert "Romanian, Thai" in client.get(page).content.decode()
    stop = one.stops.first()
    assert stop
    assert client.post(reverse("rounds:move", args=[one.ref]), {"stop": stop.ref, "to": other.ref}).status_code == 302
    response = client.post(reverse("rounds:state", args=[one.ref, "done"]), follow=True)
    assert "Back in the pool" in response.content.decode()
    assert reverse("rounds:state", args=[one.ref, "planned"]) in response.content.decode()
    assert client.post(reverse("rounds:state", args=[one.ref, "castle"])).status_code == 422
    assert client.get(page).context["round"].state == "done"
    changed = client.post(reverse("rounds:change", args=[one.ref]), {"day": today.isoformat(), "going": [amina.ref]})
    assert "409.660" in changed.content.decode()


def test_a_place_of_concern_says_so_on_the_pages_of_rounds_and_nothing_is_put_in_order_by_it(
    plan: Planned, amina: Member, bogdan: Member, places: Places, today: date, signed_in: Callable[[Member], Client]
) -> None:
    one = plan("Blue Heron", "Red Finch")
    pages = [reverse("rounds:round", args=[one.ref]), "/rounds/region/?region=DK-83", "/rounds/plan/?region=DK-83"]
    client = signed_in(amina)

    def shown(page: str) -> tuple[list[str], str]:
        main = client.get(page).content.decode().split("<main", 1)[1]
        return re.findall(r"Blue Heron|Red Finch|Grey Seal", re.sub(r'aria-label="[^"]*"', "", main)), main

    before = [shown(page)[0] for page in pages]
    for member in (amina, bogdan):
        note_sign(member=member, place=places["Red Finch"].ref, sign="no_rest", known="seen", sure="sure", day=today)
    for page, order in zip(pages, before, strict=True):
        names, main = shown(page)
        assert main.count("Place of concern") == 1 and names == order
        row = next(row for row in main.split("<tr") if "Red Finch" in row)
        assert "Place of concern" in row
    assert "Red Finch" in (sent := json.dumps(reads.rounds_for_phone(amina))) and "oncern" not in sent
