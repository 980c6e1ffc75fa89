"""Cases for forms on phones: the random code and nothing else, only of people on whose team the worker is."""

from __future__ import annotations

from lygte.care.intake.handover import Listed
from lygte.core.access import Verb, may
from lygte.core.models import Member

from .reads import CaseFilter, matching

MOST = 2_000


def cases_listed(member: Member) -> list[Listed]:
    """Return the codes of the worker's own open cases, also where a coordinator may see more on a page."""
    if not may(member, Verb.CASE_LIST):
        return []
    codes = matching(member, CaseFilter()).order_by("person__code").values_list("person__code", flat=True)
    return [Listed(code, code) for code in codes[:MOST]]
