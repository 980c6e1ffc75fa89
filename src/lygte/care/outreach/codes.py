"""The closed lists of this room. What is not known, or what somebody prefers not to say, is stored as missing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from lygte.directory.languages import LANGUAGES

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

Labels = Mapping[str, "StrOrPromise"]

# In a form this may be chosen; it is stored as missing.
NOT_KNOWN = "not_known"
NOT_KNOWN_LABEL = _("Not known, or prefers not to say")

PLACE_KINDS: Labels = {
    "clinic": _("Massage clinic"),
    "escort": _("Escort flat"),
    "private": _("Private home"),
    "street": _("Street"),
    "hotel": _("Hotel"),
    "workplace": _("Other workplace"),
    "online": _("Online"),
}

SOURCES: Labels = {
    "ad": _("Advertisement"),
    "tip": _("Somebody told us"),
    "repeat": _("Known from earlier visits"),
    "other": _("Other source"),
}

STATES: Labels = {
    "active": _("Active"),
    "closed": _("Closed"),
}

PARTS_OF_DAY: Labels = {
    "morning": _("Morning (6 to 12)"),
    "afternoon": _("Afternoon (12 to 18)"),
    "evening": _("Evening (18 to 24)"),
    "night": _("Night (0 to 6)"),
}

OUTCOMES: Labels = {
    "spoke": _("We spoke with somebody"),
    "not_opened": _("Nobody opened or answered"),
    "refused": _("They did not want a visit"),
}

# The same in a table, where every word costs a line.
OUTCOMES_IN_SHORT: Labels = {
    "spoke": _("Conversation"),
    "not_opened": _("Nobody opened"),
    "refused": _("No visit wanted"),
}

YES_NO: Labels = {
    "yes": _("Yes"),
    "no": _("No"),
}

INTERPRETERS: Labels = {
    "none": _("No interpreter"),
    "phone": _("Interpreter by phone"),
    "present": _("Interpreter present"),
}

GENDERS: Labels = {
    "woman": _("Women"),
    "man": _("Men"),
    "trans": _("Trans people"),
    "other": _("Another gender"),
}

# Coarse on purpose: where few people of one country work, the country alone would point at somebody.
NATIONALITY_GROUPS: Labels = {
    "denmark": _("Denmark"),
    "netherlands": _("The Netherlands"),
    "eu_east": _("EU, Central and Eastern Europe"),
    "eu_other": _("EU and EEA, other countries"),
    "europe_other": _("Europe outside the EU"),
    "west_africa": _("West Africa"),
    "africa_other": _("Africa, other countries"),
    "southeast_asia": _("South-East Asia"),
    "asia_other": _("Asia, other countries"),
    "latin_america": _("Latin America and the Caribbean"),
    "other": _("Another part of the world"),
}

HEALTH_ITEMS: Labels = {
    "condoms": _("Condoms given (pieces)"),
    "sti_offered": _("STI tests offered"),
    "sti_taken": _("STI tests taken"),
    "pregnancy_test": _("Pregnancy tests"),
    "vaccination": _("Vaccinations"),
    "wound_care": _("Wound care"),
    "referral": _("Referrals to health care"),
}

WITHDRAWAL_REASONS: Labels = {
    "mistake": _("Recorded by mistake"),
    "twice": _("Recorded twice"),
    "wrong_place": _("Wrong place"),
    "wrong_counts": _("Wrong counts"),
    "asked": _("Somebody we met asked for it"),
}
WITH_ITS_FORM = "form"
# Nobody chooses it: it comes and goes with the filled form.
ALL_WITHDRAWAL_REASONS: Labels = {
    **WITHDRAWAL_REASONS,
    WITH_ITS_FORM: _("The filled form was rejected or put in the trash"),
}

# The dimensions of the counts kept with a visit, and the codes each may hold.
COUNTED: Mapping[str, Labels] = {
    "gender": GENDERS,
    "nationality_group": NATIONALITY_GROUPS,
    "language": LANGUAGES,
    "health_item": HEALTH_ITEMS,
    "leaflet": LANGUAGES,
}


def choices(labels: Labels) -> list[tuple[str, StrOrPromise]]:
    """Return a closed list as Django choices."""
    return list(labels.items())
