"""What this room hangs up elsewhere when the site starts: its kinds of facts, and how to give all of them again."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django_scopes import scopes_disabled

from lygte.care.intake.handover import provide_entities
from lygte.core.consent.models import Person
from lygte.core.consent.reads import person_page, speaks
from lygte.facts.projection import register_projection
from lygte.facts.register import register_kind

from . import finding  # noqa: F401  (forgets what is no longer agreed to)
from .counting import facts_of_all
from .facts import KINDS
from .models import Case
from .phones import cases_listed


@person_page
def page_of(person: Person) -> str:
    """Return where a person's case is shown."""
    with scopes_disabled():
        found = Case.objects.filter(person=person).first()
    return reverse("cases:case", args=[found.ref]) if found else ""


@speaks
def language_of(person: Person) -> str:
    """Return the language written down when the case was opened."""
    with scopes_disabled():
        return Case.objects.filter(person=person).values_list("language", flat=True).first() or ""


def register_all() -> None:
    """Register everything; called once, by Django."""
    for kind in KINDS:
        register_kind(kind)
    register_projection(name="case", facts_of_all=facts_of_all)
    provide_entities(
        "cases",
        cases_listed,
        title=_("Cases"),
        says=_("The codes of a worker's own open cases, for that worker's phone only: no name, no day, no place."),
        switched=True,
    )
