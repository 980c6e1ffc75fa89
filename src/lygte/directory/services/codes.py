"""The words of services: kinds of help, the class of authorities, and the few things that a service may ask for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lygte.core.consent.codes import Group

from ..languages import LANGUAGES

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise as Text
else:
    Text = str | Promise

Labels = Mapping[str, Text]

HELP_KINDS: Labels = {
    "health": _("Health"),
    "legal": _("Legal aid"),
    "housing": _("Housing or shelter"),
    "debt": _("Debt advice"),
    "benefits": _("Benefits"),
    "treatment": _("Treatment for drugs or alcohol"),
    "schooling": _("School or training"),
    "counselling": _("Counselling"),
    "interpreters": _("Interpreters"),
    "self_organisation": _("Sex workers' own organisation"),
    "other": _("Other help"),
}
# A class of its own: nothing can be referred to them (see care/support/referrals/recipients.py).
AUTHORITY_KINDS: Labels = {
    "police": _("Police"),
    "tax": _("Tax authority"),
    "immigration": _("Immigration authority"),
}
KINDS: Labels = {**HELP_KINDS, **AUTHORITY_KINDS}

STATES: Labels = {"open": _("Open"), "closed": _("Closed")}

AGE_GROUPS: Labels = {
    "under_18": _("Under 18"),
    "18_24": _("18 to 24"),
    "25_34": _("25 to 34"),
    "35_49": _("35 to 49"),
    "50_up": _("50 or older"),
}


@dataclass(frozen=True)
class Ask:
    """One thing that a service may ask for. `group` is what the person agrees to; `longest` keeps it short."""

    label: Text
    hint: Text
    group: Group
    longest: int = 120
    choices: Labels | None = None


# Closed: what is not here, no service can ask for. Nobody can ask for papers, citizenship, an address or a photo.
ASKS: dict[str, Ask] = {
    "alias": Ask(_("First name or alias"), _("As they want to be called there."), Group.IDENTITY, 60),
    "age_group": Ask(_("Age group"), _("Only where the service is for an age."), Group.IDENTITY, 12, AGE_GROUPS),
    "contact": Ask(
        _("How to reach them"), _("The way and the times that are safe, and what to say who is calling."), Group.CONTACT
    ),
    "language": Ask(_("Language"), _("The language in which they want to speak."), Group.CONTACT, 8, LANGUAGES),
    "access": Ask(
        _("What makes it easier to come"), _("Stairs, child care, times, who may be there."), Group.SITUATION, 300
    ),
    "situation": Ask(_("Situation, in a few words"), _("Only what this service needs."), Group.SITUATION, 600),
    "health_need": Ask(_("Health need"), _("What they want looked at, not what they have had."), Group.HEALTH, 600),
    "goal": Ask(_("What they want help with"), _("In their own words."), Group.GOALS, 600),
}


def choices(labels: Labels) -> list[tuple[str, Text]]:
    """Return codes and labels as forms want them."""
    return list(labels.items())


def is_authority(kind: str) -> bool:
    """Tell whether a kind is of the class to which nothing is referred; what is not known counts as one."""
    return kind not in HELP_KINDS
