"""What a counted screening may say: a closed, coarse list. Declining is an outcome like every other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from .scoring import Result

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

DECLINED = "declined"
OWN = "own"
COUNTED_AS: Mapping[str, StrOrPromise] = {
    "ilo_forced_labour_11": _("Eleven signs of forced labour"),
    "ilo_delphi_labour": _("ILO Delphi indicators, labour"),
    "general_signs": _("General signs"),
    OWN: _("An instrument of the organisation's own"),
}
OUTCOMES: Mapping[str, StrOrPromise] = {
    DECLINED: _("Did not want to be asked"),
    "no_sign": _("No sign"),
    "signs": _("Signs, without a reading"),
    "exploited": _("Signs of exploitation"),
    "deceived_and_exploited": _("Signs of deception and exploitation"),
    "signs_of_trafficking": _("Signs of trafficking for forced labour"),
    "emergency": _("Somebody in danger now"),
    "offer_assessment": _("Wants to talk on"),
    "leave_number": _("A number was left"),
}


def outcome_of(result: Result) -> str:
    """Return what is counted of a result: its reading or next step, or whether there was any sign."""
    if result.next_step:
        return result.next_step
    if result.reading:
        return result.reading
    return "signs" if result.dimensions or result.present else "no_sign"


def counted_as(key: str) -> str:
    return key if key in COUNTED_AS else OWN
