"""What her team sees of the door: a panel, a need, her words as far as she agrees, and the list to look at together."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from django_scopes import scope, scopes_disabled

from lygte.care.support.cases.models import Note
from lygte.care.support.cases.parts import parts_of
from lygte.care.support.door.models import Account
from lygte.core.consent.ledger import Said, withdraw_consent
from lygte.core.consent.models import Person, Seen
from lygte.core.models import Member
from lygte.core.today import collect
from tests.conftest import keep_open

from .conftest import Worker

pytestmark = pytest.mark.django_db


@pytest.fixture
def team(key_holders: Worker, signed_in: Callable[[Member], Client]) -> Client:
    return keep_open(signed_in(key_holders[0]), key_holders[0])


@pytest.fixture
def asked(her: Client, person: Person) -> Account:
    """She has asked for a correction of the note."""
    with scopes_disabled():
        note = Note.objects.get(person=person)
        her.post(reverse("door:write"), {"text": "sentinel-wrong-day", "correct": "on", "beside": note.ref})
        return Account.objects.get(person=person)


def titles(member: Member) -> list[str]:
    with scope(organisation=member.organisation):
        return [need.title for need in collect(member)]


def test_the_case_page_says_whether_there_is_a_slip_and_that_she_waits(
    person: Person, key_holders: Worker, asked: Account
) -> None:
    amina, _ = key_holders
    with scope(organisation=amina.organisation):
        panel = next(part for part in parts_of(amina, person) if part.url == reverse("door:words", args=[person.ref]))
    assert panel.waits and "A paper with a code" in str(panel.summary) and "One request" in str(panel.summary)


def test_a_request_is_a_need_of_her_team_and_of_nobody_else(
    asked: Account, person: Person, key_holders: Worker
) -> None:
    amina, bogdan = key_holders
    assert any(person.code in title for title in titles(amina))
    assert not any(person.code in title for title in titles(bogdan))


def test_the_team_answers_and_she_reads_it_beside_her_words(
    asked: Account, person: Person, her: Client, team: Client, key_holders: Worker
) -> None:
    page = team.get(reverse("door:words", args=[person.ref])).content.decode()
    assert "sentinel-wrong-day" in page and "sentinel-one note" in page
    answer = team.post(reverse("door:answer", args=[asked.ref]), {"answer": "sentinel-answer"})
    assert answer.status_code == 302
    hers = her.get(reverse("door:record") + "?part=notes").content.decode()
    assert "sentinel-wrong-day" in hers and "sentinel-answer" in hers and "Amina answered" in hers
    assert not any(person.code in title for title in titles(key_holders[0]))
    again = team.post(reverse("door:answer", args=[asked.ref]), {"answer": "another"})
    assert again.status_code == 409
    asked.refresh_from_db()
    assert b"sentinel" not in bytes(asked.locked or b"")


def test_what_the_team_may_not_read_is_only_said_to_be_there(
    asked: Account, person: Person, team: Client, key_holders: Worker
) -> None:
    with scopes_disabled():
        withdraw_consent(member=key_holders[0], person=person, said=Said("en"), groups=["account"])
    page = team.get(reverse("door:words", args=[person.ref])).content.decode()
    assert "sentinel-wrong-day" not in page and "have not agreed" in page
    assert team.post(reverse("door:answer", args=[asked.ref]), {"answer": "x"}).status_code == 403


def test_an_empty_answer_keeps_the_page(asked: Account, person: Person, team: Client) -> None:
    answer = team.post(reverse("door:answer", args=[asked.ref]), {"answer": ""})
    assert answer.status_code == 400 and "sentinel-wrong-day" in answer.content.decode()


def test_the_worker_shows_her_the_same_list_and_that_is_a_line_too(person: Person, team: Client, her: Client) -> None:
    shown = team.get(reverse("door:seen_by", args=[person.ref])).content.decode()
    hers = her.get(reverse("door:seen")).content.decode()
    assert shown.count("<time") == hers.count("<time") > 2
    assert Seen.objects.filter(person=person.ref, recipient="slip:shown").count() == 1


@pytest.mark.parametrize("name", ["slip_make", "seen_by", "words"])
def test_a_colleague_without_a_seat_and_a_stranger_see_nothing(
    name: str, person: Person, key_holders: Worker, chika: Member, signed_in: Callable[[Member], Client]
) -> None:
    url = reverse(f"door:{name}", args=[person.ref])
    assert keep_open(signed_in(key_holders[1]), key_holders[1]).get(url).status_code == 403
    assert signed_in(chika).get(url).status_code == 404
