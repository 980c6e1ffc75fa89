"""Coming in and going out: one answer to every wrong code, a page that closes by itself, and never a member's session."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from lygte.care.support.door import codes, tries
from lygte.care.support.door.models import Opening
from lygte.care.support.door.sessions import forget_closed_pages
from lygte.care.support.door.slips import Slip
from lygte.core.consent.models import Person, Seen
from lygte.core.models import Member
from lygte.core.vault.models import Wrapped
from tests.conftest import keep_open

from .conftest import Worker, come_in, new_person

pytestmark = pytest.mark.django_db
OWN_PAGES = ["home", "seen", "record", "write", "agreed", "take", "end"]
ADDRESS = "203.0.113.77"


@pytest.fixture(autouse=True)
def _one_long_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tries, "this_minute", lambda: 1)
    monkeypatch.setattr(tries, "_minute", tries.Minute())


def body(response: object) -> str:
    text = response.content.decode()  # type: ignore[attr-defined]
    return re.sub(r'(csrfmiddlewaretoken" value=")[^"]+|<textarea.*?</textarea>', "…", text, flags=re.DOTALL)


def test_unknown_expired_ended_and_misspelt_codes_get_the_same_answer(slip: Slip, key_holders: Worker) -> None:
    Wrapped.objects.filter(kind=Wrapped.SLIP).update(until=timezone.now() - timedelta(seconds=1))
    other = codes.new_secret()
    typed = {
        "expired": " ".join(slip.words),
        "expired numbers": " ".join(slip.numbers),
        "unknown": " ".join(codes.words_of(other, "en")),
        "unknown numbers": " ".join(codes.numbers_of(other)),
        "misspelt": " ".join([*slip.words[:11], "zzzz"]),
        "short": "apple",
        "nothing": "",
        "hostile": "' OR 1=1 -- \x00 <script>",
    }
    answers = {
        name: (answer.status_code, body(answer), sorted(answer.headers))
        for name, answer in ((n, Client().post(reverse("door:enter"), {"code": t})) for n, t in typed.items())
    }
    first = answers["expired"]
    assert first[0] == 400
    assert [name for name, answer in answers.items() if answer != first] == []
    assert not Opening.objects.exists()


def test_what_was_typed_is_still_there_after_a_wrong_code() -> None:
    assert "apple tree" in Client().post(reverse("door:enter"), {"code": "apple tree"}).content.decode()


def test_guessing_finds_nothing_and_locks_nobody_out(slip: Slip) -> None:
    """2,000 guesses over one connection, in both forms: none opens; the right code still does, from the same connection."""
    client, hits = Client(), 0
    for number in range(2_000):
        secret = codes.new_secret()
        code = " ".join(codes.words_of(secret, "en") if number % 2 else codes.numbers_of(secret))
        answer = client.post(reverse("door:enter"), {"code": code}, REMOTE_ADDR=ADDRESS)
        hits += answer.status_code == 302
        assert answer.status_code == (400 if number < tries.A_MINUTE else 429)
    assert hits == 0
    assert client.post(reverse("door:enter"), {"code": " ".join(slip.words)}, REMOTE_ADDR=ADDRESS).status_code == 302


def test_one_connection_that_guesses_does_not_slow_another(slip: Slip) -> None:
    for _ in range(tries.A_MINUTE + 5):
        last = Client().post(reverse("door:enter"), {"code": "x"}, REMOTE_ADDR=ADDRESS)
    assert last.status_code == 429
    assert Client().post(reverse("door:enter"), {"code": "x"}, REMOTE_ADDR="203.0.113.78").status_code == 400


def test_the_next_minute_begins_anew_under_another_salt(monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(tries.A_MINUTE + 1):
        last = Client().post(reverse("door:enter"), {"code": "x"})
    salt = tries._minute.salt
    monkeypatch.setattr(tries, "this_minute", lambda: 2)
    assert (last.status_code, Client().post(reverse("door:enter"), {"code": "x"}).status_code) == (429, 400)
    assert tries._minute.salt != salt


def test_no_address_of_a_visitor_is_kept_anywhere(slip: Slip) -> None:
    client = Client(REMOTE_ADDR=ADDRESS, HTTP_X_FORWARDED_FOR=ADDRESS)
    client.post(reverse("door:enter"), {"code": "wrong"})
    come_in(" ".join(slip.words), client)
    client.get(reverse("door:seen"))
    assert ADDRESS.encode() not in b"".join(tries._minute.counts)
    looked = 0
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            looked += 1
            assert ADDRESS not in str(cursor.fetchall()), table
    assert looked > 20


def test_a_page_closes_after_ten_minutes_without_use(her: Client) -> None:
    assert her.get(reverse("door:home")).status_code == 200
    Opening.objects.update(used_at=timezone.now() - timedelta(minutes=10, seconds=1))
    assert her.get(reverse("door:home")).status_code == 302
    assert not Opening.objects.exists()


def test_a_page_that_is_used_stays_open_for_an_hour_and_no_longer(her: Client) -> None:
    Opening.objects.update(
        began_at=timezone.now() - timedelta(minutes=59), used_at=timezone.now() - timedelta(minutes=9)
    )
    assert her.get(reverse("door:home")).status_code == 200
    Opening.objects.update(began_at=timezone.now() - timedelta(hours=1, seconds=1))
    assert her.get(reverse("door:home")).status_code == 302


def test_rows_of_closed_pages_are_forgotten(her: Client) -> None:
    assert forget_closed_pages() == 0
    Opening.objects.update(used_at=timezone.now() - timedelta(minutes=11))
    assert forget_closed_pages() == 1


def test_closing_and_leaving_end_the_page_on_the_server(slip: Slip, settings: object) -> None:
    settings.LYGTE_EXIT_URL = "https://weather.example/"  # type: ignore[attr-defined]
    for way, where in (("out", reverse("door:enter")), ("leave", "https://weather.example/")):
        client = come_in(" ".join(slip.words))
        cookie = client.cookies["mine"].value
        answer = (client.post if way == "out" else client.get)(reverse(f"door:{way}"))
        assert answer["Location"] == where
        client.cookies["mine"] = cookie  # somebody kept it
        assert client.get(reverse("door:home")).status_code == 302
        assert not Opening.objects.exists()


def test_a_stolen_table_or_a_stolen_cookie_alone_opens_nothing(her: Client, person: Person) -> None:
    row, cookie = Opening.objects.get(), her.cookies["mine"].value
    assert cookie.encode() not in bytes(row.box) and cookie not in row.lookup
    box = bytearray(bytes(row.box))
    box[-1] ^= 1
    Opening.objects.update(box=bytes(box))
    assert her.get(reverse("door:home")).status_code == 302
    Opening.objects.all().delete()
    assert her.get(reverse("door:home")).status_code == 302


def test_a_cookie_of_one_person_does_not_open_anothers_row(her: Client, person: Person, key_holders: Worker) -> None:
    other = new_person(key_holders[0], "sentinel-two")
    Opening.objects.update(person=other)
    assert her.get(reverse("door:home")).status_code == 302


@pytest.mark.parametrize("name", OWN_PAGES)
def test_no_browser_keeps_a_page_and_none_stays_open_by_itself(name: str, her: Client) -> None:
    answer = her.get(reverse(f"door:{name}"))
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    assert ("Refresh" in answer) == (name != "write")
    html = answer.content.decode()
    assert "<title>Notes</title>" in html and "lygte.svg" not in html
    assert reverse("door:leave") in html and reverse("door:out") in html


@pytest.mark.parametrize("name", OWN_PAGES)
def test_without_a_slip_every_page_leads_to_the_entrance(name: str, db: None) -> None:
    answer = Client().get(reverse(f"door:{name}"))
    assert answer.status_code == 302 and answer["Location"].startswith(reverse("door:enter"))


def test_the_entrance_says_nothing_about_what_it_is_for(db: None) -> None:
    html = Client().get(reverse("door:enter")).content.decode()
    assert not re.search(
        r"lygte\b|sex|traffick|victim|support|organisation|record", re.sub(r'(src|href|action)="[^"]*"', "", html), re.I
    )
    assert 'autocomplete="off"' in html and 'spellcheck="false"' in html


def test_a_member_who_is_signed_in_is_no_person_and_a_person_is_no_member(
    her: Client, slip: Slip, key_holders: Worker, chika: Member, signed_in: Callable[[Member], Client]
) -> None:
    worker = keep_open(signed_in(key_holders[0]), key_holders[0])
    assert worker.get(reverse("door:home")).status_code == 302
    assert her.get(reverse("site:today")).status_code == 302
    other = come_in(" ".join(slip.words), signed_in(chika))  # she uses the phone of another organisation's worker
    assert "sentinel-one" in other.get(reverse("door:record") + "?part=notes").content.decode()
    other.post(reverse("door:out"))
    assert other.get(reverse("site:today")).status_code == 200


def test_coming_in_leaves_one_line_that_she_can_read(her: Client, person: Person) -> None:
    for _ in range(3):
        her.get(reverse("door:seen"))
    assert Seen.objects.filter(person=person.ref, recipient="self:opened").count() == 1
