"""Nothing reaches police, tax or immigration but a paper: on a named ground, by two people, once, told to the person."""

from __future__ import annotations

import ast
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

import lygte.care.support as support
from lygte.care.support.referrals import packages, paper, rules
from lygte.care.support.referrals.actions.disclosures import (
    Order,
    ask_disclosure,
    confirm_disclosure,
    hand_over,
    look_at,
    refuse_disclosure,
    refuse_request,
)
from lygte.care.support.referrals.models import AuthorityRequest, Disclosure, Package
from lygte.care.support.referrals.openness import Table, public_table, table_of
from lygte.core.access import CARE_PREFIXES, RULES, Verb
from lygte.core.consent.codes import Purpose, Via
from lygte.core.consent.erasure import erase_person
from lygte.core.consent.ledger import withdraw_consent
from lygte.core.consent.models import Person, Seen
from lygte.core.models import Kind, Member, Role, User
from lygte.core.problems import Problem
from lygte.core.vault.keys import let_in, make_member_key
from lygte.directory.services.codes import AUTHORITY_KINDS, HELP_KINDS, KINDS
from lygte.directory.services.models import Need, Service
from tests.conftest import PASSWORD

from .conftest import SPOKEN, in_days, refer

ORDER = Order("City court (invented)", "K 12/2026", date(2026, 11, 2))
TOLD = {"full_name": "Mali Invented", "statement": "Was at work that night."}


def number(do: Callable[[], object]) -> str:
    with pytest.raises(Problem) as caught:
        do()
    return caught.value.number


# Default deny ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("kind", [*AUTHORITY_KINDS, "ministry", ""])
def test_what_is_not_known_to_be_help_receives_nothing(kind: str) -> None:
    assert not rules.may_receive(kind)
    assert set(KINDS) == {*HELP_KINDS, *AUTHORITY_KINDS} and not set(HELP_KINDS) & set(AUTHORITY_KINDS)


@pytest.mark.parametrize("kind", AUTHORITY_KINDS)
def test_nothing_can_be_referred_to_an_authority(amina: Member, bogdan: Member, mali: Person, kind: str) -> None:
    authority = Service.objects.create(
        organisation=bogdan.organisation, name="A", kind=kind, run_by="A", checked_on="2026-01-05"
    )
    Need.objects.create(service=authority, field="alias", why="because")
    assert number(lambda: refer(amina, mali, authority)) == "403.540"
    assert (
        number(
            lambda: packages.seal_package(
                sender=amina.organisation, service=authority, values={"alias": "M"}, until=in_days(1)
            )
        )
        == "403.540"
    )
    assert not Package.objects.exists()


@pytest.mark.parametrize("kind", AUTHORITY_KINDS)
def test_the_database_takes_no_package_for_an_authority(amina: Member, police: Service, kind: str) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Package.objects.create(
            code="AAAA-AAAA", service=police, kind=kind, sender=amina.organisation, recipient=amina.organisation,
            sent_at=timezone.now(), until=in_days(1),
        )  # fmt: skip


def test_no_verb_about_referrals_or_disclosures_is_open_to_authorities() -> None:
    ours = [verb for verb in Verb if verb.startswith(("referral.", "case.disclosure"))]
    assert len(ours) == 5 and all(verb.startswith(CARE_PREFIXES) for verb in ours)
    assert not any({Kind.AUTHORITY, Kind.FUNDER, Kind.HOST} & RULES[verb].kinds for verb in ours)


ALLOWED = {  # the files of the rooms that hold people in which an authority may be named at all, and what for
    "referrals/actions/disclosures.py",  # the one way, on paper
    "referrals/models.py",  # the register
    "referrals/forms.py",  # asking for a disclosure, noting a refusal
    "referrals/openness.py",  # the public table
    "referrals/reads.py",  # the register, and whom one can ask for
    "referrals/views/authorities.py",
    "referrals/handover.py",  # what the person's own door shows
}
NAMES = {"AUTHORITY", "AUTHORITY_KINDS", "AuthorityRequest", "is_authority"}


