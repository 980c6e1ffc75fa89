"""What each question of the visit form is called on pages and in problems."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from lygte.directory.languages import LANGUAGES

from . import codes

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

QUESTIONS: dict[str, StrOrPromise] = {
    "place": _("Place"),
    "day": _("Day of the visit"),
    "part_of_day": _("Part of the day"),
    "outcome": _("What happened?"),
    "announced": _("Was the visit announced?"),
    "interpreter": _("Interpreter"),
    "present": _("People present"),
    "spoken_to": _("People spoken to"),
    "new": _("New to us"),
    "refused": _("People who did not want to talk"),
    "minutes": _("Minutes on site"),
    "team_size": _("How many were you?"),
    "gender": _("Gender"),
    "nationality_group": _("Nationality groups"),
    "language": _("Languages"),
    "health_item": _("Health offers"),
    "leaflet": _("Leaflets by language"),
    "code_name": _("Code name"),
    "kind": _("Kind of place"),
    "area": _("Municipality"),
    "industry": _("Industry"),
    "source": _("How we know of it"),
    "languages": _("Languages spoken there"),
    "open_at": _("Usually open"),
    "reason": _("Reason"),
}

_COUNTS: dict[str, tuple[str, codes.Labels]] = {
    "gender_": ("gender", codes.GENDERS),
    "nationality_": ("nationality_group", codes.NATIONALITY_GROUPS),
    "language_": ("language", LANGUAGES),
    "health_": ("health_item", codes.HEALTH_ITEMS),
    "leaflet_": ("leaflet", LANGUAGES),
}


def label(question: str) -> StrOrPromise:
    """Return the words for a question; for one of many counts, its group and what is counted."""
    if question in QUESTIONS:
        return QUESTIONS[question]
    for prefix, (group, labels) in _COUNTS.items():
        if question.startswith(prefix):
            return format_lazy("{}: {}", QUESTIONS[group], labels.get(question.removeprefix(prefix), question))
    return question
