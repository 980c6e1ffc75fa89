"""The closed lists of this room: the states of a round, and who can lead a control."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from lygte.care.outreach.handover import Labels

PLANNED, UNDER_WAY, DONE, CALLED_OFF = "planned", "under_way", "done", "called_off"

STATES: Labels = {
    PLANNED: _("Planned"),
    UNDER_WAY: _("Under way"),
    DONE: _("Done"),
    CALLED_OFF: _("Called off"),
}
OPEN = (PLANNED, UNDER_WAY)

RESULTS: Labels = {
    "reached": _("Visited on the round"),
    "not_reached": _("Not reached on the round"),
}

AUTHORITIES: Labels = {
    "police": _("Police"),
    "tax": _("Tax authority"),
    "immigration": _("Immigration authority"),
    "labour": _("Labour inspection"),
    "municipality": _("Municipal inspection"),
    "other": _("Another authority"),
}
