"""What is kept for good: the first version of a plan, and a result. Called inside an action, or where a world is loaded."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from lygte.core.models import Member

from . import reads
from .engine.allocation import ALGORITHM, allocate, fingerprint
from .models import Result, Trial, Version
from .plan import frame_for, hash_of, plan_of
from .standing import smallest_key


def freeze(trial: Trial, *, member: Member | None, at: datetime, seed: str) -> Version:
    """Write the first version of a plan that was checked. The seed is drawn here and not chosen by anybody."""
    plan = plan_of(trial.draft)
    sites = reads.sites_of(trial.parts.select_related("organisation"), plan.unit)
    frame = frame_for(plan, sites)
    fits = trial.smallest is not None and trial.smallest.get("of") == smallest_key(plan, [s.key for s in sites])
    content = {
        "title": trial.title,
        "plan": plan.as_json(),
        "sites": [site.key for site in sites],
        "seed": seed,
        "algorithm": ALGORITHM,
        "schedule": fingerprint(allocate(frame, seed)),
        "smallest": trial.smallest if fits else None,
    }
    trial.state = Trial.State.REGISTERED
    trial.save(update_fields=["state"])
    return Version.objects.create(
        trial=trial,
        number=1,
        content=content,
        content_hash=hash_of(content),
        after_start=False,
        made_at=at,
        made_by=member,
    )


def keep_result(trial: Trial, *, member: Member | None, content: dict[str, Any], at: datetime) -> Result:
    return Result.objects.create(
        trial=trial, content=content, content_hash=hash_of(content), issued_at=at, issued_by=member
    )
