"""The words of referrals and disclosures. Codes are stored, labels are shown."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise
Labels = Mapping[str, Text]

# How it stands: what was answered, unless it was ended before.
STATES: Labels = {
    "sent": _("Sent"),
    "seen": _("Seen"),
    "accepted": _("Accepted"),
    "refused": _("Refused"),
    "done": _("Done"),
    "recalled": _("Recalled"),
    "expired": _("Expired"),
}
ANSWERS: Labels = {code: STATES[code] for code in ("accepted", "refused", "done")}
ENDS: Labels = {code: STATES[code] for code in ("recalled", "expired")}
TONES: Mapping[str, str] = {
    "sent": "grey", "seen": "blue", "accepted": "green", "refused": "amber", "done": "green", "recalled": "amber",
    "expired": "grey",
}  # fmt: skip

REFUSALS: Labels = {
    "no_papers": _("No papers, or not the right ones"),
    "no_address": _("No address in the municipality"),
    "language": _("No common language, no interpreter"),
    "full": _("No room now"),
    "not_for_us": _("Not what we do"),
    "other": _("Another reason"),
}

WAYS: Labels = {"house": _("To their page on Lygte"), "link": _("By a sealed link and twelve words")}

# Facts ----------------------------------------------------------------------------------------------------------------
OUTCOMES: Labels = {
    "waiting": _("No answer yet"),
    "accepted": _("Accepted"),
    "refused": _("Refused"),
    "done": _("Done"),
    "recalled": _("Recalled before an answer"),
    "expired": _("Expired without an answer"),
}
WAITS: Labels = {
    "0_2": _("Up to 2 days"),
    "3_7": _("3 to 7 days"),
    "8_30": _("8 to 30 days"),
    "over_30": _("More than 30 days"),
}

# Authorities ----------------------------------------------------------------------------------------------------------
GROUNDS: Labels = {
    "consent": _("The person wants it, and has agreed to it"),
    "order": _("A court has ordered it"),
}
DISCLOSURE_STATES: Labels = {
    "asked": _("Waits for a second person"),
    "confirmed": _("Confirmed, not handed over yet"),
    "handed_over": _("Handed over on paper"),
    "refused": _("Refused"),
}
REQUEST_OUTCOMES: Labels = {"": _("Not decided yet"), "handed_over": _("Handed over"), "refused": _("Refused")}
NOT_HANDED_OVER: Labels = {
    "no_ground": _("No consent and no court order"),
    "order_invalid": _("The order was not valid, or not for this"),
    "said_no": _("The person said no, or took it back"),
    "not_known": _("We cannot say whether we know anybody like that, and do not"),
    "mistake": _("Written down by mistake"),
}


def choices(labels: Labels) -> list[tuple[str, Text]]:
    """Return codes and labels as forms want them."""
    return list(labels.items())
