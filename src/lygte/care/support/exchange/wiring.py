"""What this room hangs up elsewhere: a panel on the page of a case, what waits for a second person, files as recipients."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lygte.care.support.cases.handover import Part, part
from lygte.core.access import Verb, may
from lygte.core.consent.models import Person
from lygte.core.models import Member
from lygte.core.today import Need, needs

from . import reads, recipients

recipients.register()


@part(order=80)
def files(member: Member, person: Person) -> Part | None:
    """Say how many files left, and what came along from elsewhere; nothing is opened."""
    if not may(member, Verb.CASE_EXPORT):
        return None
    left, along = reads.files_about(person), len(reads.came_along(person))
    said = [ngettext("One file left.", "%(count)s files left.", left) % {"count": left} if left else _("No file left.")]
    if along:
        said.append(
            ngettext("One thing came along from elsewhere.", "%(count)s things came along from elsewhere.", along)
            % {"count": along}
        )
    return Part(
        title=_("Take out or bring in"),
        summary=" ".join(said),
        url=reverse("exchange:person", args=[person.ref]),
        link=_("A file for a service"),
    )


@needs
def second_person(member: Member) -> list[Need]:
    """Say that a colleague asked for a file of several people."""
    if not may(member, Verb.CASE_EXPORT):
        return []
    return [
        Need(
            title=_("A file of %(count)s people waits for a second person") % {"count": one.persons},
            detail=_("For %(service)s") % {"service": one.service.name},
            url=reverse("exchange:takeout", args=[one.ref]),
        )
        for one in reads.waiting(member)
    ]
