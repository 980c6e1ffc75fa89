"""The list of visits, the page of one, taking it back and putting it again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django_scopes import scope

from lygte.care.outreach.actions import record_visit, restore_visit, withdraw_visit
from lygte.care.outreach.handover import bulk_places
from lygte.care.outreach.models import Place, Visit
from lygte.care.outreach.reads import VisitFilter, visits
from lygte.core.audit import AuditEntry
from lygte.core.models import Member
from lygte.core.problems import Problem
from lygte.facts.models import Entry
from lygte.facts.projection import fingerprint, rebuild

SignedIn = Callable[[Member], Client]
Record = Callable[..., Visit]
LIST = reverse("outreach:visit_list")


def days(client: Client, today: date, **filters: Any) -> list[int]:
    """Return how many days ago the visits on the list were."""
    response = client.get(LIST, filters)
    assert response.status_code == 200
    return [(today - visit.day).days for visit, _area in response.context["rows"]]


@pytest.fixture
def several(amina: Member, bogdan: Member, heron: Place, visit_to: Record, today: date) -> None:
    """Today and ten days ago in Fredericia, by Amina; twenty days ago on a street in Copenhagen, nobody met, by Bogdan."""
    [finch] = bulk_places(amina.organisation, [{"code_name": "Red Finch", "kind": "street", "area": "DK-101"}])
    with scope(organisation=amina.organisation):
        street = Place.objects.get(ref=finch.ref)
    visit_to(amina, heron)
    visit_to(amina, heron, day=today - timedelta(days=10))
    met_nobody = {"outcome": "refused", "refused": "1"}
    with scope(organisation=amina.organisation):
        day = (today - timedelta(days=20)).isoformat()
        record_visit(member=bogdan, answers={"place": street.short_code, "day": day, **met_nobody})


# The list -------------------------------------------------------------------------------------------------------------
def test_the_list_is_newest_first_and_of_one_organisation(
    amina: Member, chika: Member, several: None, signed_in: SignedIn, today: date
) -> None:
    assert days(signed_in(amina), today) == [0, 10, 20]
    assert days(signed_in(chika), today) == []


@pytest.mark.parametrize("outsider", ["dorte", "emil", "freja", "gitte", "hugo", "henk"])
def test_who_does_no_field_work_sees_no_visit(
    everyone: dict[str, Member], outsider: str, heron: Place, visit_to: Record, signed_in: SignedIn
) -> None:
    visit = visit_to(everyone["amina"], heron)
    for address in (LIST, reverse("outreach:visit", args=[visit.ref])):
        assert signed_in(everyone[outsider]).get(address).status_code == 403
        assert signed_in(everyone["amina"]).get(address).status_code == 200


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({"kind": "clinic"}, [0, 10]),
        ({"area": "DK-83"}, [0, 10]),
        ({"area": "DK-101"}, [20]),
        ({"area": "DK-81"}, []),
        ({"outcome": "refused"}, [20]),
        ({"mine": "on"}, [0, 10]),
        ({"withdrawn": "on"}, []),
        ({"kind": "castle", "since": "tomorrow"}, [0, 10, 20]),
    ],
)
def test_a_filter_narrows_the_list(
    amina: Member, several: None, signed_in: SignedIn, today: date, filters: dict[str, str], found: list[int]
) -> None:
    assert days(signed_in(amina), today, **filters) == found


def test_a_period_narrows_the_list_with_both_its_ends(
    amina: Member, several: None, signed_in: SignedIn, today: date
) -> None:
    period = {"since": today - timedelta(days=20), "until": today - timedelta(days=10)}
    assert days(signed_in(amina), today, **period) == [10, 20]


def test_pages_go_on_where_the_last_one_ended_and_none_is_shown_twice(
    amina: Member, heron: Place, visit_to: Record, today: date
) -> None:
    made = [visit_to(amina, heron, day=today - timedelta(days=number // 3)) for number in range(8)]
    seen, after = [], ""
    with scope(organisation=amina.organisation):
        for _page in range(4):
            found = visits(amina, VisitFilter(), after=after, size=3)
            seen += [visit.ref for visit in found.visits]
            assert found.newer == bool(after)
            after = found.older
            if not after:
                break
    newest_first = sorted(made, key=lambda visit: (visit.day, visit.pk), reverse=True)
    assert seen == [visit.ref for visit in newest_first]


def test_a_cursor_of_another_organisation_is_not_there(
    amina: Member, chika: Member, heron: Place, otter: Place, visit_to: Record, signed_in: SignedIn
) -> None:
    mine, theirs = visit_to(amina, heron), visit_to(chika, otter)
    assert signed_in(amina).get(LIST, {"after": theirs.ref}).status_code == 404
    assert signed_in(amina).get(LIST, {"after": "\x00"}).status_code == 404
    assert signed_in(amina).get(LIST, {"after": mine.ref}).status_code == 200


# One visit ------------------------------------------------------------------------------------------------------------
def test_the_page_of_a_visit_shows_its_counts_and_facts_and_nobodys_name(
    amina: Member, bogdan: Member, heron: Place, visit_to: Record, signed_in: SignedIn
) -> None:
    visit = visit_to(amina, heron)
    response = signed_in(bogdan).get(reverse("outreach:visit", args=[visit.ref]))
    gender = response.context["counts"][0]
    assert [(str(label), count) for label, count in gender.rows] == [("Women", 2), ("Trans people", 1)]
    assert (gender.unsaid, response.context["counts"][1].unsaid) == (0, 1)
    facts = {(fact.kind, fact.broken_down): fact.value for fact in response.context["facts"]}
    assert facts[("visit", "Massage clinic, We spoke with somebody, Interpreter by phone")] == 1
    assert facts[("health_item", "Massage clinic, Condoms given (pieces)")] == 40
    assert len(facts) == len(response.context["facts"])
    assert "Amina" not in response.content.decode()


@pytest.mark.parametrize("name", ["visit", "visit_withdraw", "visit_restore"])
def test_a_visit_of_another_organisation_is_not_there(
    amina: Member, chika: Member, heron: Place, otter: Place, visit_to: Record, signed_in: SignedIn, name: str
) -> None:
    mine, theirs = visit_to(amina, heron), visit_to(chika, otter)
    client = signed_in(amina)
    ask = client.get if name == "visit" else client.post
    assert ask(reverse(f"outreach:{name}", args=[theirs.ref])).status_code == 404
    assert ask(reverse(f"outreach:{name}", args=["a" * 26])).status_code == 404
    assert ask(reverse(f"outreach:{name}", args=[mine.ref])).status_code in (200, 400, 409)


# Taking it back -------------------------------------------------------------------------------------------------------
def test_withdrawing_takes_the_facts_away_and_restoring_brings_exactly_the_same_back(
    amina: Member, heron: Place, visit_to: Record, everywhere: None
) -> None:
    visit_to(amina, heron, new=0)
    before_any = fingerprint()
    visit = visit_to(amina, heron)
    with_both = fingerprint()
    assert with_both != before_any
    withdraw_visit(member=amina, visit=visit, reason="wrong_counts")
    assert fingerprint() == before_any
    rebuild()
    assert fingerprint() == before_any
    restore_visit(member=amina, visit=visit)
    assert fingerprint() == with_both
    rebuild()
    assert fingerprint() == with_both


def test_a_visit_is_withdrawn_with_a_reason_and_an_undo(
    amina: Member, heron: Place, visit_to: Record, signed_in: SignedIn, today: date, everywhere: None
) -> None:
    visit = visit_to(amina, heron)
    client = signed_in(amina)
    withdraw = reverse("outreach:visit_withdraw", args=[visit.ref])
    restore = reverse("outreach:visit_restore", args=[visit.ref])
    response = client.post(withdraw, {"reason": "twice"}, follow=True)
    assert restore in response.content.decode()
    assert "Recorded twice" in response.content.decode()
    assert days(client, today) == []
    assert days(client, today, withdrawn="on") == [0]
    assert Entry.objects.count() == 0
    assert AuditEntry.objects.filter(verb="visit.withdraw", subject=visit.ref).count() == 1
    assert "withdraw/?reason=mistake" in client.post(restore, follow=True).content.decode()
    assert days(client, today) == [0]
    assert client.post(f"{withdraw}?reason=mistake").status_code == 302
    assert days(client, today) == []


@pytest.mark.parametrize("given", [{}, {"reason": ""}, {"reason": "because Maria said so"}])
def test_a_reason_outside_the_list_withdraws_nothing(
    amina: Member, heron: Place, visit_to: Record, signed_in: SignedIn, everywhere: None, given: dict[str, str]
) -> None:
    visit = visit_to(amina, heron)
    client = signed_in(amina)
    assert client.post(reverse("outreach:visit_withdraw", args=[visit.ref]), given).status_code == 400
    with pytest.raises(Problem) as refused:
        withdraw_visit(member=amina, visit=visit, reason=given.get("reason", ""))
    assert refused.value.number == "422.231"
    assert not Visit.objects.get().withdrawn
    assert client.post(reverse("outreach:visit_withdraw", args=[visit.ref]), {"reason": "asked"}).status_code == 302
    assert Visit.objects.get().withdrawn


def test_two_clicks_withdraw_once_and_restore_once(
    amina: Member, heron: Place, visit_to: Record, everywhere: None
) -> None:
    visit = visit_to(amina, heron)
    with pytest.raises(Problem) as refused:
        restore_visit(member=amina, visit=visit)
    assert refused.value.number == "409.241"
    stale = Visit.objects.get(pk=visit.pk)
    withdraw_visit(member=amina, visit=visit, reason="twice")
    with pytest.raises(Problem) as refused:
        withdraw_visit(member=amina, visit=stale, reason="mistake")
    assert refused.value.number == "409.240"
    assert Visit.objects.get().withdrawn_reason == "twice"


def test_an_authority_can_neither_withdraw_nor_restore(
    amina: Member, emil: Member, heron: Place, visit_to: Record, everywhere: None
) -> None:
    visit = visit_to(amina, heron)
    for do in (
        lambda: withdraw_visit(member=emil, visit=visit, reason="twice"),
        lambda: restore_visit(member=emil, visit=visit),
    ):
        with pytest.raises(Problem) as refused:
            do()
        assert refused.value.number == "403.1"
    assert withdraw_visit(member=amina, visit=visit, reason="twice").withdrawn
