"""Named questions about services. The directory is for every member; what is kept in it holds no person."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet

from lygte.core.access import fetch
from lygte.core.models import Member
from lygte.core.problems import Problem

from . import codes
from .models import Need, Service
from .rules import serves

PAGE = 25


@dataclass(frozen=True)
class ServiceFilter:
    """What the list is asked for; empty means every open service of help."""

    q: str = ""
    kind: str = ""
    area: str = ""
    language: str = ""
    state: str = "open"
    mine: bool = False


def _all() -> QuerySet[Service]:
    needs = Prefetch("needs", Need.objects.order_by("pk"))
    return Service.objects.select_related("organisation").prefetch_related(needs)


def services(member: Member, wanted: ServiceFilter) -> list[Service]:
    """Return the services that match, by name. There are hundreds at most: areas are compared here, not in SQL."""
    found = _all()
    if wanted.state:
        found = found.filter(state=wanted.state)
    if wanted.kind:
        found = found.filter(kind=wanted.kind)
    if wanted.mine:
        found = found.filter(organisation=member.organisation)
    word = wanted.q.casefold()
    return [
        service
        for service in found
        if (not word or word in f"{service.name} {service.what} {service.runner}".casefold())
        and (not wanted.area or serves(service.areas, wanted.area))
        and (not wanted.language or wanted.language in service.languages)
    ]


def service(member: Member, ref: str) -> Service:
    """Return one service, whoever keeps it, or Problem 404.1."""
    found = _all().filter(ref=ref).first()
    if found is None:
        raise Problem("404.1")
    return found


def own_service(member: Member, ref: str) -> Service:
    """Return a service that the member's organisation keeps, or Problem 404.1."""
    return fetch(member, Service, ref)


def areas_in_use() -> list[str]:
    """Return the codes of areas that open services name."""
    lists = Service.objects.filter(state="open").values_list("areas", flat=True)
    return sorted({code for areas in lists for code in areas})


def needs_of(service: Service) -> dict[str, str]:
    """Return what a service needs and why, in the order of the vocabulary; nothing for an authority, whatever is stored."""
    if service.is_authority:
        return {}
    said = {need.field: need.why for need in service.needs.all()}
    return {field: said[field] for field in codes.ASKS if field in said}
