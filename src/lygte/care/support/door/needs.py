"""What people asked for at their own door, on the Today page of their team."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from lygte.core.access import Verb, may
from lygte.core.models import Member
from lygte.core.today import Need, needs

from .models import CORRECTION, Account


@needs
def corrections_asked(member: Member) -> list[Need]:
    """Return one line for each person of the member's team who waits for an answer."""
    if not may(member, Verb.CASE_CHANGE):
        return []
    waiting = (
        Account.objects.filter(kind=CORRECTION, answered_on=None)
        .filter(person__seats__member=member, person__seats__until=None)
        .order_by("written_on", "pk")
        .values_list("person__ref", "person__code")
    )
    return [
        Need(
            title=_("%(code)s asks for a correction") % {"code": code},
            detail=_("They wrote it on their own page and wait for an answer."),
            url=reverse("door:words", args=[ref]),
        )
        for ref, code in dict.fromkeys(waiting)
    ]
