"""Work that nobody should wait for, on a queue in the database (django-tasks)."""

from __future__ import annotations

import logging
from typing import Any

from django_tasks import task

from .audit import chains, verify_chain

logger = logging.getLogger(__name__)


@task()
def verify_log() -> dict[str, Any]:
    """Verify every chain of the log; what is broken is told loudly."""
    verdicts = [verify_chain(chain) for chain in chains()]
    broken = {v.chain: v.broken_at for v in verdicts if not v.whole}
    for chain, number in broken.items():
        logger.critical("the log %s was changed at entry %s", chain, number)
    return {"chains": len(verdicts), "entries": sum(v.entries for v in verdicts), "broken": broken}
