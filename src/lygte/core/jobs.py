"""Work that nobody should wait for: on a queue in the database (django-tasks), or coming round by itself."""

from __future__ import annotations

import logging
from datetime import timedelta
from importlib import import_module
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils import timezone
from django_tasks import task

from .audit import chains, verify_chain
from .schedule import periodic

logger = logging.getLogger(__name__)


@task()
def verify_log() -> dict[str, Any]:
    """Verify every chain of the log; what is broken is told loudly."""
    verdicts = [verify_chain(chain) for chain in chains()]
    broken = {v.chain: v.broken_at for v in verdicts if not v.whole}
    for chain, number in broken.items():
        logger.critical("the log %s was changed at entry %s", chain, number)
    return {"chains": len(verdicts), "entries": sum(v.entries for v in verdicts), "broken": broken}


@periodic("core.verify_log", every=timedelta(hours=24))
def verify_log_daily() -> dict[str, Any]:
    """Verify every chain once a day, also where nobody asks for it."""
    return dict(verify_log.call())


@periodic("core.forget_sessions", every=timedelta(hours=1))
def forget_sessions() -> None:
    """Delete sessions that have ended and counts of tries that no limit needs any more."""
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
    kept = settings.CACHES["default"]
    if str(kept["BACKEND"]).endswith("DatabaseCache"):
        table = connection.ops.quote_name(str(kept["LOCATION"]))
        with connection.cursor() as cursor:
            now = connection.ops.adapt_datetimefield_value(timezone.now().replace(microsecond=0))
            cursor.execute(f"DELETE FROM {table} WHERE expires < %s", [now])
