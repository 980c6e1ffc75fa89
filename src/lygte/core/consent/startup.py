"""Before the site serves: whoever was erased and came back with a restored backup is erased again."""

from __future__ import annotations

import logging

from django.db import connection

from .erasure import replay_erasures
from .models import Erasure

logger = logging.getLogger(__name__)


def before_serving() -> None:
    """Compare the lists of erasures inside and outside the database. A database that is not made yet has neither."""
    if Erasure._meta.db_table not in connection.introspection.table_names():
        return
    again = replay_erasures()
    if again:
        logger.warning("an older database was restored: %s persons who had been erased were erased again", again)
    connection.close()
