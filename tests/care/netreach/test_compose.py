"""Who may be written to: asked across all teams before a message is written, claimed at once, and kept as hashes only."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django_scopes import scope, scopes_disabled

from lygte.care.netreach.actions.messages import publish, write_text
from lygte.care.netreach.models import Batch, ContactMark, OptOut
from lygte.core.audit import AuditEntry
from lygte.core.models import Member
from lygte.core.vault import reach
from tests.hostile.thief.thief import dump
from tests.secrets_in_logs import listen_for

from .world import ask, asked, batches, make_message, not_to, today

SignedIn = Callable[[Member], Client]
NUMBER, OTHER = "20 31 41 59", "+31 6 27182818"


@pytest.fixture
def teams(bogdan: Member, chika: Member, signed_in: SignedIn) -> tuple:
    """Two organisations, each with a message and a page open: (client, message) of a Danish and of a Dutch one."""
    return (signed_in(bogdan), make_message(bogdan)), (signed_in(chika), make_message(chika))


def age_marks(days: int) -> None:
    with scopes_disabled():
        for mark in ContactMark.objects.all():
            ContactMark.objects.filter(pk=mark.pk).update(day=mark.day - timedelta(days=days))


@pytest.mark.parametrize(
    "written", ["0045 20314159", "+45 20-31-41-59", "٢٠٣١٤١٥٩", "4520314159", "https://wa.me/4520314159"]
)
def test_an_opt_out_noted_by_one_team_in_any_format_holds_for_the_other_in_its_next_request(
    teams, written: str
) -> None:
    (first, _), (second, message) = teams
    assert first.post("/netreach/opt-out/", {"handles": written}).status_code == 200
    answer = ask(second, message, f"{NUMBER}\n{OTHER}")
    assert not_to(answer) == [NUMBER]
    page = answer.content.decode()
    assert "Lanternen" not in page and "opt" not in page.split("<main")[1].split("Take these off")[0].lower()


def test_the_person_opts_out_without_an_account_and_hears_the_same_whether_known_or_not(teams) -> None:
    _, (second, message) = teams
    unknown = Client().post("/stop/", {"handle": NUMBER})
    known = Client().post("/stop/", {"handle": "+4520314159"})
    without_token = [re.sub(r'value="[^"]{30,}"', "", one.content.decode()) for one in (unknown, known)]
    assert unknown.status_code == 200 and without_token[0] == without_token[1] and "Done." in without_token[0]
    assert not_to(ask(second, message, NUMBER)) == [NUMBER] and OptOut.objects.count() == 1
    assert unknown["Cache-Control"] == "no-store, private" and not unknown.cookies.get("session")


def test_a_flood_of_opt_outs_from_one_connection_is_slowed_down(db, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lygte.core.patience.this_minute", lambda: -1)
    answers = [
        Client().post("/stop/", {"handle": f"203141{n:02}"}, REMOTE_ADDR="203.0.113.9").status_code for n in range(12)
    ]
    assert answers == [200] * 10 + [429] * 2 and OptOut.objects.count() == 10
    assert Client().post("/stop/", {"handle": NUMBER}, REMOTE_ADDR="203.0.113.10").status_code == 200


def test_two_teams_do_not_write_to_the_same_person_and_one_reminder_is_the_most(teams) -> None:
    (first, mine), (second, theirs) = teams
    assert not_to(ask(first, mine, NUMBER)) == []
    assert not_to(ask(second, theirs, "+45 20314159")) == ["+45 20314159"]
    age_marks(6)
    assert not_to(ask(first, mine, NUMBER)) == [NUMBER]
    age_marks(1)
    assert not_to(ask(second, theirs, NUMBER)) == [], "after a week one reminder"
    age_marks(8)
    assert not_to(ask(first, mine, NUMBER)) == [NUMBER], "and no second one"
    age_marks(15)
    assert not_to(ask(first, mine, NUMBER)) == [], "when the first is 30 days ago"


def test_the_same_form_sent_again_is_one_batch_with_the_same_answer_and_a_corrected_one_replaces_it(
    teams, bogdan: Member
) -> None:
    (first, message), _ = teams
    form = asked(message, f"{NUMBER}\n{OTHER}")
    answers = [first.post("/netreach/compose/", form) for _ in range(2)]
    assert [not_to(one) for one in answers] == [[], []]
    [batch] = batches(bogdan)
    assert (batch.cleared, ContactMark.objects.count()) == (2, 2)
    again = first.get(f"/netreach/compose/?batch={batch.ref}")
    assert again.context["form"]["claim"].value() == batch.claim and again.context["form"]["channel"].value() == "sms"
    first.post("/netreach/compose/", {**form, "handles": OTHER})
    [batch] = batches(bogdan)
    assert (batch.cleared, ContactMark.objects.count()) == (1, 1)


def test_a_batch_that_is_taken_back_the_same_day_leaves_nobody_written_to(teams, bogdan: Member) -> None:
    (first, mine), (second, theirs) = teams
    ask(first, mine, NUMBER)
    [batch] = batches(bogdan)
    lines = AuditEntry.objects.filter(subject=batch.ref).count()
    assert first.post(f"/netreach/{batch.ref}/take-back/").status_code == 302
    assert AuditEntry.objects.filter(subject=batch.ref).count() == lines + 1
    assert not_to(ask(second, theirs, NUMBER)) == []
    assert "409.641" in first.post(f"/netreach/{batch.ref}/take-back/").content.decode()


def test_the_day_after_it_is_too_late(teams, bogdan: Member) -> None:
    (first, mine), _ = teams
    ask(first, mine, NUMBER)
    [batch] = batches(bogdan)
    with scopes_disabled():
        Batch.objects.update(made_at=batch.made_at - timedelta(days=1))
    assert "409.640" in first.post(f"/netreach/{batch.ref}/take-back/").content.decode()


def test_what_is_typed_stands_in_no_table_no_log_no_address_and_no_session(teams, bogdan: Member) -> None:
    typed = ["20271828", "quiet_heron_77", "ana.sentinel@example.org"]
    listen_for(*typed)
    (first, message), _ = teams
    answer = ask(first, message, "\n".join([*typed, "+45 20 27 18 28"]))
    first.post("/netreach/opt-out/", {"handles": "\n".join(typed)})
    Client().post("/stop/", {"handle": typed[1]})
    shown = ask(first, message, "\n".join(typed))
    assert not_to(shown) == typed and batches(bogdan)[0].cleared == 3, "the fourth was the first, written differently"
    everything = repr(dump())
    assert not [word for word in (*typed, "27 18 28") if word in everything]
    assert answer["Cache-Control"] == "no-store, private" and "handles" not in str(answer.wsgi_request.get_full_path())
    assert not [word for word in typed if word in repr(dict(first.session.items()))]


@pytest.mark.parametrize(
    ("handles", "more", "number"),
    [
        ("20314159\nhttps://ads.example/page/7\n---", {}, "Line 2, 3"),
        ("\n".join(f"2031{n:04}" for n in range(51)), {}, "51 at once"),
        ("", {}, "Nobody is named"),
        ("20314159", {"channel": "forum"}, "read by everybody"),
        ("20314159", {"language": "da"}, "Select a valid choice"),
        ("20314159", {"channel": "fax"}, "Select a valid choice"),
    ],
)
def test_what_cannot_be_checked_is_said_and_kept_in_the_form(
    teams, bogdan: Member, handles: str, more: dict, number: str
) -> None:
    (first, message), _ = teams
    answer = ask(first, message, handles, **more)
    assert answer.status_code == 400 and number in answer.content.decode() and handles in answer.content.decode()
    assert batches(bogdan) == [] and ContactMark.objects.count() == 0


def test_a_forum_has_no_handles_and_needs_none(teams, bogdan: Member) -> None:
    (first, message), _ = teams
    assert ask(first, message, "", channel="forum").status_code == 200
    assert batches(bogdan)[0].cleared is None


def test_with_the_opt_out_key_gone_nobody_is_written_to(teams, bogdan: Member) -> None:
    (first, message), _ = teams
    first.post("/netreach/opt-out/", {"handles": NUMBER})
    key = reach._opt_outs()
    content = key.read_bytes()
    key.chmod(0o600), key.unlink()
    try:
        answer = ask(first, message, OTHER)
        assert answer.status_code == 503 and "503.1" in answer.content.decode() and batches(bogdan) == []
    finally:
        reach.put_opt_out_key(content)


def test_the_list_waits_for_figures_and_says_so_today(teams, bogdan: Member) -> None:
    (first, message), _ = teams
    ask(first, message, NUMBER)
    assert "Waits for its figures" in first.get("/netreach/").content.decode()
    assert "waits for its figures" not in first.get("/today/").content.decode()
    with scopes_disabled():
        Batch.objects.update(day=today() - timedelta(days=2))
    assert "1 batch waits for its figures" in first.get("/today/").content.decode()


def test_the_teams_own_language_is_chosen_already_and_the_text_can_be_copied(
    chika: Member, signed_in: SignedIn
) -> None:
    client, message = signed_in(chika), make_message(chika)
    assert 'value="nl" selected' not in client.get("/netreach/compose/").content.decode(), "no Dutch text is published"
    with scope(organisation=chika.organisation):
        text = f"{chika.organisation.name} schrijft je.\nAntwoord STOP en we schrijven niet meer."
        for language in ("da", "nl"):
            write_text(member=chika, message=message, language=language, text=text, stop_word="Stop")
        publish(member=chika, message=message)
    assert 'value="nl" selected' in client.get("/netreach/compose/").content.decode()
    shown = ask(client, message, NUMBER, language="nl").content.decode()
    copied = shown.split("data-copy>")[1]
    assert "schrijft je." in copied.split("</pre>")[0] and "data-copy-button" in copied.split("</div>")[0]
