"""The closed lists of this room. They are about places; none of them says anything about a person."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lygte.directory.services.codes import AUTHORITY_KINDS

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

Labels = Mapping[str, "StrOrPromise"]

KNOWN: Labels = {
    "seen": _("We saw or heard it there ourselves"),
    "told_there": _("Somebody who works there told us"),
    "told_elsewhere": _("Somebody else told us"),
}
SURE: Labels = {
    "sure": pgettext_lazy("how sure somebody is", "Sure"),
    "rather": pgettext_lazy("how sure somebody is", "Rather sure"),
    "unsure": pgettext_lazy("how sure somebody is", "Not sure"),
}
CONTESTS: Labels = {
    "not_there": _("I was there and it was not so"),
    "other_reason": _("There is another reason for it"),
    "people_there": _("The people there say that it is not so"),
    "mistaken": _("It is about another place, or a misunderstanding"),
}
STANDINGS: Labels = {
    "": _("No sign that counts"),
    "waiting": _("Waits for a second look"),
    "concern": _("Place of concern"),
}

# Telling an authority: a decision by itself, never a consequence of signs -------------------------------------------
GROUNDS: Labels = {
    "danger": _("Somebody's life or health is in danger now"),
    "asked_for": _("People who work there want it"),
    "order": _("A court has ordered it"),
}
PEOPLE: Labels = {
    "agree": _("We asked the people there, and they agree"),
    "not_safe": _("They could not be asked without putting somebody in danger"),
    "no": _("They do not want it"),
}
PIECES: Labels = {
    "kind": _("What kind of place it is"),
    "area": _("The municipality"),
    "signs": _("The confirmed signs, with their days"),
}
TELLING_STATES: Labels = {
    "asked": _("Waits for a second person"),
    "confirmed": _("Confirmed, nothing told yet"),
    "told": pgettext_lazy("an authority was told", "Told"),
    "refused": pgettext_lazy("an authority was told", "Decided: nothing is told"),
    "withdrawn": pgettext_lazy("an authority was told", "Taken back by the one who asked: nothing is told"),
}
AUTHORITIES: Labels = AUTHORITY_KINDS


def choices(labels: Labels) -> list[tuple[str, StrOrPromise]]:
    """Return a closed list as Django choices."""
    return list(labels.items())
