"""What this room hangs up elsewhere when the site starts: its form and its receiver, its kinds of facts."""

from django.utils.translation import gettext_lazy as _

from lygte.care.intake.handover import (
    on_change,
    on_submission,
    provide_entities,
    provide_media,
    provide_to_phones,
    ship_form,
)
from lygte.facts.projection import register_projection
from lygte.facts.register import register_kind

from .actions import receive_visit
from .facts import KINDS, facts_of_all
from .following import bring_visit_back, replace_visit_of, take_visit_away
from .reads import places_csv, places_for_phone, places_listed, visits_for_phone
from .xlsforms.visit_form import FILE, FORM_ID, TITLE


def register_all() -> None:
    """Register everything; called once, by Django."""
    on_submission(FORM_ID, receive_visit)
    on_change(FORM_ID, replace=replace_visit_of, remove=take_visit_away, restore=bring_visit_back)
    provide_media(FORM_ID, "places.csv", places_csv)
    provide_to_phones("places", places_for_phone)
    provide_to_phones("visits", visits_for_phone)
    provide_entities(
        "places",
        places_listed,
        title=_("Places"),
        says=_("The places of your organisation that are visited: code name and short code, no address."),
    )
    ship_form(FORM_ID, TITLE, FILE)
    for kind in KINDS:
        register_kind(kind)
    register_projection(name="visit", facts_of_all=facts_of_all)
