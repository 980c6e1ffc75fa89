"""Before the site serves, a restored backup is brought in line with the folder of keys, and missing keys are told."""

from __future__ import annotations

import logging

import pytest

from lygte.core.vault import epochs, startup, wraps
from lygte.core.vault.models import Wrapped

from .world import house, opened


@pytest.mark.django_db(transaction=True)
def test_what_a_restored_backup_brings_back_goes_again_and_is_told(caplog: pytest.LogCaptureFixture) -> None:
    amina, _bogdan, people = house("bogdan", "amina", 2)
    backup = list(Wrapped.objects.all())
    wraps.destroy_keys([people[0].person.ref])
    Wrapped.objects.all().delete()
    Wrapped.objects.bulk_create(backup)
    with caplog.at_level(logging.WARNING):
        startup.before_serving()
    assert opened(amina, people[1:]) == 1 and Wrapped.objects.filter(about=people[0].person.ref).count() == 0
    assert "2 keys that had been thrown away" in caplog.text and people[0].person.ref not in caplog.text


@pytest.mark.django_db(transaction=True)
def test_a_machine_without_its_keys_says_so_and_serves_what_needs_none(caplog: pytest.LogCaptureFixture) -> None:
    house("bogdan", "amina", 1)
    epochs.folder().rename(epochs.folder().with_name("elsewhere"))
    with caplog.at_level(logging.CRITICAL):
        startup.before_serving()
    assert "503.1" in caplog.text
