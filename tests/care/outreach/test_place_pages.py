"""The list of places, the page of one, and changing it: for field staff of the organisation, for nobody else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django_scopes import scope

from lygte.care.outreach.actions import change_place, close_place, create_place, reopen_place
from lygte.care.outreach.handover import bulk_places
from lygte.care.outreach.models import Place, Visit
from lygte.care.outreach.reads import places_left_alone
from lygte.core.audit import AuditEntry
from lygte.core.models import Member
from lygte.core.problems import Problem

SignedIn = Callable[[Member], Client]
LIST = reverse("outreach:place_list")
NEW = {"code_name": "Green Ibis", "kind": "hotel", "area": "DK-751", "source": "tip", "languages": ["ro", "es"]}


def names(client: Client, **filters: Any) -> list[str]:
    response = client.get(LIST, filters)
    assert response.status_code == 200
    return [place.code_name for place, _area, _visits in response.context["rows"]]


# The list -------------------------------------------------------------------------------------------------------------
def test_the_list_shows_the_places_of_one_organisation(
    amina: Member, chika: Member, heron: Place, otter: Place, signed_in: SignedIn
) -> None:
    assert names(signed_in(amina)) == ["Blue Heron"]
    assert names(signed_in(chika)) == ["Quiet Otter"]


@pytest.mark.parametrize("outsider", ["dorte", "emil", "freja", "gitte", "hugo", "henk"])
def test_who_does_no_field_work_gets_no_list(
    everyone: dict[str, Member], outsider: str, heron: Place, signed_in: SignedIn
) -> None:
    assert signed_in(everyone[outsider]).get(LIST).status_code == 403
    page = reverse("outreach:place", args=[heron.ref])
    assert signed_in(everyone[outsider]).get(page).status_code == 403
    assert signed_in(everyone["amina"]).get(page).status_code == 200


def test_a_stranger_is_sent_to_sign_in(client: Client, heron: Place) -> None:
    assert client.get(LIST).status_code == 302


@pytest.fixture
def three(amina: Member, heron: Place, visit_to: Callable[..., Visit], today: date) -> None:
    """Blue Heron, a clinic visited today; Red Finch, a street in another region, long ago; Grey Seal, closed."""
    old = {"created_on": today - timedelta(days=300)}
    bulk_places(
        amina.organisation,
        [
            {"code_name": "Red Finch", "kind": "street", "area": "DK-101", **old},
            {"code_name": "Grey Seal", "kind": "clinic", "area": "DK-101", "state": "closed", **old},
        ],
    )
    visit_to(amina, heron)
    with scope(organisation=amina.organisation):
        finch = Place.objects.get(code_name="Red Finch")
    visit_to(amina, finch, day=today - timedelta(days=100))


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({}, ["Blue Heron", "Red Finch"]),
        ({"kind": "clinic"}, ["Blue Heron"]),
        ({"area": "DK-84"}, ["Red Finch"]),
        ({"area": "DK-607"}, ["Blue Heron"]),
        ({"unvisited": "90"}, ["Red Finch"]),
        ({"unvisited": "180"}, []),
        ({"state": "closed"}, ["Grey Seal"]),
        ({"state": "all"}, ["Blue Heron", "Grey Seal", "Red Finch"]),
        ({"order": "visit"}, ["Red Finch", "Blue Heron"]),
        ({"q": "finch"}, ["Red Finch"]),
        ({"q": "nothing"}, []),
        ({"kind": "castle", "unvisited": "x", "area": "SE-1"}, ["Blue Heron", "Red Finch"]),
    ],
)
def test_a_filter_narrows_the_list(
    amina: Member, three: None, signed_in: SignedIn, filters: dict[str, str], found: list[str]
) -> None:
    assert names(signed_in(amina), **filters) == found


def test_the_search_finds_a_short_code(amina: Member, three: None, heron: Place, signed_in: SignedIn) -> None:
    assert names(signed_in(amina), q=heron.short_code.lower()) == ["Blue Heron"]


def test_a_filter_is_a_chip_that_takes_itself_away(amina: Member, three: None, signed_in: SignedIn) -> None:
    response = signed_in(amina).get(LIST, {"kind": "clinic", "area": "DK-607", "page": "1"})
    assert response.context["chips"] == [
        ("Kind of place: Massage clinic", f"{LIST}?area=DK-607"),
        ("Area: Fredericia", f"{LIST}?kind=clinic"),
    ]


def test_the_list_tells_the_last_visit_and_the_recent_ones(
    amina: Member, heron: Place, visit_to: Callable[..., Visit], signed_in: SignedIn, today: date
) -> None:
    visit_to(amina, heron, day=today - timedelta(days=100))
    visit_to(amina, heron, day=today - timedelta(days=3))
    visit_to(amina, heron, day=today - timedelta(days=2))
    [(place, area, recent)] = signed_in(amina).get(LIST).context["rows"]
    assert (place.last_day, area, recent) == (today - timedelta(days=2), "Fredericia", 2)


# One place ------------------------------------------------------------------------------------------------------------
def test_the_page_of_a_place_shows_its_visits_and_sums(
    amina: Member, bogdan: Member, heron: Place, visit_to: Callable[..., Visit], signed_in: SignedIn
) -> None:
    visit_to(amina, heron)
    visit_to(bogdan, heron, spoken_to=4, new=2)
    response = signed_in(amina).get(reverse("outreach:place", args=[heron.ref]))
    assert len(response.context["slice"].visits) == 2
    assert {name: response.context["sums"][name] for name in ("visits", "spoke", "spoken_to", "new")} == {
        "visits": 2,
        "spoke": 2,
        "spoken_to": 7,
        "new": 3,
    }
    assert "Bogdan" not in response.content.decode().partition("<main")[2]


@pytest.mark.parametrize("name", ["place", "place_change", "place_close", "place_reopen"])
def test_a_place_of_another_organisation_is_not_there(
    amina: Member, heron: Place, otter: Place, signed_in: SignedIn, name: str
) -> None:
    client = signed_in(amina)
    ask = client.post if name in ("place_close", "place_reopen") else client.get
    assert ask(reverse(f"outreach:{name}", args=[otter.ref])).status_code == 404
    assert ask(reverse(f"outreach:{name}", args=["a" * 26])).status_code == 404
    assert ask(reverse(f"outreach:{name}", args=[heron.ref])).status_code in (200, 302, 409)


# Adding and changing --------------------------------------------------------------------------------------------------
def test_a_place_is_added_under_a_code_name(amina: Member, signed_in: SignedIn, everywhere: None) -> None:
    response = signed_in(amina).post(reverse("outreach:place_create"), NEW)
    place = Place.objects.get()
    assert response.headers["Location"] == reverse("outreach:place", args=[place.ref])
    assert (place.code_name, place.kind, place.area, place.source) == ("Green Ibis", "hotel", "DK-751", "tip")
    assert place.languages == ["es", "ro"]
    assert len(place.short_code) == 4
    assert AuditEntry.objects.filter(verb="place.create", subject=place.ref).count() == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        *[("code_name", "Vestergade 12"), ("code_name", ""), ("kind", "castle"), ("area", "NL-GM0518"), ("area", "")],
        *[("area", "DK-84"), ("source", "rumour"), ("languages", ["xx"]), ("code_name", "blue heron")],
    ],
)
def test_a_wrong_place_is_not_added_and_nothing_typed_is_lost(
    amina: Member, heron: Place, signed_in: SignedIn, everywhere: None, field: str, value: Any
) -> None:
    client = signed_in(amina)
    response = client.post(reverse("outreach:place_create"), {**NEW, field: value})
    assert response.status_code == 400
    assert field in response.context["form"].errors
    if field != "code_name":
        assert 'value="Green Ibis"' in response.content.decode()
    assert Place.objects.count() == 1
    assert client.post(reverse("outreach:place_create"), NEW).status_code == 302


def test_a_place_is_changed_and_keeps_its_short_code(
    amina: Member, heron: Place, signed_in: SignedIn, everywhere: None
) -> None:
    response = signed_in(amina).post(reverse("outreach:place_change", args=[heron.ref]), NEW)
    assert response.status_code == 302
    changed = Place.objects.get()
    assert (changed.code_name, changed.kind, changed.area) == ("Green Ibis", "hotel", "DK-751")
    assert changed.short_code == heron.short_code


def test_a_place_with_visits_keeps_its_municipality_and_its_visits_their_kind(
    amina: Member, heron: Place, visit_to: Callable[..., Visit], signed_in: SignedIn, everywhere: None
) -> None:
    visit = visit_to(amina, heron)
    assert signed_in(amina).post(reverse("outreach:place_change", args=[heron.ref]), NEW).status_code == 302
    heron.refresh_from_db()
    visit.refresh_from_db()
    assert (heron.kind, heron.area) == ("hotel", "DK-607")
    assert (visit.place_kind, visit.area) == ("clinic", "DK-607")
    with pytest.raises(Problem) as refused:
        change_place(member=amina, place=heron, **NEW)
    assert refused.value.number == "409.233"


@pytest.mark.parametrize(
    ("changed", "number"),
    [
        ({"code_name": "Vestergade"}, "422.230"),
        ({"code_name": "BLUE HERON"}, "409.230"),
        ({"kind": "castle"}, "422.231"),
        ({"area": "DK-84"}, "422.231"),
        ({"area": "DK-999"}, "422.231"),
        ({"source": "rumour"}, "422.231"),
        ({"languages": ["xx"]}, "422.231"),
    ],
)
def test_the_action_itself_refuses_a_wrong_place(
    amina: Member, heron: Place, everywhere: None, changed: dict[str, Any], number: str
) -> None:
    with pytest.raises(Problem) as refused:
        create_place(member=amina, **{**NEW, **changed})
    assert refused.value.number == number
    assert create_place(member=amina, **NEW).code_name == "Green Ibis"


def test_two_organisations_may_choose_the_same_code_name(
    amina: Member, chika: Member, heron: Place, everywhere: None
) -> None:
    assert create_place(member=chika, **{**NEW, "code_name": "Blue Heron", "area": "NL-GM0363"}).ref != heron.ref


def test_closing_is_undone_by_opening(amina: Member, heron: Place, signed_in: SignedIn, everywhere: None) -> None:
    client = signed_in(amina)
    client.post(reverse("outreach:place_close", args=[heron.ref]))
    page = client.get(reverse("outreach:place", args=[heron.ref])).content.decode()
    assert reverse("outreach:place_reopen", args=[heron.ref]) in page
    assert names(client) == []
    client.post(reverse("outreach:place_reopen", args=[heron.ref]))
    assert names(client) == ["Blue Heron"]


def test_a_place_is_closed_and_opened_once(amina: Member, heron: Place, everywhere: None) -> None:
    with pytest.raises(Problem) as refused:
        reopen_place(member=amina, place=heron)
    assert refused.value.number == "409.232"
    close_place(member=amina, place=heron)
    with pytest.raises(Problem) as refused:
        close_place(member=amina, place=heron)
    assert refused.value.number == "409.231"


def test_an_authority_cannot_add_a_place_whatever_it_sends(emil: Member, amina: Member, everywhere: None) -> None:
    with pytest.raises(Problem) as refused:
        create_place(member=emil, **NEW)
    assert refused.value.number == "403.1"
    assert create_place(member=amina, **NEW).code_name == "Green Ibis"


# Today ----------------------------------------------------------------------------------------------------------------
def test_field_staff_are_told_of_places_left_alone(
    amina: Member, chika: Member, emil: Member, three: None, settings: Any
) -> None:
    settings.LYGTE_PLACE_UNVISITED_DAYS = 90
    with scope(organisation=amina.organisation):
        [need] = places_left_alone(amina)
    assert (need.count, need.title) == (1, "1 place has not been visited for long")
    assert "unvisited=90" in need.url
    with scope(organisation=chika.organisation):
        assert places_left_alone(chika) == []
    with scope(organisation=emil.organisation):
        assert places_left_alone(emil) == []


def test_how_long_is_long_is_a_setting(amina: Member, three: None, settings: Any) -> None:
    with scope(organisation=amina.organisation):
        settings.LYGTE_PLACE_UNVISITED_DAYS = 101
        assert places_left_alone(amina) == []
        settings.LYGTE_PLACE_UNVISITED_DAYS = 99
        assert len(places_left_alone(amina)) == 1


# Speed ----------------------------------------------------------------------------------------------------------------
def test_the_number_of_questions_to_the_database_does_not_grow_with_the_list(
    amina: Member, heron: Place, visit_to: Callable[..., Visit], signed_in: SignedIn
) -> None:
    client = signed_in(amina)

    def questions(address: str) -> int:
        client.get(address)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(address).status_code == 200
        return len(asked)

    addresses = (LIST, reverse("outreach:visit_list"), reverse("outreach:place", args=[heron.ref]))
    visit_to(amina, heron)
    before = [questions(address) for address in addresses]
    names = ("Red Finch", "Grey Seal", "West Wind", "Old Oak")
    bulk_places(amina.organisation, [{"code_name": name, "kind": "street", "area": "DK-101"} for name in names])
    for _more in range(6):
        visit_to(amina, heron)
    assert [questions(address) for address in addresses] == before


def test_no_list_of_visits_counts_its_table(
    amina: Member, heron: Place, visit_to: Callable[..., Visit], signed_in: SignedIn
) -> None:
    visit_to(amina, heron)
    client = signed_in(amina)
    with CaptureQueriesContext(connection) as asked:
        assert len(client.get(reverse("outreach:visit_list")).context["rows"]) == 1
    about_visits = [query["sql"] for query in asked if "outreach_visit" in query["sql"]]
    assert about_visits
    assert not any("COUNT(" in sql for sql in about_visits)
