"""The thief's tests have a folder of keys of their own."""

from __future__ import annotations

import pytest

from tests.core.vault.engine.world import own_keys  # noqa: F401


@pytest.fixture(autouse=True)
def _apart(own_keys: None, everywhere: None) -> None:  # noqa: F811
    """Epochs that are turned here turn for nobody else."""
