"""The list of cases, my day, the board of dates: codes and days; names only where agreed and on the team."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from lygte.care.support.cases import actions, reads
from lygte.care.support.cases.actions.cases import Told
from lygte.care.support.cases.forms import CaseFilterForm
from lygte.care.support.cases.models import Case, Name
from lygte.care.support.cases.reads import CaseFilter
from lygte.care.support.cases.today import closings_to_look_at, due_today
from lygte.core.consent.ledger import Said, withdraw_consent
from lygte.core.consent.models import Seat, Seen
from lygte.core.models import Member
from lygte.core.vault.models import SearchToken

from .conftest import make_case

Clients = Callable[[Member], Client]
MALI = Told(name={"called": "Mali"}, reach={"phone": "+45 20 00 00 01"})


def codes_of(found: reads.Slice) -> set[str]:
    return {row.case.person.code for row in found.rows}


def test_a_worker_lists_their_own_and_a_coordinator_may_list_all(amina: Member, bogdan: Member) -> None:
    mine, other = make_case(amina), make_case(bogdan)
    assert codes_of(reads.cases(amina, CaseFilter())) == {mine.person.code}
    assert codes_of(reads.cases(amina, CaseFilter(all=True))) == {mine.person.code}
    assert codes_of(reads.cases(bogdan, CaseFilter())) == {other.person.code}
    assert codes_of(reads.cases(bogdan, CaseFilter(all=True))) == {mine.person.code, other.person.code}
    assert codes_of(reads.cases(bogdan, CaseFilter(all=True, worker=amina.ref))) == {mine.person.code}


def test_another_organisation_lists_none_of_ours(amina: Member, chika: Member) -> None:
    from django_scopes import scope

    make_case(amina)
    with scope(organisation=chika.organisation):
        assert not reads.cases(chika, CaseFilter(all=True, state="")).rows


def test_a_name_is_shown_on_the_team_where_it_was_agreed_to_and_nowhere_else(amina: Member, bogdan: Member) -> None:
    case = make_case(amina, told=MALI)
    assert [row.called for row in reads.cases(amina, CaseFilter()).rows] == ["Mali"]
    assert [row.called for row in reads.cases(bogdan, CaseFilter(all=True)).rows] == [""]
    withdraw_consent(member=amina, person=case.person, said=Said("en"), groups=["identity"])
    assert [row.called for row in reads.cases(amina, CaseFilter()).rows] == [""]


def test_a_name_shown_in_a_list_is_a_line_for_the_person(amina: Member) -> None:
    case = make_case(amina, told=MALI)
    before = Seen.objects.filter(person=case.person.ref, via="list").count()
    reads.cases(amina, CaseFilter())
    assert Seen.objects.filter(person=case.person.ref, via="list").count() == before + 1


def test_the_list_narrows_by_state_area_and_what_is_due(amina: Member) -> None:
    today = timezone.localdate()
    late, later, calm = make_case(amina), make_case(amina, area="DK-101"), make_case(amina)
    actions.add_step(member=amina, person=late.person, what="x", due=today - timedelta(days=1))
    actions.add_step(member=amina, person=later.person, what="x", due=today + timedelta(days=6))
    actions.close_case(member=amina, case=calm, ending="goals")
    assert codes_of(reads.cases(amina, CaseFilter())) == {late.person.code, later.person.code}
    assert codes_of(reads.cases(amina, CaseFilter(state="closed"))) == {calm.person.code}
    assert codes_of(reads.cases(amina, CaseFilter(state="", area="DK-101"))) == {later.person.code}
    assert codes_of(reads.cases(amina, CaseFilter(due="overdue"))) == {late.person.code}
    assert codes_of(reads.cases(amina, CaseFilter(due="week"))) == {late.person.code, later.person.code}


def test_pages_follow_each_other_without_gap_or_double(amina: Member) -> None:
    made = {make_case(amina, ["notes"]).person.code for _ in range(5)}
    seen: list[str] = []
    after = ""
    for _page in range(3):
        found = reads.cases(amina, CaseFilter(), after=after, size=2)
        seen += [row.case.person.code for row in found.rows]
        after = found.older
    assert len(seen) == 5 and set(seen) == made and not after


def test_a_code_is_found_however_it_is_typed_also_by_a_colleague(amina: Member, bogdan: Member) -> None:
    case = make_case(amina)
    for typed in (case.person.code, case.person.code.lower(), case.person.code.replace("-", " ")):
        assert codes_of(reads.cases(bogdan, CaseFilter(q=typed))) == {case.person.code}
    assert not reads.cases(bogdan, CaseFilter(q="AAAA-AAAA")).rows


def test_a_name_or_number_is_found_by_the_team_and_by_nobody_else(amina: Member, bogdan: Member) -> None:
    case = make_case(amina, told=MALI)
    make_case(amina, told=Told(name={"called": "Ana"}))
    for words in ("Mali", "mali", "20000001", "+45 20 00 00 01"):
        assert codes_of(reads.cases(amina, CaseFilter(q=words))) == {case.person.code}, words
        assert not reads.cases(bogdan, CaseFilter(q=words)).rows
    assert not reads.cases(amina, CaseFilter(q="Zlatko")).rows


def test_who_withdraws_their_name_is_no_longer_found_by_it(amina: Member) -> None:
    case = make_case(amina, told=MALI)
    assert SearchToken.objects.filter(person=case.person.ref, field="name").exists()
    withdraw_consent(member=amina, person=case.person, said=Said("en"), groups=["identity"])
    assert not SearchToken.objects.filter(person=case.person.ref, field="name").exists()
    assert SearchToken.objects.filter(person=case.person.ref, field="phone").exists()
    assert not reads.cases(amina, CaseFilter(q="Mali")).rows


# Held by these tests: no list of people by what they told ----------------------------------------------------------------
MAY_LIST_BY = {"q", "state", "area", "worker", "due", "all"}


def test_there_is_no_way_to_list_people_by_a_label(amina: Member, bogdan: Member) -> None:
    from dataclasses import fields

    assert {field.name for field in fields(CaseFilter)} == MAY_LIST_BY
    assert set(CaseFilterForm(bogdan).fields) == MAY_LIST_BY
    assert set(CaseFilterForm(amina).fields) == MAY_LIST_BY - {"worker", "all"}


TOLD = (
    "language",
    "way_in",
    "citizenship",
    "gender",
    "health",
    "identification",
    "kind",
    "score",
    "instrument",
    "ending",
)


@pytest.mark.parametrize("name", ["cases:case_list", "cases:my_day", "cases:deadlines"])
@pytest.mark.parametrize("parameter", TOLD)
def test_whatever_is_asked_of_a_list_it_does_not_sort_or_narrow_by_what_somebody_told(
    name: str, parameter: str, bogdan: Member, client_of: Clients
) -> None:
    """The list answers the same with and without the parameter: the codes on it, and their order."""
    import re

    first = make_case(bogdan, language="th", way_in="visit")
    second = make_case(bogdan, language="ro", way_in="phone")
    for case in (first, second):
        actions.add_deadline(
            member=bogdan, person=case.person, kind="appeal", starts_on=timezone.localdate(), due=timezone.localdate()
        )
    client = client_of(bogdan)

    def shown(query: str) -> list[str]:
        page = client.get(reverse(name) + query).content.decode()
        return re.findall(r"[2-9A-Z]{4}-[2-9A-Z]{4}", page)

    plain = shown("")
    assert {first.person.code, second.person.code} <= set(plain)
    for value in ("th", "phone", "appeal", "assessed", "who5", "withdrew"):
        assert shown(f"?{parameter}={value}&order={parameter}&sort={parameter}") == plain


def test_open_tables_hold_no_column_of_what_somebody_told() -> None:
    """A code in the open is a code in a stolen table: what a date, a measure or a goal is about stands locked."""
    from lygte.care.support.cases.handover import RECORDS

    told = {"kind", "life_area", "instrument", "answers", "score", "outcome", "citizenship", "gender", "by", "text"}
    for model in RECORDS.values():
        columns = {field.name for field in model._meta.concrete_fields}
        assert not columns & told, model


def test_there_is_no_way_from_a_place_or_a_visit_to_a_person() -> None:
    from lygte.care.support.cases.handover import RECORDS

    for model in RECORDS.values():
        related = {field.related_model for field in model._meta.concrete_fields if field.related_model}
        assert not any(other._meta.app_label == "outreach" for other in related), model


# My day -----------------------------------------------------------------------------------------------------------------
def test_my_day_shows_what_is_mine_and_not_what_is_done_or_of_others(amina: Member, bogdan: Member) -> None:
    today = timezone.localdate()
    case = make_case(amina, told=MALI)
    Seat.objects.create(person=case.person, member=bogdan, since=today)
    actions.add_step(member=amina, person=case.person, what="Late", due=today - timedelta(days=2))
    actions.add_step(member=amina, person=case.person, what="Now", due=today)
    actions.add_step(member=amina, person=case.person, what="Bogdan's", due=today, colleague=bogdan)
    actions.add_step(member=amina, person=case.person, what="Her own", due=today, doer="person")
    actions.add_step(member=amina, person=case.person, what="Far", due=today + timedelta(days=60))
    done = actions.add_step(member=amina, person=case.person, what="Done", due=today)
    actions.set_step_state(member=amina, step=done, state="done")
    actions.add_step(member=amina, person=case.person, what="Some day")
    assert [(one.words.get("what"), one.called) for one in reads.my_day(amina)] == [("Late", "Mali"), ("Now", "Mali")]
    assert [one.words.get("what") for one in reads.my_day(bogdan)] == ["Bogdan's"]
    assert [one.words.get("what") for one in reads.without_a_day(amina)] == ["Some day"]


def test_who_left_the_team_has_nothing_of_the_person_in_their_day(amina: Member, bogdan: Member) -> None:
    today = timezone.localdate()
    case = make_case(amina)
    actions.add_step(member=amina, person=case.person, what="Now", due=today)
    Seat.objects.create(person=case.person, member=bogdan, since=today)
    Seat.objects.filter(member=amina).update(until=today, first=False)
    assert reads.my_day(amina) == [] and reads.counts_of_day(amina) == (0, 0, None)


def test_today_says_how_much_is_late_and_due_also_while_all_is_locked(amina: Member, signed_in: Clients) -> None:
    today = timezone.localdate()
    case = make_case(amina)
    actions.add_step(member=amina, person=case.person, what="Late", due=today - timedelta(days=2))
    actions.add_step(member=amina, person=case.person, what="Now", due=today)
    needs = due_today(amina)
    assert [(need.count, need.urgent) for need in needs] == [(1, True), (1, False)]
    page = signed_in(amina).get(reverse("cases:my_day"))
    assert page.status_code == 200 and case.person.code in page.content.decode() and "Late" not in page.content.decode()


def test_a_closing_waits_for_a_coordinators_second_look_in_today(amina: Member, bogdan: Member) -> None:
    case = make_case(amina)
    actions.close_case(member=amina, case=case, ending="goals")
    assert closings_to_look_at(amina) == [] and len(closings_to_look_at(bogdan)) == 1
    actions.look_at_closing(member=bogdan, case=case)
    assert closings_to_look_at(bogdan) == []


# The board --------------------------------------------------------------------------------------------------------------
def test_the_board_has_codes_and_days_the_nearest_first(amina: Member, bogdan: Member, client_of: Clients) -> None:
    today = timezone.localdate()
    case, other = make_case(amina, told=MALI), make_case(bogdan)
    for person, days in ((case.person, 20), (case.person, 3)):
        actions.add_deadline(
            member=amina, person=person, kind="appeal", starts_on=today, due=today + timedelta(days=days), about="Tax"
        )
    actions.add_deadline(member=bogdan, person=other.person, kind="reflection_dk", starts_on=today)
    assert [row.days for row in reads.board(amina)] == [3, 20]
    assert [row.days for row in reads.board(amina, all_of_them=True)] == [3, 20]
    assert [row.days for row in reads.board(bogdan, all_of_them=True)] == [3, 20, 30]
    page = client_of(bogdan).get(reverse("cases:deadlines") + "?all=on").content.decode()
    assert case.person.code in page
    for word in ("Mali", "Tax", "appeal", "eflection"):
        assert word not in page.split("<tbody>")[1].split("</tbody>")[0]


# Only what is shown is opened ---------------------------------------------------------------------------------------------
def test_only_the_rows_of_the_page_are_opened_with_a_fixed_number_of_questions(
    amina: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(6):
        make_case(amina, told=MALI)
    assert Name.objects.count() == Case.objects.count() == 6
    opened: list[str] = []
    from lygte.core.consent import gate

    real = gate.open_record

    def noted(record: object, key: bytes) -> object:
        opened.append(record.ref)  # type: ignore[attr-defined]
        return real(record, key)  # type: ignore[arg-type]

    monkeypatch.setattr(gate, "open_record", noted)
    with CaptureQueriesContext(
        connection,
    ) as small:
        reads.cases(amina, CaseFilter(), size=2)
    assert len(opened) == 2
    with CaptureQueriesContext(connection) as large:
        reads.cases(amina, CaseFilter(), size=6)
    assert len(opened) == 8 and len(large) == len(small)
