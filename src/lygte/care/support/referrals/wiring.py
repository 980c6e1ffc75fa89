"""What this room hangs up elsewhere when the site starts: kinds of facts, their projection, a panel on the case page."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lygte.care.support.cases.handover import Part, part
from lygte.core.access import Verb, may
from lygte.core.consent.models import Person
from lygte.core.models import Member
from lygte.facts.projection import register_projection
from lygte.facts.register import register_kind

from . import reads
from .counting import facts_of_all
from .facts import KINDS


def register_all() -> None:
    """Register everything; called once, by Django."""
    for kind in KINDS:
        register_kind(kind)
    register_projection(name="referral", facts_of_all=facts_of_all)
    part(order=40)(referrals)


def referrals(member: Member, person: Person) -> Part | None:
    """Return the panel of referrals on the page of a case; it opens nothing."""
    if not may(member, Verb.REFERRAL_READ):
        return None
    found = reads.referrals_of(member, person)
    news = sum(referral.package.has_news for referral in found)
    waiting = sum(referral.package.state in ("sent", "seen") for referral in found)
    if news:
        summary = ngettext("%(count)d new answer", "%(count)d new answers", news) % {"count": news}
    elif waiting:
        summary = ngettext("%(count)d waits for an answer", "%(count)d wait for an answer", waiting) % {
            "count": waiting
        }
    elif found:
        summary = ngettext("%(count)d referral", "%(count)d referrals", len(found)) % {"count": len(found)}
    else:
        summary = _("None yet")
    return Part(
        title=_("Referrals"),
        summary=summary,
        url=reverse("referrals:person", args=[person.ref]),
        link=_("See the referrals"),
        start_url=reverse("referrals:send", args=[person.ref]) if may(member, Verb.REFERRAL_SEND) else "",
        start=_("Refer to a service"),
        waits=bool(news),
    )
