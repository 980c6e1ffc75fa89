"""What the rooms above may have of referrals: cards of what left and of what authorities were told, and the actions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django_scopes import scopes_disabled

from lygte.core.consent.erasure import family
from lygte.core.consent.models import LockedModel, Person
from lygte.core.consent.personal import Text

from . import codes
from .actions.disclosures import Order, ask_disclosure, confirm_disclosure, hand_over, refuse_request
from .actions.receiving import answer_package, confirm_deletion, open_package
from .actions.sending import Sent, note_answer, revoke_referral, send_referral
from .models import Disclosure, Referral
from .reads import incoming
from .rules import groups_of

__all__ = [
    "RECORDS",
    "DisclosureCard",
    "Order",
    "ReferralCard",
    "Sent",
    "answer_package",
    "ask_disclosure",
    "confirm_deletion",
    "confirm_disclosure",
    "disclosures_of",
    "hand_over",
    "incoming",
    "note_answer",
    "open_package",
    "records_of",
    "referrals_of",
    "refuse_request",
    "revoke_referral",
    "send_referral",
]

# What belongs to a person, by a short name that may stand in addresses and files.
RECORDS: dict[str, type[LockedModel]] = {"referral": Referral, "disclosure": Disclosure}


@dataclass(frozen=True)
class ReferralCard:
    """What left, to whom, and how it stands; what the words were is in the locked record, if a copy is kept."""

    ref: str
    service: str
    runner: str
    recipient: str  # as the consent ledger calls it: withdraw this, and it is called back
    groups: tuple[str, ...]
    sent_on: date
    until: date
    state: str
    state_label: Text
    refusal_label: Text
    seen_at: datetime | None
    deletion_confirmed: bool
    record: Referral


@dataclass(frozen=True)
class DisclosureCard:
    """What an authority was told, or asked for: to whom, on which ground, when."""

    ref: str
    authority: str
    ground_label: Text
    state: str
    state_label: Text
    asked_at: datetime
    handed_over_at: datetime | None
    record: Disclosure


def referrals_of(person: Person) -> list[ReferralCard]:
    """Return cards of a person's referrals, newest first; opens nothing."""
    with scopes_disabled():
        rows = Referral.objects.filter(person__in=family(person)).order_by("-sent_on", "-pk")
        return [_card(one) for one in rows.select_related("person", "package__service__organisation")]


def _card(referral: Referral) -> ReferralCard:
    package = referral.package
    return ReferralCard(
        ref=referral.ref,
        service=package.service.name,
        runner=package.service.runner,
        recipient=package.service.recipient,
        groups=tuple(groups_of(package.fields)),
        sent_on=referral.sent_on,
        until=package.until,
        state=package.state,
        state_label=package.state_label,
        refusal_label=codes.REFUSALS.get(package.refusal, ""),
        seen_at=package.seen_at,
        deletion_confirmed=package.acknowledged_at is not None,
        record=referral,
    )


def disclosures_of(person: Person) -> list[DisclosureCard]:
    """Return cards of what authorities were told about a person, newest first; opens nothing."""
    with scopes_disabled():
        rows = Disclosure.objects.filter(person__in=family(person)).order_by("-asked_at")
        return [
            DisclosureCard(
                ref=one.ref,
                authority=one.service.name,
                ground_label=codes.GROUNDS[one.ground],
                state=one.state,
                state_label=codes.DISCLOSURE_STATES[one.state],
                asked_at=one.asked_at,
                handed_over_at=one.handed_over_at,
                record=one,
            )
            for one in rows.select_related("person", "service")
        ]


def records_of(person: Person) -> list[LockedModel]:
    """Return the locked records of this room about a person; hand them to `gate.read` in one call."""
    return [card.record for card in referrals_of(person)] + [card.record for card in disclosures_of(person)]
