"""Breaking the glass: in an emergency somebody outside the team opens chosen parts for an hour, and answers for it.

It lifts the limit of the team inside the organisation. It never lifts consent: see docs/decisions.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Max, QuerySet
from django.utils import timezone

from ..access import Verb, fetch
from ..actions import action
from ..people import Member
from ..personal_signs import refuse_signs
from ..problems import Problem
from ..vault.keyring import keyring_of
from . import gate
from .codes import Purpose, Via
from .models import GlassBreak, Person, Seen
from .team import is_seated

LASTS = timedelta(minutes=60)
REVIEW_WITHIN = timedelta(hours=72)
SHORTEST, FEWEST_WORDS = 20, 4  # letters and words of a reason: a sentence, not a word


def _open_groups(person: Person) -> frozenset[str]:
    return gate.agreed_groups([person], purpose=Purpose.SUPPORT)[person.pk]


def groups_to_open(person: Person) -> list[str]:
    """Return what an emergency can open: what the person agrees to be kept, and nothing else."""
    return sorted(_open_groups(person))


def due(broken: GlassBreak) -> datetime:
    """Return until when a second person must have looked at it."""
    return broken.at + REVIEW_WITHIN


def is_locked_out(member: Member) -> bool:
    """Tell whether an emergency opening of the member was not looked at in time."""
    return unreviewed(member).filter(member=member, at__lt=timezone.now() - REVIEW_WITHIN).exists()


def unreviewed(member: Member) -> QuerySet[GlassBreak]:
    """Return the emergency openings of the organisation that nobody has looked at, the oldest first."""
    return (
        GlassBreak.objects.filter(organisation=member.organisation, reviewed_at=None)
        .select_related("person", "member__user")
        .order_by("at")
    )


@action(Verb.GLASS_BREAK, details=lambda broken: {"groups": broken.groups})
def break_glass(*, member: Member, person: Person, reason: str, groups: Iterable[str]) -> GlassBreak:
    """Open chosen parts of a person's record for an hour. The person can read who did it and why.

    Raises Problem 403.12 after an opening nobody looked at in time, 409.14 for somebody on the team,
    422.31 without a part, 403.10 for a part that the person does not agree to, 422.32 without a reason.
    """
    if person.organisation_id != member.organisation_id:
        raise Problem("404.1")
    if is_locked_out(member):
        raise Problem("403.12")
    if is_seated(member, person):
        raise Problem("409.14")
    gate.hold_still([person.pk])
    chosen = sorted(set(groups))
    if not chosen:
        raise Problem("422.31")
    if not set(chosen) <= _open_groups(person):
        raise Problem("403.10")
    why = " ".join(reason.split())
    if len(why) < SHORTEST or len(why.split()) < FEWEST_WORDS:
        raise Problem("422.32")
    refuse_signs(why, looked=True)
    now = timezone.now()
    broken = GlassBreak(
        organisation=person.organisation, person=person, member=member, groups=chosen, at=now, until=now + LASTS
    )
    gate.put(broken, {"reason": why}, keyring_of(member).person_key(person.ref))
    gate.note_seen(member=member, seen={person: chosen}, via=Via.GLASS)
    return broken


def glass_of(member: Member, ref: str) -> GlassBreak:
    """Return an emergency opening of the organisation, or Problem 404.1."""
    found = fetch(member, GlassBreak, ref)
    return GlassBreak.objects.select_related("person__organisation", "member__user").get(pk=found.pk)


def reason_of(member: Member, broken: GlassBreak) -> str:
    """Return the reason of an emergency opening, and leave a line for the person that somebody checked it.

    The reason is not something that the person told: it is what the worker answers for. Whoever checks is not on the
    team, so this does not pass the gate; it opens this one sentence and nothing of the record.
    """
    if broken.organisation_id != member.organisation_id:
        raise Problem("404.1")
    values = gate.open_record(broken, keyring_of(member).person_key(broken.person.ref))
    gate.note_seen(member=member, seen={broken.person: []}, via=Via.REVIEW)
    return str(values.get("reason", ""))


def used(broken: GlassBreak) -> int:
    """Return how often something was looked at through an emergency opening."""
    lasting = {"member": broken.member, "at__gte": broken.at, "at__lte": broken.until}
    lines = Seen.objects.filter(person=broken.person.ref, via=Via.GLASS, **lasting).count()
    return lines - GlassBreak.objects.filter(person=broken.person, **lasting).count()  # each opening is a line itself


def open_until(member: Member, person: Person) -> datetime | None:
    """Return until when the member has opened a part in an emergency, if they have."""
    return GlassBreak.objects.filter(member=member, person=person, until__gt=timezone.now()).aggregate(
        last=Max("until")
    )["last"]


@action(Verb.GLASS_REVIEW, details=lambda broken: {"found": broken.found})
def review_glass(*, member: Member, broken: GlassBreak, found: str) -> GlassBreak:
    """Say whether an emergency opening was needed. Raises Problem 403.13 for one's own, 409.16 the second time."""
    if broken.organisation_id != member.organisation_id:
        raise Problem("404.1")
    if broken.member_id == member.pk:
        raise Problem("403.13")
    current = GlassBreak.objects.select_for_update().get(pk=broken.pk)
    if current.reviewed_at is not None:
        raise Problem("409.16")
    current.reviewed_by, current.reviewed_at, current.found = member, timezone.now(), found
    current.save(update_fields=["reviewed_by", "reviewed_at", "found"])
    gate.note_seen(member=member, seen={broken.person: []}, via=Via.REVIEW)
    return current
