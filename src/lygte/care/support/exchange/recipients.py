"""For whom a file may be made. An authority is refused by its class; whoever agreed to a referral has not agreed to a file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _
from django_scopes import scopes_disabled

from lygte.core.consent import gate, rules
from lygte.core.consent.codes import Purpose
from lygte.core.consent.models import Person
from lygte.core.consent.recipients import Recipients, register_recipients
from lygte.core.models import Member
from lygte.core.problems import Problem
from lygte.directory.services.codes import HELP_KINDS
from lygte.directory.services.models import Service

PREFIX = "file:"


def recipient_of(service: Service) -> str:
    """Return how the ledger of consent calls a file for a service."""
    return PREFIX + service.ref


def open_services() -> list[Service]:
    """Return the services for which a file can be made, by name."""
    return list(Service.objects.filter(state="open", kind__in=list(HELP_KINDS)).select_related("organisation"))


def require_receiver(service: Service) -> Service:
    """Return the service, read anew, or raise Problem 403.610 for an authority and 409.611 for a closed one."""
    found = Service.objects.select_related("organisation").filter(pk=service.pk).first()
    if found is None:
        raise Problem("404.1")
    if found.kind not in HELP_KINDS:
        raise Problem("403.610")
    if found.state != "open":
        raise Problem("409.611")
    return found


def service_named(ref: str) -> Service:
    """Return a service for which a file may be made, or the problem why not."""
    found = Service.objects.filter(ref=ref).first()
    if found is None:
        raise Problem("404.1")
    return require_receiver(found)


def _listed(member: Member) -> list[tuple[str, str]]:
    return [(recipient_of(one), _name(one)) for one in open_services()]


def _name(service: Service) -> str:
    return _("%(service)s, in a file") % {"service": service.name}


def _named(recipient: str) -> str:
    with scopes_disabled():
        found = Service.objects.filter(ref=recipient.removeprefix(PREFIX)).first()
    return _name(found) if found else _("a service, in a file")


def register() -> None:
    """Let people be asked about files; called once, by Django."""
    register_recipients(Recipients(PREFIX, frozenset({Purpose.REFERRAL}), _listed, _named))


@dataclass(frozen=True)
class Yes:
    """What a person agrees to have in a file for a service, and until when it may be used."""

    groups: frozenset[str]
    until: date | None


NO = Yes(frozenset(), None)


def agreed_to(people: Iterable[Person], service: Service) -> Mapping[int, Yes]:
    """Return by primary key what stands today. A yes without a last day is none: a file cannot be called back."""
    found, today = list(people), timezone.localdate()
    events = gate.events_of(found)
    answers = {}
    for person in found:
        standing = [
            event
            for event in rules.live_grants(events[person.pk], today)
            if event.purpose == Purpose.REFERRAL and event.recipient == recipient_of(service) and event.until
        ]
        groups = frozenset().union(*(event.groups for event in standing))
        answers[person.pk] = Yes(groups, min((e.until for e in standing if e.until), default=None)) if groups else NO
    return answers
