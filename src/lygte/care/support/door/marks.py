"""What the person did with their slip, or what was done with it: stands as the recipient of a line of "who has seen me"."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

OPENED, WROTE, TOOK, WITHDREW = "self:opened", "self:wrote", "self:took", "self:withdrew"
ENDED_IT, WANTS_ERASURE, STAYS = "self:ended", "self:erase", "self:stay"
SLIP_MADE, SLIP_ENDED = "slip:made", "slip:ended"
SHOWN = "slip:shown"

SENTENCES: dict[str, StrOrPromise] = {
    OPENED: _("You opened these pages with your paper"),
    WROTE: _("You wrote something"),
    TOOK: _("You took your record with you in a file"),
    WITHDREW: _("You took back a yes"),
    ENDED_IT: _("You ended your paper"),
    WANTS_ERASURE: _("You asked for everything to be erased"),
    STAYS: _("You decided that your record stays"),
    SLIP_MADE: _("Made a paper with a code for you"),
    SLIP_ENDED: _("Ended the paper with your code"),
    SHOWN: _("Looked at this list, or showed it to you"),
}


def by_the_person(mark: str) -> bool:
    """Whether the person did it themselves."""
    return mark.startswith("self:")
