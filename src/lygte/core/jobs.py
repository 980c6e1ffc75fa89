"""Work that nobody should wait for: on a queue in the database (django-tasks), or coming round by itself."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any

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
