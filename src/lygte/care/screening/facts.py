"""What may be counted of screenings: how many, with which outcome. Pure; nobody is in it who could be erased."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _
from django_scopes import scopes_disabled

from lygte.facts.ledger import Fact
from lygte.facts.register import Dimension, Kind

from . import outcomes
from .models import Counted

KINDS = (
    Kind(
        name="screening",
        label=_("Screenings counted"),
        definition=_(
            "Screenings that a worker counted without anybody in them, also those that somebody did not want. Most are "
            "forgotten and stand in no figure, so this is no number of people and no share of anything."
        ),
        unit=_("screenings"),
        dimensions=(
            Dimension("instrument", _("Instrument"), outcomes.COUNTED_AS),
            Dimension("outcome", _("Outcome"), outcomes.OUTCOMES),
        ),
        on_erasure="keep",
    ),
)


def source_of(counted: Counted) -> str:
    return f"screening:{counted.ref}"


def facts_of(counted: Counted) -> list[Fact]:
    """Return the one fact of a counted screening."""
    return [
        Fact(
            kind="screening",
            day=counted.month,
            area=counted.area,
            organisation_id=counted.organisation_id,
            dimensions={"instrument": counted.instrument, "outcome": counted.outcome},
            value=1,
        )
    ]


def facts_of_all() -> Iterator[tuple[str, list[Fact]]]:
    """Return the facts of every counted screening, for the rebuild of the ledger."""
    with scopes_disabled():
        for counted in Counted.objects.order_by("pk").iterator(chunk_size=2000):
            yield source_of(counted), facts_of(counted)
