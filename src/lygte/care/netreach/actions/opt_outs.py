"""Somebody wants no more messages: noted for every team here at once, by a worker or by the person."""

from __future__ import annotations

from collections.abc import Sequence

from lygte.core.access import Verb
from lygte.core.actions import action
from lygte.core.models import Member
from lygte.core.transactions import writing

from ..models import OptOut


@action(Verb.NETREACH_OPT_OUT, details=lambda count: {"count": count})
def record_opt_outs(*, member: Member, marks: Sequence[str]) -> int:
    """Note opt-outs; the log says how many were typed, the same whether they were known or not."""
    _note(marks)
    return len(set(marks))


def opt_out_myself(mark: str) -> None:
    """Note the opt-out of whoever asks for it themself. No member does it, so no log says that it was done."""
    with writing():
        _note([mark])


def _note(marks: Sequence[str]) -> None:
    OptOut.objects.bulk_create([OptOut(mark=mark) for mark in sorted(set(marks))], ignore_conflicts=True)
