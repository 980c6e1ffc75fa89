"""Services as recipients of consent: “service:…” for help, “authority:…” for the class apart, each for its own purpose."""

from __future__ import annotations

from django.utils.translation import gettext as _

from lygte.core.consent.codes import Purpose
from lygte.core.consent.recipients import Recipients, register_recipients
from lygte.core.models import Member

from . import reads
from .models import AUTHORITY, SERVICE, Service
from .reads import ServiceFilter


def _services(member: Member) -> list[tuple[str, str]]:
    found = reads.services(member, ServiceFilter())
    return [(one.recipient, f"{one.name}, {one.runner}") for one in found if not one.is_authority and one.needs.all()]


def _authorities(member: Member) -> list[tuple[str, str]]:
    return [(one.recipient, one.name) for one in reads.services(member, ServiceFilter()) if one.is_authority]


def _name(recipient: str) -> str:
    found = Service.objects.filter(ref=recipient.partition(":")[2]).first()
    return found.name if found else _("a service")


def register_all() -> None:
    """Register both kinds; called once, by Django."""
    register_recipients(Recipients(SERVICE, frozenset({Purpose.REFERRAL}), _services, _name))
    register_recipients(Recipients(AUTHORITY, frozenset({Purpose.AUTHORITY}), _authorities, _name))
