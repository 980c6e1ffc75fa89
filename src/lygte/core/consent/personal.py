"""One thing that may be kept about a person, and the words for why, on which ground, how long."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise


class Tier(StrEnum):
    """How well a field is kept: open (codes needed to count and route), locked (under the person's key), sealed."""

    OPEN = "open"
    LOCKED = "locked"
    SEALED = "sealed"


@dataclass(frozen=True)
class Ground:
    """A legal ground: the article, and in words."""

    article: str
    label: Text


GROUNDS: dict[str, Ground] = {
    "consent": Ground("6(1)(a), 9(2)(a)", _("The person's explicit consent")),
    "vital": Ground("6(1)(d), 9(2)(c)", _("To save a life, where the person cannot be asked")),
    "legal": Ground("6(1)(c)", _("A legal duty, named in the record")),
    "account": Ground("5(2), 6(1)(c)", _("Being accountable to the person: who did what, when")),
    "peace": Ground("6(1)(f), 21", _("The person's own interest in being left in peace")),
}


@dataclass(frozen=True)
class Keep:
    """How long: so many days after an event of the record."""

    label: Text
    after: str  # "closed", "recorded", "sent", "ended"
    time: timedelta


KEEPS: dict[str, Keep] = {
    "case": Keep(_("Until two years after the support ended"), "closed", timedelta(days=730)),
    "short": Keep(_("One year after it was recorded"), "recorded", timedelta(days=365)),
    "message": Keep(_("90 days after it was sent"), "sent", timedelta(days=90)),
    "account": Keep(_("As long as the record, and gone with it"), "closed", timedelta(days=730)),
    "turning": Keep(_("30 days; its key is destroyed after 60 at most"), "recorded", timedelta(days=60)),
    "objection": Keep(_("As long as anybody here writes to people online"), "never", timedelta.max),
    "proof": Keep(_("For good: it tells nothing about anybody"), "never", timedelta.max),
}


@dataclass(frozen=True)
class PersonalField:
    """One thing that may be kept about a person. `ground` and `keep` are codes of `GROUNDS` and `KEEPS`."""

    label: Text
    why: Text
    ground: str = "consent"
    keep: str = "case"
    tier: Tier = Tier.LOCKED
    special: bool = False  # Article 9: health, sex life, origin and the like
    choices: Mapping[str, Text] | None = None
