"""The closed lists of this room: ways to write, what a message is for, and the steps from a message to help."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

Labels = Mapping[str, "StrOrPromise"]

CHANNELS: Labels = {
    "sms": _("SMS"),
    "messenger": _("Messaging app"),
    "platform": _("Message inside a website"),
    "mail": _("E-mail"),
    "forum": _("Forum or group, read by everybody there"),
    "own_ad": _("Our own advertisement or profile"),
}
# To persons one by one; the others are read by whoever comes by, and have no handles.
TO_PERSONS = frozenset({"sms", "messenger", "platform", "mail"})

METHODS: Labels = {
    "introduction": _("Saying who we are"),
    "health": _("Offer of tests and health care"),
    "rights": _("Information about rights"),
    "warning": _("Warning about a danger"),
    "reminder": _("The one reminder"),
    "presence": _("Being there to be asked"),
}

# From a message to help, in order.
STEPS: Labels = {
    "sent": _("Sent"),
    "delivered": _("Delivered"),
    "answered": _("Answered"),
    "conversations": _("Conversations"),
    "meetings": _("Meetings"),
    "referrals": _("Referrals"),
}

# Counted beside the steps, never instead of them.
HARMS: Labels = {
    "opted_out": _("Want no more messages"),
    "hostile": _("Hostile answers"),
    "noticed": _("Somebody else noticed: police, landlord, partner"),
    "wrong_reader": _("Reached somebody it was not for, or a minor"),
    "complaints": _("Blocks and complaints"),
    "distress": _("Workers who were shaken by it"),
}

COUNTS: Labels = {**STEPS, **HARMS}


def choices(labels: Labels) -> list[tuple[str, StrOrPromise]]:
    """Return a closed list as Django choices."""
    return list(labels.items())
