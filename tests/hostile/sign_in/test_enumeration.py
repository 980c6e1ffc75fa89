"""Whether an address has an account cannot be told from the sign-in page: same words, same work, same time."""

from __future__ import annotations

import re
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from scipy.stats import mannwhitneyu

from lygte.core.models import Member, User
from tests.conftest import make_member

PAIRS, ROUNDS = 60, 3


class SmallArgon2(Argon2PasswordHasher):
    """The real hasher at a hundredth of its cost: still most of what an answer costs."""

    time_cost, memory_cost, parallelism = 2, 4096, 1


@pytest.fixture(autouse=True)
def _real_hasher(settings) -> None:
    settings.PASSWORD_HASHERS = [f"{__name__}.SmallArgon2"]


@dataclass(frozen=True)
class Said:
    """What an answer says, without what differs each time."""

    status: int
    text: str
    headers: tuple[tuple[str, str], ...]


def said(email: str, number: int) -> Said:
    answer = Client().post(
        reverse("account_login"),
        {"login": email, "password": "wrong"},
        REMOTE_ADDR=f"10.1.{number // 250}.{number % 250}",
    )
    text = re.sub(
        r'(csrfmiddlewaretoken" value="|data-csrf=")[^"]+', r"\1…", answer.content.decode().replace(email, "…")
    )
    varies = {"Content-Length", "Expires"}  # the one follows the address typed, the other the second of the answer
    headers = tuple(sorted((k, v) for k, v in answer.headers.items() if k not in varies))
    return Said(answer.status_code, text, headers)


def accounts(count: int) -> tuple[list[str], list[str]]:
    """Return addresses with an account, members of an organisation with a password, and as many without."""
    organisation = make_member("amina").organisation
    known = [f"known{number:03}@example.org" for number in range(count)]
    for email in known:
        user = User.objects.create_user(email, "four unrelated quiet words", name="x")
        Member.objects.create(user=user, organisation=organisation, role="worker")
    return known, [f"never{number:03}@example.org" for number in range(count)]


Work = Callable[[str, int], object]


def seconds(work: Work, email: str, number: int) -> float:
    """Return how long this thread computed: what other processes do meanwhile does not count."""
    began = time.thread_time()
    work(email, number)
    return time.thread_time() - began


def p_value(work: Work, known: list[str], never: list[str]) -> tuple[float, float]:
    """Return the p of Mann and Whitney for interleaved tries, and the difference of the medians in milliseconds."""
    cache.clear()
    times: tuple[list[float], list[float]] = ([], [])
    for number in range(PAIRS):
        pair = [(0, known[number % len(known)]), (1, never[number % len(never)])]
        for which, email in pair if number % 2 else pair[::-1]:
            times[which].append(seconds(work, email, 2 * number + which))
    difference = 1000 * abs(statistics.median(times[0]) - statistics.median(times[1]))
    return float(mannwhitneyu(*times).pvalue), difference


def tells_apart(work: Work) -> list[tuple[float, float]]:
    """Return the rounds; a real difference shows in all of them, chance in three at once one time in a million."""
    known, never = accounts(30)
    p_value(work, known[:5], never[:5])  # everything is loaded before it counts
    return [p_value(work, known, never) for _ in range(ROUNDS)]


def test_the_answer_is_the_same_word_for_word(db: None) -> None:
    known, never = accounts(5)
    without_password = User.objects.create_user("invited@example.org", name="x").email
    gone = make_member("bogdan")
    Member.objects.filter(pk=gone.pk).update(active=False)
    User.objects.filter(pk=gone.user_id).update(is_active=False)
    answers = {said(email, number) for number, email in enumerate([*known, *never, without_password, gone.user.email])}
    assert len(answers) == 1
    assert next(iter(answers)).status == 200


def test_each_try_asks_the_hash_once_and_the_database_as_often(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """What time measures, counted: no machine is too busy for it."""
    hashes: list[str] = []
    for name in ("encode", "verify"):
        original = getattr(SmallArgon2, name)
        monkeypatch.setattr(SmallArgon2, name, _noted(original, hashes))
    counts = set()
    for number, email in enumerate([x for pair in zip(*accounts(5), strict=True) for x in pair]):
        hashes.clear()
        with CaptureQueriesContext(connection) as asked:
            said(email, number)
        counts.add((len(hashes), len(asked)))
    assert len(counts) == 1 and next(iter(counts))[0] == 1


def _noted(original: Callable[..., object], into: list[str]) -> Callable[..., object]:
    def noted(self: SmallArgon2, password: str, *more: object) -> object:
        into.append(password)
        return original(self, password, *more)

    return noted


def test_the_time_it_takes_does_not_tell(db: None) -> None:
    rounds = tells_apart(said)
    print(f"{PAIRS} known and {PAIRS} unknown, interleaved, {ROUNDS} rounds: (p, ms) {rounds}")
    assert max(p for p, _ in rounds) > 0.01
    assert min(difference for _, difference in rounds) < 2


def test_a_sign_in_that_skips_the_hash_for_strangers_is_told_apart(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    from allauth.account.auth_backends import AuthenticationBackend

    monkeypatch.setattr(AuthenticationBackend, "_mitigate_timing_attack", lambda self, password: None)
    rounds = tells_apart(said)
    assert max(p for p, _ in rounds) < 0.01
