"""What waits for somebody in the lists: conflicts to decide, and forms that could not be written to a list."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext, ngettext

from lygte.core.access import Verb, may
from lygte.core.models import Member
from lygte.core.today import Need, needs

from .reads import failed, sees_all, undecided


@needs
def lists_to_look_at(member: Member) -> list[Need]:
    if not may(member, Verb.ENTITY_DECIDE) or not sees_all(member):
        return []
    found = []
    if count := undecided(member):
        title = ngettext(
            "Two people changed %(count)s entry of a list", "Two people changed %(count)s entries of lists", count
        )
        found.append(
            Need(
                title=title % {"count": count},
                detail=gettext("Both values are kept until somebody decides."),
                url=reverse("entities:list_list"),
                count=count,
            )
        )
    if count := failed(member).count():
        title = ngettext(
            "%(count)s filled form could not be written to a list",
            "%(count)s filled forms could not be written to a list",
            count,
        )
        found.append(
            Need(
                title=title % {"count": count},
                detail=gettext("The forms are stored. The lists are as they were."),
                url=reverse("entities:feed_list"),
                count=count,
            )
        )
    return found
