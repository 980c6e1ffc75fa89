"""The pages of the room, for each who comes: what is there, what is missing, what waits."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client

from lygte.core.models import Member, Organisation
from lygte.core.problems import Problem
from lygte.core.today import SOURCES
from lygte.knowledge.programme import reads
from lygte.knowledge.programme.actions import add_delivery, end_delivery, import_plan, issue_report, start_report
from lygte.knowledge.programme.models import Delivery, Indicator, Initiative, Plan

from .conftest import INVENTED

SignIn = Callable[[Member], Client]


def text(client: Client, url: str) -> str:
    page = client.get(url)
    assert page.status_code == 200, page.status_code
    return page.content.decode()


def test_an_empty_room_says_what_to_do_first(dorte: Member, emil: Member, signed_in: SignIn) -> None:
    assert "Import a plan" in text(signed_in(dorte), "/programme/")
    assert "Import a plan" not in text(signed_in(emil), "/programme/")
    assert "nothing to follow yet" in text(signed_in(emil), "/programme/follow-up/")


def test_the_home_page_lists_plans_and_what_is_overdue(plan: Plan, dorte: Member, signed_in: SignIn) -> None:
    html = text(signed_in(dorte), "/programme/")
    assert f"/programme/plans/{plan.ref}/" in html
    assert "Overdue" in html and "June 2017" in html and "spring 2017" in html


def test_a_plan_page_gives_every_figure_from_before_with_its_kind_and_source(
    plan: Plan, dorte: Member, signed_in: SignIn
) -> None:
    html = text(signed_in(dorte), f"/programme/plans/{plan.ref}/")
    for word in ("418", "356", "880,000", "20,900,000", "Identified", "Estimated", "no interval in the source"):
        assert word in html
    assert "DKK 3,500,000" in html and "DKK 4,500,000" in html
    assert "sets no numeric targets" in html


def test_a_plan_in_danish_writes_money_and_months_the_danish_way(plan: Plan, dorte: Member, signed_in: SignIn) -> None:
    client = signed_in(dorte)
    client.cookies["language"] = "da"
    html = text(client, f"/programme/plans/{plan.ref}/")
    assert "3.500.000 kr." in html and "juni 2017" in html and "20.900.000" in html


def test_an_initiative_nobody_delivers_says_so(third: Initiative, dorte: Member, signed_in: SignIn) -> None:
    html = text(signed_in(dorte), f"/programme/initiatives/{third.ref}/")
    assert "Nobody delivers it yet" in html


def test_an_initiative_of_milestones_only_has_no_figures(plan: Plan, dorte: Member, signed_in: SignIn) -> None:
    fourth = Initiative.objects.get(plan=plan, number=4)
    html = text(signed_in(dorte), f"/programme/initiatives/{fourth.ref}/")
    assert "spring 2017" in html and "Reported elsewhere" in html and "Figures as at" not in html


def test_deliverers_are_added_and_ended_on_the_page(
    third: Initiative, dorte: Member, bogdan: Member, signed_in: SignIn
) -> None:
    client = signed_in(dorte)
    url = f"/programme/initiatives/{third.ref}/deliver/"
    sent = {"organisation": bogdan.organisation.ref, "areas": ["DK-85"], "from_month": "2016-01", "to_month": ""}
    assert client.post(url, sent).status_code == 302
    again = client.post(url, sent)
    assert again.status_code == 400 and "overlaps" in again.content.decode()
    delivery = Delivery.objects.get()
    assert client.post(f"/programme/deliveries/{delivery.ref}/end/", {"to_month": "2017-03"}).status_code == 302
    delivery.refresh_from_db()
    assert (delivery.areas, delivery.from_month, delivery.to_month) == (["DK-85"], "2016-01", "2017-03")


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("from_month", "March", "is not a month"),
        ("from_month", "2014-01", "outside the period"),
        ("to_month", "2015-01", "ends before it begins"),
        ("areas", "DK-81", "not one of the available choices"),
    ],
)
def test_a_delivery_with_a_slip_is_not_added(
    third: Initiative, dorte: Member, bogdan: Member, signed_in: SignIn, field: str, value: str, said: str
) -> None:
    sent = {"organisation": bogdan.organisation.ref, "areas": ["DK-85"], "from_month": "2016-01"} | {field: value}
    page = signed_in(dorte).post(f"/programme/initiatives/{third.ref}/deliver/", sent)
    assert page.status_code == 400 and said in page.content.decode()
    assert not Delivery.objects.exists()


def test_only_field_organisations_of_the_country_can_deliver(
    third: Initiative, dorte: Member, chika: Member, emil: Member, bogdan: Member
) -> None:
    assert list(reads.possible_deliverers(third.plan)) == [bogdan.organisation]


def test_a_delivery_that_ends_stops_counting(season: Initiative, dorte: Member, health: Organisation) -> None:
    from lygte.knowledge.programme.content import figures_for

    delivery = Delivery.objects.select_related("initiative").get(organisation=health)
    end_delivery(member=dorte, delivery=delivery, to_month="2016-08")
    visits = {figure.key: figure for figure in figures_for(season, "2017-06")}["visits"]
    assert visits.value.value == 20


def test_an_indicator_page_says_how_it_is_counted(season: Initiative, dorte: Member, signed_in: SignIn) -> None:
    indicator = Indicator.objects.get(plan=season.plan, key="interpreter-used")
    html = text(signed_in(dorte), f"/programme/indicators/{indicator.ref}/")
    for word in ("Interpreter by phone", "Share", "6 of 30 visits", "95 % interval"):
        assert word in html


def test_the_authorities_get_issued_totals_and_nothing_else(
    season: Initiative, dorte: Member, emil: Member, signed_in: SignIn
) -> None:
    client = signed_in(emil)
    before = text(client, "/programme/follow-up/")
    assert "SKAT, Rigspolitiet, Arbejdstilsynet" in before
    assert ">30<" not in before
    issue_report(member=dorte, report=start_report(member=dorte, initiative=season, as_at="2017-06"))
    after = text(client, "/programme/follow-up/")
    assert ">30<" in after
    assert client.get("/programme/import/").status_code == 403
    assert client.get(f"/programme/initiatives/{season.ref}/deliver/").status_code == 403


def test_those_who_follow_see_the_figures_of_the_last_issued_report_only(
    season: Initiative, dorte: Member, freja: Member, signed_in: SignIn
) -> None:
    client = signed_in(freja)
    url = f"/programme/initiatives/{season.ref}/"
    assert "once a report has been issued" in text(client, url)
    issue_report(member=dorte, report=start_report(member=dorte, initiative=season, as_at="2016-08"))
    html = text(client, url)
    assert "From the last issued report" in html
    assert '<span class="ly-figure__value">20</span>' in html and ">30<" not in html


def test_a_coordinator_sees_a_plan_when_the_organisation_delivers_something_of_it(
    third: Initiative, dorte: Member, bogdan: Member, signed_in: SignIn
) -> None:
    client = signed_in(bogdan)
    assert client.get(f"/programme/plans/{third.plan.ref}/").status_code == 404
    add_delivery(
        member=dorte, initiative=third, organisation=bogdan.organisation, areas=["DK-85"], from_month="2016-01"
    )
    assert client.get(f"/programme/plans/{third.plan.ref}/").status_code == 200


def test_a_deliverer_cannot_write_the_plan_it_delivers(delivered: Initiative, bogdan: Member) -> None:
    with pytest.raises(Problem) as found:
        start_report(member=bogdan, initiative=delivered, as_at="2017-06")
    assert found.value.number == "403.1"


def test_today_shows_a_funder_what_is_overdue_and_nobody_else(
    plan: Plan, dorte: Member, bogdan: Member, emil: Member
) -> None:
    waiting = reads.milestones_waiting(dorte)
    assert [(need.due, need.urgent) for need in waiting] == [(date(2017, 6, 30), True)] * 2
    assert reads.milestones_waiting(bogdan) == reads.milestones_waiting(emil) == []
    assert reads.milestones_waiting in SOURCES


def test_an_issued_report_answers_the_milestone(plan: Plan, dorte: Member, bogdan: Member) -> None:
    first = Initiative.objects.get(plan=plan, number=1)
    add_delivery(member=dorte, initiative=first, organisation=bogdan.organisation, areas=["DK"], from_month="2016-01")
    issue_report(member=dorte, report=start_report(member=dorte, initiative=first, as_at="2016-12"))
    assert len(reads.milestones_waiting(dorte)) == 2  # too early to answer it
    issue_report(member=dorte, report=start_report(member=dorte, initiative=first, as_at="2017-06"))
    assert len(reads.milestones_waiting(dorte)) == 1


def test_a_milestone_far_ahead_does_not_wait_yet(dorte: Member) -> None:
    import_plan(member=dorte, content=INVENTED.read_bytes())
    later = list(reads.due(dorte, date(2026, 1, 5)))
    assert {one.urgency for one in later} == {"later"}
    soon = [one for one in reads.due(dorte, date(2026, 6, 20)) if one.urgency == "soon"]
    assert [one.when for one in soon] == ["July 2026", "July 2026"]


def test_starting_a_report_twice_opens_the_same_draft(season: Initiative, dorte: Member, signed_in: SignIn) -> None:
    client = signed_in(dorte)
    url = f"/programme/initiatives/{season.ref}/reports/"
    first, second = (client.post(url, {"as_at": "2017-06"})["Location"] for _ in range(2))
    assert first == second
    wrong = client.post(url, {"as_at": "1999-01"})
    assert wrong["Location"] == f"/programme/initiatives/{season.ref}/"


def test_figures_are_counted_in_few_questions_however_many_visits(
    season: Initiative, dorte: Member, signed_in: SignIn, django_assert_max_num_queries: Callable
) -> None:
    client = signed_in(dorte)
    url = f"/programme/initiatives/{season.ref}/"
    client.get(url)
    with django_assert_max_num_queries(75):
        client.get(url)
