"""Before the site serves: what a restored backup brought back is thrown away again, and missing keys are told loudly."""

from __future__ import annotations

import logging

from django.db import connection

from . import turning
from .models import Wrapped

logger = logging.getLogger(__name__)


def before_serving() -> None:
    """Compare the database with the folder of keys. What needs no key works even where keys are missing."""
    if Wrapped._meta.db_table not in connection.introspection.table_names():
        return
    again = turning.replay()
    if again:
        logger.warning(
            "an older database was restored: %s keys that had been thrown away were thrown away again", again
        )
    for problem in turning.report().problems:
        logger.critical("%s", problem)
    connection.close()
