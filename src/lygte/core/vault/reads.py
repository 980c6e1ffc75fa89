"""Who holds an organisation's key, who waits to be let in, and what a member's own key is like."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.utils import timezone

from ..access import Verb, may
from ..people import Member
from . import ciphers
from .models import KeyGrant, MemberKey, OrganisationKey

TEST_EVERY = timedelta(days=365)


@dataclass(frozen=True)
class Holder:
    """A colleague with a key: one who holds the organisation's, or one who waits to be let in."""

    member: Member
    fingerprint: str
    since: datetime
    let_in_by: str = ""

    @property
    def left(self) -> bool:
        return not self.member.active


@dataclass(frozen=True)
class State:
    """What the page of keys shows to one member."""

    organisation_key: OrganisationKey | None
    fingerprint: str = ""
    mine: str = ""  # the fingerprint of the member's own key
    i_hold: bool = False
    holders: list[Holder] = field(default_factory=list)
    waiting: list[Holder] = field(default_factory=list)
    without: list[Member] = field(default_factory=list)

    @property
    def enough(self) -> bool:
        return sum(not holder.left for holder in self.holders) >= 2

    @property
    def test_due(self) -> datetime | None:
        """When the papers should be tested again; at once where nobody has read them back yet."""
        if self.organisation_key is None:
            return None
        tested = self.organisation_key.recovery_tested_at
        return tested + TEST_EVERY if tested else self.organisation_key.made_at

    @property
    def test_overdue(self) -> bool:
        return self.test_due is not None and self.test_due <= timezone.now()


def state_for(member: Member) -> State:
    """Return how the locked part of a member's organisation stands."""
    current = OrganisationKey.objects.filter(organisation=member.organisation, retired_at=None).first()
    keys = {
        key.member_id: key
        for key in MemberKey.objects.filter(member__organisation=member.organisation).select_related("member__user")
    }
    mine = ciphers.fingerprint(bytes(keys[member.pk].public)) if member.pk in keys else ""
    if current is None:
        return State(None, mine=mine)
    grants = KeyGrant.objects.filter(organisation_key=current).select_related(
        "member__user", "member__organisation", "granted_by__user"
    )
    holders = [_holder(grant, keys.get(grant.member_id)) for grant in grants.order_by("granted_at")]
    inside = {holder.member.pk for holder in holders}
    outside = _colleagues(member, inside)
    return State(
        organisation_key=current,
        fingerprint=ciphers.fingerprint(bytes(current.public)),
        mine=mine,
        i_hold=member.pk in inside,
        holders=holders,
        waiting=[_waiting(keys[one.pk]) for one in outside if one.pk in keys],
        without=[one for one in outside if one.pk not in keys],
    )


def _holder(grant: KeyGrant, key: MemberKey | None) -> Holder:
    return Holder(
        member=grant.member,
        fingerprint=ciphers.fingerprint(bytes(key.public)) if key else "",
        since=grant.granted_at,
        let_in_by=grant.granted_by.user.name if grant.granted_by and grant.granted_by_id != grant.member_id else "",
    )


def _waiting(key: MemberKey) -> Holder:
    return Holder(key.member, ciphers.fingerprint(bytes(key.public)), key.made_at)


def _colleagues(member: Member, inside: set[int]) -> list[Member]:
    """Return active members who may hold the key and do not."""
    found = Member.objects.filter(organisation=member.organisation, active=True).exclude(pk__in=inside)
    return [one for one in found.select_related("user", "organisation") if may(one, Verb.KEY_MAKE)]


def is_set_up(member: Member) -> bool:
    return OrganisationKey.objects.filter(organisation=member.organisation_id, retired_at=None).exists()
