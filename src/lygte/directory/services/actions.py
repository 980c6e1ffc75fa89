"""What can be done with entries of services; each action is one transaction and leaves one line in the log."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.utils import timezone

from lygte.core.access import Verb
from lygte.core.actions import action
from lygte.core.models import Member
from lygte.core.personal_signs import refuse_signs
from lygte.core.problems import Problem

from . import codes, rules
from .models import Need, Service


@dataclass(frozen=True)
class Entry:
    """What an entry says. `needs` maps what the service needs to know to the reason that the person will read."""

    name: str
    kind: str
    run_by: str = ""
    what: str = ""
    areas: Sequence[str] = ()
    languages: Sequence[str] = ()
    opening: str = ""
    front_gate: str = ""
    needs: Mapping[str, str] = field(default_factory=dict)


@action(Verb.SERVICE_CHANGE, details=lambda service: {"kind": service.kind})
def add_service(*, member: Member, entry: Entry) -> Service:
    """Add a service that the organisation runs itself, or one of somebody without an account."""
    new = Service(organisation=member.organisation)
    _describe(new, entry)
    return new


@action(Verb.SERVICE_CHANGE, details=lambda service: {"kind": service.kind})
def change_service(*, member: Member, service: Service, entry: Entry) -> Service:
    """Describe a service anew, and say that it was looked at today."""
    if service.is_authority != codes.is_authority(entry.kind):
        raise Problem("409.451")
    _describe(service, entry)
    return service


@action(Verb.SERVICE_CHANGE, details=lambda service: {"state": service.state})
def close_service(*, member: Member, service: Service) -> Service:
    """Take a service off the list; nothing can be referred to it any more."""
    return _turn(service, "closed", "409.452")


@action(Verb.SERVICE_CHANGE, details=lambda service: {"state": service.state})
def reopen_service(*, member: Member, service: Service) -> Service:
    """Put a closed service back on the list."""
    return _turn(service, "open", "409.453")


def _turn(service: Service, state: str, already: str) -> Service:
    service.refresh_from_db(from_queryset=Service.objects.select_for_update())
    if service.state == state:
        raise Problem(already)
    service.state = state
    service.save(update_fields=["state"])
    return service


def _check(service: Service, entry: Entry) -> None:
    if fault := rules.fault_of_lists(entry.kind, entry.areas, entry.languages):
        raise Problem(fault)
    if codes.is_authority(entry.kind) and not entry.run_by.strip():
        raise Problem("422.454")
    if fault := rules.fault_of_needs(entry.kind, entry.needs):
        raise Problem(fault)
    words = [entry.name, entry.run_by, entry.what, entry.opening, entry.front_gate, *entry.needs.values()]
    for text in words:
        refuse_signs(text, looked=True)  # a personal number never; the telephone of a front gate is meant
    if entry.kind in rules.KEPT_SECRET and any(rules.looks_like_an_address(text) for text in words):
        raise Problem("422.451")
    namesake = Service.objects.filter(organisation=service.organisation, name__iexact=entry.name)
    if namesake.exclude(pk=service.pk).exists():
        raise Problem("409.450", name=entry.name)


def _describe(service: Service, entry: Entry) -> None:
    """Check what is said of a service, and save it with what it needs."""
    _check(service, entry)
    for name in ("name", "kind", "run_by", "what", "opening", "front_gate"):
        setattr(service, name, " ".join(str(getattr(entry, name)).split()))
    service.areas, service.languages = sorted(set(entry.areas)), sorted(set(entry.languages))
    service.checked_on = timezone.localdate()
    service.save()
    service.needs.all().delete()
    Need.objects.bulk_create(
        Need(service=service, field=code, why=" ".join(entry.needs[code].split()))
        for code in codes.ASKS
        if code in entry.needs
    )
