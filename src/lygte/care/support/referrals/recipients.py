"""Who may receive, and by which way. An authority cannot: there is no way for them, and no setting that makes one."""

from __future__ import annotations

from lygte.core.access import HELP
from lygte.core.models import Organisation
from lygte.core.problems import Problem
from lygte.core.vault.keys import LEAST_HOLDERS, holders
from lygte.directory.services.models import Service

from .rules import may_receive


def require_receiver(service: Service) -> Service:
    """Return the service, read anew, or raise Problem 403.540 for an authority and 409.541 for a closed one."""
    found = Service.objects.select_related("organisation").filter(pk=service.pk).first()
    if found is None:
        raise Problem("404.1")
    if not may_receive(found.kind):
        raise Problem("403.540")
    if found.state != "open":
        raise Problem("409.541")
    return found


def house_of(service: Service) -> Organisation | None:
    """Return the organisation on Lygte that can open a package, or None: then it goes by link and words.

    It can where it runs the service itself, keeps records of persons, and two people hold its key.
    """
    house = service.organisation
    if not service.runs_itself or house.kind not in HELP:
        return None
    return house if holders(house.pk) >= LEAST_HOLDERS else None


def way_to(service: Service) -> str:
    """Return by which way a referral would reach a service."""
    return "house" if house_of(service) else "link"
