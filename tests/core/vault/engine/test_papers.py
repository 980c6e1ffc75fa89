"""The two papers let a member in whom nobody else could, and only together."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from lygte.core.models import Member
from lygte.core.problems import Problem
from lygte.core.vault import ciphers, recovery, renewal, turning
from lygte.core.vault.keyring import open_keyring
from lygte.core.vault.keys import let_in, make_member_key, set_up, shut_out
from lygte.core.vault.models import KeyGrant, OrganisationKey
from tests.conftest import PASSPHRASE, make_member

from .world import Kept, keep, opened

pytestmark = pytest.mark.django_db


def with_papers() -> tuple[Member, Member, tuple[bytes, bytes], list[Kept]]:
    coordinator = make_member("bogdan")
    made = set_up(member=coordinator, passphrase=PASSPHRASE)
    coordinator.keyring = made.keyring
    amina = make_member("amina")
    amina.keyring = make_member_key(member=amina, passphrase=PASSPHRASE)
    let_in(member=coordinator, other=amina)
    return coordinator, amina, made.halves, [keep(amina, number) for number in range(2)]


def test_24_words_are_a_half_and_come_back_in_any_spelling_of_case_and_space() -> None:
    half = ciphers.random_key()
    words = recovery.words_of(half)
    assert len(words.split()) == 24
    shouted = "\n".join(f"{n}. {word.upper()}" for n, word in enumerate(words.split(), 1))
    assert recovery.half_of(shouted) == half
    assert recovery.half_of(" ".join(word[:4] for word in words.split())) == half


@pytest.mark.parametrize(
    ("spoil", "where"),
    [
        (lambda w: w[:23], ""),
        (lambda w: [*w[:6], "lygte", *w[7:]], "word 7"),
        (lambda w: [w[1], w[0], *w[2:]] if w[0] != w[1] else w[:23], ""),
        (lambda w: [], ""),
    ],
)
def test_a_misspelt_paper_is_told_from_a_wrong_one(spoil: Callable[[list[str]], list[str]], where: str) -> None:
    words = recovery.words_of(bytes(range(32))).split()
    with pytest.raises(Problem, match=r"422\.21") as told:
        recovery.half_of(" ".join(spoil(words)))
    assert str(told.value.at) == where


def test_two_papers_let_in_a_member_whom_nobody_else_could() -> None:
    bogdan, amina, halves, people = with_papers()
    KeyGrant.objects.all().delete()  # everybody has forgotten their passphrase
    assert opened(bogdan, people) == 0
    typed = [recovery.half_of(recovery.words_of(half)) for half in reversed(halves)]
    recovery.recover(member=amina, passphrase="quite new words", halves=typed)
    assert open_keyring(amina, "quite new words").person_key(people[0].person.ref)
    let_in(member=amina_with(amina), other=bogdan)
    assert opened(bogdan, people) == 2


def amina_with(amina: Member) -> Member:
    amina.keyring = open_keyring(amina, "quite new words")
    return amina


def test_one_paper_twice_or_anothers_papers_open_nothing_and_change_nothing() -> None:
    _bogdan, amina, halves, people = with_papers()
    others = ciphers.split(ciphers.random_key())
    for wrong in ((halves[0], halves[0]), (halves[0], others[1]), others):
        with pytest.raises(Problem, match=r"422\.22") as told:
            recovery.recover(member=amina, passphrase="quite new words", halves=wrong)
        assert recovery.paper_fingerprint(amina.organisation) in told.value.next_step
    assert opened(amina, people) == 2


def test_testing_the_papers_notes_the_day_and_opens_nothing() -> None:
    bogdan, amina, halves, people = with_papers()
    shut_out(member=bogdan, other=amina)
    recovery.test_recovery(member=amina, halves=halves)
    assert OrganisationKey.objects.get().recovery_tested_at
    assert opened(amina, people) == 0
    OrganisationKey.objects.update(recovery_box=ciphers.seal(ciphers.new_pair()[0], b"x" * 32))
    with pytest.raises(Problem, match=r"422\.20"):
        recovery.test_recovery(member=amina, halves=halves)


def test_papers_work_after_a_renewal_and_an_epoch_turn_and_in_the_middle_of_a_renewal() -> None:
    bogdan, amina, halves, people = with_papers()
    renewal.begin_renewal(member=bogdan)
    recovery.recover(member=amina, passphrase=PASSPHRASE, halves=halves)
    assert opened(amina, people) == 2
    renewal.renew_organisation_key(member=bogdan)
    turning.turn_epoch()
    KeyGrant.objects.all().delete()
    recovery.recover(member=amina, passphrase=PASSPHRASE, halves=halves)
    assert opened(amina, people) == 2


def test_new_papers_end_the_old_ones() -> None:
    bogdan, amina, halves, people = with_papers()
    fresh = recovery.renew_papers(member=bogdan)
    with pytest.raises(Problem, match=r"422\.22"):
        recovery.test_recovery(member=amina, halves=halves)
    recovery.test_recovery(member=amina, halves=fresh)
    assert opened(amina, people) == 2
