"""The pages about consent: what stands, a yes, a no, taking back by one press, team, emergency, hold, erasure."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from lygte.core.consent import gate, texts
from lygte.core.consent.models import Consent, Erasure, GlassBreak, Hold, Person, Seat
from lygte.core.consent.recipients import KNOWN, Recipients
from lygte.core.models import Member, Role
from tests.conftest import keep_open

from .test_glass import WHY
from .test_team import colleague

pytestmark = pytest.mark.usefixtures("everywhere")


@pytest.fixture
def amina_in(signed_in: Callable[[Member], Client], key_holders: tuple[Member, Member]) -> Client:
    return keep_open(signed_in(key_holders[0]), key_holders[0])


@pytest.fixture
def bogdan_in(signed_in: Callable[[Member], Client], key_holders: tuple[Member, Member]) -> Client:
    return keep_open(signed_in(key_holders[1]), key_holders[1])


def address(name: str, person: Person, **more: str) -> str:
    return reverse(f"consent:{name}", kwargs={"ref": person.ref, **more})


def body(client: Client, url: str, status: int = 200) -> str:
    response = client.get(url)
    assert response.status_code == status
    return response.content.decode()


def test_the_text_in_the_chosen_language_stands_before_the_button(person: Person, amina_in: Client) -> None:
    shown = body(amina_in, address("ask", person, subject="support") + "?language=nl")
    text = texts.text_of("support", "nl")
    assert shown.index(text.title) < shown.index('value="yes"')
    assert all(sentence in shown for part in text.paragraphs for sentence in part.sentences)
    assert "None of these is a condition for help." in shown


def test_what_may_follow_is_told_before_anything_goes_to_an_authority(person: Person, amina_in: Client) -> None:
    shown = body(amina_in, address("ask", person, subject="authority") + "?language=da")
    text = texts.text_of("authority", "da")
    follows = next(part for part in text.paragraphs if part.name == "follows")
    assert all(sentence in shown for sentence in follows.sentences)


def test_a_yes_says_which_parts_and_in_which_language(person: Person, amina_in: Client) -> None:
    answer = {"answer": "yes", "groups": ["health", "goals"], "manner": "spoken", "language": "nl", "until": ""}
    assert amina_in.post(address("ask", person, subject="support"), answer).status_code == 302
    line = Consent.objects.get(person=person, language="nl")
    assert (line.kind, line.groups, line.text_version) == ("grant", ["goals", "health"], texts.VERSION)
    shown = body(amina_in, address("person", person))
    assert "My health" in shown


def test_a_yes_to_nothing_is_asked_again_and_nothing_is_stored(person: Person, amina_in: Client) -> None:
    before = Consent.objects.count()
    response = amina_in.post(address("ask", person, subject="support"), {"answer": "yes", "manner": "spoken"})
    assert response.status_code == 400
    assert Consent.objects.count() == before


def test_a_no_is_written_down_and_changes_nothing(person: Person, amina_in: Client) -> None:
    answer = {"answer": "no", "manner": "spoken", "language": "da"}
    assert amina_in.post(address("ask", person, subject="statistics"), answer).status_code == 302
    assert Consent.objects.filter(person=person).latest("pk").kind == "declined"
    assert "and said no" in body(amina_in, address("person", person))
    assert gate.agreed_groups([person], purpose="support")[person.pk] == {"notes"}


def test_one_press_takes_one_thing_back_and_one_press_takes_all_back(person: Person, amina_in: Client) -> None:
    for subject in ("statistics", "feedback"):
        amina_in.post(address("ask", person, subject=subject), {"answer": "yes", "manner": "spoken"})
    amina_in.post(address("withdraw", person), {"purpose": "statistics", "recipient": "own"})
    assert [gate.agrees(person, one) for one in ("support", "statistics", "feedback")] == [True, False, True]
    amina_in.post(address("withdraw", person))
    assert not any(gate.agrees(person, one) for one in ("support", "statistics", "feedback"))


def test_what_leaves_the_house_needs_a_recipient_and_an_end(
    person: Person, amina_in: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = address("ask", person, subject="referral")
    assert 'value="yes"' not in body(amina_in, url)  # nobody is known yet
    doctor = Recipients(
        "service:", frozenset({"referral"}), lambda member: [("service:x", "Doctor")], lambda code: "Doctor"
    )
    monkeypatch.setitem(KNOWN, "service:", doctor)
    answer = {"answer": "yes", "groups": ["health"], "manner": "spoken", "recipient": "service:x", "until": ""}
    assert amina_in.post(url, answer).status_code == 400
    until = (timezone.localdate() + timedelta(days=30)).isoformat()
    assert amina_in.post(url, answer | {"until": until}).status_code == 302
    assert gate.agreed_groups([person], purpose="referral", recipient="service:x")[person.pk] == {"health"}
    assert "Doctor" in body(amina_in, address("person", person))


def test_who_is_not_on_the_team_sees_nothing_of_it_and_writes_nothing(person: Person, bogdan_in: Client) -> None:
    shown = body(bogdan_in, address("person", person))
    assert "You are not on the team" in shown
    assert "Notes of my worker" not in shown
    before = Consent.objects.count()
    answer = {"answer": "yes", "groups": ["health"], "manner": "spoken"}
    assert bogdan_in.post(address("ask", person, subject="support"), answer).status_code == 403
    assert bogdan_in.post(address("withdraw", person)).status_code == 403
    assert Consent.objects.count() == before


def test_a_coordinator_finds_who_is_alone_and_steps_in(
    person: Person, bogdan_in: Client, key_holders: tuple[Member, Member]
) -> None:
    _, bogdan = key_holders
    Seat.objects.update(until=timezone.localdate(), first=False)
    assert person.code in body(bogdan_in, reverse("consent:alone"))
    bogdan_in.post(address("team", person), {"other": bogdan.ref})
    assert Seat.objects.get(until=None).member == bogdan
    assert person.code not in body(bogdan_in, reverse("consent:alone"))


def test_an_emergency_by_clicking_and_a_second_person_looks(
    person: Person, bogdan_in: Client, amina_in: Client
) -> None:
    url = address("glass", person)
    assert "for one hour" in body(bogdan_in, url)
    assert bogdan_in.post(url, {"reason": "now", "groups": ["notes"]}).status_code == 400
    assert bogdan_in.post(url, {"reason": WHY, "groups": ["notes"]}).status_code == 302
    broken = GlassBreak.objects.get()
    review = reverse("consent:review", args=[broken.ref])
    assert WHY in body(amina_in, review)
    assert bogdan_in.post(review, {"found": "right"}).status_code == 403
    assert amina_in.post(review, {"found": "right"}).status_code == 302
    assert "It was needed" in body(amina_in, reverse("consent:reviews"))


def test_two_coordinators_keep_a_record_and_the_page_says_so_instead_of_erasing(
    person: Person, amina_in: Client, bogdan_in: Client, signed_in: Callable[[Member], Client]
) -> None:
    carla = signed_in(colleague(person.organisation, "carla", Role.COORDINATOR))
    until = timezone.localdate() + timedelta(days=20)
    bogdan_in.post(address("hold", person), {"ground": "claim", "until": until.isoformat()})
    assert bogdan_in.post(address("hold_confirm", person)).status_code == 403
    assert carla.post(address("hold_confirm", person)).status_code == 302
    response = amina_in.post(address("erase", person))
    assert response.status_code == 409
    assert "legal duty" in response.content.decode()
    assert Hold.objects.get().wished_at is not None
    assert Person.objects.filter(pk=person.pk).exists()


def test_erasing_by_clicking_says_what_was_done(person: Person, amina_in: Client) -> None:
    assert "What goes" in body(amina_in, address("erase", person))
    response = amina_in.post(address("erase", person), follow=True)
    assert "after 30 days" in response.content.decode()
    assert Erasure.objects.count() == 1
    assert body(amina_in, address("person", person), 404)


@pytest.mark.parametrize("language", texts.OWN_NAMES)
def test_anybody_can_read_what_is_asked_without_signing_in(db: None, language: str) -> None:
    shown = body(Client(), reverse("consent:paper", args=[language]))
    assert ("with an interpreter" in shown) == (language not in texts.written_in())
    assert body(Client(), reverse("consent:paper", args=["xx"]), 404)


@pytest.mark.parametrize("name", ["article30", "dpia"])
def test_the_documents_are_pages_and_papers(name: str, signed_in: Callable[[Member], Client], dorte: Member) -> None:
    client = signed_in(dorte)
    assert "Fingerprint" in body(client, reverse("consent:protection", args=[name]))
    paper = client.get(reverse("consent:protection_pdf", args=[name]))
    assert paper.content.startswith(b"%PDF")
    assert body(client, reverse("consent:protection", args=["else"]), 404)


@pytest.mark.parametrize("answer", [{}, {"answer": "maybe"}])
def test_nothing_but_a_yes_is_a_yes(amina_in: Client, person: Person, answer: dict[str, str]) -> None:
    before = Consent.objects.filter(person=person).count()
    response = amina_in.post(
        address("ask", person, subject="support"), {**answer, "groups": ["health"], "manner": "spoken"}
    )
    assert response.status_code == 400
    assert Consent.objects.filter(person=person).count() == before


def test_the_person_is_asked_in_their_own_language_and_not_in_the_one_used_last(
    person: Person, amina_in: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = address("ask", person, subject="support")
    last = Consent.objects.filter(person=person).latest("pk").language
    for told, asked_in in (("nl", "nl"), ("en", "en"), ("xx", last), ("", last)):
        monkeypatch.setattr("lygte.core.consent.reads.LANGUAGES_OF", [lambda _person, told=told: told])
        assert texts.text_of("support", asked_in).title in body(amina_in, url)
