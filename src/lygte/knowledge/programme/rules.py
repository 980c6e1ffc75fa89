"""Who may see which plan and report, and what is due. Pure."""

from __future__ import annotations

from datetime import date, timedelta

from lygte.core.models import Kind, Role

FIELD_KINDS = frozenset({Kind.OUTREACH, Kind.HEALTH})
SOON = timedelta(days=60)


def writes_plan(role: str, kind: str) -> bool:
    """Tell whether a member of this role and organisation looks after plans of their own organisation."""
    return kind == Kind.FUNDER and role in (Role.PROGRAMME_OFFICER, Role.COORDINATOR)


def sees_only_delivered(kind: str) -> bool:
    """Tell whether plans are seen only where the organisation itself delivers something of them."""
    return kind in FIELD_KINDS


def sees_draft(*, owns: bool, delivers: bool) -> bool:
    """A draft is for its writers and for those whose work it tells about; everybody else gets what is issued."""
    return owns or delivers


def urgency(due_day: date, today: date) -> str:
    """Return “late”, “soon” or “later”."""
    if today > due_day:
        return "late"
    return "soon" if due_day - today <= SOON else "later"
