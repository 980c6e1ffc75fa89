"""Every test of the engine has a folder of keys of its own, and looks at the tables themselves."""

from __future__ import annotations

import pytest

from .world import own_keys  # noqa: F401


@pytest.fixture(autouse=True)
def _apart(own_keys: None, everywhere: None) -> None:  # noqa: F811
    """Epochs that are turned here turn for nobody else."""
