"""From nothing to two key-holders, as people do it: the key, two papers shown once and read back, a colleague let in."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from lygte.core.audit import AuditEntry
from lygte.core.models import Member
from lygte.core.vault.keys import Standing, require_two_holders, standing
from lygte.core.vault.models import KeyGrant, OrganisationKey
from lygte.core.vault.recovery import WORDS
from tests.conftest import PASSWORD

from .conftest import SignIn

KEEPERS = {"first": "Karen, chair", "second": "Tove, treasurer"}
Pair = tuple[Member, Member]


def words_on(html: str) -> list[str]:
    found = re.search(r'<ol class="vault-words".*?</ol>', html, re.DOTALL)
    return re.findall(r"<li>(\w+)</li>", found[0]) if found else []


def along(html: str) -> str:
    return re.search(r'name="papers" value="([^"]+)"', html)[1]


def begin(client: Client) -> str:
    answer = client.post(reverse("vault:set_up"), {**KEEPERS, "passphrase": PASSWORD})
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    return answer.content.decode()


def go_on(client: Client, html: str, **more: str) -> str:
    return client.post(reverse("vault:papers"), {"papers": along(html), **more}).content.decode()


def asked_of(html: str) -> list[tuple[int, int]]:
    return [(int(paper), int(place)) for paper, place in re.findall(r'name="paper(\d)_word(\d+)"', html)]


def answers(html: str, papers: list[list[str]]) -> dict[str, str]:
    return {f"paper{paper}_word{place}": papers[paper - 1][place - 1] for paper, place in asked_of(html)}


@pytest.fixture
def coordinator(bogdan: Member, sign_in: SignIn) -> Client:
    return sign_in(bogdan)


def test_it_is_told_before_it_is_asked_for(coordinator: Client, amina: Member, signed_in) -> None:
    page = coordinator.get(reverse("vault:keys")).content.decode()
    assert page.count("ly-steps__step") == 4 and reverse("vault:set_up") in page
    assert "Set up the locked part" in coordinator.get(reverse("site:today")).content.decode()
    worker = signed_in(amina)
    assert reverse("vault:set_up") not in worker.get(reverse("vault:keys")).content.decode()
    assert worker.get(reverse("vault:set_up")).status_code == 403


def test_two_papers_are_shown_one_by_one_and_read_back(coordinator: Client, bogdan: Member) -> None:
    first = begin(coordinator)
    second = go_on(coordinator, first)
    papers = [words_on(first), words_on(second)]
    assert [len(words) for words in papers] == [WORDS, WORDS] and papers[0] != papers[1]
    assert "Karen, chair" in first and "Tove, treasurer" in second and "Tove" not in first
    check = go_on(coordinator, second)
    assert words_on(check) == []
    asked = asked_of(check)
    assert [paper for paper, _ in asked] == [1, 1, 1, 2, 2, 2] and len(set(asked)) == 6
    wrong = go_on(coordinator, check, **{**answers(check, papers), f"paper2_word{asked[-1][1]}": "zoo"})
    assert "That is not the word on the paper." in wrong and asked_of(wrong) == asked
    assert OrganisationKey.objects.get().recovery_tested_at is None
    done = coordinator.post(reverse("vault:papers"), {"papers": along(wrong), **answers(wrong, papers)})
    assert done["Location"] == reverse("vault:keys")
    assert OrganisationKey.objects.get().recovery_tested_at is not None
    assert standing(bogdan) == Standing.HOLDS


def test_whoever_has_a_key_already_is_not_asked_to_make_one(coordinator: Client) -> None:
    assert coordinator.get(reverse("vault:set_up")).status_code == 200
    begin(coordinator)
    assert coordinator.get(reverse("vault:set_up"))["Location"] == reverse("vault:keys")


def test_the_words_to_be_read_back_are_chosen_anew_each_time(coordinator: Client) -> None:
    second = go_on(coordinator, begin(coordinator))
    assert len({tuple(asked_of(go_on(coordinator, second))) for _ in range(4)}) > 1


def test_each_paper_is_a_pdf_with_its_words_and_the_fingerprint(coordinator: Client, bogdan: Member) -> None:
    first = begin(coordinator)
    answer = coordinator.post(reverse("vault:paper_file"), {"papers": along(first)})
    assert answer["Content-Type"] == "application/pdf" and "attachment" in answer["Content-Disposition"]
    assert answer.content.startswith(b"%PDF")
    assert "no-store" in answer["Cache-Control"]


def test_the_halves_are_kept_nowhere(coordinator: Client) -> None:
    """Neither in a table, a session, the log, a cookie nor a file, in any of the forms in which they could be."""
    first = begin(coordinator)
    second = go_on(coordinator, first)
    go_on(coordinator, second)
    coordinator.post(reverse("vault:paper_file"), {"papers": along(first)})
    needles = [" ".join(words[:3]) for words in (words_on(first), words_on(second))]
    from lygte.core.vault.recovery import half_of

    halves = [half_of(" ".join(words_on(html))) for html in (first, second)]
    import base64

    raw = [*(half for half in halves), *(half.hex().encode() for half in halves)]
    raw += [base64.b64encode(half)[:40] for half in halves] + [needle.encode() for needle in needles]
    seen = 0
    for content in everything_kept():
        seen += 1
        assert not any(one in content for one in raw)
    assert seen > 50
    print(f"{seen} values looked at for {len(raw)} forms of two halves")


def everything_kept():
    """Yield every value of every table, sessions decoded, and every file of the data folder."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f'SELECT * FROM "{table}"')
            for row in cursor.fetchall():
                for value in row:
                    yield bytes(value) if isinstance(value, (bytes, memoryview)) else str(value).encode()
    for session in Session.objects.all():
        yield str(session.get_decoded()).encode()
    for path in settings.DATA_DIR.rglob("*"):
        if path.is_file() and path.suffix not in {".sqlite3", ".sqlite3-wal", ".sqlite3-shm"}:
            yield path.read_bytes()