def names_in(path: Path) -> set[str]:
    """Return the names of authorities that a file uses; words for people to read are no names."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Name):
            found.add(node.id)
        elif isinstance(node, ast.Attribute):
            found.add(node.attr)
        elif isinstance(node, ast.alias):
            found.add(node.name)
    return found & NAMES


def test_no_export_package_or_list_knows_authorities_as_receivers() -> None:
    root = Path(support.__path__[0])
    files = [path for path in root.rglob("*.py") if "migrations" not in path.parts]
    assert len(files) > 40
    naming = {str(path.relative_to(root)) for path in files if names_in(path)}
    elsewhere = {name for name in naming - ALLOWED if not name.startswith(("door/", "cases/"))}
    assert not elsewhere, f"only the register and the paper may know authorities: {sorted(elsewhere)}"
    assert "referrals/actions/disclosures.py" in naming
    for name in ("referrals/packages.py", "referrals/actions/sending.py", "referrals/recipients.py"):
        assert name not in naming


def test_handing_over_makes_a_paper_and_sends_nothing() -> None:
    """The way to authorities imports no package, no wrapping of keys and nothing that sends."""
    source = (Path(support.__path__[0]) / "referrals/actions/disclosures.py").read_text()
    imported = {
        alias.name
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    } | {node.module or "" for node in ast.walk(ast.parse(source)) if isinstance(node, ast.ImportFrom)}
    assert not imported & {"packages", "wraps", "smtplib", "requests", "urllib", "django.core.mail", "send_mail"}


# Two people, a ground, one paper ----------------------------------------------------------------------------------------
def ask(member: Member, person: Person, police: Service, **more: object) -> Disclosure:
    given = {"values": TOLD, "received_on": timezone.localdate(), "order": ORDER, **more}
    return ask_disclosure(member=member, person=person, authority=police, **given)  # type: ignore[arg-type]


def test_on_a_court_order_two_people_hand_over_a_paper_once_and_the_person_sees_it(
    amina: Member, bogdan: Member, mali: Person, police: Service
) -> None:
    made = ask(amina, mali, police)
    assert number(lambda: hand_over(member=amina, disclosure=made)) == "409.544"
    confirm_disclosure(member=bogdan, disclosure=made)
    given = hand_over(member=amina, disclosure=made)
    assert {code: given.values[code] for code in TOLD} == TOLD
    assert paper.pdf_of(given).startswith(b"%PDF")
    line = Seen.objects.get(person=mali.ref, via=Via.AUTHORITY)
    assert (line.recipient, line.purpose, line.groups) == (police.recipient, "authority", ["identity", "situation"])
    request = AuthorityRequest.objects.get()
    assert (request.outcome, request.ground, request.authority) == ("handed_over", "order", "police")
    assert number(lambda: hand_over(member=amina, disclosure=made)) == "409.543"
    assert Seen.objects.filter(via=Via.AUTHORITY).count() == 1


def test_the_second_person_is_another_one(amina: Member, bogdan: Member, mali: Person, police: Service) -> None:
    from lygte.core.consent.models import Seat

    Seat.objects.create(person=mali, member=bogdan, since=timezone.localdate())
    made = ask(bogdan, mali, police)
    assert number(lambda: confirm_disclosure(member=bogdan, disclosure=made)) == "403.13"
    with pytest.raises(IntegrityError), transaction.atomic():
        Disclosure.objects.update(state="confirmed", confirmed_by=bogdan)
    assert number(lambda: confirm_disclosure(member=amina, disclosure=made)) == "403.1"  # a worker may not confirm


def test_without_consent_and_without_an_order_there_is_no_ground(amina: Member, mali: Person, police: Service) -> None:
    assert number(lambda: ask(amina, mali, police, order=None)) == "403.10"
    assert not Disclosure.objects.exists() and not AuthorityRequest.objects.exists()


@pytest.mark.parametrize(
    "order",
    [Order("", "K 12", date(2026, 1, 5)), Order("Court", " ", date(2026, 1, 5)), Order("Court", "K", in_days(1))],
)
def test_an_order_names_court_number_and_a_day_that_has_come(
    amina: Member, mali: Person, police: Service, order: Order
) -> None:
    assert number(lambda: ask(amina, mali, police, order=order)) == "422.544"


def test_consent_for_an_authority_covers_every_piece_or_nothing_goes(
    amina: Member, bogdan: Member, mali: Person, police: Service
) -> None:
    made = ask(amina, mali, police, order=None, said=SPOKEN)
    assert made.ground == "consent"
    confirm_disclosure(member=bogdan, disclosure=made)
    withdraw_consent(member=amina, person=mali, said=SPOKEN, purpose=Purpose.AUTHORITY)
    assert number(lambda: hand_over(member=amina, disclosure=made)) == "403.10"
    assert not Seen.objects.filter(via=Via.AUTHORITY).exists()


def test_consent_to_tell_one_authority_is_none_to_tell_another(
    amina: Member, bogdan: Member, mali: Person, police: Service
) -> None:
    ask(amina, mali, police, order=None, said=SPOKEN)
    tax = Service.objects.create(
        organisation=bogdan.organisation, name="Tax", kind="tax", run_by="Tax", checked_on="2026-01-05"
    )
    assert number(lambda: ask(amina, mali, tax, order=None)) == "403.10"


@pytest.mark.parametrize("values", [{}, {"statement": "  "}, {"photo": "x"}])
def test_what_is_told_is_chosen_piece_by_piece(
    amina: Member, mali: Person, police: Service, values: dict[str, str]
) -> None:
    assert number(lambda: ask(amina, mali, police, values=values)) == "422.545"


def test_help_is_no_authority_and_who_is_not_on_the_team_asks_nothing(
    amina: Member, bogdan: Member, mali: Person, police: Service, shelter: Service
) -> None:
    assert number(lambda: ask(amina, mali, shelter)) == "422.542"
    assert number(lambda: ask(bogdan, mali, police)) == "403.11"


def test_a_no_throws_away_what_was_written_and_one_person_is_enough(
    amina: Member, mali: Person, police: Service
) -> None:
    made = ask(amina, mali, police)
    refuse_disclosure(member=amina, disclosure=made, reason="order_invalid")
    made.refresh_from_db()
    assert (made.state, made.locked) == ("refused", None)
    assert AuthorityRequest.objects.get().outcome == "refused"
    assert number(lambda: refuse_disclosure(member=amina, disclosure=made, reason="no_ground")) == "409.544"


def test_only_those_who_answer_for_it_look_at_it_and_the_person_sees_that(
    amina: Member, bogdan: Member, hugo: Member, mali: Person, police: Service
) -> None:
    made = ask(amina, mali, police)
    before = Seen.objects.filter(person=mali.ref).count()
    assert look_at(member=bogdan, disclosure=made)["statement"] == TOLD["statement"]
    assert Seen.objects.filter(person=mali.ref).count() == before + 1
    confirm_disclosure(member=bogdan, disclosure=made)
    assert number(lambda: look_at(member=hugo, disclosure=made)) == "404.1"


def test_an_erased_person_leaves_the_register_and_nothing_waits(amina: Member, mali: Person, police: Service) -> None:
    ask(amina, mali, police)
    erase_person(person=mali)
    assert not Disclosure.objects.exists()
    assert AuthorityRequest.objects.get().outcome == "refused"


# The public table -------------------------------------------------------------------------------------------------------
TODAY = date(2026, 11, 20)
OUTCOMES = ["", "refused", "handed_over"]


def test_the_table_shows_zeros_for_every_class_and_every_ended_quarter() -> None:
    table = table_of([], date(2026, 2, 1), TODAY)
    assert [line.quarter for line in table.lines][::3] == [(2026, 3), (2026, 2), (2026, 1)]
    assert len(table.lines) == 9 and {line.authority for line in table.lines} == set(AUTHORITY_KINDS)
    assert all(
        (line.refused, line.open, line.handed_over.low, line.handed_over.exact) == (0, 0, 0, True)
        for line in table.lines
    )


def test_a_quarter_that_has_not_ended_is_not_shown() -> None:
    table = table_of([(date(2026, 10, 1), "police", "refused")], date(2026, 10, 1), TODAY)
    assert not table.lines and table.refused == 0 and table.next_day == date(2026, 12, 31)


days = st.dates(date(2025, 1, 1), date(2026, 9, 30))
lines = st.lists(st.tuples(days, st.sampled_from(sorted(AUTHORITY_KINDS)), st.sampled_from(OUTCOMES)), max_size=60)


def parts(table: Table, requests: list[tuple[date, str, str]]) -> list[int]:
    return [
        sum(o == "handed_over" and rules.quarter_of(d) == line.quarter and a == line.authority for d, a, o in requests)
        for line in table.lines
    ]


@given(lines)
def test_totals_equal_the_register(requests: list[tuple[date, str, str]]) -> None:
    table = table_of(requests, date(2025, 1, 1), TODAY)
    outcomes = [outcome for _day, _authority, outcome in requests]
    assert sum(line.refused for line in table.lines) == table.refused == outcomes.count("refused")
    assert sum(line.open for line in table.lines) == table.open == outcomes.count("")
    told = outcomes.count("handed_over")
    assert table.handed_over.low <= told <= table.handed_over.high
    assert sum(parts(table, requests)) == told
    for line, count in zip(table.lines, parts(table, requests), strict=True):
        assert line.handed_over.low <= count <= line.handed_over.high
        assert line.handed_over.exact == (count == 0 or count >= 5)


@given(st.lists(st.integers(0, 9), max_size=8))
def test_no_small_number_follows_from_the_total(counts: list[int]) -> None:
    """Whoever knows every exact cell and the total still has two possibilities for each hidden one."""
    total, hidden = rules.shown_sum(counts), [c for c in counts if 0 < c < 5]
    rest = sum(counts) - sum(hidden)
    assert total.low <= sum(counts) <= total.high
    sums = range(total.low - rest, total.high - rest + 1)
    for place in range(len(hidden)):
        others = len(hidden) - 1
        possible = {c for c in range(1, 5) if any(others <= s - c <= 4 * others for s in sums)}
        assert len(possible) > 1, (counts, place)


def test_the_page_counts_what_the_register_holds(amina: Member, bogdan: Member, mali: Person, police: Service) -> None:
    day = date(2026, 8, 3)
    for _ in range(3):
        refuse_request(member=amina, authority="tax", received_on=day, reason="no_ground")
    made = ask(amina, mali, police, received_on=day)
    confirm_disclosure(member=bogdan, disclosure=made)
    hand_over(member=amina, disclosure=made)
    table = public_table(date(2026, 11, 20))
    told = {(line.quarter, line.authority): line for line in table.lines}
    assert told[((2026, 3), "tax")].refused == table.refused == 3
    shown = told[((2026, 3), "police")].handed_over
    assert (shown.low, shown.high) == (1, 4) and not table.handed_over.exact
    assert AuthorityRequest.objects.count() == table.refused + table.open + 1


def test_a_colleague_who_can_neither_confirm_nor_is_on_the_team_does_not_read_what_waits(
    amina: Member, bogdan: Member, mali: Person, police: Service
) -> None:
    user = User.objects.create_user("karl@example.org", PASSWORD, name="Karl")
    karl = Member.objects.create(user=user, organisation=amina.organisation, role=Role.WORKER)
    karl.keyring = make_member_key(member=karl, passphrase=PASSWORD)
    let_in(member=bogdan, other=karl)
    made = ask(amina, mali, police)
    assert number(lambda: look_at(member=karl, disclosure=made)) == "403.11"


def test_what_waits_is_closed_when_the_person_takes_the_consent_back(
    amina: Member, bogdan: Member, mali: Person, police: Service
) -> None:
    asked = ask_disclosure(
        member=amina, person=mali, authority=police, values=TOLD, received_on=timezone.localdate(), said=SPOKEN
    )
    assert look_at(member=bogdan, disclosure=asked)["statement"] == TOLD["statement"]
    withdraw_consent(member=amina, person=mali, purpose=Purpose.AUTHORITY, recipient=police.recipient, said=SPOKEN)
    for member in (amina, bogdan):
        assert look_at(member=member, disclosure=asked) == {}
    ordered = ask(amina, mali, police)
    assert look_at(member=bogdan, disclosure=ordered)["statement"] == TOLD["statement"]  # an order binds all the same
