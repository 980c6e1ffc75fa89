"""What the command line does in this room: publish a form, add a phone. The site's command line calls these."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from django_scopes import scope

from lygte.core.access import Verb, may
from lygte.core.models import Kind, Member, Organisation, Role
from lygte.core.problems import Problem

from .actions import add_device as add
from .actions import publish_form
from .handover import member_who_may
from .models import FormVersion
from .openrosa import base_address


def publish_form_file(path: str | Path, organisation_ref: str | None = None, grade: str = "") -> FormVersion:
    """Publish a workbook for an organisation (its reference or name; else the first that does outreach)."""
    path = Path(path)
    organisation = organisation_of(organisation_ref)
    try:
        workbook = path.read_bytes()
    except OSError as error:
        raise Problem("400.4", path=str(path)) from error
    with scope(organisation=organisation):
        member = member_who_may(organisation, Verb.FORM_PUBLISH)
        return publish_form(member=member, workbook=workbook, filename=path.name, grade=grade)


def add_device(member_ref: str | None, base_url: str) -> dict[str, Any]:
    """Add a phone for a member (else for the coordinator of the first outreach organisation)."""
    member = _member(member_ref)
    with scope(organisation=member.organisation):
        new = add(member=member, label=_("Added on the command line"))
    return {
        "server_url": base_address(base_url, new.token),
        "login_url": base_address(base_url),
        "username": new.username,
        "password": new.password,
        "device": new.ref,
    }


def organisation_of(ref: str | None) -> Organisation:
    """Return an organisation by reference or name, or the first outreach organisation."""
    organisations = Organisation.objects.order_by("pk")
    if ref:
        found = organisations.filter(ref=ref).first() or organisations.filter(name=ref).first()
        if found is None:
            raise Problem("400.3", ref=ref)
        return found
    found = organisations.filter(kind=Kind.OUTREACH).first()
    if found is None:
        raise Problem("404.174", what=Verb.FORM_PUBLISH)
    return found


def _member(ref: str | None) -> Member:
    members = Member.objects.filter(active=True).select_related("organisation", "user").order_by("pk")
    if ref:
        found = members.filter(ref=ref).first() or members.filter(user__email=ref).first()
        if found is None:
            raise Problem("400.2", ref=ref)
        return found
    organisation = organisation_of(None)
    able = [member for member in members.filter(organisation=organisation) if may(member, Verb.DEVICE_ADD)]
    if not able:
        raise Problem("404.174", what=Verb.DEVICE_ADD)
    return next((member for member in able if member.role == Role.COORDINATOR), able[0])