def test_what_the_page_carries_opens_for_this_session_only(
    coordinator: Client, bogdan: Member, sign_in: SignIn
) -> None:
    first = begin(coordinator)
    other = sign_in(bogdan)
    answer = other.post(reverse("vault:papers"), {"papers": along(first)})
    assert answer.status_code == 423 and words_on(answer.content.decode()) == []
    coordinator.post(reverse("vault:shut"))
    answer = coordinator.post(reverse("vault:papers"), {"papers": along(first)})
    assert answer.status_code == 423


def test_papers_that_are_too_old_are_gone(coordinator: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lygte.core.vault.papers.LASTS", -1)
    assert coordinator.post(reverse("vault:papers"), {"papers": along(begin(coordinator))}).status_code == 423


@pytest.mark.parametrize("garbage", ["", "x", "AAAA" * 40, "é"])
def test_garbage_instead_of_papers_is_a_problem_page(coordinator: Client, garbage: str) -> None:
    begin(coordinator)
    assert coordinator.post(reverse("vault:papers"), {"papers": garbage}).status_code == 423
    assert coordinator.post(reverse("vault:paper_file"), {"papers": garbage}).status_code == 423


def test_two_different_people_keep_the_papers(coordinator: Client) -> None:
    form = {"first": "Karen", "second": " karen ", "passphrase": PASSWORD}
    assert coordinator.post(reverse("vault:set_up"), form).status_code == 400
    assert not OrganisationKey.objects.exists()


def test_nothing_is_locked_before_a_second_person_holds_the_key(
    coordinator: Client, bogdan: Member, amina: Member, sign_in: SignIn
) -> None:
    begin(coordinator)
    assert "Only one person holds the key" in coordinator.get(reverse("site:today")).content.decode()
    assert "a second person who holds the key" in coordinator.get(reverse("vault:keys")).content.decode()
    worker = sign_in(amina)
    mine = re.search(r'vault-print--big">([0-9a-f ]+)<', worker.get(reverse("vault:keys")).content.decode())[1]
    asked = coordinator.get(reverse("vault:let_in", args=[amina.ref])).content.decode()
    assert mine in asked
    assert not KeyGrant.objects.filter(member=amina).exists()  # looking lets nobody in
    coordinator.post(reverse("vault:let_in", args=[amina.ref]))
    assert standing(amina) == Standing.HOLDS
    require_two_holders(bogdan)
    page = coordinator.get(reverse("vault:keys")).content.decode()
    assert "Bogdan" in page and "Amina" in page and mine in page
    assert "Only one person" not in coordinator.get(reverse("site:today")).content.decode()


def test_shutting_out_takes_the_key_at_once_and_can_be_undone(key_holders: Pair, sign_in: SignIn) -> None:
    amina, bogdan = key_holders
    worker, coordinator = sign_in(amina), sign_in(bogdan)
    assert worker.post(reverse("vault:shut_out", args=[bogdan.ref])).status_code == 403
    page = coordinator.post(reverse("vault:shut_out", args=[amina.ref]), follow=True).content.decode()
    assert standing(amina) == Standing.WAITING
    assert f'action="{reverse("vault:let_in", args=[amina.ref])}"' in page
    assert "Renew the organisation&#x27;s key" in coordinator.get(reverse("site:today")).content.decode()
    coordinator.post(reverse("vault:let_in", args=[amina.ref]))
    assert standing(amina) == Standing.HOLDS


def test_the_key_is_renewed_by_a_button(key_holders: Pair, sign_in: SignIn) -> None:
    client = sign_in(key_holders[1])
    assert client.get(reverse("vault:renew")).status_code == 200
    assert OrganisationKey.objects.count() == 1
    client.post(reverse("vault:renew"))
    assert OrganisationKey.objects.filter(retired_at=None).get().generation == 2
    assert all(standing(one) == Standing.HOLDS for one in key_holders)


def test_papers_are_tested_replaced_and_used(key_holders: Pair, sign_in: SignIn) -> None:
    amina, bogdan = key_holders
    client = sign_in(bogdan)
    first = client.post(reverse("vault:new_papers"), KEEPERS).content.decode()
    second = go_on(client, first)
    typed = {"first": " ".join(words_on(first)), "second": "\n".join(words_on(second)).upper()}
    broken = {**typed, "first": typed["first"].replace(" ", " q", 1)}
    assert client.post(reverse("vault:papers_test"), broken).status_code == 400
    swapped = {**typed, "second": typed["first"]}
    assert "do not belong together" in client.post(reverse("vault:papers_test"), swapped).content.decode()
    assert client.post(reverse("vault:papers_test"), typed).status_code == 302
    assert OrganisationKey.objects.get().recovery_tested_at is not None
    KeyGrant.objects.all().delete()
    worker = sign_in(amina)
    assert "Nobody" in worker.get(reverse("vault:keys")).content.decode()
    assert worker.post(reverse("vault:recover"), {**typed, "passphrase": "not mine"}).status_code == 400
    assert worker.post(reverse("vault:recover"), {**typed, "passphrase": PASSWORD}).status_code == 302
    assert standing(amina) == Standing.HOLDS


def test_the_papers_ask_to_be_tested_after_a_year(key_holders: Pair, sign_in: SignIn) -> None:
    client = sign_in(key_holders[1])
    long_ago = timezone.now() - timedelta(days=366)
    for tested, due in ((timezone.now(), False), (long_ago, True), (None, True)):
        OrganisationKey.objects.update(recovery_tested_at=tested)
        assert ("Test the recovery papers" in client.get(reverse("site:today")).content.decode()) == due


def test_what_was_done_stands_in_the_log_and_never_a_word_of_a_paper(coordinator: Client, bogdan: Member) -> None:
    first = begin(coordinator)
    second = go_on(coordinator, first)
    check = go_on(coordinator, second)
    go_on(coordinator, check, **answers(check, [words_on(first), words_on(second)]))
    verbs = list(AuditEntry.objects.order_by("sequence").values_list("verb", flat=True))
    assert verbs[-2:] == ["key.set_up", "key.recover"]
    assert AuditEntry.objects.order_by("sequence").last().details == {"papers": "checked"}


def test_the_host_and_nobody_else_is_told_that_the_epoch_should_turn(
    key_holders: Pair, henk: Member, signed_in, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = "Turn the epoch of the keys"
    for overdue in (False, True):
        monkeypatch.setattr("lygte.core.vault.needs.is_due", lambda overdue=overdue: overdue)
        assert (told in signed_in(henk).get(reverse("site:today")).content.decode()) == overdue
        assert told not in signed_in(key_holders[1]).get(reverse("site:today")).content.decode()
