"""Sending a referral, taking note of its answer, calling it back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone

from lygte.care.support.cases.handover import case_card
from lygte.core.access import Verb
from lygte.core.actions import action
from lygte.core.consent import gate
from lygte.core.consent.codes import Group, Purpose, Via
from lygte.core.consent.ledger import Said, record_consent, withdraw
from lygte.core.consent.models import Person
from lygte.core.consent.team import is_seated
from lygte.core.models import Member
from lygte.core.personal_signs import refuse_signs
from lygte.core.problems import Problem
from lygte.directory.services import reads as services
from lygte.directory.services.codes import ASKS
from lygte.directory.services.models import Service

from .. import counting, packages, recipients, rules
from ..models import Package, Referral
from ..recall import end_referrals


@dataclass(frozen=True)
class Sent:
    """A referral that was sent; `words` are the twelve words of a sealed link, to be shown once."""

    referral: Referral
    words: tuple[str, ...] = ()

    @property
    def ref(self) -> str:
        return self.referral.ref


def check_values(chosen: Mapping[str, str], *, looked: bool) -> None:
    """Raise the problem of the first value that cannot leave: too long, unknown, or with a personal number."""
    for code, text in chosen.items():
        if code not in ASKS:
            raise Problem("422.542")
        if fault := rules.fault_of(code, text):
            raise Problem(fault, at=ASKS[code].label, what=ASKS[code].label)
        refuse_signs(text, looked=looked or code == "contact", at=ASKS[code].label)


def check_until(until: date) -> date:
    """Return the last day, or raise Problem 422.541 where it is over or too far away."""
    today = timezone.localdate()
    if not today <= until <= today + timedelta(days=rules.LONGEST_DAYS):
        raise Problem("422.541", days=rules.LONGEST_DAYS)
    return until


@action(
    Verb.REFERRAL_SEND,
    details=lambda sent: {"kind": sent.referral.package.kind, "way": sent.referral.package.way},
)
def send_referral(
    *,
    member: Member,
    person: Person,
    service: Service,
    chosen: Mapping[str, str],
    agreed: Iterable[str],
    said: Said,
    until: date,
    looked: bool = False,
) -> Sent:
    """Record what the person agreed to and seal exactly that: declared by the service, agreed to, and chosen.

    Raises Problem 403.540 for an authority, 409.541 for a closed service, 422.540 where nothing would leave,
    403.11 for who is not on the team, 422.10 for a personal number.
    """
    receiver = recipients.require_receiver(service)
    check_values(chosen, looked=looked)
    check_until(until)
    gate.hold_still([person.pk], to_change=True)
    values = rules.package_of(services.needs_of(receiver), agreed, chosen)
    if not values:
        raise Problem("422.540")
    record_consent(
        member=member,
        person=person,
        purpose=Purpose.REFERRAL,
        groups=rules.groups_of(values),
        said=said,
        recipient=receiver.recipient,
        until=until,
    )
    live = gate.agreed_groups([person], purpose=Purpose.REFERRAL, recipient=receiver.recipient)[person.pk]
    sealed = packages.seal_package(
        sender=member.organisation, service=receiver, values=rules.package_of(values, live, values), until=until
    )
    referral = _keep(member, person, sealed.package, values)
    gate.note_seen(
        member=member,
        seen={person: rules.groups_of(values)},
        via=Via.REFERRAL,
        purpose=Purpose.REFERRAL,
        recipient=receiver.recipient,
    )
    counting.count_again([referral])
    return Sent(referral, sealed.words)


def keeps_copy(person: Person) -> bool:
    """Tell whether the person agrees that we keep a copy of what left."""
    return Group.REFERRALS in gate.agreed_groups([person], purpose=Purpose.SUPPORT)[person.pk]


def _keep(member: Member, person: Person, package: Package, values: Mapping[str, str]) -> Referral:
    """Note whose package it is, with a copy of what left where the person agrees to that; sending does not depend on it."""
    card = case_card(member, person)
    referral = Referral(
        organisation=member.organisation,
        person=person,
        package=package,
        area=card.area if card else "",
        sent_by=member,
        sent_on=timezone.localdate(),
    )
    if keeps_copy(person):
        gate.write(member=member, record=referral, values=values)
    else:
        referral.save(force_insert=True)
    return referral


def require_seat(member: Member, referral: Referral) -> None:
    """Raise Problem 404.1 for another house, 403.11 for who is not on the team."""
    if referral.organisation_id != member.organisation_id:
        raise Problem("404.1")
    if not is_seated(member, referral.person):
        raise Problem("403.11")


@action(Verb.REFERRAL_READ)
def note_answer(*, member: Member, referral: Referral) -> Referral:
    """Take note of an answer; its words, if there are any, move into the person's own record, where the person agrees."""
    require_seat(member, referral)
    package = Package.objects.select_for_update().get(pk=referral.package_id)
    if package.reply is not None and keeps_copy(referral.person):
        text = packages.open_reply(package, member)
        opened = gate.read(member=member, records=[referral]).get(referral)
        gate.write(member=member, record=referral, values={**opened, "answer_note": text})
        packages.drop_reply(package)
    package.noted_at = timezone.now()
    package.save(update_fields=["noted_at", "reply", "reply_ref"])
    referral.package = package
    return referral


@action(Verb.REFERRAL_SEND, details=lambda referral: {"ended": referral.package.end})
def revoke_referral(*, member: Member, referral: Referral, said: Said) -> Referral:
    """Call a referral back: nobody opens it from now on. The consent ends as well, unless another referral rests on it.

    Raises Problem 410.540 where it was ended before.
    """
    require_seat(member, referral)
    gate.hold_still([referral.person_id], to_change=True)
    referral = Referral.objects.select_related("person__organisation", "organisation", "package__service").get(
        pk=referral.pk
    )
    if referral.package.end:
        raise Problem("410.540")
    end_referrals([referral], "recalled")
    service = referral.package.service
    others = Referral.objects.filter(person=referral.person, package__service=service, package__end="")
    if not others.exists():
        withdraw(
            person=referral.person, member=member, said=said, purpose=Purpose.REFERRAL, recipient=service.recipient
        )
    return referral
