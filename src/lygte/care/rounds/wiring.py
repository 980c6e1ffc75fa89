"""What this room hangs up elsewhere when the site starts: what phones get, who hears of visits, its kinds of facts."""

from django.utils.translation import gettext_lazy as _

from lygte.care.intake.handover import provide_entities, provide_to_phones
from lygte.care.outreach.handover import follow_visits, guard_visits
from lygte.facts.projection import register_projection
from lygte.facts.register import register_kind

from .facts import KINDS, facts_of_all
from .reads import places_on_todays_rounds, rounds_for_phone
from .ticking import no_visit_on_a_control, tick_off


def register_all() -> None:
    """Register everything; called once, by Django."""
    follow_visits(tick_off)
    guard_visits(no_visit_on_a_control)
    provide_to_phones("rounds", rounds_for_phone)
    provide_entities(
        "round_places",
        places_on_todays_rounds,
        title=_("Places on today's round"),
        says=_("The places of the rounds that a worker goes on today, in order: short code and code name, no address."),
    )
    for kind in KINDS:
        register_kind(kind)
    register_projection(name="round", facts_of_all=facts_of_all)
