"""What stands on the page of a case about doubles, and about two values of one field."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lygte.care.support.cases.handover import Part, family, part
from lygte.core.access import Verb, may
from lygte.core.consent.models import Person
from lygte.core.merging.writing import undecided
from lygte.core.models import Member

from . import reads


@part(order=5)
def two_values(member: Member, person: Person) -> Part | None:
    """Say that somebody must choose between two values; nothing hangs here otherwise."""
    waiting = [beside for one in family(person) for beside in undecided(one)]
    if not waiting:
        return None
    summary = ngettext(
        "Two people changed the same field. Both values are kept until one is chosen.",
        "Two people changed the same fields, %(count)s times. All values are kept until one is chosen.",
        len(waiting),
    ) % {"count": len(waiting)}
    return Part(
        title=_("Two versions"),
        summary=summary,
        url=reverse("duplicates:choose", args=[waiting[0].ref]),
        link=_("See both and choose"),
        waits=True,
    )


@part(order=90)
def same_person(member: Member, person: Person) -> Part | None:
    """Say which other code was merged into this one, and where to look for doubles."""
    if not may(member, Verb.CASE_MERGE):
        return None
    codes = ", ".join(merge.gone.code for merge in reads.merges_of(person))
    return Part(
        title=_("Recorded twice?"),
        summary=_("Also here: what was recorded under %(codes)s.") % {"codes": codes}
        if codes
        else _("If this person also has another code, the two can be put together, and taken apart again."),
        url=f"{reverse('duplicates:list')}?of={person.ref}",
        link=_("Look for another code"),
    )
