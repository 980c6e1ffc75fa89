"""What the rooms above may have of a plan: its issued reports, as they were frozen."""

from __future__ import annotations

from dataclasses import dataclass

from django_scopes import scopes_disabled

from .content import Report, from_json
from .models import StatusReport


@dataclass(frozen=True)
class IssuedReport:
    """An issued report, with the hash of its content."""

    ref: str
    content_hash: str
    report: Report


def issued_reports() -> list[IssuedReport]:
    """Return every issued report, the newest first; nothing in them is a small number."""
    with scopes_disabled():
        found = StatusReport.objects.filter(state=StatusReport.State.ISSUED)
        return [IssuedReport(one.ref, one.content_hash, from_json(one.frozen)) for one in found]
