"""The organisation's key is renewed without loss; the old pair then opens nothing."""

from __future__ import annotations

import pytest

from lygte.core.models import Member
from lygte.core.problems import Problem
from lygte.core.vault import ciphers, renewal, wraps
from lygte.core.vault.keyring import open_keyring
from lygte.core.vault.keys import holders, let_in, make_member_key, renewal_is_due, shut_out
from lygte.core.vault.models import KeyGrant, OrganisationKey, Wrapped
from tests.conftest import PASSPHRASE

from .world import colleague, house, keep, opened

pytestmark = pytest.mark.django_db


def test_after_renewal_everything_is_under_the_new_pair_and_the_old_one_opens_nothing() -> None:
    amina, bogdan, people = house("bogdan", "amina", 5)
    old = bogdan.keyring.current_private()
    index_key = bogdan.keyring.index_key()
    shut_out(member=bogdan, other=amina)
    done = renewal.renew_organisation_key(member=bogdan)
    assert (done.generation, done.resealed) == (2, 5) and not renewal_is_due(bogdan.organisation_id)
    assert (opened(bogdan, people), opened(amina, people)) == (5, 0)
    assert not KeyGrant.objects.exclude(organisation_key__generation=2).exists()
    for row in Wrapped.objects.filter(kind=Wrapped.PERSON):
        with pytest.raises(ciphers.Unopenable):
            ciphers.unseal(old, wraps.unwrap_outside(row))
    assert open_keyring(bogdan, PASSPHRASE).index_key() == index_key
    assert all(wraps.open_by_code(kind=Wrapped.SLIP, secret=one.slip) for one in people)


def test_what_a_phone_sealed_to_any_earlier_pair_still_opens_after_several_renewals() -> None:
    _amina, bogdan, _people = house("bogdan", "amina", 1)
    pairs = []
    for _round in range(3):
        pairs.append((OrganisationKey.objects.get(retired_at=None), reopened(bogdan).keyring.current_private()))
        renewal.renew_organisation_key(member=reopened(bogdan))
        for generation, private in pairs:
            assert reopened(bogdan).keyring.organisation_private(generation.pk) == private


def test_a_renewal_that_died_before_it_carried_earlier_pairs_on_is_finished_by_whoever_opens_next(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _amina, bogdan, _people = house("bogdan", "amina", 1)
    first = reopened(bogdan).keyring.current_private()
    renewal.renew_organisation_key(member=bogdan)
    with monkeypatch.context() as died:
        died.setattr(renewal, "_carry_late_keys", lambda keyring, new: None)
        renewal.renew_organisation_key(member=reopened(bogdan))
    oldest = OrganisationKey.objects.order_by("generation").first()
    assert oldest is not None
    assert reopened(bogdan).keyring.organisation_private(oldest.pk) == first
    renewal.renew_organisation_key(member=reopened(bogdan))
    assert reopened(bogdan).keyring.organisation_private(oldest.pk) == first


def test_between_the_two_halves_of_a_renewal_everybody_goes_on_working() -> None:
    amina, bogdan, people = house("bogdan", "amina", 3)
    renewal.begin_renewal(member=bogdan)
    assert renewal_is_due(bogdan.organisation_id)
    late = keep(amina, 99)
    assert opened(amina, [*people, late]) == opened(bogdan, [*people, late]) == 4
    third = colleague(bogdan, "third")
    make_member_key(member=third, passphrase=PASSPHRASE)
    let_in(member=bogdan, other=third)
    assert opened(third, [*people, late]) == 4
    with pytest.raises(Problem, match=r"423\.7"):
        renewal.begin_renewal(member=bogdan)
    renewal.renew_organisation_key(member=reopened(bogdan))
    assert OrganisationKey.objects.get(retired_at=None).generation == 2
    assert [opened(one, [*people, late]) for one in (amina, bogdan, third)] == [4, 4, 4]


def reopened(bogdan: Member) -> Member:
    bogdan.keyring = open_keyring(bogdan, PASSPHRASE)
    return bogdan


def test_a_key_that_was_looked_up_before_a_renewal_is_not_wrapped_under_the_old_pair() -> None:
    _amina, bogdan, _people = house("bogdan", "amina", 1)
    stale = wraps.current_key(bogdan.organisation)
    renewal.renew_organisation_key(member=bogdan)
    row = wraps.wrap_for_organisation(
        kind=Wrapped.PACKAGE, about="q" * 26, key=ciphers.random_key(), organisation_key=stale
    )
    assert row.organisation_key.generation == 2


def test_a_damaged_key_keeps_the_old_pair() -> None:
    _amina, bogdan, people = house("bogdan", "amina", 2)
    row = Wrapped.objects.get(about=people[0].person.ref, kind=Wrapped.PERSON)
    Wrapped.objects.filter(pk=row.pk).update(box=bytes(row.box)[:-1] + b"?")
    with pytest.raises(Problem, match=r"422\.23"):
        renewal.renew_organisation_key(member=bogdan)
    Wrapped.objects.filter(pk=row.pk).update(box=row.box)
    bogdan.keyring = open_keyring(bogdan, PASSPHRASE)
    renewal.renew_organisation_key(member=bogdan)
    assert opened(bogdan, people) == 2


def test_who_does_not_hold_the_key_cannot_renew_it() -> None:
    amina, bogdan, _people = house("bogdan", "amina", 1)
    third = colleague(bogdan, "third")
    third.keyring = make_member_key(member=third, passphrase=PASSPHRASE)
    with pytest.raises(Problem, match=r"423\.3"):
        renewal.renew_organisation_key(member=third)
    assert OrganisationKey.objects.count() == 1 and holders(amina.organisation_id) == 2
