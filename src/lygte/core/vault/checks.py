"""The site says at its start where keys lie wrongly, and where they are missing."""

from __future__ import annotations

from typing import Any

from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.db import connection

from . import epochs, turning


@register()
def keys_lie_apart_from_the_data(**options: Any) -> list[CheckMessage]:
    """Refuse to start where a backup of the data would take the keys along, or others can read them (E020)."""
    return [Error(fault, id="lygte.E020") for fault in epochs.faults_of_folder()]


@register(Tags.database)
def the_keys_are_there(**options: Any) -> list[CheckMessage]:
    """Warn where something is locked under keys that this machine does not have (W020); the rest of Lygte works on."""
    if "vault_wrapped" not in connection.introspection.table_names():
        return []
    return [Warning(problem, id="lygte.W020") for problem in turning.report().problems]
