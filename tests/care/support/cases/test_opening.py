"""A case is opened with consent first; what was not agreed to cannot be kept."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from lygte.care.support.cases.actions.cases import Told
from lygte.care.support.cases.models import Case, Name, Reach
from lygte.core.audit import AuditEntry
from lygte.core.consent import gate
from lygte.core.consent.models import Consent, Person, Seat
from lygte.core.models import Member
from lygte.core.problems import Problem

from .conftest import make_case


def test_a_case_has_a_code_a_worker_and_no_name_in_the_open(amina: Member) -> None:
    case = make_case(amina, told=Told("A room", {"called": "Mali"}))
    assert len(case.person.code) == 9
    assert Seat.objects.get(person=case.person).member == amina
    assert case.state == "open" and case.opened_on == timezone.localdate()
    opened = gate.read(member=amina, records=[case, Name.objects.select_related("person").get()])
    assert {frozenset(v.items()) for v in opened.values.values()} == {
        frozenset({("asked", "A room")}),
        frozenset({("called", "Mali")}),
    }
    assert b"Mali" not in bytes(Name.objects.get().locked)


def test_what_was_not_agreed_to_is_not_kept_and_nothing_is(amina: Member) -> None:
    for told, groups in (
        (Told("A room"), ["notes"]),
        (Told(name={"called": "Mali"}), ["goals"]),
        (Told(reach={"phone": "1"}), ["goals"]),
    ):
        with pytest.raises(Problem) as refused:
            make_case(amina, groups, told=told)
        assert refused.value.number == "422.502"
    assert not Person.objects.exists() and not Consent.objects.exists()


def test_a_case_can_be_opened_with_notes_alone(amina: Member) -> None:
    case = make_case(amina, ["notes"])
    assert case.locked is None and not Name.objects.exists() and not Reach.objects.exists()
    assert list(Consent.objects.values_list("purpose", "groups")) == [("support", ["notes"])]


def test_without_a_yes_no_case_is_opened(amina: Member) -> None:
    with pytest.raises(Problem) as refused:
        make_case(amina, [])
    assert refused.value.number == "422.31" and not Case.objects.exists()


def test_each_other_purpose_is_agreed_to_by_itself(amina: Member) -> None:
    case = make_case(amina, ["goals", "contact"], ["contact", "statistics"])
    assert gate.agrees(case.person, "contact") and gate.agrees(case.person, "statistics")
    assert not gate.agrees(case.person, "linkage") and not gate.agrees(case.person, "feedback")


def test_opening_leaves_lines_in_the_log_without_a_word_of_what_was_said(amina: Member) -> None:
    make_case(amina, told=Told("A room by the harbour", {"called": "Mali"}))
    entries = AuditEntry.objects.filter(verb__in=["case.open", "case.consent"]).order_by("pk")
    lines = list(entries.values_list("verb", "details"))
    assert [verb for verb, _details in lines] == ["case.consent", "case.open"]
    assert "harbour" not in str(lines) and "Mali" not in str(lines)


def test_one_key_holder_is_not_enough(chika: Member) -> None:
    from django_scopes import scope

    from lygte.core.vault.keys import set_up

    chika.keyring = set_up(member=chika, passphrase="four quiet words").keyring  # type: ignore[attr-defined]
    with scope(organisation=chika.organisation), pytest.raises(Problem) as refused:
        make_case(chika, area="NL-GM0518")
    assert refused.value.number == "423.5"


# The page ---------------------------------------------------------------------------------------------------------------
FILLED = {
    "groups": ["goals", "notes", "identity"],
    "purposes": ["statistics"],
    "manner": "spoken",
    "language": "th",
    "asked": "A room of my own",
    "area": "DK-461",
    "way_in": "visit",
    "asked_on": timezone.localdate().isoformat(),
    "called": "Mali",
    "read_in": "da",
}


def test_the_page_opens_a_case_and_says_its_code(amina: Member, client_of: Callable[[Member], Client]) -> None:
    answer = client_of(amina).post(reverse("cases:open"), FILLED, follow=True)
    case = Case.objects.select_related("person").get()
    assert answer.redirect_chain[-1][0] == reverse("cases:case", args=[case.ref])
    assert case.person.code in answer.content.decode() and "Mali" in answer.content.decode()
    assert set(Consent.objects.values_list("purpose", "language", "manner")) == {
        ("support", "da", "spoken"),
        ("statistics", "da", "spoken"),
    }


def test_the_page_reads_the_text_in_the_chosen_language_and_ticks_nothing(
    amina: Member, client_of: Callable[[Member], Client]
) -> None:
    page = client_of(amina).get(reverse("cases:open") + "?read_in=da&area=DK-461&way_in=visit").content.decode()
    assert 'lang="da"' in page and 'value="DK-461" selected' in page
    ticks = [tag for tag in re.findall(r"<input[^>]*>", page) if re.search('name="(groups|purposes)"', tag)]
    assert len(ticks) > 10 and not [tag for tag in ticks if re.search(r"\bchecked\b", tag)]


def test_a_personal_number_is_refused_and_nothing_written_is_lost(
    amina: Member, client_of: Callable[[Member], Client]
) -> None:
    answer = client_of(amina).post(reverse("cases:open"), {**FILLED, "asked": "cpr 010190-1234 and a room"})
    assert answer.status_code == 400 and "and a room" in answer.content.decode()
    assert not Case.objects.exists()


def test_a_telephone_number_in_what_they_ask_for_is_asked_about_once(
    amina: Member, client_of: Callable[[Member], Client]
) -> None:
    client, filled = client_of(amina), {**FILLED, "asked": "call my sister on +45 20 11 22 33"}
    first = client.post(reverse("cases:open"), filled)
    assert first.status_code == 400 and 'name="looked"' in first.content.decode() and not Case.objects.exists()
    assert client.post(reverse("cases:open"), {**filled, "looked": "on"}).status_code == 302


def test_while_the_session_is_locked_nobody_writes_in_vain(
    amina: Member, signed_in: Callable[[Member], Client]
) -> None:
    assert signed_in(amina).get(reverse("cases:open")).status_code == 423


def test_an_authority_opens_no_case(emil: Member, signed_in: Callable[[Member], Client]) -> None:
    assert signed_in(emil).get(reverse("cases:open")).status_code == 403
