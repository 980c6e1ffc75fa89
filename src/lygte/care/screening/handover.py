"""What support may have: answers on their way, what they give, and a way to be offered at the end of a reading."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lygte.core.models import Member

from . import reads
from .asked import Asked, asked_from
from .going_on import WAYS, Way
from .library import Instrument
from .scoring import Result, UnknownSign, score
from .telling import told

__all__ = [
    "WAYS",
    "Asked",
    "Instrument",
    "Result",
    "UnknownSign",
    "Way",
    "asked_in",
    "instrument",
    "read_again",
    "result_of",
    "told",
]

instrument = reads.instrument
result_of = reads.result_of


def asked_in(member: Member, given: Mapping[str, str]) -> Asked:
    """Return the answers that a form carried, checked; Problem 404.1 or 422.701."""
    return asked_from(reads.instrument(member, given.get("instrument", "")), given)


def read_again(member: Member, values: Mapping[str, Any]) -> Result | None:
    """Read stored answers anew by the rule they were read by; None where the instrument has another version now."""
    found = reads.instrument(member, str(values.get("instrument")))
    answers = values.get("answers", {})
    if str(found.version) != str(values.get("version")) or not isinstance(answers, Mapping):
        return None
    return score(found, answers, str(values.get("age_group")))
