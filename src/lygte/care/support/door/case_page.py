"""What the page of a case says about the person's own page."""

from __future__ import annotations

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lygte.care.support.cases.handover import Part, part
from lygte.core.access import Verb, may
from lygte.core.consent.models import Person
from lygte.core.models import Member

from .leaving import wish_of
from .models import CORRECTION, Account
from .slips import slip_of


@part(order=70)
def own_page(member: Member, person: Person) -> Part | None:
    """Say whether there is a slip, and what the person asks for; nothing is opened."""
    if not may(member, Verb.CASE_SLIP):
        return None
    asked = Account.objects.filter(person=person, kind=CORRECTION, answered_on=None).count()
    return Part(
        title=_("The person's own page"),
        summary=" ".join(_sentences(person, asked)),
        url=reverse("door:words", args=[person.ref]),
        link=_("What they wrote, and who has seen them"),
        start_url=reverse("door:slip_make", args=[person.ref]),
        start=_("Make a paper with a code"),
        waits=bool(asked),
    )


def _sentences(person: Person, asked: int) -> list[str]:
    slip, wish = slip_of(person), wish_of(person)
    found = []
    if slip is None:
        found.append(_("No paper with a code yet."))
    elif slip.until:
        found.append(_("A paper with a code, until %(day)s.") % {"day": date_format(slip.until, "DATE_FORMAT")})
    else:
        found.append(_("A paper with a code."))
    if asked:
        found.append(
            ngettext("One request to correct something.", "%(count)s requests to correct something.", asked)
            % {"count": asked}
        )
    if wish is not None:
        found.append(_("They asked to be erased on %(day)s.") % {"day": date_format(wish.due_on, "DATE_FORMAT")})
    return found
