"""What waits for somebody today: answers that came, answers that did not, recalls to confirm, a second person's look."""

from __future__ import annotations

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lygte.core.access import Verb, may
from lygte.core.models import Member
from lygte.core.today import Need, needs

from .models import Disclosure, Package, Referral
from .rules import RECALL_WITHIN

MOST = 5  # answers named one by one; more stand together


def _mine(member: Member) -> list[Referral]:
    """Return the running referrals of the people on whose team the member is."""
    rows = Referral.objects.filter(
        organisation=member.organisation, person__seats__member=member, person__seats__until=None
    )
    return list(rows.select_related("person", "package__service").order_by("-sent_on", "-pk")[:500])


@needs
def answers(member: Member) -> list[Need]:
    """Tell that an answer has come, and that one has not."""
    if not may(member, Verb.REFERRAL_SEND):
        return []
    found = _mine(member)
    fresh = [one for one in found if one.package.has_news]
    late = [one for one in found if one.package.reminded_at and not one.package.answer and not one.package.end]
    return [_fresh(one) for one in fresh[:MOST]] + [_late(one) for one in late[:MOST]]


def _fresh(referral: Referral) -> Need:
    return Need(
        title=_("%(code)s: an answer to a referral") % {"code": referral.person.code},
        detail=f"{referral.package.service.name}: {referral.package.state_label}",
        url=reverse("referrals:referral", args=[referral.ref]),
        urgent=referral.package.answer == "refused",
    )


def _late(referral: Referral) -> Need:
    days = (timezone.localdate() - referral.sent_on).days
    text = ngettext("No answer for %(days)d day", "No answer for %(days)d days", days) % {"days": days}
    return Need(
        title=_("%(code)s: ask about a referral") % {"code": referral.person.code},
        detail=f"{referral.package.service.name}: {text}",
        url=reverse("referrals:referral", args=[referral.ref]),
    )


@needs
def recalls_without_answer(member: Member) -> list[Need]:
    """Tell the sender that receivers have not confirmed a deletion."""
    if not may(member, Verb.REFERRAL_SEND):
        return []
    since = timezone.now() - timedelta(days=RECALL_WITHIN)
    waiting = Package.objects.filter(sender=member.organisation, acknowledged_at=None, ended_at__lt=since)
    count = waiting.exclude(end="").exclude(seen_at=None).count()
    if not count:
        return []
    title = ngettext("%(count)d recall has not been confirmed", "%(count)d recalls have not been confirmed", count) % {
        "count": count
    }
    return [Need(title, _("Call them and ask whether it is deleted"), reverse("referrals:recalls"), count=count)]


@needs
def received(member: Member) -> list[Need]:
    """Tell receivers what waits for an answer, and what they are asked to delete."""
    if not may(member, Verb.REFERRAL_RECEIVE):
        return []
    house = Package.objects.filter(recipient=member.organisation)
    waiting = house.filter(end="", answer="")
    count, reminded = waiting.count(), waiting.exclude(reminded_at=None).exists()
    found = []
    if count:
        title = ngettext("%(count)d referral to you waits", "%(count)d referrals to you wait", count) % {"count": count}
        detail = _("Somebody has waited for more than a week") if reminded else _("Say whether you can take it")
        found.append(Need(title, detail, reverse("referrals:inbox"), urgent=reminded, count=count))
    recalled = house.exclude(end="").exclude(seen_at=None).filter(acknowledged_at=None).count()
    if recalled:
        title = ngettext("%(count)d referral was called back", "%(count)d referrals were called back", recalled)
        detail = _("Delete what you noted, and confirm it")
        found.append(Need(title % {"count": recalled}, detail, reverse("referrals:inbox"), urgent=True, count=recalled))
    return found


@needs
def second_look(member: Member) -> list[Need]:
    """Tell coordinators that a disclosure to an authority waits for a second person."""
    if not may(member, Verb.DISCLOSURE_CONFIRM):
        return []
    asked = Disclosure.objects.filter(organisation=member.organisation, state="asked").exclude(asked_by=member)
    return [
        Need(
            title=_("A disclosure to an authority waits for a second person"),
            detail=str(one.service),
            url=reverse("referrals:disclosure", args=[one.ref]),
            urgent=True,
        )
        for one in asked.select_related("service")[:MOST]
    ]
