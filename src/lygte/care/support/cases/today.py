"""What Today says of cases: how much is late and due. It opens nothing, so it also speaks while all is locked."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lygte.core.access import Verb, may
from lygte.core.models import Member, Role
from lygte.core.today import Need, needs

from . import reads
from .models import Case


@needs
def due_today(member: Member) -> list[Need]:
    """Tell what of one's own is late or due today."""
    if not may(member, Verb.CASE_LIST):
        return []
    late, today, earliest = reads.counts_of_day(member)
    found = []
    if late:
        title = ngettext("%(count)d step or date is late", "%(count)d steps or dates are late", late)
        found.append(
            Need(
                title % {"count": late},
                _("For people you work with; the day has passed"),
                reverse("cases:my_day"),
                earliest,
                True,
                late,
            )
        )
    if today:
        title = ngettext("%(count)d step or date is due today", "%(count)d steps or dates are due today", today)
        found.append(
            Need(title % {"count": today}, _("For people you work with"), reverse("cases:my_day"), None, False, today)
        )
    return found


@needs
def closings_to_look_at(member: Member) -> list[Need]:
    """Tell a coordinator that cases were closed by colleagues, for a second look; nothing waits for it."""
    if not may(member, Verb.CASE_CLOSE) or member.role != Role.COORDINATOR:
        return []
    waiting = Case.objects.filter(organisation=member.organisation, state="closed", looked_at_by=None)
    count = waiting.exclude(closed_by=member).order_by().values_list("pk", flat=True)[:100].count()
    if not count:
        return []
    title = ngettext("%(count)d closed case to look at", "%(count)d closed cases to look at", count)
    url = reverse("cases:case_list") + "?state=closed&all=on"
    return [Need(title % {"count": count}, _("Closed by a colleague; a second look is a habit"), url, count=count)]
