"""Named questions about referrals. Each takes the member first; what is answered to receivers names nobody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from lygte.core.access import fetch
from lygte.core.consent.erasure import family
from lygte.core.consent.models import Person
from lygte.core.consent.team import is_seated
from lygte.core.models import Member
from lygte.core.problems import Problem
from lygte.directory.services import reads as services
from lygte.directory.services.models import Service
from lygte.directory.services.reads import ServiceFilter

from .models import AuthorityRequest, Disclosure, Package, Referral
from .rules import RECALL_WITHIN, may_receive


# Our own --------------------------------------------------------------------------------------------------------------
def person(member: Member, ref: str) -> Person:
    """Return a person of the member's organisation, or Problem 404.1."""
    found = fetch(member, Person, ref)
    found.organisation = member.organisation
    return found


def _ours(member: Member) -> QuerySet[Referral]:
    rows = Referral.objects.filter(organisation=member.organisation)
    return rows.select_related(
        "person__organisation", "package__service__organisation", "package__recipient", "sent_by__user"
    )


def referral(member: Member, ref: str) -> Referral:
    """Return one referral that the member's organisation sent, or Problem 404.1."""
    found = _ours(member).filter(ref=ref).first()
    if found is None:
        raise Problem("404.1")
    return found


def require_team(member: Member, person: Person) -> Person:
    """Return the person, or raise Problem 403.11 for who is not on their team: to which service tells what was told."""
    if not is_seated(member, person):
        raise Problem("403.11")
    return person


def _known_to(member: Member, person: Person) -> list[Person]:
    """Return the person and whoever was found to be the same, of those on whose team the member is."""
    return [one for one in family(person) if is_seated(member, one)]


def referrals_of(member: Member, person: Person) -> list[Referral]:
    """Return the referrals of a person and of whoever was found to be the same, newest first; nothing to others."""
    return list(_ours(member).filter(person__in=_known_to(member, person)).order_by("-sent_on", "-pk"))


def services_to_choose(member: Member, wanted: ServiceFilter) -> list[Service]:
    """Return the open services that ask for something and may receive; authorities are never among them."""
    return [one for one in services.services(member, wanted) if may_receive(one.kind) and services.needs_of(one)]


@dataclass(frozen=True)
class Recalls:
    """How many recalled or expired packages one receiver saw, and how many of their deletions nobody confirmed."""

    receiver: str
    asked: int
    waiting: int
    overdue: int


def recalls(member: Member) -> list[Recalls]:
    """Return by receiver how recalls of the member's organisation were answered; most unanswered first."""
    late = timezone.now() - timedelta(days=RECALL_WITHIN)
    waiting = Q(acknowledged_at=None)
    rows = (
        Package.objects.filter(sender=member.organisation)
        .exclude(end="")
        .exclude(seen_at=None)
        .values("recipient__name", "service__run_by", "service__name")
        .annotate(
            asked=Count("pk"),
            waiting=Count("pk", filter=waiting),
            overdue=Count("pk", filter=waiting & Q(ended_at__lt=late)),
        )
    )
    sums: dict[str, tuple[int, int, int]] = {}
    for row in rows:
        name = row["recipient__name"] or row["service__run_by"] or row["service__name"]
        asked, waits, overdue = sums.get(name, (0, 0, 0))
        sums[name] = (asked + row["asked"], waits + row["waiting"], overdue + row["overdue"])
    return sorted((Recalls(name, *parts) for name, parts in sums.items()), key=lambda r: (-r.waiting, r.receiver))


# Received -------------------------------------------------------------------------------------------------------------
def inbox(member: Member, *, closed: bool = False) -> QuerySet[Package]:
    """Return what was sent to the member's organisation and waits for something; or what is closed."""
    rows = Package.objects.filter(recipient=member.organisation).select_related("service", "sender")
    over = (Q(end="") & Q(answer__in=["refused", "done"])) | (~Q(end="") & (Q(seen_at=None) | ~Q(acknowledged_at=None)))
    return (rows.filter(over) if closed else rows.exclude(over)).order_by("-sent_at", "-pk")


def incoming(member: Member, ref: str) -> Package:
    """Return one package that was sent to the member's organisation, or Problem 404.1."""
    rows = Package.objects.filter(recipient=member.organisation, ref=ref)
    found = rows.select_related("service", "sender", "recipient", "acknowledged_by__user").first()
    if found is None:
        raise Problem("404.1")
    return found


def require_recipient(member: Member, package: Package) -> None:
    """Raise Problem 404.1 unless a package was sent to the member's organisation."""
    if package.recipient_id is None or package.recipient_id != member.organisation_id:
        raise Problem("404.1")


# Authorities ----------------------------------------------------------------------------------------------------------
def disclosure(member: Member, ref: str) -> Disclosure:
    """Return one disclosure of the member's organisation, or Problem 404.1."""
    rows = Disclosure.objects.filter(organisation=member.organisation, ref=ref)
    found = rows.select_related(
        "person__organisation", "service__organisation", "request", "asked_by__user", "confirmed_by__user"
    ).first()
    if found is None:
        raise Problem("404.1")
    return found


def disclosures_of(member: Member, person: Person) -> list[Disclosure]:
    """Return the disclosures about a person, newest first."""
    rows = Disclosure.objects.filter(organisation=member.organisation, person__in=_known_to(member, person))
    return list(
        rows.select_related("person__organisation", "service", "request", "asked_by__user").order_by("-asked_at")
    )


def register(member: Member) -> QuerySet[AuthorityRequest]:
    """Return the lines of the organisation's register, newest first."""
    return AuthorityRequest.objects.filter(organisation=member.organisation).select_related(
        "disclosure", "written_by__user"
    )


def authorities(member: Member) -> list[Service]:
    """Return the open entries of authorities."""
    return [one for one in services.services(member, ServiceFilter()) if one.is_authority]
