"""Which facts a batch gives: coarse counts with the municipality, the day and the organisation. Pure.

A batch of which nobody has said yet what was sent gives none, and neither does one that was taken back.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _
from django_scopes import scopes_disabled

from lygte.directory.languages import LANGUAGES
from lygte.facts.ledger import Fact
from lygte.facts.register import Dimension, Kind

from . import codes
from .models import Batch

BATCH, STEP, HARM = "netreach_batch", "netreach_step", "netreach_harm"
_HOW = (
    Dimension("channel", _("Channel"), codes.CHANNELS),
    Dimension("method", _("Method"), codes.METHODS),
    Dimension("language", _("Language"), LANGUAGES),
)

# A batch holds nobody who could be erased, so its facts stay.
KINDS = (
    Kind(
        name=BATCH,
        label=_("Batches of online outreach"),
        definition=_(
            "Every batch of messages, or message to everybody in a place online, of which it was written down what was "
            "sent. One that was taken back does not count."
        ),
        unit=_("batches"),
        dimensions=_HOW,
        on_erasure="keep",
    ),
    Kind(
        name=STEP,
        label=_("Online outreach, step by step"),
        definition=_(
            "Messages sent and delivered, answers, conversations, meetings and referrals that came of batches, counted on "
            "the day of the batch. The same person may be counted in several batches, so this is never a number of "
            "different people."
        ),
        unit=_("times"),
        dimensions=(*_HOW, Dimension("step", _("Step"), codes.STEPS)),
        on_erasure="keep",
    ),
    Kind(
        name=HARM,
        label=_("Online outreach, harm"),
        definition=_(
            "What batches did to people who did not want them: no more messages wanted, hostile answers, somebody else who "
            "noticed, wrong readers, complaints, and workers who were shaken."
        ),
        unit=_("times"),
        dimensions=(*_HOW, Dimension("harm", _("Harm"), codes.HARMS)),
        on_erasure="keep",
    ),
)


def source_of(batch: Batch) -> str:
    """Return the name under which the ledger keeps the batch's facts."""
    return f"netreach:{batch.ref}"


def facts_of(batch: Batch) -> list[Fact]:
    """Return what may be counted of a batch."""
    if batch.withdrawn_at is not None or batch.sent is None:
        return []
    return list(_facts(batch))


def _facts(batch: Batch) -> Iterator[Fact]:
    how = {"channel": batch.channel, "method": batch.method, "language": batch.language}
    yield _fact(batch, BATCH, 1, how)
    for kind, name, labels in ((STEP, "step", codes.STEPS), (HARM, "harm", codes.HARMS)):
        for code in labels:
            if value := getattr(batch, code):
                yield _fact(batch, kind, value, how | {name: code})


def _fact(batch: Batch, kind: str, value: int, dimensions: dict[str, str]) -> Fact:
    return Fact(
        kind=kind,
        day=batch.day,
        area=batch.area,
        organisation_id=batch.organisation_id,
        dimensions=dimensions,
        value=value,
    )


def facts_of_all() -> Iterator[tuple[str, list[Fact]]]:
    """Return the facts of every batch there is, for the rebuild of the ledger."""
    with scopes_disabled():
        standing = Batch.objects.filter(withdrawn_at=None).exclude(sent=None).order_by("pk")
        for batch in standing.iterator(chunk_size=2000):
            yield source_of(batch), facts_of(batch)
