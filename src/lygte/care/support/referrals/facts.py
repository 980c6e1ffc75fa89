"""Which facts a referral gives: its kind and outcome, how long an answer took, why it was refused. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lygte.directory.services.codes import HELP_KINDS
from lygte.facts.ledger import Fact
from lygte.facts.register import Dimension, Kind

from . import codes
from .models import Package, Referral
from .rules import outcome_of, wait_band

_KIND = Dimension("service_kind", _("Kind of service"), HELP_KINDS)

KINDS = (
    Kind(
        name="referral",
        label=_("Referrals"),
        definition=_(
            "A person chose that something was passed on to a service, counted once on the day it was sent, by what came "
            "of it so far. Only people who agree to be counted are counted, so the true number is higher."
        ),
        unit=_("referrals"),
        dimensions=(_KIND, Dimension("outcome", _("Outcome"), codes.OUTCOMES)),
    ),
    Kind(
        name="referral_answered",
        label=_("Waiting for an answer to a referral"),
        definition=_(
            "Days from sending a referral to the first answer of the service, yes or no, counted on the day it was sent. "
            "Referrals without an answer are not in it."
        ),
        unit=_("referrals"),
        dimensions=(_KIND, Dimension("wait", _("Waiting days"), codes.WAITS)),
    ),
    Kind(
        name="referral_refused",
        label=_("Refused referrals, by reason"),
        definition=_(
            "Referrals that a service refused, by the reason it gave. It tells what services lack, nothing about people."
        ),
        unit=_("referrals"),
        dimensions=(_KIND, Dimension("reason", _("Reason"), codes.REFUSALS)),
    ),
)


def source_of(referral: Referral) -> str:
    """Return the name under which the ledger keeps the facts of a referral."""
    return f"referral:{referral.ref}"


def facts_of(referral: Referral) -> list[Fact]:
    """Return what may be counted of a referral; whether it may be counted at all is for the caller to know."""
    return list(_facts(referral, referral.package)) if referral.area else []


def _facts(referral: Referral, package: Package) -> Iterator[Fact]:
    def fact(kind: str, **more: str) -> Fact:
        return Fact(
            kind=kind,
            day=referral.sent_on,
            area=referral.area,
            organisation_id=referral.organisation_id,
            value=1,
            dimensions={"service_kind": package.kind, **more},
        )

    yield fact("referral", outcome=outcome_of(package.answer, package.end))
    if package.answered_at is not None:
        days = (timezone.localdate(package.answered_at) - timezone.localdate(package.sent_at)).days
        yield fact("referral_answered", wait=wait_band(days))
    if package.answer == "refused":
        yield fact("referral_refused", reason=package.refusal)
