"""A slip: made by the team, shown once, opens for whoever holds it, and ends when somebody says so."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from lygte.care.support.door import codes
from lygte.care.support.door.models import Opening
from lygte.care.support.door.paper import slip_pdf
from lygte.care.support.door.slips import Slip, end_slip, make_slip, open_slip, slip_of
from lygte.core.audit import AuditEntry
from lygte.core.consent.models import Person, Seen
from lygte.core.models import Member
from lygte.core.problems import Problem
from lygte.core.vault.models import Wrapped
from tests.conftest import keep_open

from .conftest import Worker, come_in, new_person

pytestmark = pytest.mark.usefixtures("everywhere")


def test_words_and_numbers_open_the_same_person(slip: Slip, person: Person) -> None:
    for typed in (" ".join(slip.words), " ".join(slip.numbers)):
        opened = open_slip(typed)
        assert opened is not None and opened.person == person


def test_a_new_slip_ends_the_one_before_and_closes_its_open_page(
    slip: Slip, her: Client, person: Person, key_holders: Worker
) -> None:
    again = make_slip(member=key_holders[0], person=person, language="es")
    assert open_slip(" ".join(slip.words)) is None
    assert open_slip(" ".join(again.words)) is not None
    assert her.get(reverse("door:home")).status_code == 302


def test_an_ended_slip_opens_nothing(slip: Slip, her: Client, person: Person, key_holders: Worker) -> None:
    end_slip(member=key_holders[0], person=person)
    assert open_slip(" ".join(slip.words)) is None
    assert slip_of(person) is None
    assert her.get(reverse("door:home")).status_code == 302


def test_a_slip_whose_time_is_over_opens_nothing(slip: Slip, person: Person) -> None:
    assert slip_of(person) is not None
    Wrapped.objects.filter(kind=Wrapped.SLIP).update(until=timezone.now() - timedelta(seconds=1))
    assert open_slip(" ".join(slip.words)) is None
    assert slip_of(person) is None


def test_she_can_end_her_own_slip(slip: Slip, her: Client) -> None:
    her.post(reverse("door:end_paper"))
    assert open_slip(" ".join(slip.words)) is None
    assert her.get(reverse("door:home")).status_code == 302


def test_only_the_team_makes_or_ends_a_slip(person: Person, key_holders: Worker, chika: Member) -> None:
    _amina, bogdan = key_holders
    for act in (
        lambda m: make_slip(member=m, person=person, language="en"),
        lambda m: end_slip(member=m, person=person),
    ):
        with pytest.raises(Problem, match=r"403\.580"):
            act(bogdan)
        with pytest.raises(Problem, match=r"404\.1"):
            act(chika)
    assert not Wrapped.objects.filter(kind=Wrapped.SLIP).exists()


def test_the_code_stands_in_no_table_and_no_log(slip: Slip, person: Person, her: Client) -> None:
    said = [slip.secret.hex(), *slip.words, *slip.numbers]
    rows = [
        *Wrapped.objects.values_list(),
        *AuditEntry.objects.values_list("details", "subject"),
        *Opening.objects.values_list(),
    ]
    assert len(rows) > 3
    for row in rows:
        assert bytes(slip.secret) not in b"".join(bytes(v) for v in row if isinstance(v, bytes | memoryview))
        assert not [word for word in said if f"'{word}'" in str(row)]
    assert slip.secret.hex() not in repr(slip) and repr(slip.secret) not in repr(slip)


def test_making_a_slip_is_a_line_for_the_person(slip: Slip, person: Person) -> None:
    assert Seen.objects.filter(person=person.ref, recipient="slip:made").count() == 1


def test_a_slip_made_after_a_merge_opens_both_parts_and_one_from_before_only_its_own(
    slip: Slip, person: Person, key_holders: Worker
) -> None:
    other = new_person(key_holders[0], "sentinel-other")
    other.merged_into = person
    other.save()
    assert (
        "sentinel-other"
        not in come_in(" ".join(slip.words)).get(reverse("door:record") + "?part=notes").content.decode()
    )
    after = make_slip(member=key_holders[0], person=person, language="en")
    page = come_in(" ".join(after.words)).get(reverse("door:record") + "?part=notes").content.decode()
    assert "sentinel-one" in page and "sentinel-other" in page


# The page of the worker ----------------------------------------------------------------------------------------------
def test_the_worker_sees_the_code_once_and_no_browser_keeps_it(
    person: Person, key_holders: Worker, signed_in: Callable[[Member], Client]
) -> None:
    client = keep_open(signed_in(key_holders[0]), key_holders[0])
    url = reverse("door:slip_make", args=[person.ref])
    assert client.get(url).status_code == 200
    assert not Wrapped.objects.filter(kind=Wrapped.SLIP).exists()
    shown = client.post(url, {"language": "fr", "lasts": "month"})
    slip = shown.context["slip"]
    assert "no-store" in shown["Cache-Control"]
    assert all(word in shown.content.decode() for word in [*slip.words, *slip.numbers, "testserver/mine/"])
    assert not [word for word in slip.numbers if word in client.get(url).content.decode()]


def test_a_locked_session_is_told_before_the_form(
    person: Person, key_holders: Worker, signed_in: Callable[[Member], Client]
) -> None:
    assert signed_in(key_holders[0]).get(reverse("door:slip_make", args=[person.ref])).status_code == 423


def text_of(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)


@pytest.mark.parametrize("language", sorted(codes.LANGUAGES))
def test_the_paper_says_nothing_but_the_code_and_the_address(language: str) -> None:
    secret = codes.new_secret()
    pdf = slip_pdf(codes.words_of(secret, language), codes.numbers_of(secret), "example.org/mine/")
    text = text_of(pdf)
    left = text
    for said in (*codes.numbers_of(secret), "example.org/mine/"):
        assert said in text
        left = left.replace(said, "")
    assert secret in codes.read(left) or not any(c.isalpha() for c in left)
    assert len(pdf) < 60_000
    reader = PdfReader(BytesIO(pdf))
    assert len(reader.pages) == 1
    assert (reader.metadata or {}).get("/Title") == "Note" and not (reader.metadata or {}).get("/Author")


def test_the_paper_passes_through_and_is_kept_nowhere(
    person: Person, key_holders: Worker, slip: Slip, signed_in: Callable[[Member], Client]
) -> None:
    client = keep_open(signed_in(key_holders[0]), key_holders[0])
    url = reverse("door:slip_file", args=[person.ref])
    answer = client.post(url, {"code": " ".join(slip.numbers), "language": "en"})
    assert answer["Content-Type"] == "application/pdf" and "no-store" in answer["Cache-Control"]
    assert "note.pdf" in answer["Content-Disposition"]
    assert slip.numbers[0] in text_of(answer.content)
    assert client.post(url, {"code": "nothing", "language": "en"}).status_code == 422
