"""A message says in its first line who writes, and how to get no more; what is published does not change."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django_scopes import scope

from lygte.care.netreach.actions.messages import begin_message, publish, write_text
from lygte.care.netreach.models import Message, Version
from lygte.care.netreach.rules import says_how_to_stop, says_who
from lygte.core.models import Member
from lygte.core.problems import Problem

from .world import TEXT, make_message

SignedIn = Callable[[Member], Client]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("Lanternen skriver til dig", True),
        ("Hej fra LANTERNEN!\nMere", True),
        ("\n\n  Hej, her er Lanternen.", True),
        ("Ｌanternen writes", True),
        ("Hej!\nLanternen skriver", False),
        ("Lanternenes venner", False),
        ("Din nye ven", False),
        ("", False),
    ],
)
def test_the_first_line_has_to_name_who_writes(text: str, says: bool) -> None:
    assert says_who(text, "Lanternen (invented)") is says


@pytest.mark.parametrize(
    ("text", "word", "says"),
    [("Svar STOP", "stop", True), ("Svar stop.", "STOP", True), ("nonstop", "stop", False), ("Svar STOP", "", False)],
)
def test_the_text_has_to_say_the_word_that_ends_it(text: str, word: str, says: bool) -> None:
    assert says_how_to_stop(text, word) is says


def test_nothing_without_a_name_or_a_way_to_stop_is_published(bogdan: Member, signed_in: SignedIn) -> None:
    client = signed_in(bogdan)
    with scope(organisation=bogdan.organisation):
        message = begin_message(member=bogdan, title="Introduction")
    where = f"/netreach/messages/{message.ref}/"
    assert "409.643" not in client.post(f"{where}publish/").content.decode() and _published(message) == 0
    client.post(where, {"language": "en", "text": "Hello dear!\nLanternen writes.", "stop_word": "STOP"})
    answer = client.post(f"{where}publish/")
    assert answer.status_code == 422
    assert "English: the first line does not say who writes." in answer.content.decode()
    assert "English: the text does not say how to get no more messages." in answer.content.decode()
    client.post(where, {"language": "en", "text": TEXT.format(name="Lanternen"), "stop_word": "Stop"})
    client.post(where, {"language": "da", "text": "Lanternen skriver.\nSvar STOP", "stop_word": "STOP"})
    assert client.post(f"{where}publish/").status_code == 302 and _published(message) == 1
    assert client.post(f"{where}publish/").status_code == 409


def _published(message: Message) -> int:
    return Version._base_manager.filter(message=message).exclude(published_at=None).count()


def test_a_published_text_stays_and_the_next_one_is_a_new_version(bogdan: Member) -> None:
    message = make_message(bogdan)
    with scope(organisation=bogdan.organisation):
        first = Version.objects.get(message=message)
        write_text(member=bogdan, message=message, language="en", text="Lanternen again. STOP", stop_word="STOP")
        assert Version.objects.get(pk=first.pk).texts == first.texts
        second = publish(member=bogdan, message=message)
        assert (second.number, Version.objects.get(pk=first.pk).texts) == (2, first.texts)
        write_text(member=bogdan, message=message, language="en", text="", stop_word="")
        with pytest.raises(Problem, match=r"409\.643"):
            publish(member=bogdan, message=message)


def test_workers_write_and_coordinators_publish(amina: Member, bogdan: Member, signed_in: SignedIn) -> None:
    message = make_message(bogdan)
    client = signed_in(amina)
    text = {"language": "da", "text": "Lanternen skriver. STOP", "stop_word": "STOP"}
    assert client.post(f"/netreach/messages/{message.ref}/", text).status_code == 302
    assert client.post(f"/netreach/messages/{message.ref}/publish/").status_code == 403
    assert "A coordinator publishes it." in client.get(f"/netreach/messages/{message.ref}/").content.decode()


@pytest.mark.parametrize("field", ["title", "text", "stop_word"])
def test_every_free_field_asks_about_a_handle_and_refuses_a_personal_number(
    bogdan: Member, signed_in: SignedIn, field: str
) -> None:
    client, message = signed_in(bogdan), make_message(bogdan)
    where = "/netreach/messages/" if field == "title" else f"/netreach/messages/{message.ref}/"
    given = {"title": "Two", "language": "en", "text": "Lanternen STOP", "stop_word": "STOP"}
    assert "This seems to hold" in client.post(where, {**given, field: "20 31 41 59"}).content.decode()
    never = client.post(where, {**given, field: "010190-1234", "looked": "on"})
    assert never.status_code == 400 and "personal numbers nowhere" in never.content.decode()
    assert client.post(where, {**given, field: "20 31 41 59", "looked": "on"}).status_code == 302


def test_two_messages_have_two_titles(bogdan: Member, signed_in: SignedIn) -> None:
    make_message(bogdan)
    answer = signed_in(bogdan).post("/netreach/messages/", {"title": "introduction"})
    assert answer.status_code == 400 and "already" in answer.content.decode()


@pytest.mark.parametrize("language", ["en", "da", "nl"])
def test_every_page_is_there_in_every_language(bogdan: Member, signed_in: SignedIn, language: str) -> None:
    client, message = signed_in(bogdan), make_message(bogdan)
    pages = ("", "compose/", "opt-out/", "reach/", "messages/", f"messages/{message.ref}/")
    for page in (*(f"/netreach/{one}" for one in pages), "/stop/"):
        answer = client.get(page, HTTP_ACCEPT_LANGUAGE=language)
        assert answer.status_code == 200 and f'lang="{language}"' in answer.content.decode()
