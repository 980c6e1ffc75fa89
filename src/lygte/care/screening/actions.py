"""Counting a screening without anybody in it, undoing that; bringing an instrument of one's own, and retiring it."""

from __future__ import annotations

from django.utils import timezone

from lygte.core.access import Verb
from lygte.core.actions import action
from lygte.core.models import Member
from lygte.core.problems import Problem
from lygte.directory.areas import AREAS
from lygte.facts.ledger import record_facts, remove_facts

from . import outcomes
from .asked import Asked
from .bringing import understood
from .facts import facts_of, source_of
from .models import Counted, OwnInstrument
from .reads import instrument, result_of


@action(Verb.SCREENING_COUNT)
def count_screening(*, member: Member, key: str, area: str, asked: Asked | None) -> Counted:
    """Count one screening by its outcome, municipality and month; without answers, that it was not wanted.

    The line in the log says that something was counted, not what.
    """
    found = instrument(member, key)
    if area not in AREAS or AREAS[area].level != "municipality":
        raise Problem("422.700")
    made = Counted.objects.create(
        organisation=member.organisation,
        instrument=outcomes.counted_as(key),
        version=found.version,
        outcome=outcomes.outcome_of(result_of(member, asked)) if asked else outcomes.DECLINED,
        area=area,
        month=timezone.localdate().replace(day=1),
    )
    record_facts(source=source_of(made), facts=facts_of(made))
    return made


@action(Verb.SCREENING_COUNT, details=lambda counted: {"undone": True})
def undo_count(*, member: Member, counted: Counted) -> Counted:
    """Count a screening no more; nothing of it is kept."""
    remove_facts(source_of(counted))
    Counted.objects.filter(pk=counted.pk).delete()
    return counted


@action(Verb.SCREENING_BRING)
def bring_instrument(*, member: Member, workbook: bytes, workbook_name: str, scoring: bytes) -> OwnInstrument:
    """Bring an instrument as workbook and scoring file. Raises the problem that stands in either, with its place."""
    said = understood(workbook, workbook_name, scoring)
    title = said["title"]["en"]
    if OwnInstrument.objects.filter(organisation=member.organisation, title=title, version=said["version"]).exists():
        raise Problem("409.700", title=title, version=said["version"])
    return OwnInstrument.objects.create(
        organisation=member.organisation, title=title, version=said["version"], said=said, workbook=workbook,
        brought_by=member, brought_at=timezone.now(),
    )  # fmt: skip


@action(Verb.SCREENING_BRING, details=lambda own: {"retired": own.retired})
def retire_instrument(*, member: Member, own: OwnInstrument) -> OwnInstrument:
    """Take an instrument out of use, or put it back; what was kept by it is read as before."""
    own.retired = not own.retired
    own.save(update_fields=["retired"])
    return own
