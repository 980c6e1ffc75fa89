"""The closed lists of this room. None of them is a label of a person, and no list or filter is made of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

Labels = Mapping[str, "StrOrPromise"]

STATES: Labels = {"open": _("Open"), "closed": _("Closed")}

WAYS_IN: Labels = {
    "visit": _("Met on an outreach visit"),
    "online": _("Met or wrote online"),
    "phone": _("Called us"),
    "came": _("Came to us"),
    "friend": _("Came through somebody they know"),
    "health": _("Sent by health care"),
    "organisation": _("Sent by another organisation"),
    "public": _("Sent by a municipality or an authority"),
    "other": _("Another way"),
}

# How support ended. None is better than another, and none says anything about how somebody earns their living.
ENDINGS: Labels = {
    "goals": _("What they wanted is reached"),
    "moved": _("Moved away"),
    "withdrew": _("No longer wanted this support"),
    "no_contact": _("We lost contact"),
    "other_service": _("Another service goes on"),
    "asked": _("Asked us to stop"),
    "other": _("For another reason"),
}

GOAL_STATES: Labels = {
    "open": _("Working on it"),
    "reached": _("Reached"),
    "changed": _("Changed into another goal"),
    "let_go": _("Let go"),
}

LIFE_AREAS: Labels = {
    "home": _("Home"),
    "money": _("Money and debt"),
    "work": _("Work as it is now"),
    "other_work": _("Other work or education"),
    "health": _("Health"),
    "safety": _("Safety"),
    "family": _("Family and friends"),
    "papers": _("Papers and residence"),
    "rights": _("Rights and benefits"),
    "other": _("Something else"),
}

STEP_STATES: Labels = {"open": _("To do"), "done": _("Done"), "let_go": _("Let go")}

DOERS: Labels = {
    "worker": _("The worker"),
    "person": _("The person"),
    "together": _("Both together"),
    "other": _("Somebody else"),
}

DEADLINES: Labels = {
    "reflection_dk": _("Reflection period (Denmark)"),
    "reflection_nl": _("Reflection period (Netherlands)"),
    "restitution": _("Restitution period (lawful stay)"),
    "return": _("Prepared return"),
    "permit": _("Permit or application"),
    "appeal": _("Complaint or appeal"),
    "other": _("Another date that must not pass"),
}

DEADLINE_OUTCOMES: Labels = {
    "met": _("Done in time"),
    "declined": _("The person said no to it"),
    "withdrew": _("The person stepped out of it"),
    "passed": _("The date passed"),
    "not_needed": _("No longer needed"),
}

IDENTIFICATIONS: Labels = {
    "presumed": _("Presumed"),
    "interview": _("Interview held"),
    "assessed": _("Assessed as exposed to trafficking"),
    "not_assessed": _("Not assessed as exposed to trafficking"),
    "declined": _("The person said no to being assessed"),
    "withdrew": _("The person stepped out of the assessment"),
}

PHASES: Labels = {
    "1": _("Phase 1: often together, finding the way"),
    "2": _("Phase 2: trying it out with others"),
    "3": _("Phase 3: handing over"),
}


def choices(labels: Labels) -> list[tuple[str, StrOrPromise]]:
    """Return codes and labels as Django wants them."""
    return list(labels.items())
