"""The demo's keys: whoever signs in with the one password has the locked part open; starting over removes only our own."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from django.urls import reverse
from django_scopes import scopes_disabled

from lygte.core.models import Member
from lygte.core.vault import epochs
from lygte.core.vault.keys import holders
from lygte.core.vault.models import OrganisationKey
from lygte.demo import keys
from lygte.demo import seed as seeding
from lygte.demo.cast import PASSWORD

WITH_KEYS = {"Vejlygten (invented)", "Sundhedsrunden (invented)", "De Havenploeg (invented)", "Rechtswinkel De Lantaarn (invented)"}  # fmt: skip


@pytest.fixture
def folder(settings, tmp_path: Path) -> Path:
    settings.DATA_DIR, settings.LYGTE_KEYS_DIR = tmp_path / "data", tmp_path / "data-keys"
    settings.DATA_DIR.mkdir()
    return settings.LYGTE_KEYS_DIR


@pytest.fixture
def world(db, folder: Path) -> None:
    seeding.seed(visits=40, seed=7, today=date(2026, 11, 22))


def test_four_organisations_hold_keys_two_people_each_and_the_password_opens_them(world, client) -> None:
    with scopes_disabled():
        found = {key.organisation.name: key.organisation for key in OrganisationKey.objects.all()}
        assert set(found) == WITH_KEYS
        assert [holders(one.pk) for one in found.values()] == [2, 2, 2, 2]
        members = list(Member.objects.filter(organisation__in=found.values(), key__isnull=False))
        assert len(members) == 8
        for member, keyring in zip(members, keys.open_keyrings(members).values(), strict=True):
            assert member.keyring is keyring
            assert keyring.current_private()
    client.post(reverse("account_login"), {"login": "worker@example.org", "password": PASSWORD})
    assert client.get(reverse("site:today")).context["member"].keyring is not None


def test_what_the_demo_made_is_removed_when_it_starts_over(folder: Path) -> None:
    keys.mark_folder()
    epochs.begin(1)
    keys.remove_folder()
    assert not folder.exists()


def test_the_keys_of_somebody_who_relies_on_them_are_never_removed(folder: Path) -> None:
    epochs.begin(1)
    keys.mark_folder()
    keys.remove_folder()
    assert (folder / "epoch-1").exists()


def test_a_folder_that_holds_more_than_keys_keeps_it(folder: Path) -> None:
    keys.mark_folder()
    (folder / "my thesis.odt").write_text("years of work")
    keys.remove_folder()
    assert (folder / "my thesis.odt").exists()
