"""Which facts a visit gives: coarse counts with the municipality, the day and the organisation. Pure.

What is not known is never guessed; a withdrawn visit gives none.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _
from django_scopes import scopes_disabled

from lygte.directory.industries import SECTIONS, section_of
from lygte.directory.languages import LANGUAGES
from lygte.facts.ledger import Fact
from lygte.facts.register import Dimension, Kind

from . import codes
from .models import Visit

_PLACE_KIND = Dimension("place_kind", _("Kind of place"), codes.PLACE_KINDS)

_INDUSTRY = Dimension("industry", _("Industry"), SECTIONS)

# A fact names every dimension, so what a visit does not say needs a code here.
_INTERPRETER = {**codes.INTERPRETERS, codes.NOT_KNOWN: _("Not recorded")}

# The kinds that split people or things by a code: the dimension in Visit.counts, the kind, the dimension of the fact.
SPLITS = {
    "gender": ("people_by_gender", "gender"),
    "nationality_group": ("people_by_nationality", "nationality_group"),
    "language": ("people_by_language", "language"),
    "health_item": ("health_item", "item"),
    "leaflet": ("leaflet", "language"),
}
TOTALS = {
    "people_present": "present",
    "people_spoken_to": "spoken_to",
    "people_new": "new",
    "minutes": "minutes",
}

# A visit holds nobody who could be erased, so its facts stay.
KINDS = (
    Kind(
        name="visit",
        label=_("Visits"),
        definition=_("Every visit to a place counts once, also when nobody opened. A withdrawn visit does not count."),
        unit=_("visits"),
        dimensions=(
            _PLACE_KIND,
            Dimension("outcome", _("Outcome"), codes.OUTCOMES),
            Dimension("interpreter", _("Interpreter"), _INTERPRETER),
        ),
        on_erasure="keep",
    ),
    Kind(
        name="sector_visit",
        label=_("Visits to workplaces, by industry"),
        definition=_(
            "Visits to other workplaces whose industry the team knows, by the section of ISIC Rev. 4 that the place had on "
            "the day. Visits to a workplace of unknown industry are left out."
        ),
        unit=_("visits"),
        dimensions=(_PLACE_KIND, _INDUSTRY),
        on_erasure="keep",
    ),
    Kind(
        name="sector_spoken_to",
        label=_("People spoken to at workplaces, by industry"),
        definition=_(
            "People with whom the team had a conversation at a workplace whose industry it knows, counted again at every "
            "visit: contacts, not different people."
        ),
        unit=_("contacts"),
        dimensions=(_PLACE_KIND, _INDUSTRY),
        on_erasure="keep",
    ),
    Kind(
        name="people_present",
        label=_("People present"),
        definition=_(
            "People seen working at the place during the visit. The same person is counted again at every visit and in "
            "every place, so this is never a number of different people."
        ),
        unit=_("people met"),
        dimensions=(_PLACE_KIND,),
        on_erasure="keep",
    ),
    Kind(
        name="people_spoken_to",
        label=_("People spoken to"),
        definition=_(
            "People with whom the team had a conversation during the visit, counted again at every visit: contacts, "
            "not different people."
        ),
        unit=_("contacts"),
        dimensions=(_PLACE_KIND,),
        on_erasure="keep",
    ),
    Kind(
        name="people_new",
        label=_("New people"),
        definition=_("People spoken to whom the team, as far as it knows, had not met before."),
        unit=_("contacts"),
        dimensions=(_PLACE_KIND,),
        on_erasure="keep",
    ),
    Kind(
        name="people_by_gender",
        label=_("People spoken to, by gender"),
        definition=_("Contacts whose gender the team knows, as the person says it. The others are left out."),
        unit=_("contacts"),
        dimensions=(_PLACE_KIND, Dimension("gender", _("Gender"), codes.GENDERS)),
        on_erasure="keep",
    ),
    Kind(
        name="people_by_nationality",
        label=_("People spoken to, by nationality group"),
        definition=_("Contacts by group of countries, where the person told it. The others are left out."),
        unit=_("contacts"),
        dimensions=(_PLACE_KIND, Dimension("nationality_group", _("Nationality group"), codes.NATIONALITY_GROUPS)),
        on_erasure="keep",
    ),
    Kind(
        name="people_by_language",
        label=_("People spoken to, by language"),
        definition=_("Contacts by the languages they speak. Who speaks two languages counts under both."),
        unit=_("contacts"),
        dimensions=(_PLACE_KIND, Dimension("language", _("Language"), LANGUAGES)),
        on_erasure="keep",
    ),
    Kind(
        name="health_item",
        label=_("Health offers"),
        definition=_(
            "What was given, offered, done or referred during the visit: condoms in pieces, the rest in times."
        ),
        unit=_("times"),
        dimensions=(_PLACE_KIND, Dimension("item", _("Offer"), codes.HEALTH_ITEMS)),
        on_erasure="keep",
    ),
    Kind(
        name="leaflet",
        label=_("Leaflets"),
        definition=_("Information leaflets handed out or left, by the language they are in."),
        unit=_("leaflets"),
        dimensions=(_PLACE_KIND, Dimension("language", _("Language of the leaflet"), LANGUAGES)),
        on_erasure="keep",
    ),
    Kind(
        name="minutes",
        label=_("Minutes on site"),
        definition=_("Minutes at the place, without the way there. Visits without a time are left out."),
        unit=_("minutes"),
        dimensions=(_PLACE_KIND,),
        on_erasure="keep",
    ),
)


def source_of(visit: Visit) -> str:
    """Return the name under which the ledger keeps the visit's facts."""
    return f"visit:{visit.ref}"


def facts_of(visit: Visit) -> list[Fact]:
    """Return what may be counted of a visit."""
    if visit.withdrawn_at is not None:
        return []
    return list(_facts(visit))


def _facts(visit: Visit) -> Iterator[Fact]:
    place = {"place_kind": visit.place_kind}
    interpreter = visit.interpreter or codes.NOT_KNOWN
    yield _fact(visit, "visit", 1, place | {"outcome": visit.outcome, "interpreter": interpreter})
    for kind, name in TOTALS.items():
        if value := getattr(visit, name):
            yield _fact(visit, kind, value, place)
    if visit.industry:
        sector = place | {"industry": section_of(visit.industry)}
        yield _fact(visit, "sector_visit", 1, sector)
        if visit.spoken_to:
            yield _fact(visit, "sector_spoken_to", visit.spoken_to, sector)
    for dimension, (kind, name) in SPLITS.items():
        for code, value in visit.counts.get(dimension, {}).items():
            yield _fact(visit, kind, value, place | {name: code})


def _fact(visit: Visit, kind: str, value: int, dimensions: dict[str, str]) -> Fact:
    return Fact(
        kind=kind,
        day=visit.day,
        area=visit.area,
        organisation_id=visit.organisation_id,
        dimensions=dimensions,
        value=value,
    )


def facts_of_all() -> Iterator[tuple[str, list[Fact]]]:
    """Return the facts of every visit there is, for the rebuild of the ledger."""
    with scopes_disabled():
        for visit in Visit.objects.filter(withdrawn_at=None).order_by("pk").iterator(chunk_size=2000):
            yield source_of(visit), facts_of(visit)
