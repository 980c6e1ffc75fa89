"""Who holds the organisation's key: letting in, shutting out, leaving, and never nobody."""

from __future__ import annotations

import pytest

from lygte.core.members import remove_member
from lygte.core.models import Role
from lygte.core.problems import Problem
from lygte.core.vault import wraps
from lygte.core.vault.keyring import Keyring, open_keyring
from lygte.core.vault.keys import (
    Standing,
    change_passphrase,
    holders,
    let_in,
    make_member_key,
    renewal_is_due,
    set_up,
    shut_out,
    standing,
)
from lygte.core.vault.models import KeyGrant, OrganisationKey
from tests.conftest import PASSPHRASE, make_member

from .world import colleague, house, keep, opened, said_of

pytestmark = pytest.mark.django_db


def test_who_is_shut_out_opens_nothing_from_the_next_look_on_and_renewal_is_due() -> None:
    amina, bogdan, people = house("bogdan", "amina", 3)
    assert (opened(amina, people), renewal_is_due(amina.organisation_id)) == (3, False)
    shut_out(member=bogdan, other=amina)
    assert (opened(amina, people), opened(bogdan, people)) == (0, 3)
    assert standing(amina) == Standing.WAITING and renewal_is_due(amina.organisation_id)
    with pytest.raises(Problem, match=r"423\.3"):
        Keyring(amina, amina.keyring.private).person_key(people[0].person.ref)  # a session that was open all the time
    let_in(member=bogdan, other=amina)
    assert opened(amina, people) == 3


def test_the_last_holder_cannot_be_shut_out_leave_or_make_a_new_key_while_something_is_locked() -> None:
    amina, bogdan, people = house("bogdan", "amina", 1)
    shut_out(member=bogdan, other=amina)
    another = colleague(bogdan, "another")
    for act in (
        lambda: shut_out(member=bogdan, other=bogdan),
        lambda: make_member_key(member=bogdan, passphrase="something else"),
        lambda: remove_member(member=another, other=bogdan),
    ):
        with pytest.raises(Problem, match=r"409\.10"):
            act()
    bogdan.refresh_from_db()
    assert bogdan.active and opened(bogdan, people) == 1


def test_where_nothing_is_locked_the_last_holder_may_leave_and_the_key_can_be_set_up_anew() -> None:
    amina, bogdan, _people = house("bogdan", "amina", 0)
    another = colleague(bogdan, "another")
    shut_out(member=bogdan, other=amina)
    remove_member(member=another, other=bogdan)
    assert holders(another.organisation_id) == 0
    set_up(member=another, passphrase=PASSPHRASE)
    assert holders(another.organisation_id) == 1 and OrganisationKey.objects.count() == 1


def test_who_leaves_loses_the_key_in_the_same_transaction() -> None:
    amina, bogdan, people = house("bogdan", "amina", 2)
    remove_member(member=bogdan, other=amina)
    assert not KeyGrant.objects.filter(member=amina).exists()
    assert (opened(amina, people), opened(bogdan, people)) == (0, 2)


def test_nobody_of_another_organisation_is_let_in_or_shut_out() -> None:
    _amina, bogdan, people = house("bogdan", "amina", 1)
    chika = make_member("chika")
    make_member_key(member=chika, passphrase=PASSPHRASE)
    for act in (let_in, shut_out):
        with pytest.raises(Problem, match=r"404\.1"):
            act(member=bogdan, other=chika)
    assert opened(chika, people) == 0


def test_a_role_that_may_hold_no_key_is_not_let_in() -> None:
    _amina, bogdan, _people = house("bogdan", "amina", 1)
    organiser = colleague(bogdan, "organiser", role=Role.ORGANISER)
    with pytest.raises(Problem, match=r"403\.1"):
        let_in(member=bogdan, other=organiser)


def test_a_forgotten_passphrase_is_a_lost_key_until_a_colleague_lets_in_anew() -> None:
    amina, bogdan, people = house("bogdan", "amina", 2)
    make_member_key(member=amina, passphrase=PASSPHRASE + "!")
    assert standing(amina) == Standing.WAITING
    with pytest.raises(Problem, match=r"423\.2"):
        open_keyring(amina, PASSPHRASE)
    with pytest.raises(Problem, match=r"423\.3"):
        open_keyring(amina, PASSPHRASE + "!").person_key(people[0].person.ref)
    let_in(member=bogdan, other=amina)
    assert open_keyring(amina, PASSPHRASE + "!").person_key(people[0].person.ref)


def test_a_changed_passphrase_needs_no_colleague_and_the_old_one_opens_nothing() -> None:
    amina, _bogdan, people = house("bogdan", "amina", 1)
    with pytest.raises(Problem, match=r"423\.2"):
        change_passphrase(member=amina, old="not this", new="new words")
    change_passphrase(member=amina, old=PASSPHRASE, new="né words")
    with pytest.raises(Problem, match=r"423\.2"):
        open_keyring(amina, PASSPHRASE)
    other_keyboard = "ne\N{COMBINING ACUTE ACCENT} words"
    assert open_keyring(amina, other_keyboard).person_key(people[0].person.ref)


def test_a_grant_whose_key_does_not_fit_the_organisation_is_refused() -> None:
    amina, _bogdan, people = house("bogdan", "amina", 1)
    _els, chika, _ = house("chika", "els", 0)
    theirs = KeyGrant.objects.get(member=chika)
    mine = KeyGrant.objects.filter(member=amina).get()
    KeyGrant.objects.filter(pk=mine.pk).update(box=theirs.box)
    assert said_of(amina, people[0]) == "423.3"


def test_a_key_moved_to_another_organisation_opens_nothing_there() -> None:
    amina, _bogdan, people = house("bogdan", "amina", 1)
    _els, chika, _ = house("chika", "els", 0)
    grant = KeyGrant.objects.get(member=amina)
    KeyGrant.objects.filter(pk=grant.pk).update(member=chika)
    assert opened(chika, people) == 0
    assert keep(amina, 7).person.organisation_id == amina.organisation_id


def test_a_keyring_forgets_nothing_it_should_and_keeps_nothing_it_should_not() -> None:
    amina, _bogdan, people = house("bogdan", "amina", 1)
    ring = Keyring(amina, amina.keyring.private)
    assert amina.keyring.private.hex() not in repr(ring) + str(vars(type(ring)))
    wraps.destroy_keys([people[0].person.ref])
    with pytest.raises(Problem, match=r"410\.2"):
        ring.person_key(people[0].person.ref)
