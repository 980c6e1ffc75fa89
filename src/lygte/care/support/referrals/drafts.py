"""What a referral form begins with: what the person told us already, as far as the service asks for it.

Read through the gate like anything else, so only with consent, only by the team, and the person sees it.
"""

from __future__ import annotations

from collections.abc import Iterable

from lygte.care.support.cases.handover import case_card, records_of
from lygte.core.consent import gate
from lygte.core.consent.models import Person
from lygte.core.models import Member

KINDS = {"alias": "name", "contact": "reach", "goal": "case"}  # what is asked for, and where we may know it from


def draft_of(member: Member, person: Person, wanted: Iterable[str]) -> dict[str, str]:
    """Return first words for what a service asks for. Raises Problem 423.1 where the session has no key open."""
    asked = set(wanted)
    card = case_card(member, person)
    found = {"language": card.language} if card and "language" in asked else {}
    kinds = [kind for code, kind in KINDS.items() if code in asked]
    records = records_of(person, kinds)
    opened = gate.read(member=member, records=records)
    for record in records:
        values = opened.get(record)
        for code, text in (
            ("alias", values.get("called")),
            ("contact", _reach(values)),
            ("goal", values.get("asked")),
        ):
            if text and code in asked:
                found.setdefault(code, str(text))
    return found


def _reach(values: object) -> str:
    get = getattr(values, "get", lambda name: "")
    parts = [get(name) for name in ("phone", "other", "safe_times", "cover_name")]
    return ", ".join(str(part) for part in parts if part)
